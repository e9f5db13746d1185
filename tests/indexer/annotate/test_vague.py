"""Vague words are pointed out."""

import pytest

from indexer.annotate.vague import MAX_TERMS, VagueTermFinder


@pytest.fixture(scope="module")
def finder() -> VagueTermFinder:
    return VagueTermFinder()


@pytest.mark.parametrize(
    "word", ["尽快", "若干", "相关", "一流", "深入分析", "高质量", "全方位", "另行通知", "赋能"]
)
def test_vague_word_is_found(finder: VagueTermFinder, word: str) -> None:
    text = f"标题\n请{word}处理"
    (evidence,) = finder.find_vague_terms(text)
    assert evidence.text == word
    assert text[evidence.start : evidence.end] == word


def test_plain_text_has_none(finder: VagueTermFinder) -> None:
    assert finder.find_vague_terms("预算18万元,9月底前交一份清单") == ()


def test_each_word_is_given_once(finder: VagueTermFinder) -> None:
    assert len(finder.find_vague_terms("尽快,尽快,尽快")) == 1


def test_list_is_capped(finder: VagueTermFinder) -> None:
    text = "尽快若干相关一流高水平高质量全方位多角度适当合理较多大量大概权威资深知名"
    assert len(finder.find_vague_terms(text)) == MAX_TERMS
