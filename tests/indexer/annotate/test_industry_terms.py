"""The lexicon is sound, and terms are found where they stand as words."""

from collections import Counter

import pytest

from indexer.annotate.industry_terms import (
    IndustryTerm,
    TermFinder,
    lexicon_terms,
    lower,
    merged,
    name_parts,
    name_terms,
)
from models.industries import IndustryTable
from models.vocabulary.taxonomy import Scheme

TABLE = IndustryTable.load()
LEXICON = lexicon_terms()


def term(text: str, weight: float = 1.0) -> IndustryTerm:
    return IndustryTerm(text=text, sei=("1.1",), gb4754=("C3921",), weight=weight)


def found_texts(terms: list[IndustryTerm], text: str) -> list[str]:
    return [hit.term.text for hit in TermFinder(terms).find(text)]


def test_lexicon_terms_are_unique() -> None:
    counts = Counter(entry.text for entry in LEXICON)
    assert [text for text, count in counts.items() if count > 1] == []


def test_lexicon_terms_name_only_known_codes() -> None:
    for entry in LEXICON:
        for scheme, level in ((Scheme.SEI, 2), (Scheme.GB4754, 4)):
            for code in entry.codes(scheme):
                industry = TABLE.get(scheme, code)
                assert industry is not None, entry
                assert industry.level == level, entry


def test_lexicon_terms_have_codes_unless_mute() -> None:
    for entry in LEXICON:
        assert 0 <= entry.weight <= 1
        assert (entry.weight > 0) == bool(entry.sei or entry.gb4754), entry


def test_lexicon_covers_every_strategic_industry() -> None:
    covered = {code for entry in LEXICON for code in entry.sei}
    assert covered == {industry.code for industry in TABLE.at_level(Scheme.SEI, 2)}


def test_lexicon_is_large_enough_to_speak_of_coverage() -> None:
    assert sum(entry.weight > 0 for entry in LEXICON) >= 2_500


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        pytest.param("锂离子电池制造", ("锂离子电池",), id="making"),
        pytest.param("豆类种植", (), id="too-short-to-tell"),
        pytest.param("有机肥料及微生物肥料制造", ("有机肥料", "微生物肥料"), id="two-goods"),
        pytest.param("其他未列明通用设备制造业", (), id="vague"),
    ],
)
def test_name_parts_keep_the_goods(name: str, parts: tuple[str, ...]) -> None:
    assert name_parts(name) == parts


def test_name_terms_come_from_goods_only() -> None:
    assert {code[0] for entry in name_terms(TABLE) for code in entry.gb4754} <= set("ABCDE")


def test_find_prefers_the_longest_term() -> None:
    assert found_texts([term("电池"), term("燃料电池")], "氢燃料电池") == ["燃料电池"]


def test_find_mute_phrase_hides_the_term_inside() -> None:
    assert found_texts([term("葡萄"), term("葡萄牙", weight=0)], "出口葡萄牙") == ["葡萄牙"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("做AI的", ["ai"], id="between-chinese"),
        pytest.param("AIDS", [], id="inside-latin-word"),
        pytest.param("5AI", [], id="after-digit"),
        pytest.param("用ai", ["ai"], id="lower-case"),
    ],
)
def test_find_latin_terms_as_whole_words(text: str, expected: list[str]) -> None:
    assert found_texts([term("ai")], text) == expected


def test_find_offsets_survive_letters_that_grow_in_lower_case() -> None:
    text = "İİ光伏"
    (hit,) = TermFinder([term("光伏")]).find(text)
    assert text[hit.start : hit.end] == "光伏"


def test_lower_keeps_the_length() -> None:
    assert lower("AİB") == "aİb"


def test_merged_keeps_the_first_source() -> None:
    assert merged([term("电池", 0.5)], [term("电池", 1.0), term("光伏")]) == (
        term("电池", 0.5),
        term("光伏"),
    )
