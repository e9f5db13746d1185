"""Tags of rows: by whom, how sure, and the words behind them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import KEY_CHARS, ChoiceType, Sealed, Table, now_utc
from models.vocabulary.row import Entity
from models.vocabulary.taxonomy import Scheme, TagSource

NONE = ""
"""Code of the assignment by which a person says that no code of a vocabulary applies."""

_PRECEDENCE = {TagSource.HUMAN: 0, TagSource.IMPORT: 1, TagSource.AUTO: 2}


class TagAssignment(Sealed, Table):
    """A code of a vocabulary given to a row by one source."""

    __tablename__ = "tag_assignment"
    __table_args__ = (
        Index(
            "uq_tag_assignment_target",
            "entity",
            "entity_id",
            "scheme",
            "source",
            "code",
            unique=True,
        ),
        Index("ix_tag_assignment_code", "scheme", "code"),
    )

    key: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    entity: Mapped[Entity] = mapped_column(ChoiceType(Entity))
    entity_id: Mapped[str] = mapped_column(String(KEY_CHARS))
    scheme: Mapped[Scheme] = mapped_column(ChoiceType(Scheme))
    scheme_version: Mapped[str] = mapped_column(String(32))
    code: Mapped[str] = mapped_column(String(32))
    source: Mapped[TagSource] = mapped_column(ChoiceType(TagSource))
    confidence: Mapped[float]
    """Calibrated probability 0..1; 1.0 for a human's."""
    evidence: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    """Stretches `{start, end, text}` of the canonical text that caused the tag."""
    assigned_by: Mapped[str | None] = mapped_column(String(64))
    assigned_at: Mapped[datetime] = mapped_column(default=now_utc)


def effective_tags(assignments: Iterable[TagAssignment]) -> list[TagAssignment]:
    """Return the tags that count: per scheme a human's set, else an import's, else the automatic.

    A human who assigns one code thereby decides the whole scheme of that row; surest first,
    ties by code. The marker `NONE` decides like a code and is left out.
    """
    by_scheme: dict[Scheme, dict[TagSource, list[TagAssignment]]] = {}
    for assignment in assignments:
        sources = by_scheme.setdefault(assignment.scheme, {})
        sources.setdefault(assignment.source, []).append(assignment)
    chosen = [
        assignment
        for sources in by_scheme.values()
        for assignment in sources[min(sources, key=_PRECEDENCE.__getitem__)]
    ]
    return sorted(
        (a for a in chosen if a.code != NONE), key=lambda a: (a.scheme, -a.confidence, a.code)
    )
