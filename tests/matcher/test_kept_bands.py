"""Bands kept on disk hold at the next start, until those of the index itself are read."""

import errno
import json
import os
from collections.abc import Mapping
from pathlib import Path
from threading import Event

import numpy as np
import pytest

from indexer.embed import Embedder
from indexer.view import IndexView
from matcher.bands import BandThresholds
from matcher.calibrate import Calibrator
from matcher.compare.standing import Usual
from matcher.features import Feature, Surroundings
from matcher.kept_bands import KeptBands
from matcher.ranker import Scoring
from matcher.types import Candidates, Query, Values
from models.checksums import sealed, unsealed
from models.vocabulary.matching import Direction
from tests.factories import REGIONS, SEGMENTER, make_corpus, make_index

BANDS = {d: BandThresholds(0.5 + n / 100, 0.3, 0.1, 900) for n, d in enumerate(Direction)}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "bands.json"


@pytest.fixture(scope="module")
def index(embedder: Embedder) -> IndexView:
    return make_index(make_corpus(120), embedder)


class Gated:
    """A feature that waits until it is let through, and counts how often it was asked."""

    def __init__(self, *, is_open: bool) -> None:
        self.reached, self.gate = Event(), Event()
        self.n_asked = 0
        if is_open:
            self.gate.set()

    def __call__(self, query: Query, candidates: Candidates, around: Surroundings) -> Values:
        self.reached.set()
        assert self.gate.wait(30)
        self.n_asked += 1
        return np.linspace(0, 1, len(candidates.rows), dtype=np.float32)


def calibrator(feature: Gated, path: Path, basis: str = "a") -> Calibrator:
    scoring = Scoring((Feature("gated", "等", "等。", 1.0, feature),), None)
    kept = KeptBands(path, basis)
    return Calibrator(scoring, Surroundings(Usual(0.2, 0.1), REGIONS), SEGMENTER, kept)


def bands_of(calibrator: Calibrator, view: IndexView) -> Mapping[Direction, BandThresholds]:
    return {direction: calibrator.thresholds(view, direction) for direction in Direction}


def test_bands_come_back_as_they_were_kept(path: Path) -> None:
    KeptBands(path, "a").write(BANDS)
    assert KeptBands(path, "a").read() == BANDS


def test_without_a_file_there_are_none(path: Path) -> None:
    assert KeptBands(path, "a").read() == {}


def test_bands_of_another_basis_are_none(path: Path) -> None:
    KeptBands(path, "a").write(BANDS)
    assert KeptBands(path, "b").read() == {}


def test_a_file_with_any_bit_changed_is_not_used(path: Path) -> None:
    KeptBands(path, "a").write(BANDS)
    whole = path.read_bytes()
    for place in range(len(whole)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert KeptBands(path, "a").read() == {}, place


@pytest.mark.parametrize("size", [0, 1, 64, 65, 200])
def test_a_file_that_was_cut_is_not_used(path: Path, size: int) -> None:
    KeptBands(path, "a").write(BANDS)
    path.write_bytes(path.read_bytes()[:size])
    assert KeptBands(path, "a").read() == {}


@pytest.mark.parametrize("other", ["[]", "{}", '{"basis": "a"}', '{"basis": "a", "bands": {}}'])
def test_a_file_of_another_form_is_not_used(path: Path, other: str) -> None:
    path.write_bytes(sealed(other.encode()))
    assert KeptBands(path, "a").read() == {}


def test_a_direction_that_was_added_since_is_missed(path: Path) -> None:
    KeptBands(path, "a").write(BANDS)
    kept = json.loads(unsealed(path.read_bytes()))
    kept["bands"].popitem()
    path.write_bytes(sealed(json.dumps(kept).encode()))
    assert KeptBands(path, "a").read() == {}


def test_on_a_full_disk_the_bands_before_are_kept(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    KeptBands(path, "a").write(BANDS)

    def refuse(*_: object) -> None:
        raise OSError(errno.ENOSPC, "disk full")

    monkeypatch.setattr(os, "fsync", refuse)
    KeptBands(path, "a").write(dict.fromkeys(Direction, BandThresholds(1, 1, 1)))
    assert KeptBands(path, "a").read() == BANDS
    assert [found.name for found in path.parent.iterdir()] == [path.name]


def test_first_start_reads_the_bands_and_keeps_them(path: Path, index: IndexView) -> None:
    first = calibrator(Gated(is_open=True), path)
    first.prepare(index)
    assert KeptBands(path, "a").read() == bands_of(first, index)


def test_next_start_waits_for_nothing_and_reads_them_beside(path: Path, index: IndexView) -> None:
    KeptBands(path, "a").write(BANDS)
    feature = Gated(is_open=False)
    second = calibrator(feature, path)

    second.prepare(index)
    assert feature.reached.wait(30)
    assert bands_of(second, index) == BANDS
    feature.gate.set()
    second.wait_read()

    own = bands_of(second, index)
    assert all(own[direction] != BANDS[direction] for direction in Direction)
    assert KeptBands(path, "a").read() == own


def test_bands_are_read_once_however_often_a_service_is_prepared(
    path: Path, index: IndexView
) -> None:
    KeptBands(path, "a").write(BANDS)
    once, twice = Gated(is_open=True), Gated(is_open=True)
    for feature, n_times in ((once, 1), (twice, 2)):
        prepared = calibrator(feature, path)
        for _ in range(n_times):
            prepared.prepare(index)
            prepared.wait_read()
    assert once.n_asked == twice.n_asked > 0


def test_other_weights_do_not_take_the_bands_of_the_usual_ones(
    path: Path, index: IndexView
) -> None:
    KeptBands(path, "a").write(BANDS)
    feature = Gated(is_open=False)
    second = calibrator(feature, path)
    second.prepare(index)
    assert feature.reached.wait(30)
    feature.gate.set()

    halved = (Feature("gated", "等", "等。", 0.5, feature),)
    found = second.thresholds(index, Direction.DEMAND_TO_PROVIDER, halved)
    assert found != BANDS[Direction.DEMAND_TO_PROVIDER]
    second.wait_read()


def test_a_start_with_bands_of_another_basis_reads_its_own_first(
    path: Path, index: IndexView
) -> None:
    KeptBands(path, "b").write(BANDS)
    feature = Gated(is_open=True)
    other = calibrator(feature, path)
    other.prepare(index)
    n_asked = feature.n_asked
    assert bands_of(other, index) != BANDS
    assert feature.n_asked == n_asked > 0
