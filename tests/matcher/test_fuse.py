"""Reciprocal rank fusion joins rankings whose scores do not compare."""

from matcher.fuse import RRF_K, fuse


def test_row_found_by_both_comes_before_rows_found_once() -> None:
    assert fuse([["g", "a"], ["b", "a"]]) == ["a", "b", "g"]


def test_ties_are_broken_by_key() -> None:
    assert fuse([["z"], ["x"], ["y"]]) == ["x", "y", "z"]


def test_lower_constant_favours_the_first_place() -> None:
    rankings = [["a", *"klm"], ["b", *"xyz", "m"]]
    assert fuse(rankings, k=RRF_K)[0] == "m"
    assert fuse(rankings, k=0)[:2] == ["a", "b"]


def test_nothing_found_fuses_to_nothing() -> None:
    assert fuse([]) == []
    assert fuse([[], []]) == []
