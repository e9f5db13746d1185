"""The classifier over n-grams and vectors, apart from what it was trained for."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.annotate.head import MAX_CHARS, Given, Head, grams_of

GRAMS = {"风险": 0, "侵权": 1, "上市": 2}
HEAD = Head(
    codes=("ENT.IPO", "ENT.RISK", "OTH"),
    fingerprint="hash-2-1",
    mean=np.array([0.1, 0.2], np.float32),
    semantic=np.array([[4, 0, 0], [0, 4, 0], [0, 0, 0.5]], np.float32),
    grams=GRAMS,
    idf=np.array([1.0, 2.0, 1.5], np.float32),
    lexical=np.array([[0, 3, 0], [0, 3, 0], [3, 0, 0], [0, 0, 1]], np.float32),
    share=0.5,
    calibration={Given.SCENARIO: (1.2, -0.3), Given.REJECT: (1.0, -2.0)},
    threshold=0.2,
)
TEXT = st.text(st.sampled_from("风险侵权上市甲乙 \nA"), max_size=60)


def _code(distribution: np.ndarray[tuple[int], np.dtype[np.float64]]) -> str:
    return HEAD.codes[int(distribution.argmax())]


@given(TEXT, st.booleans())
def test_distribution_is_one_over_all_classes(text: str, has_vector: bool) -> None:
    vector = np.array([0.6, 0.8], np.float32) if has_vector else None
    found = HEAD.distribution(text, vector)
    assert found.shape == (3,)
    assert (found >= 0).all()
    assert found.sum() == pytest.approx(1.0)


def test_words_decide_where_there_is_no_vector() -> None:
    assert _code(HEAD.distribution("侵权风险", None)) == "ENT.RISK"
    assert _code(HEAD.distribution("上市", None)) == "ENT.IPO"
    assert _code(HEAD.distribution("买菜", None)) == "OTH"


def test_vector_counts_by_its_share() -> None:
    vector = np.array([1.0, 0.0], np.float32)
    assert _code(HEAD.distribution("买菜", vector)) == "ENT.IPO"
    deaf = replace(HEAD, share=0.0)
    assert deaf.distribution("买菜", vector) == pytest.approx(deaf.distribution("买菜", None))


def test_weights_of_known_grams_have_unit_length() -> None:
    rows, values = HEAD.weights_of("侵权风险,风险")
    assert sorted(rows.tolist()) == [0, 1]
    assert np.linalg.norm(values) == pytest.approx(1.0)
    repeated = values[rows.tolist().index(0)] / values[rows.tolist().index(1)]
    assert repeated == pytest.approx((1 + np.log(2)) * 1.0 / 2.0)


def test_text_without_known_grams_has_no_weights() -> None:
    rows, values = HEAD.weights_of("买菜")
    assert (len(rows), len(values)) == (0, 0)


def test_confidence_rises_with_probability_and_stays_in_range() -> None:
    confidence = [HEAD.confidence(p, Given.SCENARIO) for p in (0.0, 0.1, 0.5, 0.9, 1.0)]
    assert (np.diff(confidence) > 0).all()
    assert 0 <= confidence[0] < confidence[-1] <= 1
    odds = 1.2 * np.log(0.9 / 0.1) - 0.3
    assert confidence[3] == pytest.approx(1 / (1 + np.exp(-odds)))


def test_classes_are_given_the_likeliest_first_and_each_as_what_it_is() -> None:
    assert HEAD.given(np.array([0.3, 0.6, 0.1]), "OTH") == [
        (1, Given.SCENARIO),
        (0, Given.SCENARIO),
    ]
    assert HEAD.given(np.array([0.1, 0.6, 0.3]), "OTH") == [(1, Given.SCENARIO)]
    assert HEAD.given(np.array([0.3, 0.3, 0.4]), "OTH") == [(2, Given.REJECT)]


def test_reject_class_is_believed_by_its_own_curve() -> None:
    assert HEAD.confidence(0.5, Given.REJECT) == pytest.approx(1 / (1 + np.exp(2.0)))


def test_head_read_back_decides_alike() -> None:
    back = Head.from_bytes(HEAD.to_bytes())
    assert (back.codes, back.fingerprint, back.grams) == (HEAD.codes, HEAD.fingerprint, GRAMS)
    assert (back.share, back.calibration, back.threshold) == (0.5, HEAD.calibration, 0.2)
    vector = np.array([0.6, 0.8], np.float32)
    for text in ("侵权风险", "上市", ""):
        assert back.distribution(text, vector) == pytest.approx(HEAD.distribution(text, vector))


def test_bytes_are_the_same_for_the_same_head() -> None:
    assert Head.from_bytes(HEAD.to_bytes()).to_bytes() == HEAD.to_bytes()


def test_grams_are_runs_of_one_to_three_characters() -> None:
    assert grams_of("ABc\nd") == [*"abc d", "ab", "bc", "c ", " d", "abc", "bc ", "c d"]
    assert grams_of("") == []


def test_grams_stop_where_the_text_is_cut() -> None:
    assert len(grams_of("甲" * (MAX_CHARS + 500))) == 3 * MAX_CHARS - 3
