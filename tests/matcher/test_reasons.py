"""Single reasons; how they read together is tested in test_explain.py."""

import pytest

from indexer.types import Sentence
from matcher.reasons import is_near_in_meaning, of_rules, same_words, sides_of
from matcher.types import RANKED_KIND, Part, RuleResult, SentencePair
from models.vocabulary.demand import RequirementStrength
from models.vocabulary.matching import Direction, RuleOutcome
from models.vocabulary.row import Entity
from tests.factories import make_demand, make_document

BY_PROVIDER = (Direction.PROVIDER_TO_DEMAND, Direction.PROVIDER_TO_CASE)


@pytest.mark.parametrize("direction", list(Direction))
def test_both_sides_of_every_direction_have_names_of_their_own(direction: Direction) -> None:
    asking = Entity.CAPABILITY if direction in BY_PROVIDER else Entity.DEMAND
    mine, theirs = sides_of(
        make_document("a", kind=asking), make_document("b", kind=RANKED_KIND[direction])
    )
    assert (mine.document.id, theirs.document.id) == ("a", "b")
    assert mine.called != theirs.called


@pytest.mark.parametrize(
    ("values", "is_near"),
    [([None, None], False), ([0.2, 0.24], False), ([None, 0.25], True), ([0.1, 0.9], True)],
)
def test_meaning_is_near_where_any_comparison_tells(
    values: list[float | None], is_near: bool
) -> None:
    names = ("text_meaning", "title_meaning")
    parts = {n: Part(n, v, 0.5, 0.0) for n, v in zip(names, values, strict=True)}
    assert is_near_in_meaning(parts) == is_near


def test_nothing_in_common_yields_no_words() -> None:
    mine, theirs = sides_of(make_demand(), make_document("cp-1"))
    assert list(same_words(mine, theirs, None, ())) == []


def test_quoted_sentences_lose_their_last_stop() -> None:
    mine, theirs = sides_of(make_demand(), make_document("cp-1"))
    pair = SentencePair(Sentence(0, 4, "查侵权;"), Sentence(0, 5, "排查风险。"))
    (statement,) = same_words(mine, theirs, pair, ())
    assert statement.text == "意思最接近的一处：需求写“查侵权”，机构写“排查风险”。"


def test_rules_of_other_outcomes_are_left_out() -> None:
    rules = [
        RuleResult("r", f"标题{n}", RequirementStrength.MUST, outcome, "事实", "出处")
        for n, outcome in enumerate(RuleOutcome)
    ]
    (statement,) = of_rules(rules, RuleOutcome.MET, "满足")
    assert statement.text == "满足：标题0。事实。"
