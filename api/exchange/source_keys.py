"""Keys rows have where they come from; each organisation that imports has keys of its own.

A key is unique in the whole database, and every office numbers its rows 1, 2, 3. What somebody
imports for an organisation is therefore kept under the organisation's key and theirs.
"""

import hashlib
import re
from typing import Any, Final

from api.exchange.columns import ImportKind
from api.exchange.records import TABLES
from api.intake.problems import FieldProblem
from api.schemas.base import Schema
from models import repository
from models.base import KEY_CHARS, Row
from models.database import Session

_ROW_ID: Final = re.compile(r"[a-z]{2}_[0-9A-HJKMNP-TV-Z]{26}")
_MARK: Final = "/"
MAX_KEY_CHARS: Final = 128
MAX_OWN_KEY_CHARS: Final = MAX_KEY_CHARS - KEY_CHARS - len(_MARK)
"""Characters of a key inside an organisation."""

_STATED_TEXTS: Final = {
    ImportKind.DEMANDS: ("title", "description"),
    ImportKind.CASES: ("title", "summary"),
}
"""Texts a row without a key is known by: the same row again is not stored twice."""


class SourceKeys:
    """Keys of one kind of row, as one organisation writes them."""

    def __init__(self, kind: ImportKind, owner_id: str | None = None) -> None:
        """Set whose keys they are; those of nobody stand as they are written."""
        self._kind = kind
        self._owner_id = owner_id

    def made_up(self, values: dict[str, Any]) -> dict[str, Any]:
        """Return the values with a key made from the texts where the file gives none."""
        texts = [values.get(name) for name in _STATED_TEXTS.get(self._kind, ())]
        if values.get("source_ref") or not texts or not all(isinstance(t, str) for t in texts):
            return values
        digest = hashlib.sha256("\n".join(map(str, texts)).encode(errors="replace")).hexdigest()
        return {**values, "source_ref": f"text:{digest[:32]}"}

    def kept(self, session: Session, body: Schema) -> Schema | FieldProblem:
        """Return a checked row with its key as it is stored, or what is wrong with the key."""
        key: str | None = getattr(body, "source_ref", None)
        if self._owner_id is None or key is None or key.startswith(self._prefix):
            return body
        known = find_row(session, TABLES[self._kind], key)
        if known is not None and known.owner_id == self._owner_id:
            return body  # theirs under exactly this key, however it came
        if len(key) > MAX_OWN_KEY_CHARS:
            message = f"来源编号过长，最多 {MAX_OWN_KEY_CHARS} 字。"
            return FieldProblem("source_ref", "string_too_long", message)
        return body.model_copy(update={"source_ref": f"{self._prefix}{key}"})

    @property
    def _prefix(self) -> str:
        return f"{self._owner_id}{_MARK}"


def own_key(key: str, owner_id: str | None) -> str:
    """Return a stored key as the organisation it belongs to writes it."""
    return key if owner_id is None else key.removeprefix(f"{owner_id}{_MARK}")


def stored_forms(key: str, owner_id: str | None) -> tuple[str, ...]:
    """Return how a key may be stored that an organisation writes, the likelier form first."""
    return (key,) if owner_id is None else (f"{owner_id}{_MARK}{key}", key)


def find_row(session: Session, table: type[Row], word: str) -> Row | None:
    """Return the row with this source key, or with this key; also when it is deleted."""
    row: Row | None = repository.find_by_source(session, table, word)
    if row is None and _ROW_ID.fullmatch(word):
        row = session.get(table, word)
    return row
