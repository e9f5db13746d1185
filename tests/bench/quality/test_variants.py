"""The variants on sets where it is known what each of them must do."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from bench.quality.sets import LabelledSet
from bench.quality.variants.__main__ import FAMILIES, keep, measure
from bench.quality.variants.added import model_of, with_share
from bench.quality.variants.encoding import Encoders
from bench.quality.variants.geometry import fed_back, hubness_of, warps_of
from bench.quality.variants.ground import Base, Ground, ground_of
from bench.quality.variants.pairs import BETWEEN, CrossEncoder, Regime
from bench.quality.variants.pipeline import Asked, Pipeline, Way
from bench.quality.variants.report import Measured, Row, read
from bench.quality.variants.states import POOLS, Tokens, TokenStates, idf_pool
from bench.quality.vectors import RememberingEncoder
from indexer.adapting.lessons import Lesson, Readings
from indexer.adapting.tower import Tower
from indexer.e5_folder import PROMPTS
from indexer.encoder import HashEncoder
from matcher.features import FEATURES
from tests.factories import SUBJECTS, WORKS
from tests.tiny_encoder import LETTERS, SPECIAL, tiny_folder

N_QUERIES = 6


@pytest.fixture(scope="module")
def encoders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Encoders]:
    """Vectors of hashes; a little encoder for what needs token states, and as a second one."""
    folder = tmp_path_factory.mktemp("encoders")
    tiny = tiny_folder(folder)
    present = RememberingEncoder(HashEncoder(), folder / "vectors")
    yield Encoders(present, tiny, {"little": tiny}, folder / "vectors")
    present.close()


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory, encoders: Encoders) -> Ground:
    """Six subjects with two works each; right is the same subject, and least the other work."""
    folder = tmp_path_factory.mktemp("set")
    pairs = [(s, w) for s in SUBJECTS[:N_QUERIES] for _, w in WORKS[:2]]
    documents = [{"id": f"d{n:02}", "title": s, "text": w} for n, (s, w) in enumerate(pairs)]
    asked = [(n, *pairs[2 * n]) for n in range(N_QUERIES)]
    queries = [{"id": f"q{n}", "title": s, "text": f"想做{s}{w}"} for n, s, w in asked]
    for name, rows in (("documents", documents), ("queries.dev", queries)):
        lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in rows]
        (folder / f"{name}.jsonl").write_text("".join(lines), "utf-8")
    grades = [f"q{n} 0 d{2 * n:02} 2\nq{n} 0 d{2 * n + 1:02} 1\n" for n in range(N_QUERIES)]
    (folder / "qrels.dev.trec").write_text("".join(grades), "utf-8")
    return ground_of(LabelledSet("toy", folder, "dev", None, ("ndcg@10",)), "toy", encoders.present)


@pytest.fixture(scope="module")
def pipeline(ground: Ground) -> Pipeline:
    return Pipeline(ground)


def _right(asked: Asked) -> NDArray[np.float32]:
    right = {f"d{2 * asked.number:02}": 1.0, f"d{2 * asked.number + 1:02}": 0.5}
    return np.array([right.get(d.id, 0.0) for d in asked.candidates.documents], np.float32)


def test_every_family_is_measured_and_told(
    ground: Ground, encoders: Encoders, tmp_path: Path
) -> None:
    wanted = [name for name, family in FAMILIES.items() if not family.is_slow]
    for measured in measure(ground, encoders, wanted):
        for row in measured.rows:
            assert 0 <= row.mean <= 1
            assert row.low <= row.gain <= row.high
        keep(replace(measured, set_name="demo"), tmp_path)
    told = read(tmp_path, encoders.present.fingerprint)
    assert [m.family for m in told] == wanted
    page = (tmp_path / "variants.md").read_text("utf-8")
    for row in (row for m in told for row in m.rows):
        assert f"| {row.name} |" in page
    assert read(tmp_path, "another encoder") == []


def test_pools_make_of_the_states_what_they_are_called() -> None:
    states = np.array(
        [[[9, 9], [9, 9]], [[0, 4], [2, 0]], [[1, 0], [3, 2]], [[5, 1], [1, 7]]], np.float32
    )
    tokens = Tokens(np.array([0, 1]), states)
    expected = {
        "mean": [3, 4],
        "cls": [5, 1],
        "last-two": [2.5, 2.5],
        "first-last": [2, 3],
        "max": [5, 7],
    }
    assert {name: pool(tokens).tolist() for name, pool in POOLS.items()} == expected
    assert idf_pool(np.array([3, 1], np.float32))(tokens).tolist() == [4, 2.5]


def test_states_are_those_of_the_encoder(encoders: Encoders) -> None:
    assert encoders.folder is not None
    texts = ["电池专利", "北京上海广州机器人"]
    tower = Tower(encoders.folder, n_adapted=1, rank=2, max_tokens=64)
    states = TokenStates(encoders.folder)
    found = np.stack([POOLS["mean"](t) for t in states.of([PROMPTS["query"] + t for t in texts])])
    found /= np.linalg.norm(found, axis=1, keepdims=True)
    np.testing.assert_allclose(found, tower.encode_queries(texts), atol=1e-5)
    weights = states.idf_weights(["电池", "电机"])
    common, rare = states.ids("电")[-2], states.ids("池")[-2]
    assert weights[rare] > weights[common] > 0


def test_removing_the_mean_uncovers_what_all_vectors_hide() -> None:
    """The common part makes the long one nearest; without it the like one is."""
    chance = np.random.default_rng(0)
    own = chance.normal(size=(40, 8)).astype(np.float32)
    shared = np.full(8, 10, np.float32)
    asked = own[3] + 0.2 * shared
    offered = own + shared
    assert np.argmax(offered @ asked / np.linalg.norm(offered, axis=1)) != 3
    for name in ("去均值", "白化，256 维"):
        warp = warps_of(offered)[name]
        cosines = warp.of(offered) @ warp.of(own[3:4] + shared)[0]
        assert np.argmax(cosines) == 3
        assert np.abs(warp.of(offered).mean(0)).max() < 0.1


def test_hubs_are_the_vectors_near_to_all() -> None:
    vectors = np.eye(6, dtype=np.float32)
    hub = vectors.sum(0) / np.sqrt(6)
    vectors[0] = hub
    for nearness in hubness_of(vectors).values():
        assert np.argmax(nearness) == 0


def test_feedback_moves_towards_what_was_found() -> None:
    asked, first = np.array([1, 0], np.float32), np.array([[0, 1], [0, 1]], np.float32)
    np.testing.assert_allclose(fed_back(asked, first), np.array([2, 1]) / np.sqrt(5), atol=1e-6)
    model = model_of([["电", "池"], ["电", "机", "机", "机"]], [1.0, 2.0], 2)
    assert model == {"机": 1.5, "电": 1.0}
    mixed = with_share({"电": 3.0, "网": 1.0}, model, 0.5)
    assert mixed == pytest.approx({"电": 2.3, "网": 0.5, "机": 1.2})
    assert with_share({"电": 3.0}, {}, 0.5) == {"电": 3.0}


def test_a_value_that_knows_the_answer_lifts_and_its_opposite_lowers(pipeline: Pipeline) -> None:
    (lifted,) = pipeline.added("right", _right, [0.99])
    assert lifted.values == (1.0,) * N_QUERIES
    (lowered,) = pipeline.added("wrong", lambda asked: 1 - _right(asked), [0.99])
    assert np.mean(lowered.values) < np.mean(pipeline.present)


def test_what_changes_nothing_measures_the_same(pipeline: Pipeline) -> None:
    names = {feature.name for feature in FEATURES}
    same = pipeline.changed("same", lambda a: (a.query, a.candidates), names)
    assert same.values == pipeline.present

    def times(factor: int, part: str) -> Way:
        vectors = pipeline.ground.vectors(part)
        return lambda query: factor * (vectors @ query) + 1

    stretched = pipeline.changed(
        "x", pipeline.through({p: times(7, p) for p in ("titles", "fulls")}), names
    )
    assert stretched.values == pipeline.present
    worse = pipeline.changed(
        "x", pipeline.through({p: times(-1, p) for p in ("titles", "fulls")}), names
    )
    assert np.mean(worse.values) < np.mean(pipeline.present)


def test_only_the_first_are_put_in_a_new_order(pipeline: Pipeline) -> None:
    asked = pipeline.asked[0]
    before = pipeline.ranked(asked)
    (kept,) = pipeline.top_reranked("x", lambda a: 1 - _right(a), 1, [0.99])
    assert kept.values == pipeline.present
    (lowered,) = pipeline.top_reranked("x", lambda a: 1 - _right(a), len(before), [0.99])
    assert np.mean(lowered.values) < np.mean(pipeline.present)


def test_the_page_names_what_is_better_everywhere(tmp_path: Path) -> None:
    sure = Row("稳的", Base.PIPELINE, 0.6, 0.5, 0.1, 0.05, 0.15, 1.0, 30)
    mixed = replace(sure, name="一半", gain=-0.1, low=-0.15, high=-0.05)
    for set_name, rows in (
        ("demo", (sure, replace(sure, name="一半"))),
        ("patents", (sure, mixed)),
    ):
        keep(Measured("csls", set_name, "mrr", "2026-11-26", "e", rows, ""), tmp_path)
    page = (tmp_path / "variants.md").read_text("utf-8")
    assert "每个集上区间都高于 0 的：稳的（减去文献的平均余弦（CSLS））。" in page
    assert "**−0.100**（−0.150 至 −0.050）" in page


def test_a_cross_encoder_learns_what_fits_and_forgets_it(encoders: Encoders) -> None:
    assert encoders.folder is not None
    ids = TokenStates(encoders.folder).ids(f"电{BETWEEN}机").tolist()
    assert ids.count(SPECIAL.index("</s>")) == 3
    letters = LETTERS[:12]
    lessons = [
        Lesson(
            Readings(letter, letter),
            tuple(Readings(other, other) for other in letters),
            np.array([float(other in "需求能力专利") for other in letters]),
        )
        for letter in letters
    ]
    regime = Regime(n_trained=1, epochs=4, rate=1e-2, line_rate=1e-1, dropout=0.0)
    model = CrossEncoder(encoders.folder, regime)

    def learned() -> NDArray[np.float32]:
        model.train(lessons)
        return model.scores("池", list(letters))

    scores = learned()
    assert scores[:6].min() > scores[6:].max()
    np.testing.assert_allclose(learned(), scores, atol=1e-4)
