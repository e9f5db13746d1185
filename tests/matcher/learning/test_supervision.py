"""What is filed under a code teaches: what shares it fits, what does not never does."""

from dataclasses import replace

import numpy as np
import pytest

from indexer.adapting.lessons import Lesson, Readings
from indexer.annotate.industry_terms import IndustryTerm, lexicon_terms
from indexer.annotate.scenario_training import Example, own_examples
from indexer.embed import Embedder, RecentVectors
from indexer.encoder import HashEncoder
from indexer.types import Document
from matcher.learning.supervision import (
    OTHERS,
    Filed,
    Supply,
    filed_products,
    filed_scenarios,
    industry_supply,
    scenario_supply,
    title_supply,
)
from models.errors import InvalidInputError
from models.industries import IndustryTable
from models.taxonomy import Scenario, ScenarioTaxonomy
from models.vocabulary.row import Entity

ASKING = 60
TAXONOMY, INDUSTRIES = ScenarioTaxonomy.load(), IndustryTable.load()


@pytest.fixture
def embedder() -> Embedder:
    return Embedder(HashEncoder(), RecentVectors(limit=100_000))


@pytest.fixture(autouse=True)
def few_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("matcher.learning.supervision.MOST_ASKING", ASKING)


def _text(text: str, *codes: str, query: str | None = None) -> Filed:
    return Filed(Readings(text, text), codes, query)


def _supply(asking: Filed, *found: Filed) -> Supply:
    """The earlier a text stands, the nearer it is."""
    return Supply([asking], found, -np.arange(len(found), dtype=np.float32)[None, :])


def _taught(lesson: Lesson) -> dict[str, float]:
    return {r.title: g for r, g in zip(lesson.found, lesson.gains.tolist(), strict=True)}


def _document(key: str, title: str, body: str, group: str = "") -> Document:
    return Document(key, Entity.CAPABILITY, group or key, title, body)


def test_what_shares_a_code_fits_and_the_nearest_others_do_not() -> None:
    supply = _supply(
        _text("问", "A", "B"),
        _text("远", "C"),
        _text("近", "C", "D"),
        _text("乙", "B"),
        _text("甲", "A"),
    )
    (lesson,) = supply.lessons()
    assert _taught(lesson) == {"甲": 1.0, "乙": 0.5, "远": 0.0, "近": 0.0}
    assert [r.title for r in lesson.found[2:]] == ["远", "近"]


def test_copies_of_what_asks_or_fits_are_never_wrong() -> None:
    supply = _supply(
        _text("问", "A"),
        _text("问", "C"),
        _text("甲 方", "C"),
        _text("甲方", "A"),
        _text("乙", "C"),
    )
    assert _taught(supply.lessons()[0]) == {"甲方": 1.0, "乙": 0.0}


def test_only_the_nearest_others_are_learned_from() -> None:
    others = [_text(f"他{n}", "C") for n in range(OTHERS + 5)]
    (lesson,) = _supply(_text("问", "A"), *others, _text("甲", "A")).lessons()
    assert [r.title for r in lesson.found] == ["甲", *(f"他{n}" for n in range(OTHERS))]


def test_text_with_nothing_to_tell_apart_teaches_nothing() -> None:
    assert _supply(_text("问", "A"), _text("乙", "C")).lessons() == []
    assert _supply(_text("问", "A"), _text("甲", "A")).lessons() == []


def test_no_lesson_of_scenarios_holds_a_fitting_text_to_be_wrong(embedder: Embedder) -> None:
    codes = {e.text: set(e.labels) for e in own_examples(TAXONOMY)}
    lessons = scenario_supply(TAXONOMY, embedder).lessons()
    assert len(lessons) == ASKING
    for lesson in lessons:
        asked = codes[lesson.asking.full]
        assert TAXONOMY.reject.code not in asked
        for found, gain in zip(lesson.found, lesson.gains, strict=True):
            assert bool(asked & codes[found.full]) is bool(gain > 0)
    rejected = {t for t, labels in codes.items() if TAXONOMY.reject.code in labels}
    assert any(found.full in rejected for lesson in lessons for found in lesson.found)


def test_no_lesson_of_industries_holds_the_right_class_to_be_wrong(embedder: Embedder) -> None:
    codes = {term.text: set(term.gb4754) for term in lexicon_terms()}
    named = {i.name: i.code for i in INDUSTRIES if i.code[:1].isalpha() and i.level == 4}
    lessons = industry_supply(INDUSTRIES, embedder).lessons()
    assert len(lessons) == ASKING
    for lesson in lessons:
        for found, gain in zip(lesson.found, lesson.gains, strict=True):
            assert (named[found.title] in codes[lesson.asking.title]) is bool(gain > 0)
        assert len(lesson.found[0].full) > len(lesson.found[0].title)


def test_lessons_drawn_are_the_same_each_time(embedder: Embedder) -> None:
    documents = [_document(f"d{n}", f"题{n}", f"文{n}") for n in range(2 * ASKING)]
    first, second = (title_supply(documents, [], embedder).lessons() for _ in range(2))
    assert len(first) == ASKING
    assert [(x.asking, x.found) for x in first] == [(x.asking, x.found) for x in second]


def test_scenario_added_to_the_installation_is_learned_and_retired_one_is_not(
    embedder: Embedder,
) -> None:
    added = Scenario(
        "ENT.OWN",
        "航天选题",
        "Space",
        "航天领域选题。",
        "ENT",
        examples=("卫星选题导航。", "火箭选题导航。"),
    )
    taxonomy = TAXONOMY.with_scenario(added, "own").without("ENT.RISK", "own2")
    filed = [
        code for text in filed_scenarios(own_examples(taxonomy), taxonomy) for code in text.codes
    ]
    assert filed.count("ENT.OWN") == 3
    assert "ENT.RISK" not in filed
    assert scenario_supply(taxonomy, embedder).lessons()


def test_installation_whose_scenarios_are_all_retired_is_refused(embedder: Embedder) -> None:
    taxonomy = TAXONOMY
    for scenario in TAXONOMY.level2:
        taxonomy = taxonomy.without(scenario.code, "none")
    with pytest.raises(InvalidInputError, match="没有可以另外学的"):
        scenario_supply(taxonomy, embedder)


def test_wrong_scenario_is_refused() -> None:
    with pytest.raises(InvalidInputError, match=r"ENT\.NONE 不在应用场景分类"):
        filed_scenarios([Example("专利导航", ("ENT.RISK", "ENT.NONE"))], TAXONOMY)


@pytest.mark.parametrize("code", ["C9999", "C38", "1.1"])
def test_wrong_class_is_refused(code: str) -> None:
    term = IndustryTerm("光纤", (), ("C3832", code), 1.0)
    with pytest.raises(InvalidInputError, match="不是 GB/T 4754 的小类"):
        filed_products([term], INDUSTRIES)


def test_words_that_name_no_product_do_not_ask() -> None:
    term = IndustryTerm("光纤", (), ("C3832",), 1.0)
    mute, nameless = replace(term, weight=0.0), replace(term, gb4754=())
    assert len(filed_products([term, mute, nameless], INDUSTRIES)) == 1


def test_title_asks_for_its_own_body(embedder: Embedder) -> None:
    documents = [
        _document("d1", "电池", "锂离子", "g"),
        _document("d2", "电芯", "磷酸铁锂", "g"),
        _document("d3", "水稻", "育种"),
        _document("d4", "没有正文", ""),
    ]
    query = _document("q1", "机器人", "导航")
    supply = title_supply(documents, [query], embedder)
    taught = {lesson.asking.title: _taught(lesson) for lesson in supply.lessons()}
    assert taught["电池"] == {"锂离子": 1.0, "磷酸铁锂": 1.0, "育种": 0.0, "导航": 0.0}
    assert list(taught) == ["电池", "电芯", "水稻", "机器人"]


def test_texts_of_a_query_held_back_are_not_learned_from(embedder: Embedder) -> None:
    queries = [_document(f"q{n}", f"题{n}", f"文{n}") for n in range(4)]
    lessons = title_supply([], queries, embedder).lessons(frozenset({"q2"}))
    assert {x.asking.title for x in lessons} == {"题0", "题1", "题3"}
    assert "文2" not in {found.title for x in lessons for found in x.found}


def test_collection_without_bodies_is_refused(embedder: Embedder) -> None:
    with pytest.raises(InvalidInputError, match="既有标题又有正文的文本不到两条"):
        title_supply([_document("d1", "电池", "")], [_document("q1", "电池", "锂")], embedder)
