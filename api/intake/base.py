"""What the intake of every noun needs."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final, TypeVar

from api.intake.problems import FieldProblem
from api.intake.reading import Reader
from api.schemas.base import Schema
from api.vocabularies import Vocabularies
from models import repository
from models.base import Row
from models.database import Database, Session
from models.errors import ConflictError, NavmatchError, UnavailableError
from models.failures import attempt
from models.sight import own_id
from models.viewer import current_viewer

RowT = TypeVar("RowT", bound=Row)

_KEPT_FOR: Final = re.compile(r"(og_[0-9A-HJKMNP-TV-Z]{26})/")
"""Beginning of the keys an organisation's imported rows are stored under."""


@dataclass(frozen=True)
class IntakeParts:
    """What intake works with.

    Attributes:
        database: Where rows go.
        reader: Reads texts.
        vocabularies: Tables codes are checked against.
        committed: Called after every commit, so that the index follows at once.
        today: Gives the day in force.
    """

    database: Database
    reader: Reader
    vocabularies: Vocabularies
    committed: Callable[[], None]
    today: Callable[[], date]


def check_version(row: Row, version: int) -> None:
    """Refuse a change that was made on an older state of the row.

    Raises:
        ConflictError: the row has another version.
    """
    if row.version != version:
        raise ConflictError(
            f"这条记录已被修改（现为第 {row.version} 版，提交的是第 {version} 版），请刷新后再改。",
            reason="version",
            version=row.version,
        )


def try_row(session: Session, work: Callable[[], RowT]) -> RowT | NavmatchError:
    """Return the row some work stores, or why it cannot be stored; others stored before stay.

    Raises:
        UnavailableError: the database can store no row at all now.
    """
    try:
        with attempt(session):
            return work()
    except UnavailableError:
        raise
    except NavmatchError as error:
        return error


def reference_problems(
    session: Session, references: Iterable[tuple[str, type[Row], str | None]]
) -> Iterable[FieldProblem]:
    """Yield a problem for each named row that does not exist.

    Args:
        session: Any session.
        references: Field, table and key; a missing key refers to nothing.
    """
    for field, table, key in references:
        row = session.get(table, key) if key is not None else None
        if key is not None and (row is None or row.deleted_at is not None):
            yield FieldProblem(field, "unknown_reference", "没有这个编号的记录。")


def check_source_ref(session: Session, table: type[Row], source_ref: str | None) -> None:
    """Refuse a source key that another row carries, or that is kept for another organisation.

    What an organisation imports goes by keys that begin with its own: who could give such a key
    to a row of theirs would keep the other from importing its row.

    Raises:
        ConflictError: it is taken, maybe by a deleted row, or another's.
    """
    kept_for, own = _KEPT_FOR.match(source_ref or ""), own_id(current_viewer())
    if kept_for is not None and own is not None and kept_for[1] != own:
        raise ConflictError("这样开头的来源编号留给另一单位使用，请换一个。", reason="source_ref")
    if source_ref and repository.find_by_source(session, table, source_ref) is not None:
        raise ConflictError("这个来源编号已经登记过。", reason="source_ref")


def plain(value: Any) -> Any:  # noqa: ANN401 - whatever a schema holds
    """Return a value of a schema as its column keeps it: objects and lists in JSON form.

    What was never said (None) is left out of objects: a key that is there means a fact.
    """
    if isinstance(value, Schema):
        return plain(value.model_dump())
    if isinstance(value, dict):
        return {name: _inside(inner) for name, inner in value.items() if inner is not None}
    if isinstance(value, list):
        return [_inside(item) for item in value]
    return value


def _inside(value: Any) -> Any:  # noqa: ANN401 - whatever a schema holds
    """Return a value inside a JSON column: choices and dates as text."""
    if isinstance(value, StrEnum):
        return value.value
    return value.isoformat() if isinstance(value, date) else plain(value)


def given(values: dict[str, object], names: Sequence[str]) -> list[str]:
    """Return which of the named fields a person has filled."""
    return [name for name in names if values.get(name) is not None]
