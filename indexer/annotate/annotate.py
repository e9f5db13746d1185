"""Everything read from a demand, a capability or a case in one call."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Final, Protocol, runtime_checkable

from indexer.annotate.application import ApplicationFinder
from indexer.annotate.audience import AudienceFinder
from indexer.annotate.clarity import judge_clarity
from indexer.annotate.completeness import CompletenessJudge
from indexer.annotate.deadline import DeadlineFinder
from indexer.annotate.deliverable import DeliverableFinder
from indexer.annotate.facts import Findings, KnownFacts, present_facts
from indexer.annotate.money import BudgetFinder
from indexer.annotate.period import PeriodFinder
from indexer.annotate.region import RegionTagger
from indexer.annotate.requirement import RequirementFinder
from indexer.annotate.scope import find_any_industry
from indexer.annotate.types import Annotations, ScenarioResult, Tag
from indexer.annotate.vague import VagueTermFinder
from indexer.personal import cover_personal
from models.stages import Stage, timed

__all__ = ["Annotator", "IndustryTagger", "KnownFacts", "ScenarioTagger"]

NOTHING_KNOWN: Final = KnownFacts()


class ScenarioTagger(Protocol):
    """Says which application scenarios a text asks for."""

    def tag_scenarios(self, title: str, body: str) -> ScenarioResult:
        """Tags of one text, both parts canonical, either may be empty."""
        ...


@runtime_checkable
class BatchScenarioTagger(Protocol):
    """A scenario tagger that is faster with many texts at once."""

    def tag_scenarios_many(self, texts: Sequence[tuple[str, str]]) -> Sequence[ScenarioResult]:
        """One result for each title and body, in order."""
        ...


class IndustryTagger(Protocol):
    """Says which industries a text speaks of."""

    def tag_industries(self, title: str, body: str) -> tuple[Tag, ...]:
        """Tags of one text, both parts canonical, either may be empty."""
        ...


@runtime_checkable
class BatchIndustryTagger(Protocol):
    """An industry tagger that is faster with many texts at once."""

    def tag_industries_many(self, texts: Sequence[tuple[str, str]]) -> Sequence[tuple[Tag, ...]]:
        """Tags of each title and body, in order."""
        ...


class Annotator:
    """Reads texts with every annotator; built once, it is safe to share between threads.

    Personal data is covered first: no tag rests on it, and no evidence repeats it.
    """

    def __init__(
        self,
        scenario_tagger: ScenarioTagger,
        industry_tagger: IndustryTagger,
        region_tagger: RegionTagger,
        today: Callable[[], date],
    ) -> None:
        """Assemble the annotators.

        Args:
            scenario_tagger: Tags scenarios.
            industry_tagger: Tags industries.
            region_tagger: Tags regions.
            today: Gives the day dates are counted from, asked anew for each call.
        """
        self._scenarios = scenario_tagger
        self._industries = industry_tagger
        self._regions = region_tagger
        self._today = today
        self._budgets = BudgetFinder()
        self._periods = PeriodFinder()
        self._deadlines = DeadlineFinder()
        self._deliverables = DeliverableFinder()
        self._applications = ApplicationFinder()
        self._audiences = AudienceFinder()
        self._requirements = RequirementFinder()
        self._vague_terms = VagueTermFinder()
        self._completeness = CompletenessJudge()

    @timed(Stage.UNDERSTAND)
    def annotate(self, title: str, body: str, known: KnownFacts = NOTHING_KNOWN) -> Annotations:
        r"""Everything read from one text; offsets count in `title + "\n" + body`.

        Args:
            title: Canonical title; may be empty.
            body: Canonical text without the title; may be empty.
            known: What structured fields already say.
        """
        title, body = cover_personal(title), cover_personal(body)
        scenarios = self._scenarios.tag_scenarios(title, body)
        industries = self._industries.tag_industries(title, body)
        return self._read(f"{title}\n{body}", scenarios, industries, known)

    @timed(Stage.UNDERSTAND)
    def annotate_many(
        self, texts: Sequence[tuple[str, str]], known: Sequence[KnownFacts] | None = None
    ) -> list[Annotations]:
        """Everything read from each title and body, in order, as `annotate` would.

        Args:
            texts: Canonical titles and bodies.
            known: What structured fields say, one entry a text; None when nothing is known.
        """
        facts = [NOTHING_KNOWN] * len(texts) if known is None else known
        covered = [(cover_personal(title), cover_personal(body)) for title, body in texts]
        scenarios, industries = self._scenarios_of(covered), self._industries_of(covered)
        return [
            self._read(f"{title}\n{body}", *found)
            for (title, body), found in zip(
                covered, zip(scenarios, industries, facts, strict=True), strict=True
            )
        ]

    @timed(Stage.UNDERSTAND)
    def scenarios_many(self, texts: Sequence[tuple[str, str]]) -> Sequence[ScenarioResult]:
        """The scenarios of each title and body alone, in order."""
        covered = [(cover_personal(title), cover_personal(body)) for title, body in texts]
        return self._scenarios_of(covered)

    def _scenarios_of(self, texts: Sequence[tuple[str, str]]) -> Sequence[ScenarioResult]:
        if isinstance(self._scenarios, BatchScenarioTagger):
            return self._scenarios.tag_scenarios_many(texts)
        return [self._scenarios.tag_scenarios(title, body) for title, body in texts]

    def _industries_of(self, texts: Sequence[tuple[str, str]]) -> Sequence[tuple[Tag, ...]]:
        if isinstance(self._industries, BatchIndustryTagger):
            return self._industries.tag_industries_many(texts)
        return [self._industries.tag_industries(title, body) for title, body in texts]

    def _read(
        self,
        text: str,
        scenarios: ScenarioResult,
        industries: tuple[Tag, ...],
        known: KnownFacts,
    ) -> Annotations:
        regions = self._regions.find_regions(text)
        found = Findings(
            industries=industries,
            regions=regions,
            budget=self._budgets.find_budget(text),
            period=self._periods.find_period(text),
            deadline=self._deadlines.find_deadline(text, self._today()),
            deliverables=self._deliverables.find_deliverables(text),
            applications=self._applications.find_applications(text),
            audience=self._audiences.find_audience(text),
            requirements=self._requirements.find_requirements(text, regions),
            any_industry=find_any_industry(text) is not None,
        )
        present = present_facts(text, found, known)
        return Annotations(
            scenarios=scenarios.tags,
            needs_confirmation=scenarios.needs_confirmation,
            industries=industries,
            regions=regions,
            budget=found.budget,
            period=found.period,
            deadline=found.deadline,
            deliverables=found.deliverables,
            audience=found.audience,
            requirements=found.requirements,
            clarity=judge_clarity(text, present),
            completeness=self._completeness.judge(
                text,
                present,
                known.scenario_code or _main_code(scenarios),
                self._vague_terms.find_vague_terms(text),
            ),
            applications=found.applications,
            any_industry=found.any_industry,
        )


def _main_code(scenarios: ScenarioResult) -> str | None:
    return scenarios.tags[0].code if scenarios.tags else None
