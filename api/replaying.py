"""Making a recorded ranking again, and saying what is different now."""

from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Final

from api.matching import Matching
from api.runs import request_of
from api.wiring import Service
from matcher.record import (
    Basis,
    RunRecord,
    differences,
    question_hash,
    recorded,
    recorded_thresholds,
    verify,
)
from models.errors import NavmatchError, NotFoundError
from models.match_run import MatchRun, find_run
from models.sight import BASE_ROLES, PROVIDER_ROLES, oversees
from models.viewer import Viewer, acting_as, current_viewer
from models.vocabulary.access import Role
from models.vocabulary.matching import Direction

_CALLED: Final = {
    "index_version": "索引版本",
    "encoder": "编码器",
    "ranker": "排序器",
    "taxonomy": "应用场景分类的版本",
    "program": "程序版本",
    "question": "提问的文字、标签或条件",
    "day": "日期",
}
_HASHES: Final = frozenset({"encoder", "question"})
_UNSTORED: Final = "提问的是一段没有存储的文字，不能重新排名，只核对了记录中的数。"
_BY_WORDS: Final = "当时用词语过滤，词语没有存储，不能重新排名，只核对了记录中的数。"
_OTHER_BANDS: Final = "分档线已经不同，档位可能因此改变；次序先看档位，也可能跟着变。"
_UNEXPLAINED: Final = "依据都没有变，重新排名的结果却不同：这是程序的缺陷，请报告。"


@dataclass(frozen=True, slots=True)
class Replay:
    """What came of making a ranking again.

    Attributes:
        run_id: Key of the run.
        created_at: When it was shown.
        asked_id: Row that asked; None for a text.
        record: The ranking with all it rests on.
        is_same: Whether it came out the same; None when it could not be made again.
        changes: What of its basis is different now, in Chinese.
        differences: How the ranking differs now, in Chinese.
        faults: What does not follow from the recorded numbers, or from anything, in Chinese.
    """

    run_id: str
    created_at: datetime
    asked_id: str | None
    record: RunRecord
    is_same: bool | None
    changes: list[str]
    differences: list[str]
    faults: list[str]


class Replaying:
    """Makes recorded rankings again."""

    def __init__(self, service: Service, matching: Matching) -> None:
        self._service = service
        self._matching = matching

    def find(self, run_id: str) -> tuple[MatchRun, RunRecord]:
        """Return a run that was shown to whoever asks, or to those they answer for.

        Raises:
            NotFoundError: there is none.
        """
        try:
            run = self._stored(run_id)
        except NotFoundError:  # it may have been shown just now
            self._service.runs.flush()
            run = self._stored(run_id)
        record = RunRecord.from_json(run.record)
        viewer = current_viewer()
        is_overseer = oversees(viewer, run.owner_region)
        if not is_overseer and _side(viewer.role) != _side(Role(str(record.viewer["role"]))):
            raise NotFoundError("没有这次排名的记录，或不是展示给您的。", id=run_id)
        return run, record

    def _stored(self, run_id: str) -> MatchRun:
        with self._service.database.read() as session:
            return find_run(session, run_id)

    def replay(self, run_id: str) -> Replay:
        """Make a run again.

        Raises:
            NotFoundError: there is no such run for whoever asks.
        """
        run, record = self.find(run_id)
        faults = verify(record)
        told = _Told(record, run.asked_id)
        if told.asked_id is not None and record.request["text_hash"] is None:
            self._rank_again(told, record.direction)
        elif told.asked_id is None:
            told.changes.append(_UNSTORED)
        else:
            told.changes.append(_BY_WORDS)
        if told.is_same is False and not told.changes:
            faults.append(_UNEXPLAINED)
        return Replay(
            run_id=run.id,
            created_at=run.created_at,
            asked_id=run.asked_id,
            record=record,
            is_same=told.is_same,
            changes=told.changes,
            differences=told.differences,
            faults=faults,
        )

    def _rank_again(self, told: "_Told", direction: Direction) -> None:
        viewer = Viewer(
            role=Role(str(told.record.viewer["role"])),
            organisation_id=told.record.viewer["organisation_id"],
            region_code=told.record.viewer["region_code"],
            read_only=True,
        )
        with acting_as(viewer):
            try:
                question = self._matching.ask_stored(told.asked_id or "", direction)
            except NavmatchError:
                told.changes.append("提问的记录已经删除、停用，或不再对当时的人可见。")
                return
            request = request_of(told.record, viewer)
            result = self._matching.ask_matcher(question.documents, request)
        now = self._service.basis(result.index_version, question_hash(question.documents))
        told.changes += _changes(told.record.basis, now)
        if told.record.thresholds != recorded_thresholds(result):  # those before may still hold
            told.changes.append(_OTHER_BANDS)
        told.differences += differences(told.record.matches, recorded(result))
        told.is_same = not told.differences


@dataclass(slots=True)
class _Told:
    """What is found out about a run, bit by bit."""

    record: RunRecord
    asked_id: str | None
    is_same: bool | None = None
    changes: list[str] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)


def _changes(then: Basis, now: Basis) -> list[str]:
    told = []
    for one in fields(Basis):
        before, after = getattr(then, one.name), getattr(now, one.name)
        if before != after:
            change = "" if one.name in _HASHES else f"，由 {before} 变为 {after}"
            told.append(f"{_CALLED[one.name]}已经不同{change}。")
    return told


def _side(role: Role) -> frozenset[Role]:
    """Return the roles that see what a role sees."""
    return next((side for side in (BASE_ROLES, PROVIDER_ROLES) if role in side), frozenset({role}))
