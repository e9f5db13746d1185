import json
import logging
import re
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.annotate.industry_terms import lexicon_terms
from indexer.text import canonicalise
from indexer.words import CHUNK_CHARS, STOP_WORDS, Segmenter, bigrams, pieces

_DEMO = Path(__file__).resolve().parents[2] / "api" / "demo"
_MIXED = re.compile(r"[a-z0-9]")


@pytest.fixture(scope="module")
def domain_words() -> list[str]:
    return sorted({term.text.lower() for term in lexicon_terms() if 2 <= len(term.text) <= 8})


@pytest.fixture(scope="module")
def segmenter(domain_words: list[str]) -> Segmenter:
    return Segmenter(domain_words)


@pytest.fixture(scope="module")
def jieba_tokenizer(
    domain_words: list[str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Any]:
    """The segmenter of record, with a cache of its own: `/tmp/jieba.cache` can be planted."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # jieba 0.42 has escapes and imports Python gave up
        import jieba
    jieba.setLogLevel(logging.WARNING)
    tokenizer = jieba.Tokenizer()
    tokenizer.tmp_dir = str(tmp_path_factory.mktemp("jieba"))
    for word in domain_words:
        tokenizer.add_word(word, 20_000, "n")
    yield tokenizer
    jieba.setLogLevel(logging.DEBUG)


@pytest.fixture(scope="module")
def own_texts() -> list[str]:
    """Titles and texts of the demonstration set, canonical."""
    texts: list[str] = []
    for path in sorted(_DEMO.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            for part in (row, *row.get("capabilities", [])):
                texts += [
                    part[name] for name in ("title", "description", "summary") if part.get(name)
                ]
    return [canonicalise(text) for text in texts]


def chinese(words: list[str]) -> list[str]:
    return [w for w in words if not _MIXED.search(w)]


def test_cut_gives_the_words_of_jieba(
    segmenter: Segmenter, jieba_tokenizer: Any, own_texts: list[str]
) -> None:
    assert len(own_texts) > 1_000
    for text in own_texts:
        of_record = [w for p in pieces(text) for w in jieba_tokenizer.cut(p) if re.match(r"\w", w)]
        assert chinese(segmenter.cut(text)) == chinese(of_record)


def test_search_terms_give_the_words_of_jieba(
    segmenter: Segmenter, jieba_tokenizer: Any, own_texts: list[str]
) -> None:
    n_equal = 0
    for text in own_texts:
        of_record = [w for p in pieces(text) for w in jieba_tokenizer.cut_for_search(p)]
        kept = [w for w in of_record if re.match(r"\w", w) and w not in STOP_WORDS]
        terms = segmenter.search_terms(text)
        assert chinese(terms) == chinese(kept)
        n_equal += terms == kept
    assert n_equal > 0.99 * len(own_texts)


def test_segmenter_keeps_domain_words_whole() -> None:
    assert Segmenter().cut("碳化硅外延片") != ["碳化硅", "外延片"]
    assert Segmenter(["碳化硅", "外延片"]).cut("碳化硅外延片") == ["碳化硅", "外延片"]


def test_segmenter_version_depends_on_words_not_on_their_order() -> None:
    version = Segmenter(["碳化硅", "SiC"]).version
    assert Segmenter(["sic", "碳化硅", "碳化硅"]).version == version
    assert Segmenter(["碳化硅"]).version != version


def test_search_terms_leave_out_stop_words_and_punctuation() -> None:
    assert Segmenter().search_terms("我们需要对专利的分析, 和报告!") == ["专利", "分析", "报告"]


def test_search_terms_cut_long_words_also_in_parts() -> None:
    terms = Segmenter(["知识产权局"]).search_terms("知识产权局")
    assert {"知识", "产权", "知识产权局"} <= set(terms)


@given(st.text(st.sampled_from("专利导航。,;\nAb"), max_size=3 * CHUNK_CHARS))
def test_pieces_join_to_the_lower_text(text: str) -> None:
    parts = pieces(text)
    assert "".join(parts) == text.lower()
    assert all(len(part) <= CHUNK_CHARS for part in parts)


@pytest.mark.parametrize("n_chars", [CHUNK_CHARS, CHUNK_CHARS + 1], ids=["at limit", "past limit"])
def test_pieces_without_stops_are_cut_at_the_limit(n_chars: int) -> None:
    rest = [n_chars - CHUNK_CHARS] if n_chars > CHUNK_CHARS else []
    assert [len(piece) for piece in pieces("专" * n_chars)] == [CHUNK_CHARS, *rest]


def test_pieces_are_cut_behind_the_last_stop() -> None:
    text = "专" * 300 + "。" + "利" * 150 + ";" + "导" * 200
    assert [len(p) for p in pieces(text)] == [452, 200]


@pytest.mark.parametrize("unit", ["专", "的", "a", "1.", "专。", "\n", "专a"])
@pytest.mark.parametrize("n_units", [1_000, 20_000])
def test_pieces_bound_the_work_of_the_segmenter(unit: str, n_units: int) -> None:
    text = unit * n_units
    n_steps = sum(len(part) ** 2 for part in pieces(text))
    assert n_steps <= CHUNK_CHARS * len(text)


class _Recorder:
    """Notes what it is asked to cut."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def cut(self, text: str) -> list[str]:
        self.seen.append(text)
        return [text]


def test_segmenter_never_cuts_a_longer_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    segmenter, recorder = Segmenter(), _Recorder()
    monkeypatch.setattr(segmenter, "_cut", recorder.cut)
    monkeypatch.setattr(segmenter, "_cut_for_search", recorder.cut)
    segmenter.cut("专" * 5_000)
    segmenter.search_terms("专" * 5_000)
    assert max(map(len, recorder.seen)) == CHUNK_CHARS


@pytest.mark.parametrize(
    ("text", "grams"),
    [
        ("专利导航", ["专利", "利导", "导航"]),
        ("专,利", ["专", "利"]),
        ("SiC器件", ["sic", "器件"]),
        ("802.1Qbv,GLP-1", ["802.1qbv", "glp-1"]),
        ("二〇二四年", ["二〇", "〇二", "二四", "四年"]),
        ("μm级精度", ["μm", "级精", "精度"]),
        ("é专利", ["é", "专利"]),
        ("naïve贝叶斯", ["naïve", "贝叶", "叶斯"]),
        ("トヨタ自動車", ["トヨタ", "自動", "動車"]),
        ("_。 \n", []),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_bigrams_of_text(text: str, grams: list[str]) -> None:
    assert bigrams(text) == grams


@given(st.text(max_size=200))
def test_bigrams_are_no_more_than_characters(text: str) -> None:
    grams = bigrams(text)
    assert len(grams) <= len(text.lower())
    assert all(gram and not re.search(r"\s", gram) for gram in grams)


@given(st.text(st.sampled_from("专利导航α1é〇"), max_size=20))
def test_bigrams_of_chinese_never_hide_in_other_words(text: str) -> None:
    assert all(len(gram) <= 2 for gram in bigrams(text) if re.search("[专利导航〇]", gram))
