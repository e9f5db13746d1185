"""The tower gives the vectors that are served; training draws near what fits."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from indexer.adapter import ensure_adapted_folder
from indexer.adapting import training
from indexer.adapting.lessons import Lesson, Readings, draw
from indexer.adapting.tower import Tower
from indexer.adapting.training import Regime, train
from indexer.onnx_encoder import OnnxEncoder
from indexer.weights_file import Weights
from tests.tiny_encoder import tiny_folder

TEXTS = ["电池专利分析", "北京", "上海机器人导航能力一二三四五", ""]
REGIME = Regime(epochs=30, rate=3e-3, n_adapted=2, rank=4, dropout=0.0, share=1.0)
WHOLE = replace(REGIME.of_whole_layers(), rate=3e-3)


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


@pytest.mark.parametrize("regime", [REGIME, WHOLE], ids=["low rank", "whole"])
def test_trained_tower_gives_the_vectors_of_the_encoder_it_becomes(
    regime: Regime, folder: Path, tmp_path: Path, lessons: list[Lesson]
) -> None:
    tower = train(folder, lessons, regime)
    path = tmp_path / "1.npz"
    path.write_bytes(tower.adapter().to_bytes())
    served = OnnxEncoder(ensure_adapted_folder(folder, path))
    np.testing.assert_allclose(tower.encode_queries(TEXTS), served.encode_queries(TEXTS), atol=5e-3)


@pytest.mark.parametrize("regime", [REGIME, WHOLE], ids=["low rank", "whole"])
def test_training_draws_near_what_fits(regime: Regime, folder: Path, lessons: list[Lesson]) -> None:
    def share_first(tower: Tower) -> float:
        asking = tower.encode_queries([x.asking.title for x in lessons])
        found = tower.encode_documents([r.title for r in lessons[0].found])
        best = np.argsort(-(asking @ found.T), axis=1)[:, :3]
        return float(np.mean([x.gains[row].mean() for x, row in zip(lessons, best, strict=True)]))

    told: list[tuple[int, int]] = []
    after = train(folder, lessons, regime, lambda done, of: told.append((done, of)))
    assert share_first(after) == 1.0 > share_first(train(folder, lessons, replace(regime, rate=0)))
    assert told[-1] == (len(told), len(told))


def test_further_lessons_are_learned_beside_the_judged_ones(
    folder: Path, lessons: list[Lesson]
) -> None:
    number, other = _same("六七"), _same("八九")
    further = [Lesson(_same("水稻能力"), (number, other), np.array([1.0, 0.0]))]

    def leaning(tower: Tower) -> float:
        fitting, wrong = tower.encode_documents([number.full, other.full])
        asking = tower.encode_queries(["水稻能力"])[0]
        return float(asking @ fitting - asking @ wrong)

    regime = replace(REGIME, further=1.0)
    told: list[int] = []
    alone = train(folder, lessons, regime, lambda _, of: told.append(of))
    both = train(folder, lessons, regime, lambda _, of: told.append(of), [further, []])
    assert leaning(both) > leaning(alone) + 0.2
    assert told[-1] == 2 * told[0]


def test_what_fits_is_not_pushed_away_as_found_for_another_lesson(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two that ask for the same: what the one drew, the other must not be held to be far from."""
    fitting, wrong = (_same("北京电池"), _same("北京芯片")), _same("上海水稻")
    gains = np.array([1.0, 1.0, 0.0])
    alike = [Lesson(_same(asking), (*fitting, wrong), gains) for asking in ("电池", "芯片")]
    masked: list[torch.Tensor] = []
    fits_too = training._fits_too

    def spied(step: Sequence[training._Drawn], own: torch.Tensor) -> torch.Tensor:
        masked.append(fits_too(step, own))
        return masked[-1]

    monkeypatch.setattr(training, "_fits_too", spied)
    train(folder, alike, replace(REGIME, epochs=1, n_lessons=2, n_found=3))
    assert masked
    for mask in masked:
        own, others = mask[0].tolist(), mask[1].tolist()
        assert sum(own) == sum(others) == 2
        assert not any(a and b for a, b in zip(own, others, strict=True))


def test_training_is_the_same_each_time(folder: Path, lessons: list[Lesson]) -> None:
    regime = replace(REGIME, epochs=3, dropout=0.1)
    first, second = (train(folder, lessons, regime).encode_queries(TEXTS) for _ in range(2))
    np.testing.assert_array_equal(first, second)


def test_a_share_of_what_was_learned_is_kept(folder: Path, lessons: list[Lesson]) -> None:
    whole, half = (train(folder, lessons, replace(REGIME, share=s)).adapter() for s in (1.0, 0.5))
    for name, factors in whole.factors.items():
        np.testing.assert_allclose(half.factors[name].product(), 0.5 * factors.product(), atol=1e-6)


def test_a_share_of_whole_additions_is_kept(folder: Path, lessons: list[Lesson]) -> None:
    regime = replace(WHOLE, epochs=3)
    whole, half = (train(folder, lessons, replace(regime, share=s)).adapter() for s in (1.0, 0.5))
    assert whole.shifts
    for name, shift in whole.shifts.items():
        np.testing.assert_allclose(half.shifts[name], 0.5 * shift, atol=1e-6)


def test_only_upper_layers_take_additions(folder: Path, lessons: list[Lesson]) -> None:
    learned = train(folder, lessons, REGIME).adapter()
    assert {name.split(".")[2] for name in learned.factors} == {"1", "2"}
    assert not learned.shifts


def test_every_tensor_of_the_upper_layers_and_no_other_takes_a_whole_addition(
    folder: Path, lessons: list[Lesson], tmp_path: Path
) -> None:
    learned = train(folder, lessons, replace(WHOLE, epochs=3)).adapter()
    path = tmp_path / "1.npz"
    path.write_bytes(learned.to_bytes())
    before, after = Weights.open(folder), Weights.open(ensure_adapted_folder(folder, path))
    changed = {name for name, values in before.all() if (values != after.read(name)).any()}
    upper = {
        name for name in before.places if name.startswith(("encoder.layer.1", "encoder.layer.2"))
    }
    assert not learned.factors
    assert set(learned.shifts) == upper == changed


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
