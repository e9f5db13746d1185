"""Reading texts with the annotator, one or many at once."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from indexer.annotate.facts import KnownFacts
from indexer.annotate.types import Annotations
from indexer.text import canonicalise
from models.demand import Demand
from models.vocabulary.demand import ApplicationForm, Deliverable


@dataclass(frozen=True, slots=True)
class SourceText:
    """A text to be read.

    Attributes:
        title: Title in display form.
        body: Text without the title, in display form.
        known: What a person has stated; it is not asked for again.
    """

    title: str
    body: str
    known: KnownFacts = field(default_factory=KnownFacts)


class Annotating(Protocol):
    """Reads canonical texts in batches; `indexer.annotate.annotate.Annotator` does."""

    def annotate_many(
        self, texts: Sequence[tuple[str, str]], known: Sequence[KnownFacts] | None = None
    ) -> list[Annotations]:
        """Return everything read from each title and body, in order."""


class Reader:
    """Reads texts in display form."""

    def __init__(self, annotator: Annotating) -> None:
        self._annotator = annotator

    def read(self, texts: Sequence[SourceText]) -> list[Annotations]:
        """Return what was read from each text, in order; offsets count in canonical form."""
        return self._annotator.annotate_many(
            [(canonicalise(text.title), canonicalise(text.body)) for text in texts],
            [text.known for text in texts],
        )


def demand_source(demand: Demand, scenario_code: str | None, *, has_industry: bool) -> SourceText:
    """Return the text of a demand with what a person has stated beside it.

    Args:
        demand: The demand; only fields a person filled count as stated.
        scenario_code: Main scenario a person chose, if one did.
        has_industry: Whether a person chose industries.
    """
    stated = set(demand.human_fields)
    known = KnownFacts(
        region_code=demand.region_code if "region_code" in stated else None,
        audience=demand.audience if "audience" in stated else None,
        decision_question=demand.decision_question,
        has_budget="budget" in stated,
        has_period="period_days" in stated,
        has_industry=has_industry or bool(demand.tech_keywords or demand.ipc),
        has_requirements="requirements" in stated,
        deliverables=tuple(map(Deliverable, demand.deliverables))
        if "deliverables" in stated
        else (),
        application_forms=tuple(map(ApplicationForm, demand.application_form))
        if "application_form" in stated
        else (),
        scenario_code=scenario_code,
    )
    return SourceText(demand.title, demand.body(), known)
