"""Bands are read once for each generation, from the generation alone."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier, Event, Thread
from threading import enumerate as enumerate_threads

import numpy as np
import pytest
from numpy.typing import NDArray

from indexer.embed import Embedder
from indexer.types import Document
from indexer.view import IndexView
from matcher.bands import MIN_PAIRS, SHIPPED
from matcher.calibrate import BAND_GROUPS, BAND_QUERIES, KEPT_GENERATIONS, Calibrator
from matcher.compare.standing import Usual
from matcher.features import FEATURES, Feature, Surroundings, weighted
from matcher.ranker import SHIPPED_SCORING, Certainty, Scoring
from matcher.types import Candidates, Query, Values
from models.deadline import due_at
from models.vocabulary.matching import Direction
from models.vocabulary.row import Entity
from tests.factories import REGIONS, SEGMENTER, make_corpus, make_demand, make_index

D2P = Direction.DEMAND_TO_PROVIDER


class _CountingFeature:
    """A feature that remembers which queries it was computed for."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.n_candidates = 0
        self.pools: list[int] = []

    def __call__(self, query: Query, candidates: Candidates, around: Surroundings) -> Values:
        self.asked.append(query.document.id)
        self.n_candidates += len(candidates.rows)
        self.pools.append(len(candidates.pool))
        assert not any(d.group_id == query.document.group_id for d in candidates.documents)
        return np.linspace(0, 1, len(candidates.rows), dtype=np.float32)


@pytest.fixture
def counting() -> _CountingFeature:
    return _CountingFeature()


@pytest.fixture
def calibrator(counting: _CountingFeature) -> Calibrator:
    feature = Feature("counting", "计数", "计数。", 1.0, counting)
    return Calibrator(Scoring((feature,), None), Surroundings(Usual(0.2, 0.1), REGIONS), SEGMENTER)


@pytest.fixture(scope="module")
def index(embedder: Embedder) -> IndexView:
    return make_index([*make_corpus(120), *_demands(60)], embedder)


def _demands(n: int) -> list[Document]:
    return [make_demand(f"dm-{number:03}", f"第{number}项专利需求。") for number in range(n)]


def test_thresholds_are_read_to_the_end_whoever_is_late(
    calibrator: Calibrator, counting: _CountingFeature, index: IndexView
) -> None:
    with due_at(0.0):
        calibrator.thresholds(index, D2P)
        n_asked = len(counting.asked)
        calibrator.thresholds(index, D2P)

    assert n_asked == len(counting.asked) > 0


def test_thresholds_are_read_once_a_generation(
    calibrator: Calibrator, counting: _CountingFeature, index: IndexView
) -> None:
    first = calibrator.thresholds(index, D2P)
    n_asked = len(counting.asked)
    assert calibrator.thresholds(replace(index, seq=9), D2P) == first
    assert len(counting.asked) == n_asked == BAND_QUERIES
    calibrator.thresholds(replace(index, generation="gen-00000002"), D2P)
    assert len(counting.asked) == 2 * BAND_QUERIES


@pytest.mark.parametrize(
    ("direction", "prefix"),
    [(D2P, "dm-"), (Direction.PROVIDER_TO_DEMAND, "cp-"), (Direction.DEMAND_TO_DEMAND, "dm-")],
)
def test_queries_are_of_the_side_that_asks(
    direction: Direction,
    prefix: str,
    calibrator: Calibrator,
    counting: _CountingFeature,
    index: IndexView,
) -> None:
    calibrator.thresholds(index, direction)
    assert {key[:3] for key in counting.asked} == {prefix}


def test_few_queries_are_replaced_by_documents_of_the_ranked_kind(
    calibrator: Calibrator, counting: _CountingFeature, embedder: Embedder
) -> None:
    few = make_index([*make_corpus(100), *_demands(3)], embedder)
    assert calibrator.thresholds(few, D2P).n_pairs >= MIN_PAIRS
    assert {key[:3] for key in counting.asked} == {"cp-"}


def test_changes_since_the_generation_do_not_move_bands(
    calibrator: Calibrator, index: IndexView, embedder: Embedder
) -> None:
    added = make_index(make_corpus(40, seed=9), embedder).of(Entity.CAPABILITY).segments[0]
    changed = index.of(Entity.CAPABILITY).without({"cp-00001"}).with_segment(added)
    later = replace(
        index, generation="gen-00000009", kinds={**index.kinds, Entity.CAPABILITY: changed}
    )
    assert calibrator.thresholds(later, D2P) == calibrator.thresholds(index, D2P)


def test_small_index_gets_the_shipped_bands(calibrator: Calibrator, embedder: Embedder) -> None:
    for direction in Direction:
        assert (
            calibrator.thresholds(make_index(make_corpus(4), embedder), direction)
            == SHIPPED[direction]
        )
    empty = IndexView("gen-00000003", 1, "", {})
    assert calibrator.thresholds(empty, D2P) == SHIPPED[D2P]


def test_large_index_is_read_from_a_sample_of_whole_groups(
    calibrator: Calibrator, counting: _CountingFeature, embedder: Embedder
) -> None:
    large = make_index([*make_corpus(900, per_provider=3), *_demands(50)], embedder)
    assert calibrator.thresholds(large, D2P).n_pairs == BAND_QUERIES * BAND_GROUPS
    assert counting.n_candidates == BAND_QUERIES * BAND_GROUPS * 3


def test_no_more_documents_are_compared_the_larger_the_index(
    calibrator: Calibrator,
    counting: _CountingFeature,
    embedder: Embedder,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("matcher.calibrate.BAND_ROWS", 600)
    large = make_index([*make_corpus(1_500, per_provider=2), *_demands(50)], embedder)

    found = calibrator.thresholds(large, D2P)

    assert found.n_pairs == BAND_QUERIES * BAND_GROUPS
    assert set(counting.pools) == {600}
    assert counting.n_candidates == BAND_QUERIES * BAND_GROUPS * 2


def test_bands_of_a_thinned_index_are_about_those_of_the_whole(
    embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    large = make_index([*make_corpus(900), *_demands(50)], embedder)

    def read() -> NDArray[np.float64]:
        shipped = Calibrator(SHIPPED_SCORING, Surroundings(Usual(0.2, 0.1), REGIONS), SEGMENTER)
        found = shipped.thresholds(large, D2P)
        return np.array([found.strong, found.good, found.fair])

    whole = read()
    monkeypatch.setattr("matcher.calibrate.BAND_ROWS", 450)
    assert read() == pytest.approx(whole, abs=0.03)


def test_bands_of_the_generation_before_hold_until_the_new_ones_are_read(
    counting: _CountingFeature, index: IndexView, embedder: Embedder
) -> None:
    is_newer, reached, gate = False, Event(), Event()

    def waiting(query: Query, candidates: Candidates, around: Surroundings) -> Values:
        values = counting(query, candidates, around)
        if is_newer:
            reached.set()
            assert gate.wait(30)
            values **= 3
        return values

    feature = Feature("waiting", "等", "等。", 1.0, waiting)
    calibrator = Calibrator(
        Scoring((feature,), None), Surroundings(Usual(0.2, 0.1), REGIONS), SEGMENTER
    )
    before = {direction: calibrator.thresholds(index, direction) for direction in Direction}
    n_asked = len(counting.asked)
    is_newer, newer = True, replace(index, generation="gen-00000002")

    calibrator.read_beside(newer)
    assert reached.wait(30)
    assert {d: calibrator.thresholds(newer, d) for d in Direction} == before
    gate.set()
    calibrator.wait_read()

    assert calibrator.thresholds(newer, D2P) != before[D2P]
    assert len(counting.asked) == 2 * n_asked


def test_of_several_generations_that_wait_only_the_newest_is_read(
    counting: _CountingFeature, index: IndexView
) -> None:
    is_newer, reached, gate = False, Event(), Event()

    def waiting(query: Query, candidates: Candidates, around: Surroundings) -> Values:
        if is_newer:
            reached.set()
            assert gate.wait(30)
        return counting(query, candidates, around)

    feature = Feature("waiting", "等", "等。", 1.0, waiting)
    calibrator = Calibrator(
        Scoring((feature,), None), Surroundings(Usual(0.2, 0.1), REGIONS), SEGMENTER
    )
    before = {direction: calibrator.thresholds(index, direction) for direction in Direction}
    n_once = len(counting.asked)
    is_newer, newer = True, [replace(index, generation=f"gen-{n}") for n in range(2, 22)]

    for view in newer:
        calibrator.read_beside(view)
    assert reached.wait(30)
    n_threads = sum(thread.name == "bands" for thread in enumerate_threads())
    asked = [{d: calibrator.thresholds(view, d) for d in Direction} for view in newer]
    gate.set()
    calibrator.wait_read()

    assert n_threads == 1
    assert asked == [before] * len(newer)
    assert len(counting.asked) <= n_once * 2 + BAND_QUERIES  # the direction it was at
    n_asked = len(counting.asked)
    assert calibrator.thresholds(newer[-1], D2P) == before[D2P]
    assert calibrator.thresholds(newer[5], D2P) == before[D2P]  # a question that began long ago
    assert len(counting.asked) == n_asked


def test_where_no_thread_can_be_started_the_next_question_reads_the_bands(
    calibrator: Calibrator,
    counting: _CountingFeature,
    index: IndexView,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    calibrator.thresholds(index, D2P)
    newer = replace(index, generation="gen-00000002")

    def refuse(thread: Thread) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patched:
        patched.setattr(Thread, "start", refuse)
        calibrator.read_beside(newer)
    calibrator.thresholds(newer, D2P)
    assert len(counting.asked) == 2 * BAND_QUERIES
    calibrator.read_beside(replace(index, generation="gen-00000003"))
    calibrator.wait_read()
    assert len(counting.asked) > 2 * BAND_QUERIES


def test_bands_that_could_not_be_read_beside_are_read_by_the_next_question(
    counting: _CountingFeature, index: IndexView
) -> None:
    is_broken = False

    def breaking(query: Query, candidates: Candidates, around: Surroundings) -> Values:
        if is_broken:
            raise MemoryError
        return counting(query, candidates, around)

    feature = Feature("breaking", "坏", "坏。", 1.0, breaking)
    calibrator = Calibrator(
        Scoring((feature,), None), Surroundings(Usual(0.2, 0.1), REGIONS), SEGMENTER
    )
    calibrator.thresholds(index, D2P)
    is_broken, newer = True, replace(index, generation="gen-00000002")
    calibrator.read_beside(newer)
    calibrator.wait_read()

    with pytest.raises(MemoryError):
        calibrator.thresholds(newer, D2P)


def test_many_threads_read_the_bands_once(
    calibrator: Calibrator, counting: _CountingFeature, index: IndexView
) -> None:
    barrier = Barrier(8)

    def read(_: int) -> float:
        barrier.wait()
        return calibrator.thresholds(index, D2P).strong

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(read, range(8)))) == 1
    assert len(counting.asked) == BAND_QUERIES


def test_other_weights_have_bands_of_their_own(index: IndexView) -> None:
    calibrator = Calibrator(SHIPPED_SCORING, Surroundings(Usual(0.2, 0.1), REGIONS), SEGMENTER)
    shipped = calibrator.thresholds(index, D2P)
    by_words = weighted(FEATURES, {f.name: 0.0 for f in FEATURES} | {"shared_words": 1.0})
    found = calibrator.thresholds(index, D2P, by_words)
    assert found != shipped
    assert found.n_pairs == shipped.n_pairs
    assert calibrator.thresholds(index, D2P, FEATURES) == shipped
    alone = Calibrator(Scoring(by_words, None), Surroundings(Usual(0.2, 0.1), REGIONS), SEGMENTER)
    assert found == alone.thresholds(index, D2P)


def test_samples_of_old_generations_are_let_go(
    calibrator: Calibrator, counting: _CountingFeature, embedder: Embedder
) -> None:
    small = make_index(make_corpus(4), embedder)
    calibrator.thresholds(small, D2P)
    n_once = len(counting.asked)
    for number in range(KEPT_GENERATIONS):
        calibrator.thresholds(replace(small, generation=f"gen-{number}"), D2P)
    calibrator.thresholds(replace(small, generation="gen-0"), D2P)
    assert len(counting.asked) == n_once * (KEPT_GENERATIONS + 1)
    calibrator.thresholds(small, D2P)
    assert len(counting.asked) == n_once * (KEPT_GENERATIONS + 2)


def test_shipped_features_give_falling_thresholds(index: IndexView) -> None:
    shipped = Calibrator(SHIPPED_SCORING, Surroundings(Usual(0.2, 0.1), REGIONS), SEGMENTER)
    found = shipped.thresholds(index, D2P)
    assert found.n_pairs == BAND_QUERIES * 60
    assert 1 >= found.strong >= found.good >= found.fair >= 0


def test_bands_never_lie_below_what_results_are_worth(
    counting: _CountingFeature, index: IndexView
) -> None:
    feature = Feature("counting", "计数", "计数。", 1.0, counting)
    around = Surroundings(Usual(0.2, 0.1), REGIONS)
    certainty = Certainty(slope=60.0, offset=-59.7)
    strict = Calibrator(Scoring((feature,), certainty), around, SEGMENTER)
    plain = Calibrator(Scoring((feature,), None), around, SEGMENTER)

    found, relative = strict.thresholds(index, D2P), plain.thresholds(index, D2P)

    assert (found.strong, found.good) == (relative.strong, relative.good)
    assert found.fair > relative.fair
    other = Direction.PROVIDER_TO_DEMAND
    assert strict.thresholds(index, other) == plain.thresholds(index, other)
