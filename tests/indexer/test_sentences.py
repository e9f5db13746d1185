from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from indexer.sentences import MAX_CHARS, MAX_SENTENCES, MIN_CHARS, sentences_of
from indexer.text import canonicalise

_LETTERS = st.sampled_from("专利导航 \n。!,;")


def texts_of(title: str, body: str) -> list[str]:
    return [sentence.text for sentence in sentences_of(title, body)]


@given(st.text(_LETTERS, max_size=20), st.text(_LETTERS, max_size=400))
@example("", " 专利。")
@example("标题", "专" * 500)
def test_sentences_offsets_quote_the_text(title: str, body: str) -> None:
    whole = f"{title}\n{body}"
    for sentence in sentences_of(title, body):
        assert whole[sentence.start : sentence.end] == sentence.text


@given(st.text(_LETTERS, max_size=20), st.text(_LETTERS, max_size=600))
def test_sentences_stay_within_limits_and_in_order(title: str, body: str) -> None:
    found = sentences_of(title, body)
    assert len(found) <= MAX_SENTENCES
    assert all(len(s.text) <= MAX_CHARS for s in found[bool(title) :])
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert all(s.text == s.text.strip() != "" for s in found[bool(title) :])


@given(st.text(_LETTERS, max_size=150))
def test_sentences_of_short_text_leave_nothing_out(body: str) -> None:
    body = canonicalise(body)
    quoted = "".join(texts_of("", body))
    if len(sentences_of("", body)) < MAX_SENTENCES:
        assert [c for c in quoted if not c.isspace()] == [c for c in body if not c.isspace()]


def test_sentences_begin_with_the_title() -> None:
    assert texts_of("标题", "做专利导航分析报告。") == ["标题", "做专利导航分析报告。"]
    assert texts_of("", "做专利导航分析报告。") == ["做专利导航分析报告。"]
    assert texts_of("标题", "") == ["标题"]
    assert texts_of("", "") == []


def test_sentences_short_neighbours_are_joined() -> None:
    assert texts_of("", "一是。二是。三是查新。分析侵权风险。") == [
        "一是。二是。三是查新。",
        "分析侵权风险。",
    ]
    assert len(texts_of("", "短" * (MIN_CHARS - 1) + "。" + "长" * MIN_CHARS)) == 2


def test_sentences_long_one_is_cut_at_a_comma() -> None:
    body = "专" * 70 + "," + "利" * 40 + "," + "导" * 60
    assert [len(text) for text in texts_of("", body)] == [112, 60]


@pytest.mark.parametrize("n_chars", [MAX_CHARS, MAX_CHARS + 1], ids=["at limit", "past limit"])
def test_sentences_without_commas_are_cut_at_the_limit(n_chars: int) -> None:
    rest = [n_chars - MAX_CHARS] if n_chars > MAX_CHARS else []
    assert [len(text) for text in texts_of("", "专" * n_chars)] == [MAX_CHARS, *rest]


def test_sentences_past_the_limit_are_left_out() -> None:
    body = "".join(f"第{n:02}句话说明需求。" for n in range(30))
    texts = texts_of("标题", body)
    assert len(texts) == MAX_SENTENCES
    assert texts[-1] == "第14句话说明需求。"
