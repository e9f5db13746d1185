"""The comparison itself: every kind of loss is seen."""

import pytest

from tests.faults.oracle import Content, Oracle, Stored

FIRST = Content("标题", "正文", "draft", deleted=False)
SECOND = FIRST._replace(text="改过的正文")
GONE = FIRST._replace(deleted=True)


def told(content: Content = FIRST, version: int = 1) -> Oracle:
    """An oracle whose one client was told that its row is like this."""
    oracle = Oracle()
    row = oracle.begin("k", "demand", FIRST)
    oracle.acknowledged(row, content, {"id": "dm_1", "version": version})
    return oracle


def compare(oracle: Oracle, *stored: Content, version: int = 1) -> list[str]:
    rows = dict.fromkeys("k" * len(stored), Stored("dm_1", version, stored[0])) if stored else {}
    return oracle.compare(rows, [content.title for content in stored])


def test_row_as_told_is_no_difference() -> None:
    assert compare(told(), FIRST) == []


@pytest.mark.parametrize(
    ("oracle", "stored"),
    [(told(), []), (told(SECOND), [FIRST]), (told(GONE), [FIRST]), (told(), [GONE])],
    ids=["lost", "older", "deletion lost", "deleted"],
)
def test_row_that_is_not_as_told_is_a_difference(oracle: Oracle, stored: list[Content]) -> None:
    assert len(compare(oracle, *stored)) == 1


def test_older_version_is_a_difference() -> None:
    assert len(compare(told(version=2), FIRST, version=1)) == 1


def test_row_under_another_key_is_a_difference() -> None:
    assert len(told().compare({"k": Stored("dm_2", 1, FIRST)}, [])) == 1


def test_row_nobody_wrote_is_a_phantom() -> None:
    (found,) = Oracle().compare({"x": Stored("dm_1", 1, FIRST)}, [])
    assert "phantom" in found


def test_title_that_is_there_twice_is_a_duplicate() -> None:
    (found,) = told().compare({"k": Stored("dm_1", 1, FIRST)}, ["标题", "标题"])
    assert "duplicate" in found


@pytest.mark.parametrize("stored", [[FIRST], [SECOND]], ids=["before", "after"])
def test_change_nobody_answered_may_be_there_or_not(stored: list[Content]) -> None:
    oracle = told()
    oracle.unknown(oracle.rows["k"], FIRST, SECOND)
    assert compare(oracle, *stored) == []
    assert oracle.rows["k"].content == stored[0]


def test_change_nobody_answered_is_one_of_the_two() -> None:
    oracle = told()
    oracle.unknown(oracle.rows["k"], FIRST, SECOND)
    assert len(compare(oracle, GONE)) == 1


def test_fault_a_client_met_is_a_difference() -> None:
    oracle = told()
    oracle.fault("answered 500")
    assert compare(oracle, FIRST) == ["answered 500"]
    assert compare(oracle, FIRST) == []
