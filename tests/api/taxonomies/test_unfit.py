"""Demands that fit no code are gathered by the words they share and others do not have."""

from collections import Counter

from api.taxonomies.unfit import UnfitText, group


def texts(*words: str) -> list[UnfitText]:
    return [UnfitText(f"dm_{n}", f"标题{n}", frozenset(w.split())) for n, w in enumerate(words)]


def counted(unfit: list[UnfitText], others: list[str]) -> Counter[str]:
    every = [text.words for text in unfit] + [frozenset(words.split()) for words in others]
    return Counter(word for words in every for word in words)


def test_shared_words_make_a_group_and_usual_ones_do_not() -> None:
    unfit = texts(
        "项目 商标 注册", "项目 商标 续展", "项目 碳排放 核查", "项目 碳排放 报告", "项目 食堂"
    )
    others = ["项目 专利 导航"] * 20

    groups, alone = group(unfit, counted(unfit, others), 25)

    assert {(g.words[0], len(g.members)) for g in groups} == {("商标", 2), ("碳排放", 2)}
    assert [text.id for text in alone] == ["dm_4"]
    assert all("项目" not in g.words for g in groups)


def test_every_demand_stands_in_one_place() -> None:
    unfit = texts("商标 注册", "商标 年费", "年费 代缴", "年费 商标", "其他")
    groups, alone = group(unfit, counted(unfit, ["导航"] * 9), 14)
    placed = [text.id for g in groups for text in g.members] + [text.id for text in alone]
    assert sorted(placed) == sorted(text.id for text in unfit)


def test_same_demands_give_the_same_groups() -> None:
    unfit = texts("商标 注册", "商标 年费", "年费 代缴")
    among = counted(unfit, ["导航"] * 5)
    assert group(unfit, among, 8) == group(list(unfit), dict(reversed(among.items())), 8)


def test_nothing_unfit_gives_no_group() -> None:
    assert group([], {}, 0) == ([], [])


def test_amounts_and_time_limits_name_no_group() -> None:
    unfit = texts("采购 三十件 一年 20万", "代缴 三十件 一年 20万")
    groups, alone = group(unfit, counted(unfit, ["导航"] * 9), 11)
    assert (groups, len(alone)) == ([], 2)
