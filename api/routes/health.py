"""Whether the process lives, whether it can answer, and its figures."""

from ipaddress import ip_address
from typing import Any

from fastapi import APIRouter, Request, Response

from api.dependencies import PartsDep, ReadinessDep, problem_responses
from api.metrics import MEDIA_TYPE
from api.schemas.algorithm import HealthRead, ReadinessRead
from models.errors import ForbiddenError

router = APIRouter(tags=["运行状况"])

_FIGURES: dict[int | str, dict[str, Any]] = {
    200: {"description": "各项指标", "content": {"text/plain": {}}}
}
_RELAYED = ("forwarded", "x-forwarded-for", "x-real-ip")
"""Headers by which a proxy says that somebody else is asking."""


@router.get("/healthz", summary="进程是否在运行")
async def read_health() -> HealthRead:
    """不等待任何资源，立即答复。"""
    return HealthRead(status="ok")


@router.get(
    "/readyz",
    summary="能否提供服务",
    responses={503: {"description": "还不能服务", "model": ReadinessRead}},
)
async def read_readiness(readiness: ReadinessDep, response: Response) -> ReadinessRead:
    """数据库、索引和编码器都能用时答复 200，否则 503；problems 是稳定的代码，说明缺什么。"""
    state = await readiness.state()
    if not state.is_ready:
        response.status_code = 503
    status = "ready" if not state.lacks else "degraded" if state.is_ready else "not_ready"
    return ReadinessRead(
        status=status,
        problems=[lack.value for lack in state.lacks],
        version=state.version,
        lag=state.lag,
    )


@router.get(
    "/metrics",
    summary="本机读取指标",
    response_class=Response,
    responses={**_FIGURES, **problem_responses(403)},
)
def read_local_metrics(request: Request, parts: PartsDep) -> Response:
    """Prometheus 格式；只有本机直接来的请求可读，设置 NAVMATCH_LOCAL_METRICS=false 可关闭。"""
    if not parts.service.settings.local_metrics or not _is_local(request):
        raise ForbiddenError("指标只能在本机读取；远程读取请用平台管理方的密钥访问 /v1/metrics。")
    return Response(parts.service.metrics.exposition(), media_type=MEDIA_TYPE)


@router.get(
    "/v1/metrics",
    summary="读取指标",
    response_class=Response,
    responses={**_FIGURES, **problem_responses(401, 403)},
)
def read_metrics(parts: PartsDep) -> Response:
    """Prometheus 格式，各工作进程合计；须用平台管理方的密钥。"""
    return Response(parts.service.metrics.exposition(), media_type=MEDIA_TYPE)


def _is_local(request: Request) -> bool:
    """Return whether a request comes from this machine itself, not through a proxy on it."""
    if any(name in request.headers for name in _RELAYED) or request.client is None:
        return False
    try:
        return ip_address(request.client.host).is_loopback
    except ValueError:
        return False
