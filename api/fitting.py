"""Looking closer: one provider for one demand, whether it would be recommended or not."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from api.match_presenter import MatchPresenter
from api.matching import Matching
from api.presenter import Presenter
from api.schemas.fit import ComparedProvider, ComparisonRead, FitRead, Place
from api.schemas.match import MatchRead
from api.wiring import Service
from indexer.types import Document
from indexer.view import IndexView
from matcher.check import EligibilityChecker, worst_must
from matcher.pipeline import MatchRequest
from matcher.types import Filters, Match, RuleResult
from models import repository
from models.demand import Demand
from models.interactions import interactions_with
from models.provider import Provider
from models.viewer import Viewer, current_viewer
from models.vocabulary.access import Role
from models.vocabulary.demand import RequirementStrength
from models.vocabulary.matching import Band, Direction, RuleOutcome
from models.vocabulary.row import Entity

TOP: Final = 10
LISTED: Final = 50
MAX_COMPARED: Final = 4
MAX_GAPS: Final = 6
LOW: Final = 0.35
"""Value of a feature below which something can be done about it."""

_SCENARIO_TIP: Final = "能力的应用场景与需求不同；确有能力的，请登记对应场景的服务能力。"
_INDUSTRY_TIP: Final = "能力的产业领域与需求不同；做过该领域的，请在能力中写明。"
_WORDS_TIP: Final = "能力描述里很少写到需求所说的对象和工作；确实做过的，请写具体。"
_TIPS: Final = {
    "scenario": _SCENARIO_TIP,
    "purpose_in_field": _SCENARIO_TIP,
    "industry": _INDUSTRY_TIP,
    "industry_class": _INDUSTRY_TIP,
    "cases": "没有同类场景的已发布案例；做过的请登记并发布。",
    "region": "所在地与需求较远；能到当地服务的，请补充服务地区。",
    "rating": "还没有好的评价；项目完成后请需求方评价。",
    "capacity": "登记的可承接项目数已满；有变化请更新。",
}
_UNKNOWN_TIP: Final = "“{title}”没有依据，不计分；补充资料后可以比较。"

_SUMMARIES: Final = {
    Place.TOP: "在需求方的推荐列表前 10 位。",
    Place.LISTED: "在需求方的推荐列表中，但不在前 10 位。",
    Place.BEYOND: "没有进入需求方的推荐列表，其他机构与需求更接近。",
    Place.EXCLUDED: "有必须满足的条件不满足，没有进入需求方的推荐列表。",
    Place.UNSEEN: "需求方看不到本机构或在服务的能力，请检查机构状态和可见范围。",
}


class Fitting:
    """Compares single providers with a demand, by the same steps as every match."""

    def __init__(self, service: Service, matching: Matching) -> None:
        """Set what is compared.

        Args:
            service: The wired installation.
            matching: Turns stored rows into questions.
        """
        self._service = service
        self._matching = matching
        self._features = service.matcher.features()
        self._presenter = MatchPresenter(service.vocabularies, self._features)

    def fit(self, provider_id: str, demand_id: str) -> FitRead:
        """Return why a provider of one's own is, or is not, recommended for a demand one sees.

        Raises:
            NotFoundError: one of the rows is not there for whoever asks.
            ForbiddenError: the provider is another's.
        """
        with self._service.database.read() as session:
            repository.get_owned(session, Provider, provider_id)
            demand = repository.get(session, Demand, demand_id)
            owned = [row.id for row in repository.capabilities_of(session, provider_id)]
        view = self._service.synchroniser.view
        question = self._matching.ask_public(demand_id, Direction.DEMAND_TO_PROVIDER)
        (asking,) = question.documents
        owner = _owner_of(demand)
        match = self._one(asking, view, owned, owner)
        shown = match or self._one(asking, view, owned, current_viewer())
        place = self._place(asking, view, match, owner)
        read = self._presenter.match(shown) if shown is not None else None
        good = match is not None and match.band != Band.WEAK
        return FitRead(
            version=view.version,
            demand_id=demand_id,
            provider_id=provider_id,
            is_recommended=place is Place.TOP and good,
            place=place,
            summary=_SUMMARIES[place],
            blockers=_blockers(read),
            gaps=self._gaps(shown),
            match=read,
        )

    def compare(self, demand_id: str, provider_ids: Sequence[str]) -> ComparisonRead:
        """Return what is still to be compared in an answer: match and facts of each provider.

        Raises:
            NotFoundError: one of the rows is not there for whoever asks.
            ForbiddenError: the demand is another's.
        """
        question = self._matching.ask_stored(demand_id, Direction.DEMAND_TO_PROVIDER)
        (asking,) = question.documents
        view = self._service.synchroniser.view
        with self._service.database.read() as session:
            rows = [repository.get(session, Provider, key) for key in provider_ids]
            shown = Presenter(self._service.vocabularies).providers(session, rows)
            begun = interactions_with(session, demand_id, provider_ids)
            states = {row.provider_id: (row.id, row.state) for row in begun}
        found = [self._compared(asking, view, key) for key in provider_ids]
        return ComparisonRead(
            version=view.version,
            demand_id=demand_id,
            providers=[
                ComparedProvider(
                    provider=provider,
                    match=self._presenter.match(match) if match is not None else None,
                    is_excluded=match is not None and _is_excluded(match),
                    interaction_id=states[provider.id][0] if provider.id in states else None,
                    interaction_state=states[provider.id][1] if provider.id in states else None,
                )
                for provider, match in zip(shown, found, strict=True)
            ],
        )

    def _compared(self, asking: Document, view: IndexView, provider_id: str) -> Match | None:
        kind = view.of(Entity.CAPABILITY)
        rows = kind.rows_by_group.get(provider_id, [])
        owned = [kind.documents[row].id for row in rows]
        return self._one(asking, view, owned, current_viewer())

    def _one(
        self, asking: Document, view: IndexView, ids: Sequence[str], viewer: Viewer
    ) -> Match | None:
        """Return how one provider's capabilities fit, rank 0; None when none may be seen."""
        request = MatchRequest(
            Direction.DEMAND_TO_PROVIDER,
            k=1,
            filters=Filters(viewer=viewer, only_ids=frozenset(ids)),
            fold=False,
        )
        result = self._service.matcher.match(asking, view, request)
        if result.matches:
            return replace(result.matches[0], rank=0)
        candidates, scores = self._service.matcher.examine(asking, view, request)
        if not len(candidates.rows):
            return None
        best = int(scores.totals.argmax())
        document = candidates.documents[best]
        return Match(
            rank=0,
            score=float(scores.totals[best]),
            band=Band.WEAK,
            coverage=float(scores.coverage[best]),
            document=document,
            profile=document.profile,
            parts=scores.parts(best),
            rules=self._rules(asking, document),
            asked_by=asking.id,
        )

    def _rules(self, asking: Document, document: Document) -> tuple[RuleResult, ...]:
        regions, today = self._service.vocabularies.regions, self._service.today()
        return EligibilityChecker(regions, today.isoformat()).check(asking, document.profile)

    def _place(
        self, asking: Document, view: IndexView, match: Match | None, owner: Viewer
    ) -> Place:
        if match is None:
            return Place.UNSEEN
        if _is_excluded(match):
            return Place.EXCLUDED
        request = MatchRequest(
            Direction.DEMAND_TO_PROVIDER, k=LISTED, filters=Filters(viewer=owner), explain=False
        )
        ranked = self._service.matcher.match(asking, view, request).matches
        groups = [entry.document.group_id for entry in ranked]
        if match.document.group_id not in groups:
            return Place.BEYOND
        return Place.TOP if groups.index(match.document.group_id) < TOP else Place.LISTED

    def _gaps(self, match: Match | None) -> list[str]:
        """Return what could be mended, what costs most of the score first."""
        if match is None:
            return ["还没有在服务的能力，请先登记能力并恢复服务。"]
        titles = {feature.name: feature.title for feature in self._features}
        weights = {feature.name: feature.weight for feature in self._features}
        unknown = [
            f"待核实：{rule.title}。请在机构资料中补充。"
            for rule in match.rules
            if rule.outcome is RuleOutcome.UNKNOWN
        ]
        parts = [part for part in match.parts if part.name in titles]
        parts.sort(key=lambda part: -weights[part.name] * (1 - (part.value or 0)))
        tips = [
            _UNKNOWN_TIP.format(title=titles[part.name])
            if part.value is None
            else _TIPS.get(part.name, _WORDS_TIP)
            for part in parts
            if part.value is None or part.value < LOW
        ]
        return list(dict.fromkeys([*unknown, *tips]))[:MAX_GAPS]


def _is_excluded(match: Match) -> bool:
    return worst_must(match.rules) is RuleOutcome.UNMET


def _owner_of(demand: Demand) -> Viewer:
    """Return as whom the demand's owner looks for providers."""
    if demand.owner_id is None:
        return Viewer(Role.OPERATOR)
    return Viewer(Role.BASE_STAFF, None, demand.owner_id, demand.owner_region)


def _blockers(match: MatchRead | None) -> list[str]:
    """Return the conditions that are not met, those that must be first."""
    unmet = [rule for rule in match.rules if rule.outcome is RuleOutcome.UNMET] if match else []
    unmet.sort(key=lambda rule: rule.strength is not RequirementStrength.MUST)
    return [
        f"{'必须' if rule.strength is RequirementStrength.MUST else '优先'}：{rule.title}。"
        f"{rule.fact}"
        for rule in unmet
    ]
