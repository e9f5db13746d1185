"""Whether the process lives, and whether it can answer."""

from fastapi import APIRouter, Response

from api.dependencies import PartsDep
from api.schemas.algorithm import HealthRead, ReadinessRead
from models import repository
from models.errors import NavmatchError

router = APIRouter(tags=["运行状况"])


@router.get("/healthz", summary="进程是否在运行")
async def read_health() -> HealthRead:
    """不等待任何资源，立即答复。"""
    return HealthRead(status="ok")


@router.get(
    "/readyz",
    summary="能否提供服务",
    responses={503: {"description": "还不能服务", "model": ReadinessRead}},
)
def read_readiness(parts: PartsDep, response: Response) -> ReadinessRead:
    """数据库有应答、索引已打开且在跟进变更时答复 200，否则 503。"""
    service = parts.service
    newest: int | None = None
    try:
        with service.database.read() as session:
            newest = repository.last_seq(session)
    except NavmatchError:
        newest = None
    view = service.synchroniser.view if service.synchroniser.is_open else None
    checks = {
        "database": newest is not None,
        "index": view is not None,
        "follower": service.follower.is_running and service.follower.last_error is None,
    }
    if not all(checks.values()):
        response.status_code = 503
    return ReadinessRead(
        status="ready" if all(checks.values()) else "not_ready",
        checks=checks,
        version=view.version if view else None,
        lag=max(newest - view.seq, 0) if view and newest is not None else None,
    )
