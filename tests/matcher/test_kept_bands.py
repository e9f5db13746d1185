"""Bands kept on disk hold at the next start, until those of the index itself are read."""

import errno
import json
import os
import shutil
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path
from threading import Event

import numpy as np
import pytest

from indexer.embed import Embedder, RecentVectors
from indexer.encoder import HashEncoder
from indexer.view import IndexView
from indexer.words import Segmenter
from matcher.bands import BandThresholds
from matcher.calibrate import Calibrator
from matcher.compare.standing import Usual
from matcher.features import Feature, Surroundings
from matcher.kept_bands import FILE, KeptBands
from matcher.pipeline import BandsPlace, Matcher
from matcher.ranker import SHIPPED_SCORING, Certainty, Scoring
from matcher.types import Candidates, Query, Values
from models.checksums import sealed, unsealed
from models.vocabulary.matching import Direction
from tests.factories import NAMES, REGIONS, SEGMENTER, make_corpus, make_index

FIRST, SECOND, THIRD = (f"gen-0000000{number}" for number in (1, 2, 3))
D2P = Direction.DEMAND_TO_PROVIDER
BANDS = {d: BandThresholds(0.5 + n / 100, 0.3, 0.1, 900) for n, d in enumerate(Direction)}
OTHERS = {d: BandThresholds(0.9, 0.8, 0.7, 901) for d in Direction}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where two generations are."""
    for name in (FIRST, SECOND):
        (tmp_path / name).mkdir()
    return tmp_path


@pytest.fixture
def kept(folder: Path) -> KeptBands:
    return KeptBands(folder, "a")


@pytest.fixture(scope="module")
def index(embedder: Embedder) -> IndexView:
    return make_index(make_corpus(120), embedder, FIRST)


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


def calibrator(feature: Gated, kept: KeptBands) -> Calibrator:
    scoring = Scoring((Feature("gated", "等", "等。", 1.0, feature),), None)
    return Calibrator(scoring, Surroundings(Usual(0.2, 0.1), REGIONS), SEGMENTER, kept)


def bands_of(calibrator: Calibrator, view: IndexView) -> Mapping[Direction, BandThresholds]:
    return {direction: calibrator.thresholds(view, direction) for direction in Direction}


def test_bands_come_back_as_they_were_kept(kept: KeptBands) -> None:
    kept.write(FIRST, BANDS)
    kept.write(SECOND, OTHERS)
    assert (kept.read(FIRST), kept.read(SECOND)) == (BANDS, OTHERS)


def test_without_a_file_there_are_none(kept: KeptBands) -> None:
    assert kept.read(FIRST) == {}


def test_a_generation_without_bands_has_those_of_the_newest_that_has(
    kept: KeptBands, folder: Path
) -> None:
    (folder / THIRD).mkdir()
    kept.write(FIRST, BANDS)
    assert kept.read(THIRD) == BANDS
    kept.write(SECOND, OTHERS)
    assert kept.read(THIRD) == OTHERS


def test_bands_go_with_their_generation(kept: KeptBands, folder: Path) -> None:
    kept.write(FIRST, BANDS)
    shutil.rmtree(folder / FIRST)
    (folder / FIRST).mkdir()
    assert kept.read(FIRST) == {}


def test_a_generation_in_memory_leaves_nothing_on_disk(kept: KeptBands, folder: Path) -> None:
    kept.write("memory-7", BANDS)
    assert [path.name for path in folder.rglob("*") if path.is_file()] == []


def test_bands_of_another_basis_are_none(kept: KeptBands, folder: Path) -> None:
    kept.write(FIRST, BANDS)
    assert KeptBands(folder, "b").read(FIRST) == {}


def test_a_file_with_any_bit_changed_is_not_used(kept: KeptBands, folder: Path) -> None:
    kept.write(FIRST, BANDS)
    path = folder / FIRST / FILE
    whole = path.read_bytes()
    for place in range(len(whole)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert kept.read(FIRST) == {}, place


@pytest.mark.parametrize("size", [0, 1, 64, 65, 200])
def test_a_file_that_was_cut_is_not_used(kept: KeptBands, folder: Path, size: int) -> None:
    kept.write(FIRST, BANDS)
    path = folder / FIRST / FILE
    path.write_bytes(path.read_bytes()[:size])
    assert kept.read(FIRST) == {}


@pytest.mark.parametrize("other", ["[]", "{}", '{"basis": "a"}', '{"basis": "a", "bands": {}}'])
def test_a_file_of_another_form_is_not_used(kept: KeptBands, folder: Path, other: str) -> None:
    (folder / FIRST / FILE).write_bytes(sealed(other.encode()))
    assert kept.read(FIRST) == {}


def test_a_direction_that_was_added_since_is_missed(kept: KeptBands, folder: Path) -> None:
    kept.write(FIRST, BANDS)
    path = folder / FIRST / FILE
    told = json.loads(unsealed(path.read_bytes()))
    told["bands"].popitem()
    path.write_bytes(sealed(json.dumps(told).encode()))
    assert kept.read(FIRST) == {}


def test_on_a_full_disk_the_bands_before_are_kept(
    kept: KeptBands, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept.write(FIRST, BANDS)

    def refuse(*_: object) -> None:
        raise OSError(errno.ENOSPC, "disk full")

    monkeypatch.setattr(os, "fsync", refuse)
    kept.write(FIRST, OTHERS)
    assert kept.read(FIRST) == BANDS
    assert [found.name for found in (folder / FIRST).iterdir()] == [FILE]


def test_what_is_kept_already_is_not_written_again(kept: KeptBands, folder: Path) -> None:
    kept.write(FIRST, BANDS)
    before = (folder / FIRST / FILE).stat().st_ino
    kept.write(FIRST, BANDS)
    assert (folder / FIRST / FILE).stat().st_ino == before


def test_first_start_reads_the_bands_and_keeps_them(kept: KeptBands, index: IndexView) -> None:
    feature = Gated(is_open=True)
    first = calibrator(feature, kept)
    first.prepare(index)
    n_asked = feature.n_asked
    assert kept.read(FIRST) == bands_of(first, index)
    first.prepare(index)
    first.wait_read()
    assert feature.n_asked == n_asked > 0


def test_next_start_waits_for_nothing_and_reads_them_beside(
    kept: KeptBands, index: IndexView
) -> None:
    kept.write(FIRST, BANDS)
    feature = Gated(is_open=False)
    second = calibrator(feature, kept)

    second.prepare(index)
    assert feature.reached.wait(30)
    assert bands_of(second, index) == BANDS
    feature.gate.set()
    second.wait_read()

    own = bands_of(second, index)
    assert all(own[direction] != BANDS[direction] for direction in Direction)
    assert kept.read(FIRST) == own


def test_bands_of_a_new_generation_are_kept_too(kept: KeptBands, index: IndexView) -> None:
    running = calibrator(Gated(is_open=True), kept)
    running.prepare(index)
    newer = replace(index, generation=SECOND)
    running.read_beside(newer)
    running.wait_read()
    assert kept.read(SECOND) == bands_of(running, newer)


def test_bands_are_read_once_however_often_a_service_is_prepared(
    kept: KeptBands, index: IndexView
) -> None:
    kept.write(FIRST, BANDS)
    once, twice = Gated(is_open=True), Gated(is_open=True)
    for feature, n_times in ((once, 1), (twice, 2)):
        prepared = calibrator(feature, kept)
        for _ in range(n_times):
            prepared.prepare(index)
            prepared.wait_read()
    assert once.n_asked == twice.n_asked > 0


def test_a_question_with_weights_waits_for_bands_of_its_own(
    kept: KeptBands, index: IndexView
) -> None:
    kept.write(FIRST, BANDS)
    feature = Gated(is_open=False)
    second = calibrator(feature, kept)
    second.prepare(index)
    assert feature.reached.wait(30)

    halved = (Feature("gated", "等", "等。", 0.5, feature),)
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(second.thresholds, index, D2P, halved)
        assert not asked.done()
        feature.gate.set()
        assert asked.result(30) not in BANDS.values()
    second.wait_read()


def test_a_start_with_bands_of_another_basis_reads_its_own_first(
    folder: Path, kept: KeptBands, index: IndexView
) -> None:
    KeptBands(folder, "b").write(FIRST, BANDS)
    feature = Gated(is_open=True)
    other = calibrator(feature, kept)
    other.prepare(index)
    n_asked = feature.n_asked
    assert bands_of(other, index) != BANDS
    assert feature.n_asked == n_asked > 0


@pytest.mark.parametrize("changed", ["nothing", "encoder", "words", "weight", "worth", "program"])
def test_bands_rest_on_encoder_words_weights_their_worth_and_program(
    folder: Path, index: IndexView, changed: str
) -> None:
    def matcher(changed: str) -> Matcher:
        encoder = HashEncoder()
        if changed == "encoder":
            encoder.fingerprint = "another"
        features = list(SHIPPED_SCORING.features)
        if changed == "weight":
            features[0] = replace(features[0], weight=features[0].weight / 2)
        worth = Certainty(9.0, -2.0) if changed == "worth" else SHIPPED_SCORING.certainty
        return Matcher(
            Embedder(encoder, RecentVectors()),
            Segmenter(["专利导航"]) if changed == "words" else SEGMENTER,
            NAMES,
            lambda: date(2026, 11, 25),
            Scoring(tuple(features), worth),
            BandsPlace(folder, "2" if changed == "program" else "1"),
        )

    matcher("nothing").prepare(index)
    path = folder / FIRST / FILE
    content = json.loads(unsealed(path.read_bytes()))
    content["bands"][D2P]["strong"] = 7.0
    path.write_bytes(sealed(json.dumps(content).encode()))

    later = matcher(changed)
    later.prepare(index)
    is_taken = later.thresholds(index, D2P).strong == 7.0
    assert is_taken == (changed == "nothing")
