"""Tag rows: the automatic ones from what was read, a person's from codes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Final

from api.intake.codes import tag_problems
from api.intake.problems import FieldProblem
from api.schemas.base import Schema
from api.vocabularies import Vocabularies
from indexer.annotate.types import Annotations, Tag
from indexer.documents import REJECT_CODE
from models import repository
from models.base import Row
from models.database import Session
from models.tag import TagAssignment
from models.vocabulary.taxonomy import Scheme, TagSource

AUTO_SCHEMES: Final = (Scheme.SCENARIO, Scheme.SEI, Scheme.GB4754, Scheme.REGION)
"""Vocabularies the text is tagged with."""

TAG_FIELDS: Final = {
    "scenario_tags": Scheme.SCENARIO,
    "industry_tags": Scheme.SEI,
    "class_tags": Scheme.GB4754,
}
"""Fields of a new row in which a person gives codes, and their vocabularies."""

_ORDER_STEP: Final = 0.01
"""A person's later codes weigh a little less, so that the first stays the main one."""


def store_automatic(
    session: Session, row: Row, found: Annotations, *, rejects: bool
) -> list[TagAssignment]:
    """Put the tags read from a text in the place of the former automatic ones; return them.

    Args:
        session: The transaction.
        row: The row the text belongs to.
        found: What was read.
        rejects: Whether the reject class is kept; only demands can be out of scope.
    """
    rows = automatic_tags(row, found, rejects=rejects)
    repository.replace_tags(session, row, TagSource.AUTO, AUTO_SCHEMES, rows)
    return rows


def automatic_tags(row: Row, found: Annotations, *, rejects: bool) -> list[TagAssignment]:
    """Return the tags read from a text as assignments to a row, each code once."""
    scenarios = [t for t in found.scenarios if rejects or t.code != REJECT_CODE]
    tags = (*scenarios, *found.industries, *found.regions)
    return [_automatic(row, tag) for tag in _distinct(tags)]


def scenario_assignments(row: Row, tags: Iterable[Tag], *, rejects: bool) -> list[TagAssignment]:
    """Return scenario tags read from a text as assignments to a row, each code once."""
    kept = (tag for tag in tags if rejects or tag.code != REJECT_CODE)
    return [_automatic(row, tag) for tag in _distinct(kept)]


def chosen_tags(
    row: Row,
    codes: Mapping[Scheme, Sequence[str] | None],
    vocabularies: Vocabularies,
    source: TagSource = TagSource.HUMAN,
    by: str | None = None,
) -> list[TagAssignment]:
    """Return chosen codes as assignments to a row.

    Args:
        row: The row they belong to.
        codes: Codes by vocabulary, the main one first; None chooses nothing.
        vocabularies: Where the versions come from.
        source: Who chose.
        by: Name of the person, if known.
    """
    return [
        TagAssignment(
            entity=row.entity,
            entity_id=row.id,
            scheme=scheme,
            scheme_version=vocabularies.version(scheme),
            code=code,
            source=source,
            confidence=round(1.0 - _ORDER_STEP * place, 2),
            evidence=[],
            assigned_by=by,
        )
        for scheme, wanted in codes.items()
        for place, code in enumerate(wanted or ())
    ]


def codes_in(body: Schema) -> dict[Scheme, Sequence[str] | None]:
    """Return the codes a person gives with a new row, by vocabulary."""
    return {scheme: getattr(body, field) for field, scheme in TAG_FIELDS.items()}


def codes_problems(
    vocabularies: Vocabularies, body: Schema, prefix: str = ""
) -> Iterable[FieldProblem]:
    """Yield a problem for each code given with a new row that its vocabulary does not know.

    Args:
        vocabularies: Tables of codes.
        body: The new row.
        prefix: Path of the row within a larger body.
    """
    for field, scheme in TAG_FIELDS.items():
        yield from tag_problems(vocabularies, f"{prefix}{field}", scheme, getattr(body, field))


def _automatic(row: Row, tag: Tag) -> TagAssignment:
    return TagAssignment(
        entity=row.entity,
        entity_id=row.id,
        scheme=tag.scheme,
        scheme_version=tag.version,
        code=tag.code,
        source=TagSource.AUTO,
        confidence=tag.confidence,
        evidence=[asdict(evidence) for evidence in tag.evidence],
    )


def _distinct(tags: Iterable[Tag]) -> Iterable[Tag]:
    return {(tag.scheme, tag.code): tag for tag in reversed(list(tags))}.values()
