"""The audit chain over HTTP; that somebody looked at it is itself an entry."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query

from api.dependencies import Limit, PartsDep, problem_responses
from api.schemas.audit import AuditEntryRead
from api.schemas.base import Page, Total
from api.schemas.dates import Moment
from api.schemas.texts import RowId
from models import audit_reading, taxonomies
from models.audit import AuditEvent
from models.audit_reading import AuditQuestion
from models.audit_trail import record
from models.sight import SEES_ALL
from models.taxonomy_version import Retagging
from models.viewer import acting_as, current_viewer, system
from models.vocabulary.access import AuditAction, AuditResult

router = APIRouter(prefix="/v1", tags=["审计"], responses=problem_responses(401, 403, 422, 503))

MAX_SEQ: Final = 2**53
"""Numbers beyond are no integers in JavaScript."""

_Moment = Annotated[Moment | None, Query(description="时间，带时区，如 2026-11-25T08:00:00Z。")]


def read_question(
    actor: Annotated[RowId | None, Query(description="谁做的。")] = None,
    action: Annotated[AuditAction | None, Query(description="做了什么。")] = None,
    entity_id: Annotated[RowId | None, Query(description="对哪条记录。")] = None,
    result: Annotated[AuditResult | None, Query(description="结果。")] = None,
    since: _Moment = None,
    until: _Moment = None,
) -> AuditQuestion:
    """Return which entries are asked for, within what whoever asks may see."""
    viewer = current_viewer()
    chain = None if viewer.role in SEES_ALL else viewer.organisation_id or ""
    return AuditQuestion(chain, actor, action, entity_id, result, since, until)


@router.get("/audit", summary="查看审计记录")
def list_audit(
    parts: PartsDep,
    question: Annotated[AuditQuestion, Depends(read_question)],
    before: Annotated[
        int | None, Query(ge=1, le=MAX_SEQ, description="只要序号小于它的；翻页用。")
    ] = None,
    limit: Limit = 20,
) -> Page[AuditEntryRead]:
    """新的在前。平台管理方看全部，单位管理员看本单位的；查看本身也记入审计。"""
    database = parts.service.database
    with database.write() as session:
        record(session, AuditAction.READ_AUDIT, "audit", question.chain)
    with acting_as(system("audit")), database.read() as session:
        found = audit_reading.newest_entries(session, question, before=before, limit=limit + 1)
        total = audit_reading.count_entries(session, question)
        shown = found[:limit]
        rounds = taxonomies.rounds(session, {entry.entity_id or "" for entry in shown})
    names = parts.service.identity.people.called(entry.actor for entry in shown)
    return Page(
        items=[
            _shown(entry, names.get(entry.actor or ""), rounds.get(entry.entity_id or ""))
            for entry in shown
        ],
        next_cursor=str(shown[-1].seq) if len(found) > limit else None,
        total=Total(value=total),
    )


def _shown(entry: AuditEvent, name: str | None, round_: Retagging | None) -> AuditEntryRead:
    detail = None if round_ is None else _counts(round_)
    told: dict[str, Any] = {"actor_name": name, "detail": detail}
    kept = AuditEntryRead.model_fields.keys() - told.keys()
    return AuditEntryRead(**told, **{column: getattr(entry, column) for column in kept})


def _counts(round_: Retagging) -> str:
    """Return what became of the texts of a round; none of them has an entry of its own."""
    return (
        f"重新标注：共 {round_.n_total} 条，看过 {round_.n_done} 条，改动 {round_.n_changed} 条，"
        f"由人指定而不动 {round_.n_kept} 条，改后不属于任何场景的需求 {round_.n_rejected} 条。"
    )
