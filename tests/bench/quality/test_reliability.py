"""Errors of what was said, recalibration that never saw the text, and the diagram."""

from xml.etree import ElementTree

import numpy as np
import pytest

from bench.quality.reliability import Judged, bins_of, diagram, isotonic, platt, recalibrated


def judged(n: int = 2_000, power: float = 1.0) -> Judged:
    """What was said, true as often as a power of it."""
    dice = np.random.default_rng(7)
    said = dice.random(n)
    return Judged("说法", said, dice.random(n) < said**power, np.arange(n) // 2)


def test_honest_words_have_hardly_an_error() -> None:
    assert judged().error < 0.03


def test_boasting_is_found_and_mended() -> None:
    boasting = judged(power=3.0)
    assert boasting.error > 0.15
    for fit in (platt, isotonic):
        assert recalibrated(boasting, fit).error < 0.05


def test_isotonic_curve_never_falls_and_keeps_the_mean() -> None:
    said, true = np.array([0.1, 0.2, 0.3, 0.4]), np.array([False, True, False, True])
    heights = isotonic(said, true)(said)
    assert heights.tolist() == [0.0, 0.5, 0.5, 1.0]
    assert heights.mean() == pytest.approx(true.mean())


def test_recalibration_never_saw_the_text() -> None:
    """Said 1 in every group, true by group: a curve that saw the group would know."""
    n = 50
    one = Judged("说法", np.full(n, 0.9), np.arange(n) % 2 == 0, np.arange(n))
    assert recalibrated(one, isotonic).said == pytest.approx(np.full(n, 0.5), abs=0.05)


def test_bins_hold_everything_once() -> None:
    bins = bins_of(judged())
    assert sum(b.n for b in bins) == 2_000
    assert [b.said for b in bins] == sorted(b.said for b in bins)


def test_diagram_has_a_point_a_bin() -> None:
    drawn = ElementTree.fromstring(diagram([judged(), judged(100)]))  # noqa: S314 - we wrote it
    circles = drawn.findall("{http://www.w3.org/2000/svg}circle")
    assert len(circles) == len(bins_of(judged())) + len(bins_of(judged(100)))
