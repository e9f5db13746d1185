"""Rankings that were shown, over HTTP: what they were, and whether they come out the same."""

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter

from api.dependencies import SEARCH, IdPath, PartsDep, problem_responses
from api.replaying import Replay
from api.schemas.match_run import MatchRunRead, ReplayRead
from matcher.record import RunRecord

router = APIRouter(
    prefix="/v1/match-runs", tags=["匹配"], responses=problem_responses(404, 422, 503)
)


@router.get("/{id}:replay", summary="重新排一次名", dependencies=[SEARCH])
def replay_match_run(run_id: IdPath, parts: PartsDep) -> ReplayRead:
    """用现在的数据重新排名并与记录对比；依据变了的，说明变了什么，并核对记录中的数。"""
    return read_replay(parts.replaying.replay(run_id))


@router.get("/{id}", summary="一次排名的记录")
def read_match_run(run_id: IdPath, parts: PartsDep) -> MatchRunRead:
    """当时的依据、权重、各特征的取值和名次；只有当时看到它的机构和管理方能读。"""
    run, record = parts.replaying.find(run_id)
    head = {"id": run.id, "created_at": run.created_at, "asked_id": run.asked_id}
    return _run_read(record, head)


def read_replay(replay: Replay) -> ReplayRead:
    """Return what came of making a ranking again, as it is sent."""
    head = {"id": replay.run_id, "created_at": replay.created_at, "asked_id": replay.asked_id}
    return ReplayRead(
        run=_run_read(replay.record, head),
        is_same=replay.is_same,
        is_consistent=not replay.faults,
        changes=replay.changes,
        differences=replay.differences,
        faults=replay.faults,
    )


def _run_read(record: RunRecord, head: dict[str, Any]) -> MatchRunRead:
    content = asdict(record)
    del content["viewer"]  # who saw it is known to those who may read it
    return MatchRunRead.model_validate({**content, **head})
