"""F1 in short: every attack on a small set with an encoder of hashes; the real one at night."""

from dataclasses import replace

import pytest

from bench.quality.systems import Opened
from matcher.integrity import cautions_of
from tests.fairness.attacks import ATTACKS
from tests.fairness.poison import Outcome, poison


@pytest.fixture(scope="module")
def outcomes(opened: Opened) -> dict[str, Outcome]:
    wanted = ("honest", "stuffing_x5", "echo_of_each", "sybils_20", "own_copies", "repeated")
    return {o.attack: o for o in poison(opened, 0, {name: ATTACKS[name] for name in wanted})}


def test_no_attacker_stands_twice_among_the_first_five(outcomes: dict[str, Outcome]) -> None:
    assert {name: o.most_in_top_5 for name, o in outcomes.items() if o.most_in_top_5 > 1} == {}


def test_no_attack_takes_first_places(outcomes: dict[str, Outcome]) -> None:
    assert {name: o.top_1 for name, o in outcomes.items() if o.top_1 > 0.02} == {}


def test_attacks_are_seen_through_and_honest_texts_are_not(
    opened: Opened, outcomes: dict[str, Outcome]
) -> None:
    assert {o.flagged for name, o in outcomes.items() if name != "honest"} == {1.0}
    assert outcomes["honest"].flagged == 0
    assert not any(map(cautions_of, opened.collection.documents))


def test_missed_goal_is_said(outcomes: dict[str, Outcome]) -> None:
    bad = replace(outcomes["stuffing_x5"], top_1=0.5, flagged=0.1, most_in_top_5=3, lost=0.2)
    assert len(bad.misses()) == 4
    assert outcomes["honest"].misses() == []


def test_ranker_without_defences_is_found_out(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("matcher.groups.cautions_of", lambda *_, **__: ())
    (echo,) = poison(opened, 0, {"echo_of_each": ATTACKS["echo_of_each"]})
    assert echo.top_1 > 0.5
    assert echo.misses()
