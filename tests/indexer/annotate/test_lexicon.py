"""Word lists are found longest first and hold no word twice."""

import pytest

from indexer.annotate.lexicon import Cue, Lexicon, load_table


def test_longest_word_wins_where_two_overlap() -> None:
    lexicon = Lexicon({"fee": ["费用"], "other": ["招标文件费用"]})
    assert list(lexicon.find("招标文件费用与服务费用")) == [Cue(0, 6, "other"), Cue(9, 11, "fee")]


def test_word_in_two_lists_is_refused() -> None:
    with pytest.raises(ValueError, match="重复的词：费用"):
        Lexicon({"a": ["费用"], "b": ["费用"]})


def test_offsets_count_code_points() -> None:
    (cue,) = Lexicon({"a": ["预算"]}).find("𠮷预算")
    assert (cue.start, cue.end) == (1, 3)


@pytest.mark.parametrize(
    "file_name",
    [
        "applications.toml",
        "audiences.toml",
        "budget.toml",
        "completeness.toml",
        "deliverables.toml",
        "holidays.toml",
        "requirements.toml",
        "vague.toml",
    ],
)
def test_data_files_are_shipped_and_readable(file_name: str) -> None:
    assert load_table(file_name)
