"""The whole way from a question to its ranked, checked and explained answer."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from indexer.embed import Embedder
from indexer.types import NATION, Condition, Document, Profile
from indexer.view import IndexView
from matcher.pipeline import Matcher, MatchRequest
from matcher.retrieve import MAX_CANDIDATES
from matcher.types import RANKED_KIND, Filters, Match, MatchResult
from models.sight import Placement
from models.viewer import ANONYMOUS, system
from models.vocabulary.access import Visibility
from models.vocabulary.demand import RequirementKind, RequirementStrength, ServiceRegion
from models.vocabulary.matching import Band, Direction, RuleOutcome
from models.vocabulary.row import Entity
from tests.factories import (
    GENERATION,
    SUBJECTS,
    WORKS,
    make_capability,
    make_chance,
    make_corpus,
    make_demand,
    make_document,
    make_index,
    make_matcher,
)

D2P, P2D = Direction.DEMAND_TO_PROVIDER, Direction.PROVIDER_TO_DEMAND
BY_PROVIDER = (P2D, Direction.PROVIDER_TO_CASE)


def _demands(n: int = 30) -> list[Document]:
    demands = []
    for number in range(n):
        subject, (code, work) = SUBJECTS[number % len(SUBJECTS)], WORKS[number % len(WORKS)]
        facts: dict[str, Any] = {"scenarios": ((code, 0.9),), "title": f"{subject}需求"}
        demands.append(make_demand(f"dm-{number:03}", f"我们想就{subject}，{work}。", **facts))
    return demands


def _cases(n: int = 20) -> list[Document]:
    return [
        replace(d, id=f"cs-{n:03}", group_id=f"cs-{n:03}", kind=Entity.CASE)
        for n, d in enumerate(make_corpus(n, seed=5))
    ]


DOCUMENTS = [*make_corpus(80), *_demands(), *_cases()]


@pytest.fixture(scope="module")
def matcher(embedder: Embedder) -> Matcher:
    return make_matcher(embedder)


@pytest.fixture(scope="module")
def index(embedder: Embedder) -> IndexView:
    return make_index(DOCUMENTS, embedder)


def _asking(index: IndexView, direction: Direction) -> Document:
    kind = Entity.CAPABILITY if direction in BY_PROVIDER else Entity.DEMAND
    return index.of(kind).documents[7]


def _keys(result: MatchResult) -> list[str]:
    return [match.document.id for match in result.matches]


def _outcomes(match: Match) -> set[RuleOutcome]:
    return {rule.outcome for rule in match.rules}


@pytest.mark.parametrize("direction", list(Direction))
def test_every_direction_ranks_its_kind_without_the_asker(
    direction: Direction, matcher: Matcher, index: IndexView
) -> None:
    asking = _asking(index, direction)
    result = matcher.match(asking, index, MatchRequest(direction, k=7))
    assert [match.rank for match in result.matches] == list(range(1, 8))
    assert {match.document.kind for match in result.matches} == {RANKED_KIND[direction]}
    assert asking.id not in _keys(result)
    assert {match.asked_by for match in result.matches} == {asking.id}
    assert result.index_version == f"{GENERATION}.1"


@pytest.mark.parametrize("direction", list(Direction))
def test_contributions_of_every_match_sum_to_its_score(
    direction: Direction, matcher: Matcher, index: IndexView
) -> None:
    result = matcher.match(_asking(index, direction), index, MatchRequest(direction, k=50))
    for match in result.matches:
        assert sum(p.contribution for p in match.parts) == pytest.approx(match.score, abs=1e-6)
        assert 0 <= match.score <= 1
        assert 0 <= match.coverage <= 1 + 1e-6


def test_one_result_a_provider_names_its_other_capabilities(
    matcher: Matcher, index: IndexView
) -> None:
    result = matcher.match(index.of(Entity.DEMAND).documents[0], index, MatchRequest(D2P, k=50))
    groups = [match.document.group_id for match in result.matches]
    assert len(groups) == len(set(groups)) == result.n_candidates == 40
    assert all(len(match.others) == 1 for match in result.matches)


def test_matching_subject_and_purpose_rank_first(matcher: Matcher, index: IndexView) -> None:
    demand = index.of(Entity.DEMAND).documents[0]
    best = matcher.match(demand, index, MatchRequest(D2P)).matches[0]
    assert SUBJECTS[0] in best.document.title
    assert best.document.scenarios[0][0] == "ENT.RISK"


def test_no_more_than_k_come_back(matcher: Matcher, index: IndexView) -> None:
    demand = index.of(Entity.DEMAND).documents[0]
    results = {k: matcher.match(demand, index, MatchRequest(D2P, k=k)) for k in (1, 3, 100)}
    assert [len(r.matches) for r in results.values()] == [1, 3, 40]
    assert _keys(results[3]) == _keys(results[100])[:3]


def test_same_question_gets_the_same_answer(matcher: Matcher, index: IndexView) -> None:
    demand = index.of(Entity.DEMAND).documents[3]
    request = MatchRequest(D2P)
    assert matcher.match(demand, index, request) == matcher.match(demand, index, request)


@pytest.mark.parametrize("direction", list(Direction))
def test_order_of_the_index_changes_nothing(
    direction: Direction, matcher: Matcher, index: IndexView, embedder: Embedder
) -> None:
    shuffled = list(DOCUMENTS)
    make_chance(11).shuffle(shuffled)
    other = make_index(shuffled, embedder)
    asking = _asking(index, direction)
    first = matcher.match(asking, index, MatchRequest(direction, k=30))
    second = matcher.match(asking, other, MatchRequest(direction, k=30))
    assert _keys(first) == _keys(second)
    assert [m.others for m in first.matches] == [m.others for m in second.matches]
    scores = [match.score for match in second.matches]
    assert [match.score for match in first.matches] == pytest.approx(scores, abs=1e-6)


def test_equal_documents_come_by_key_wherever_they_lie(
    matcher: Matcher, embedder: Embedder
) -> None:
    same = [make_document(f"cp-{n:02}") for n in range(9)]
    make_chance(5).shuffle(same)
    index = make_index([*same, *make_corpus(30)], embedder, "gen-equal")
    request = MatchRequest(D2P, k=9, fold=False)
    assert _keys(matcher.match(make_demand(), index, request)) == [f"cp-{n:02}" for n in range(9)]


def test_empty_index_answers_with_nothing(matcher: Matcher) -> None:
    empty = IndexView("gen-empty", 4, "", {})
    for direction in Direction:
        result = matcher.match(make_demand(), empty, MatchRequest(direction))
        assert result.matches == ()
        assert (result.n_candidates, len(result.excluded)) == (0, 0)
        assert not result.has_good_match


def test_filters_that_let_nothing_pass_answer_with_nothing(
    matcher: Matcher, index: IndexView
) -> None:
    request = MatchRequest(D2P, filters=Filters(text="没有这样的词"))
    result = matcher.match(make_demand(), index, request)
    assert (result.matches, result.n_candidates) == ((), 0)


def test_hidden_documents_are_neither_ranked_nor_named(
    matcher: Matcher, embedder: Embedder
) -> None:
    def capability(key: str, visibility: Visibility) -> Document:
        placement = Placement((visibility,))
        return make_capability(key, "pv-1", "排查碳化硅器件的侵权风险。", placement=placement)

    documents = [capability("cp-1", Visibility.PRIVATE), capability("cp-2", Visibility.PUBLIC)]
    index = make_index([*documents, *make_corpus(10)], embedder, "gen-hidden")
    seen = Filters(viewer=ANONYMOUS)
    (match,) = matcher.match(make_demand(), index, MatchRequest(D2P, filters=seen)).matches
    assert (match.document.id, match.others, match.near_duplicates) == ("cp-2", (), ())


@pytest.mark.parametrize("weights", [{"no_such": 1.0}, {"region": -1.0}])
def test_impossible_weights_are_refused(
    weights: dict[str, float], matcher: Matcher, index: IndexView
) -> None:
    with pytest.raises(ValueError, match=r"unknown|negative"):
        matcher.match(make_demand(), index, MatchRequest(D2P, weights=weights))


def test_weights_of_the_request_are_used_and_reported(matcher: Matcher, index: IndexView) -> None:
    request = MatchRequest(D2P, weights={"shared_words": 0.0})
    result = matcher.match(make_demand(), index, request)
    assert result.weights["shared_words"] == 0.0
    assert sum(result.weights.values()) == pytest.approx(1.0)
    assert set(result.weights) == {feature.name for feature in matcher.features()}


def test_explanations_are_left_out_on_request(matcher: Matcher, index: IndexView) -> None:
    bare = matcher.match(make_demand(), index, MatchRequest(D2P, explain=False))
    full = matcher.match(make_demand(), index, MatchRequest(D2P))
    assert {match.explanation for match in bare.matches} == {None}
    assert [replace(match, explanation=None) for match in full.matches] == list(bare.matches)


def test_explanations_quote_both_texts(matcher: Matcher, index: IndexView) -> None:
    demand = index.of(Entity.DEMAND).documents[1]
    for match in matcher.match(demand, index, MatchRequest(D2P)).matches:
        assert match.explanation is not None
        pair, terms = match.explanation.sentence_pair, match.explanation.shared_terms
        assert pair is not None
        mine = f"{demand.title}\n{demand.body}"
        theirs = f"{match.document.title}\n{match.document.body}"
        assert mine[pair.query.start : pair.query.end] == pair.query.text
        assert theirs[pair.candidate.start : pair.candidate.end] == pair.candidate.text
        assert all(mine[s.start : s.end] == t.text for t in terms for s in t.query_spans)
        assert all(theirs[s.start : s.end] == t.text for t in terms for s in t.candidate_spans)


def test_near_copies_fold_unless_told_otherwise(matcher: Matcher, embedder: Embedder) -> None:
    copies = [make_document(f"cp-{n}") for n in range(3)]
    index = make_index([*copies, *make_corpus(20)], embedder, "gen-copies")
    folded = matcher.match(make_demand(), index, MatchRequest(D2P))
    apart = matcher.match(make_demand(), index, MatchRequest(D2P, fold=False))
    assert folded.matches[0].near_duplicates == ("cp-1", "cp-2")
    assert _keys(apart)[:3] == ["cp-0", "cp-1", "cp-2"]


def test_good_match_is_one_better_than_weak(matcher: Matcher, index: IndexView) -> None:
    result = matcher.match(index.of(Entity.DEMAND).documents[0], index, MatchRequest(D2P, k=50))
    assert result.has_good_match == any(match.band != Band.WEAK for match in result.matches)
    thresholds = matcher.thresholds(index, D2P)
    assert all(match.band == thresholds.band_of(match.score) for match in result.matches)


def test_bands_hold_under_the_weights_of_the_request(matcher: Matcher, index: IndexView) -> None:
    weights = {f.name: 0.0 for f in matcher.features()} | {"shared_words": 1.0}
    demand = index.of(Entity.DEMAND).documents[0]
    result = matcher.match(demand, index, MatchRequest(D2P, k=50, weights=weights))
    bands = [match.band for match in result.matches]
    assert bands.count(Band.STRONG) <= 3
    assert Band.WEAK in bands


MUST_HAVE_TEAM = (Condition(RequirementKind.STAFF_COUNT, RequirementStrength.MUST, 5, "团队5人"),)
WISHES_TEAM = (Condition(RequirementKind.STAFF_COUNT, RequirementStrength.PREFER, 5, "团队5人"),)


def _teams(*sizes: int | None) -> list[Document]:
    return [
        make_capability(
            f"cp-{n}",
            f"pv-{n}",
            f"面向{SUBJECTS[n]}排查风险。",
            profile=Profile("机构", team_total=size),
        )
        for n, size in enumerate(sizes)
    ]


def test_provider_that_fails_a_must_is_left_out_and_counted(
    matcher: Matcher, embedder: Embedder
) -> None:
    index = make_index(_teams(3, None, 8), embedder, "gen-teams")
    result = matcher.match(make_demand(conditions=MUST_HAVE_TEAM), index, MatchRequest(D2P))
    assert sorted(_keys(result)) == ["cp-1", "cp-2"]
    assert (result.n_candidates, len(result.excluded)) == (3, 1)
    (excluded,) = result.excluded
    assert excluded.document.id == "cp-0"
    assert [rule.outcome for rule in excluded.rules] == [RuleOutcome.UNMET]
    assert {k: _outcomes(m) for k, m in zip(_keys(result), result.matches, strict=True)} == {
        "cp-1": {RuleOutcome.UNKNOWN},
        "cp-2": {RuleOutcome.MET},
    }


def test_provider_that_fails_a_wish_stays(matcher: Matcher, embedder: Embedder) -> None:
    index = make_index(_teams(3, None, 8), embedder, "gen-teams")
    result = matcher.match(make_demand(conditions=WISHES_TEAM), index, MatchRequest(D2P))
    assert len(result.matches) == 3
    assert len(result.excluded) == 0


def test_demand_a_provider_cannot_meet_is_left_out(matcher: Matcher, embedder: Embedder) -> None:
    demands = [make_demand("dm-1", conditions=MUST_HAVE_TEAM), make_demand("dm-2", "另一项需求。")]
    index = make_index(demands, embedder, "gen-musts")
    (small,) = _teams(3)
    result = matcher.match(small, index, MatchRequest(P2D))
    assert _keys(result) == ["dm-2"]
    assert len(result.excluded) == 1


def test_allowed_providers_are_found_behind_excluded_ones(
    matcher: Matcher, embedder: Embedder
) -> None:
    """More providers fit better and may not be taken than are scored at once."""
    away = Profile("外地", region_code="440300", service_regions=("44",))
    near = Profile("本地", region_code="320500")
    documents = [
        make_capability(
            f"cp-{n:03}", f"pv-{n:03}", f"排查碳化硅器件出口的侵权风险，第{n}组。", profile=away
        )
        for n in range(MAX_CANDIDATES + 20)
    ]
    documents += [
        make_capability(
            f"cp-near-{n}", f"pv-near-{n}", f"图书馆家具第{n}批。", title="其他", profile=near
        )
        for n in range(3)
    ]
    index = make_index(documents, embedder, "gen-away")
    demand = make_demand(region_code="320500", service_region=ServiceRegion.SAME_CITY)
    result = matcher.match(demand, index, MatchRequest(D2P))
    assert sorted(_keys(result)) == ["cp-near-0", "cp-near-1", "cp-near-2"]
    assert result.n_candidates == MAX_CANDIDATES + 23


def _best_alone(
    matcher: Matcher, capabilities: Sequence[Document], index: IndexView, request: MatchRequest
) -> dict[str, tuple[float, str]]:
    best: dict[str, tuple[float, str]] = {}
    for capability in capabilities:
        for match in matcher.match(capability, index, request).matches:
            found = (match.score, capability.id)
            best[match.document.id] = max(best.get(match.document.id, (0.0, "")), found)
    return best


def test_provider_asks_with_the_capability_that_fits_best(
    matcher: Matcher, index: IndexView
) -> None:
    capabilities = index.of(Entity.CAPABILITY).documents[:3]
    request = MatchRequest(P2D, k=50, fold=False)
    together = matcher.match_provider(capabilities, index, request)
    best = _best_alone(matcher, capabilities, index, request)
    assert len({match.asked_by for match in together.matches}) > 1
    for match in together.matches:
        score, asked_by = best[match.document.id]
        assert match.score == pytest.approx(score)
        assert match.asked_by == asked_by


def test_order_of_capabilities_changes_nothing(matcher: Matcher, index: IndexView) -> None:
    capabilities = index.of(Entity.CAPABILITY).documents[:3]
    forward = matcher.match_provider(capabilities, index, MatchRequest(P2D))
    backward = matcher.match_provider(capabilities[::-1], index, MatchRequest(P2D))
    assert forward == backward


def test_provider_without_capabilities_finds_nothing(matcher: Matcher, index: IndexView) -> None:
    assert matcher.match_provider([], index, MatchRequest(P2D)).matches == ()


def test_provider_rules_look_at_the_asking_provider(matcher: Matcher, embedder: Embedder) -> None:
    demand = make_demand("dm-1", region_code="320500", service_region=ServiceRegion.SAME_CITY)
    index = make_index([demand], embedder, "gen-rules")
    everywhere = make_capability(
        "cp-1", "pv-1", "排查风险。", profile=Profile("甲", service_regions=(NATION,))
    )
    (match,) = matcher.match(everywhere, index, MatchRequest(P2D)).matches
    assert [rule.outcome for rule in match.rules] == [RuleOutcome.MET]
    assert match.profile is None


def test_unstored_text_may_ask(matcher: Matcher, index: IndexView) -> None:
    demand = make_demand("query", "想找人做固态电池电解质的风险排查。", title="")
    result = matcher.match(demand, index, MatchRequest(D2P, k=3))
    assert len(result.matches) == 3
    titles = {"title_meaning", "title_in_text", "shared_title_phrases"}
    unknown = {part.name for part in result.matches[0].parts if part.value is None}
    assert titles <= unknown


def test_requests_at_once_get_the_answers_they_get_alone(
    matcher: Matcher, index: IndexView
) -> None:
    demands = index.of(Entity.DEMAND).documents[:8]
    request = MatchRequest(D2P, k=5, filters=Filters(viewer=system("test")))
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda d: matcher.match(d, index, request), demands))
    assert together == [matcher.match(d, index, request) for d in demands]
