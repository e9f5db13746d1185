"""Spellings of places are found longest first, with how much they prove."""

from itertools import pairwise

import pytest

from indexer.annotate.gazetteer import Gazetteer, NameUse
from models.regions import RegionTable


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer(RegionTable.load())


@pytest.mark.parametrize(
    ("text", "codes", "use"),
    [
        ("苏州市", ("320500",), NameUse.NAME),
        ("苏州", ("320500",), NameUse.SHORT),
        ("吉林", ("220000",), NameUse.SHORT),
        ("昆山", ("320583",), NameUse.TOWN),
        ("南康", ("360703",), NameUse.PART),
        ("开封", ("410200",), NameUse.WEAK),
        ("东湖高新区", ("420100",), NameUse.ZONE),
        ("长三角", ("M:YRD",), NameUse.MACRO),
        ("苏浙", ("320000", "330000"), NameUse.GROUP),
        ("朝阳区", ("110105", "220104"), NameUse.NAME),
        ("苏州市场", ("320500",), NameUse.SHORT),
    ],
)
def test_spelling_has_its_readings(
    gazetteer: Gazetteer, text: str, codes: tuple[str, ...], use: NameUse
) -> None:
    (mention,) = gazetteer.mentions(text)
    assert (mention.codes, mention.use) == (codes, use)


@pytest.mark.parametrize(
    "text", ["南京路88号", "苏州大街", "黄山村", "丹东街道", "新建区域", "大理石", "合作市场"]
)
def test_streets_villages_and_look_alikes_are_left_out(gazetteer: Gazetteer, text: str) -> None:
    assert [m for m in gazetteer.mentions(text) if m.use is not NameUse.WEAK] == []


def test_mentions_do_not_overlap(gazetteer: Gazetteer) -> None:
    mentions = list(gazetteer.mentions("江苏省苏州市工业园区与上海浦东张江"))
    assert all(first.end <= second.start for first, second in pairwise(mentions))
