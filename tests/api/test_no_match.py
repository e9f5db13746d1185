"""An answer without a good match says why, and what would help."""

import pytest

from api.intake.advice import ROUTING_HINT, SURELY_OUT
from api.no_match import MAX_QUESTIONS, ceiling_of, explain_no_match
from models.vocabulary.matching import Band, Direction, NoMatch

QUESTIONS = tuple(f"问题{n}？" for n in range(6))
D2P, P2D = Direction.DEMAND_TO_PROVIDER, Direction.PROVIDER_TO_DEMAND


@pytest.mark.parametrize(
    ("reject", "ceiling"),
    [(0.0, Band.STRONG), (0.3, Band.FAIR), (SURELY_OUT, Band.WEAK), (1.0, Band.WEAK)],
)
def test_ceiling_falls_with_doubt(reject: float, ceiling: Band) -> None:
    assert ceiling_of(reject) == ceiling


def test_a_good_match_needs_no_words() -> None:
    assert explain_no_match(None, D2P, QUESTIONS) is None


@pytest.mark.parametrize("reason", list(NoMatch))
@pytest.mark.parametrize("direction", [D2P, P2D])
def test_every_reason_has_words_and_advice(reason: NoMatch, direction: Direction) -> None:
    told = explain_no_match(reason, direction)
    assert told is not None
    assert told.reason == reason
    assert told.message.endswith("。")
    assert told.advice


def test_weak_answers_ask_first_what_the_demand_does_not_say() -> None:
    told = explain_no_match(NoMatch.ALL_WEAK, D2P, QUESTIONS)
    assert told is not None
    assert told.advice[:MAX_QUESTIONS] == list(QUESTIONS[:MAX_QUESTIONS])
    assert QUESTIONS[MAX_QUESTIONS] not in told.advice


def test_a_provider_is_not_asked_what_a_demand_lacks() -> None:
    told = explain_no_match(NoMatch.ALL_WEAK, P2D, QUESTIONS)
    assert told is not None
    assert not set(QUESTIONS) & set(told.advice)


def test_out_of_scope_names_where_to_turn() -> None:
    told = explain_no_match(NoMatch.OUT_OF_SCOPE, D2P, QUESTIONS)
    assert told is not None
    assert told.advice == [ROUTING_HINT]
