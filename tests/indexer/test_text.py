import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from indexer.text import MAX_COMBINING_RUN, MAX_RAW_CHARS, canonicalise, clean
from models.errors import TextRejectedError

LIGATURE = "\ufdfa"
"""Grows to 18 characters under NFKC, the most of all characters."""

MARKS = "\u0301\u0316"
"""Two combining marks of different classes: what makes normalisation reorder."""


def refusal(raw: str, **limits: int) -> dict[str, object]:
    with pytest.raises(TextRejectedError) as caught:
        clean(raw, **limits)
    return caught.value.fields


@pytest.mark.parametrize("limit", [20, MAX_RAW_CHARS])
def test_clean_length_at_limit_passes_one_more_refused(limit: int) -> None:
    assert len(clean("专" * limit, max_chars=limit).canonical) == limit
    assert refusal("专" * (limit + 1), max_chars=limit) == {"reason": "too_long", "limit": limit}


def test_clean_growth_by_normalisation_counts_at_limit() -> None:
    assert len(clean(LIGATURE * 2, max_chars=36).canonical) == 36
    assert refusal(LIGATURE * 2, max_chars=35) == {"reason": "too_long", "limit": 35}


def test_clean_growth_beyond_default_limit_is_refused() -> None:
    n_fitting = MAX_RAW_CHARS // 18
    assert len(clean(LIGATURE * n_fitting).canonical) <= MAX_RAW_CHARS
    assert refusal(LIGATURE * (n_fitting + 1))["reason"] == "too_long"


def test_clean_too_few_visible_characters_is_refused() -> None:
    assert clean("专 利").canonical == "专 利"
    assert refusal(" 专\n\u200b ") == {"reason": "too_short", "limit": 2}
    assert clean(" \u200b", min_chars=0).canonical == ""
    for blank in "\u2800\ufffc\ue000\U0001d159\U000f0000":
        assert refusal(blank * 10)["reason"] == "too_short"


@pytest.mark.parametrize(
    "char",
    "\0\x01\x08\x0b\x0c\x0e\x1b\x1f\x7f\x80\x84\x86\x9f\ud800\udbff\udc00\udfff"
    "\ufdd0\ufdef\ufffe\uffff\U0001fffe\U0001ffff\U0008fffe\U0010ffff",
    ids=lambda char: f"U+{ord(char):04X}",
)
def test_clean_refused_character_says_where(char: str) -> None:
    assert refusal(f"专利{char}导航") == {"reason": "control_character", "position": 2}


def test_clean_refusal_never_repeats_the_text() -> None:
    with pytest.raises(TextRejectedError) as caught:
        clean("机密内容\x00")
    assert "机密" not in caught.value.message + str(caught.value.fields)


@pytest.mark.parametrize(
    "char",
    "\u00ad\u061c\u200b\u200d\u200e\u202e\u2066\u2060\ufeff\u3164\ufe0f\U000e0041\U000e0100"
    "\u2800\ufffc\ue000\uf8ff\U0001d159\U000f0000\U0010fffd",
    ids=lambda char: f"U+{ord(char):04X}",
)
def test_clean_invisible_character_is_dropped_but_kept_in_original(char: str) -> None:
    text = clean(f"专{char}利导航")
    assert text.canonical == "专利导航"
    assert text.original == f"专{char}利导航"


def test_clean_pile_of_marks_at_limit_passes_one_more_refused() -> None:
    pile = (MARKS * MAX_COMBINING_RUN)[:MAX_COMBINING_RUN]
    assert clean(f"专e{pile}利").original == f"专e{pile}利"
    assert refusal(f"专e{pile}\u0301") == {"reason": "combining_run", "position": 10}


@pytest.mark.parametrize(
    "pile",
    [
        ("\u0301\u0316" * 4 + "\u200b") * 3,
        ("\u0301\u0316" * 4 + "\u3164") * 3,
        "\uff9e\u0316" * 8,
        "\u0489" * 9,
    ],
    ids=["parted by zero width", "parted by filler", "half-width marks", "enclosing marks"],
)
def test_clean_disguised_pile_is_refused(pile: str) -> None:
    assert refusal(f"专利{pile}")["reason"] == "combining_run"


def test_clean_no_pile_reaches_normalisation() -> None:
    every = [chr(cp) for cp in range(0x110000) if not 0xD800 <= cp < 0xE000]
    becoming = [c for c in every if unicodedata.combining(unicodedata.normalize("NFKD", c)[0])]
    for char in becoming:
        assert refusal("专利" + char * (MAX_COMBINING_RUN + 1))["reason"] == "combining_run"


@pytest.mark.parametrize(
    ("raw", "canonical"),
    [
        ("ＡＢＣ１２３％", "ABC123%"),
        ("专利\u3000导航\t分析", "专利 导航 分析"),
        ("  专利   导航  ", "专利 导航"),
        ("专利\r\n导航\r分析\n\n\n报告", "专利\n导航\n分析\n报告"),
        ("专利 \n  \u3000\n 导航", "专利\n导航"),
        ("专利\u2028导航\u2029分析\x85报告", "专利\n导航\n分析\n报告"),
        ("①㎡ﬁ", "1m2fi"),
        ("か\u3099き\u3099", "がぎ"),
    ],
    ids=["width", "blanks", "runs", "line ends", "blank lines", "separators", "signs", "composed"],
)
def test_clean_canonical_form(raw: str, canonical: str) -> None:
    assert clean(raw).canonical == canonical


def test_clean_original_keeps_width_blanks_and_lines() -> None:
    assert clean("  ＡＢ  导航\r\n\r\n分析\r ").original == "ＡＢ  导航\n\n分析"


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
@example("\n\u00a8e\u0301\u200b\u0301")
@example(LIGATURE)
def test_canonicalise_twice_changes_nothing(text: str) -> None:
    once = canonicalise(text)
    assert canonicalise(once) == once


def test_canonicalise_every_character_gives_a_stable_form() -> None:
    for start in range(0, 0x110000, 0x1000):
        block = [chr(cp) for cp in range(start, start + 0x1000) if not 0xD800 <= cp < 0xE000]
        once = canonicalise("\n".join(f"甲{char}乙" for char in block))
        assert canonicalise(once) == once
