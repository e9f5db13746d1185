"""Lists as files, for whoever has them on screen: as many rows as somebody waits for."""

from collections.abc import Iterable, Sequence
from typing import ClassVar, Final

from api.exchange.columns import ImportKind
from api.exchange.exporting import Exporter
from api.exchange.formulas import make_plain
from api.exchange.limits import ASKED_EXPORT_ROWS
from api.exchange.scratch import scratch_folder
from api.exchange.types import FileFormat
from api.exchange.writing import write_delimited, write_workbook
from api.schemas.interaction import InteractionRead
from api.schemas.match import MatchAnswer, MatchRead
from api.wiring import Service
from models.audit_trail import record
from models.conditions import Condition
from models.errors import InvalidInputError
from models.labels import Labels
from models.vocabulary.access import AuditAction
from models.vocabulary.matching import RuleOutcome

MATCH_HEADINGS: Final = (
    *("名次", "档位", "服务机构", "机构所在地", "最合适的能力", "结论", "理由", "不利之处"),
    *("待核实", "资格核对", "机构编号"),
)
INTERACTION_HEADINGS: Final = (
    *("需求", "服务机构", "服务基地", "成果使用单位", "状态", "等谁答复", "答复期限（UTC）"),
    *("候选", "最近进展（UTC）", "对接编号", "需求编号", "机构编号"),
)
_NAME: Final = "list"


class TooManyRowsError(InvalidInputError):
    """A list that is too long for somebody to wait for its file."""

    code: ClassVar[str] = "too_many_rows"


def check_rows(n_rows: int) -> None:
    """Refuse to write a file nobody would wait for.

    Raises:
        TooManyRowsError: it has more rows than that.
    """
    if n_rows > ASKED_EXPORT_ROWS:
        raise TooManyRowsError(
            f"符合条件的有 {n_rows} 条，一次最多导出 {ASKED_EXPORT_ROWS} 条。请再加些条件，"
            "或由管理员在服务器上用 navmatch export 导出全部。",
            limit=ASKED_EXPORT_ROWS,
        )


class ListedFiles:
    """Writes lists to files; every one stands in the audit chain."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._labels = service.vocabularies.labels

    def rows(self, kind: ImportKind, where: Sequence[Condition], format_: FileFormat) -> bytes:
        """Return stored rows in the form that can be imported again, the newest first.

        Raises:
            TooManyRowsError: there are more than somebody waits for.
        """
        exporter = Exporter(self._service, kind, where, newest_first=True)
        check_rows(exporter.count())
        self._record(kind.value)
        with scratch_folder() as folder:
            path = folder / _NAME
            exporter.write(path, format_)
            return path.read_bytes()

    def matches(self, answer: MatchAnswer, format_: FileFormat) -> bytes:
        """Return a ranking with its reasons."""
        self._record("matches", answer.query.id)
        rows = (_match_row(match, self._labels) for match in answer.matches)
        return _written(MATCH_HEADINGS, rows, format_)

    def interactions(self, shown: Sequence[InteractionRead], format_: FileFormat) -> bytes:
        """Return interactions as their side sees them.

        Raises:
            TooManyRowsError: there are more than somebody waits for.
        """
        check_rows(len(shown))
        self._record("interactions")
        rows = (_interaction_row(one, self._labels) for one in shown)
        return _written(INTERACTION_HEADINGS, rows, format_)

    def _record(self, what: str, key: str | None = None) -> None:
        with self._service.database.write() as session:
            record(session, AuditAction.EXPORT, what, key)


def _written(
    headings: Sequence[str], rows: Iterable[Sequence[str | int]], format_: FileFormat
) -> bytes:
    write = write_delimited if format_ is FileFormat.CSV else write_workbook
    plain = ([make_plain(c) if isinstance(c, str) else c for c in row] for row in rows)
    with scratch_folder() as folder:
        path = folder / _NAME
        write(path, headings, plain)
        return path.read_bytes()


def _match_row(match: MatchRead, labels: Labels) -> list[str | int]:
    told = match.explanation
    of = match.organisation
    rules = (f"{rule.title}：{labels.of(RuleOutcome(rule.outcome))}" for rule in match.rules)
    return [
        match.rank,
        match.band_label,
        of.name if of is not None else "",
        (of.region_name or "") if of is not None else "",
        match.item.title,
        told.summary if told is not None else "",
        _lines(s.text for s in told.reasons_for) if told is not None else "",
        _lines(s.text for s in told.reasons_against) if told is not None else "",
        _lines(s.text for s in told.unknowns) if told is not None else "",
        _lines(rules),
        match.item.group_id,
    ]


def _interaction_row(one: InteractionRead, labels: Labels) -> list[str | int]:
    return [
        one.demand_title or "",
        one.provider_name or "",
        one.base_name or "",
        one.recipient_name or "",
        one.state_label,
        labels.of(one.awaiting) if one.awaiting is not None else "",
        one.due_at.isoformat(timespec="minutes") if one.due_at is not None else "",
        "是" if one.is_shortlisted else "",
        one.updated_at.isoformat(timespec="minutes"),
        one.id,
        one.demand_id,
        one.provider_id,
    ]


def _lines(texts: Iterable[str]) -> str:
    return "\n".join(texts)
