"""Conditions on rows that lists are filtered by."""

from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, false, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from models.base import Row
from models.canonical import searchable
from models.organisation import Base
from models.provider import Provider
from models.searched import Searched
from models.tag import TagAssignment
from models.vocabulary.taxonomy import Scheme, TagSource

__all__ = [
    "Column",
    "Condition",
    "equals",
    "has_tag",
    "in_regions",
    "in_text",
    "is_one_of",
    "of_organisation",
]

Condition = ColumnElement[bool]
Column = InstrumentedAttribute[Any]

_HIDDEN_BY: Final[dict[TagSource, tuple[TagSource, ...]]] = {
    TagSource.HUMAN: (),
    TagSource.IMPORT: (TagSource.HUMAN,),
    TagSource.AUTO: (TagSource.HUMAN, TagSource.IMPORT),
}
"""Sources whose tags make those of another source not count."""


def has_tag(
    table: type[Row], scheme: Scheme, code: str, *, below: bool = True
) -> ColumnElement[bool]:
    """Return the condition that a code counts for a row: a person's tags hide the others.

    Args:
        table: The rows.
        scheme: Vocabulary of the code.
        code: The code.
        below: Whether codes below it (`ENT` and `ENT.RISK`) count too.
    """
    return or_(
        *(
            and_(
                _assigned(table, scheme, source, code, below),
                *(~_assigned(table, scheme, other, None, below) for other in hidden_by),
            )
            for source, hidden_by in _HIDDEN_BY.items()
        )
    )


def equals(column: Column, value: object) -> ColumnElement[bool]:
    """Return the condition that a column has a value."""
    return column == value


def is_one_of(column: Column, values: Iterable[str]) -> ColumnElement[bool]:
    """Return the condition that a column has one of several values."""
    return column.in_(sorted(values))


def in_regions(
    column: InstrumentedAttribute[str | None], prefixes: Iterable[str]
) -> ColumnElement[bool]:
    """Return the condition that a region code starts with one of several prefixes."""
    return or_(false(), *(column.startswith(p, autoescape=True) for p in prefixes))


def of_organisation(table: type[Provider | Base], condition: Condition) -> Condition:
    """Return the condition that holds for rows whose organisation fulfils another one."""
    return table.organisation.has(condition)


def in_text(table: type[Searched], text: str) -> ColumnElement[bool]:
    """Return the condition that every word of a text stands in the searched texts of a row."""
    words = searchable(text).split()
    return and_(true(), *(_holds(table, word) for word in words))


def _holds(table: type[Searched], word: str) -> ColumnElement[bool]:
    """Return the condition that a word stands in a row.

    A row an older program wrote has only its originals to look at.
    """
    originals = (getattr(table, name) for name in table.searched_columns)
    return or_(
        table.search_text.contains(word, autoescape=True),
        and_(
            table.search_text.is_(None),
            or_(*(column.icontains(word, autoescape=True) for column in originals)),
        ),
    )


def _assigned(
    table: type[Row], scheme: Scheme, source: TagSource, code: str | None, below: bool
) -> ColumnElement[bool]:
    conditions = [
        TagAssignment.entity == table.entity,
        TagAssignment.entity_id == table.id,
        TagAssignment.scheme == scheme,
        TagAssignment.source == source,
    ]
    if code is not None:
        exact = TagAssignment.code == code
        inside = TagAssignment.code.startswith(f"{code}.", autoescape=True)
        conditions.append(or_(exact, inside) if below else exact)
    return select(TagAssignment.key).where(*conditions).correlate(table).exists()
