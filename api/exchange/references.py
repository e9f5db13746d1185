"""References between rows as people write them: key, source key or name of an organisation."""

from collections.abc import Iterable
from typing import Any, Final

from api.exchange.columns import ImportKind
from api.exchange.source_keys import find_row, stored_forms
from api.intake.problems import FieldProblem
from indexer.text import clean
from models import repository
from models.base import Row
from models.case import Case
from models.database import Session
from models.errors import TextRejectedError
from models.organisation import Base
from models.provider import Provider

_TABLE_OF: Final[dict[str, type[Row]]] = {
    "provider_id": Provider,
    "base_id": Base,
    "case_ids": Case,
}
_MAX_CHARS: Final = 400
_NOUN: Final[dict[type[Row], str]] = {Provider: "服务机构", Base: "服务基地", Case: "案例"}


class References:
    """Puts the keys of rows in the place of what people wrote; remembers what it found."""

    def __init__(self, kind: ImportKind, owner_id: str | None = None) -> None:
        """Set what refers, and whose keys go before those of others."""
        self._needs_provider = kind is ImportKind.CAPABILITIES
        self._owner_id = owner_id
        self._found: dict[tuple[str, str], str] = {}

    def resolve(self, session: Session, values: dict[str, Any]) -> Iterable[FieldProblem]:
        """Replace the references of a row by keys, and yield those that lead nowhere."""
        if self._needs_provider and not values.get("provider_id"):
            yield FieldProblem("provider_id", "missing", "请填写这项能力所属的机构。")
        for field, table in _TABLE_OF.items():
            if not values.get(field):
                continue
            written = values[field]
            many = written if isinstance(written, list) else [written]
            if not all(_is_reference(word) for word in many):
                yield FieldProblem(
                    field,
                    "text_rejected",
                    "引用应是一行文字：编号、来源编号或名称，不含控制字符或残缺字符，"
                    f"最长 {_MAX_CHARS} 字。",
                )
                continue
            keys = [self._key(session, table, str(word)) for word in many]
            if None in keys:
                yield FieldProblem(
                    field,
                    "unknown_reference",
                    f"没有找到这个{_NOUN[table]}，请先导入它，或填写它的编号、来源编号或名称。",
                )
            else:
                values[field] = keys if isinstance(written, list) else keys[0]

    def _key(self, session: Session, table: type[Row], word: str) -> str | None:
        known = self._found.get((table.__tablename__, word))
        if known is None:
            forms = stored_forms(word, self._owner_id)
            found = (find_row(session, table, form) for form in forms)
            row = next(filter(None, found), None) or _by_name(session, table, word)
            if row is None or row.deleted_at is not None:
                return None
            known = self._found[table.__tablename__, word] = row.id
        return known


def _is_reference(word: object) -> bool:
    """Return whether a value can be looked up: a number, or a text the sanitiser accepts."""
    if isinstance(word, (dict, list)):
        return False
    try:
        clean(str(word), max_chars=_MAX_CHARS, min_chars=1)
    except (TextRejectedError, ValueError):
        return False
    return True


def _by_name(session: Session, table: type[Row], name: str) -> Row | None:
    if table not in (Provider, Base):
        return None
    organisation = repository.find_organisation(session, name)
    if organisation is None:
        return None
    of_table = repository.provider_of if table is Provider else repository.base_of
    return of_table(session, organisation.id)
