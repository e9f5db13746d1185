"""Agreement of characters between a phrase and what is known of each class."""

from math import log

import numpy as np
import pytest

from indexer.annotate.industry_terms import IndustryTerm
from indexer.annotate.industry_words import ClassWords, members_of, share

NAMES = ["锂离子电池制造", "光学玻璃制造", "稻谷种植"]


def test_agreement_is_highest_for_the_class_that_shares_most() -> None:
    scores = ClassWords(NAMES, [(), (), ()]).agreement("超白光学玻璃")
    assert scores.argmax() == 1
    assert scores.dtype == np.float32


def test_agreement_with_nothing_shared_is_zero() -> None:
    assert not ClassWords(NAMES, [(), (), ()]).agreement("XYZ").any()


def test_agreement_of_empty_phrase_is_zero() -> None:
    assert not ClassWords(NAMES, [(), (), ()]).agreement("").any()


def test_agreement_learns_from_terms_of_the_class() -> None:
    with_term = ClassWords(NAMES, [[("隔膜", 1.0)], (), ()])
    assert with_term.agreement("涂覆隔膜")[0] > 0


def test_agreement_falls_with_unknown_characters() -> None:
    words = ClassWords(NAMES, [(), (), ()])
    assert words.agreement("光学玻璃")[1] > words.agreement("光学玻璃的若干其它问题")[1]


def test_agreement_ignores_case() -> None:
    words = ClassWords(["LED照明制造", "稻谷种植"], [(), ()])
    assert words.agreement("led").tolist() == words.agreement("LED").tolist()


def test_agreement_is_the_formula_over_names_and_terms() -> None:
    known = ClassWords(["甲乙丙丁", "丙丁戊", "己庚"], [(), [("丙丁", 1.0)], [("戊", 1.0)]])
    lengths = [2.0 * 7, 2.0 * 5 + 3, 2.0 * 3 + 1]  # names count twice, terms once
    norms = [1.2 * (0.9 + 0.1 * length / (sum(lengths) / 3)) for length in lengths]
    idf = log(1 + (3 - 2 + 0.5) / 2.5)  # "丙", "丁" and "丙丁" stand in two of three classes
    first, second = (3 * idf * n * 2.2 / (n + norm) for n, norm in ((2, norms[0]), (3, norms[1])))

    scores = known.agreement("丙丁") * (3 * idf)

    assert scores == pytest.approx([first, second, 0.0], rel=1e-6)


def test_members_of_share_a_term_among_its_codes() -> None:
    term = IndustryTerm(text="隔膜", sei=(), gb4754=("C3841", "C2921"), weight=0.5)
    film, battery, other = members_of(["C2921", "C3841", "C1111"], [term])
    assert dict(film)["隔膜"] == pytest.approx(0.3)
    assert dict(battery)["隔膜"] == pytest.approx(0.5)
    assert other == ()


def test_share_never_grows_with_rank() -> None:
    shares = [share(rank) for rank in range(8)]
    assert shares == sorted(shares, reverse=True)
    assert shares[0] == 1.0
