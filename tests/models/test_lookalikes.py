import pytest

from models.lookalikes import names_same, skeleton

NAME = "苏州Patent知识产权咨询有限公司"


@pytest.mark.parametrize(
    "other",
    [
        "苏州Раtеnt知识产权咨询有限公司",
        "苏州ＰＡＴＥＮＴ知识产权咨询有限公司",
        "苏州 patent 知识产权咨询有限公司",
        "苏州Pa\u200btent知识产权咨询有限公司",
        "苏州𝐏𝐚𝐭𝐞𝐧𝐭知识产权咨询有限公司",
        "苏州Pаtent知识产权咨询有限公司",
    ],
)
def test_skeleton_is_the_same_for_names_that_look_alike(other: str) -> None:
    assert skeleton(other) == skeleton(NAME)


@pytest.mark.parametrize(
    "other",
    [
        "苏州Patents知识产权咨询有限公司",
        "苏州知识产权咨询有限公司",
        "无锡Patent知识产权咨询有限公司",
    ],
)
def test_skeleton_tells_other_names_apart(other: str) -> None:
    assert skeleton(other) != skeleton(NAME)


@pytest.mark.parametrize(
    ("first", "second", "is_same"),
    [
        ("ＡＢＣ（苏州）公司", "abc(苏州)公司", True),
        ("甲公司 ", "甲公司", True),
        ("АВС公司", "ABC公司", False),
        ("甲公司", "乙公司", False),
    ],
)
def test_names_are_the_same_but_for_width_and_case(first: str, second: str, is_same: bool) -> None:
    assert names_same(first, second) is is_same


def test_characters_that_are_often_in_names_stay_apart() -> None:
    words = ["土木", "工程", "口腔", "一二三", "力学", "卜", "八达", "民生"]
    assert len({skeleton(word) for word in words}) == len(words)
