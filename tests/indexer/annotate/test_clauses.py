"""Sentences and clauses have the right ends."""

from indexer.annotate.clauses import REACH, Clauses

TEXT = "标题\n预算18万,越快越好。三周内交;谢谢"


def test_sentence_ends_at_its_mark() -> None:
    assert Clauses(TEXT).sentence_text(TEXT.index("18")) == "预算18万,越快越好"


def test_clause_ends_at_a_comma() -> None:
    start, end = Clauses(TEXT).clause(TEXT.index("越快"))
    assert TEXT[start:end] == "越快越好"


def test_last_sentence_runs_to_the_end() -> None:
    assert Clauses(TEXT).sentence_text(len(TEXT) - 1) == "谢谢"


def test_empty_text_has_one_empty_sentence() -> None:
    assert Clauses("").sentence(0) == (0, 0)


def test_long_sentence_is_cut_around_the_position() -> None:
    start, end = Clauses("字" * 1000).sentence(500)
    assert (start, end) == (500 - REACH, 500 + REACH)
