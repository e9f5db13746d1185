"""The tower gives the vectors that are served; training draws near what fits."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from indexer.adapter import Adapter, ensure_adapted_folder
from indexer.adapting.lessons import Lesson, Readings, draw
from indexer.adapting.tower import Tower
from indexer.adapting.training import Regime, train
from indexer.onnx_encoder import OnnxEncoder
from tests.tiny_encoder import tiny_folder

TEXTS = ["电池专利分析", "北京", "上海机器人导航能力一二三四五", ""]
REGIME = Regime(epochs=30, rate=3e-3, n_adapted=2, rank=4, dropout=0.0, share=1.0)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tiny_folder(tmp_path / "encoders")


def _same(text: str) -> Readings:
    return Readings(text, text)


@pytest.fixture
def lessons() -> list[Lesson]:
    """What is alike here is of the same city, whatever it is about."""
    cities, subjects = ("北京", "上海", "广州"), ("电池", "芯片", "水稻")
    found = [(city, _same(f"{city}{subject}")) for city in cities for subject in subjects]
    return [
        Lesson(
            _same(f"{city}风机"),
            tuple(reading for _, reading in found),
            np.array([float(other == city) for other, _ in found]),
        )
        for city in cities
    ]


def test_untrained_tower_gives_the_vectors_that_are_served(folder: Path) -> None:
    tower, served = Tower(folder, n_adapted=2, rank=4, max_tokens=512), OnnxEncoder(folder)
    np.testing.assert_allclose(tower.encode_queries(TEXTS), served.encode_queries(TEXTS), atol=1e-5)
    np.testing.assert_allclose(
        tower.encode_documents(TEXTS), served.encode_documents(TEXTS), atol=1e-5
    )


def test_trained_tower_gives_the_vectors_of_the_encoder_it_becomes(
    folder: Path, tmp_path: Path, lessons: list[Lesson]
) -> None:
    tower = train(folder, lessons, REGIME)
    path = tmp_path / "1.npz"
    path.write_bytes(Adapter(tower.factors(), {}).to_bytes())
    served = OnnxEncoder(ensure_adapted_folder(folder, path))
    np.testing.assert_allclose(tower.encode_queries(TEXTS), served.encode_queries(TEXTS), atol=5e-3)


def test_training_draws_near_what_fits(folder: Path, lessons: list[Lesson]) -> None:
    def share_first(tower: Tower) -> float:
        asking = tower.encode_queries([x.asking.title for x in lessons])
        found = tower.encode_documents([r.title for r in lessons[0].found])
        best = np.argsort(-(asking @ found.T), axis=1)[:, :3]
        return float(np.mean([x.gains[row].mean() for x, row in zip(lessons, best, strict=True)]))

    told: list[tuple[int, int]] = []
    after = train(folder, lessons, REGIME, lambda done, of: told.append((done, of)))
    assert share_first(after) == 1.0 > share_first(train(folder, lessons, replace(REGIME, rate=0)))
    assert told[-1] == (len(told), len(told))


def test_training_is_the_same_each_time(folder: Path, lessons: list[Lesson]) -> None:
    regime = replace(REGIME, epochs=3, dropout=0.1)
    first, second = (train(folder, lessons, regime).encode_queries(TEXTS) for _ in range(2))
    np.testing.assert_array_equal(first, second)


def test_a_share_of_what_was_learned_is_kept(folder: Path, lessons: list[Lesson]) -> None:
    whole, half = (train(folder, lessons, replace(REGIME, share=s)).factors() for s in (1.0, 0.5))
    for name, factors in whole.items():
        np.testing.assert_allclose(half[name].product(), 0.5 * factors.product(), atol=1e-6)


def test_only_upper_layers_take_additions(folder: Path, lessons: list[Lesson]) -> None:
    layers = {name.split(".")[2] for name in train(folder, lessons, REGIME).factors()}
    assert layers == {"1", "2"}


def test_what_is_below_is_computed_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tower = Tower(folder, n_adapted=1, rank=2, max_tokens=64)
    first = tower.vectors(["电池"]).detach()
    monkeypatch.setattr(Tower, "_embedded", lambda self, ids: pytest.fail("read again"))
    torch.testing.assert_close(tower.vectors(["电池"]).detach(), first)


def test_draw_takes_fitting_for_a_half_and_near_ones_more_often() -> None:
    found = tuple(_same(str(n)) for n in range(50))
    lesson = Lesson(_same("q"), found, np.array([1.0] * 10 + [0.0] * 40))
    rng, drawn = np.random.default_rng(0), np.zeros(50)
    for _ in range(300):
        texts, gains = draw(lesson, 10, rng)
        assert (len(texts), int((gains > 0).sum())) == (10, 5)
        drawn[[int(text.title) for text in texts]] += 1
    assert drawn[10:20].sum() > 1.5 * drawn[40:50].sum()


@pytest.mark.parametrize(("n_fitting", "n_other"), [(1, 2), (12, 0), (2, 30), (12, 2)])
def test_draw_fills_up_with_what_there_is(n_fitting: int, n_other: int) -> None:
    found = tuple(_same(str(n)) for n in range(n_fitting + n_other))
    lesson = Lesson(_same("q"), found, np.array([1.0] * n_fitting + [0.0] * n_other))
    texts, gains = draw(lesson, 10, np.random.default_rng(0))
    assert len(texts) == len(set(texts)) == min(10, n_fitting + n_other)
    assert gains.any()
