"""Deadlines are read relative to the day the demand is read on."""

from datetime import date

import pytest

from indexer.annotate.deadline import DeadlineFinder

TODAY = date(2026, 4, 10)


@pytest.fixture(scope="module")
def finder() -> DeadlineFinder:
    return DeadlineFinder()


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("2026年9月30日前提交", date(2026, 9, 30)),
        ("2026-09-30前提交", date(2026, 9, 30)),
        ("2026年9月底前完成", date(2026, 9, 30)),
        ("2026 年 9 月底前完成", date(2026, 9, 30)),
        ("希望9月前给一份清单", date(2026, 8, 31)),
        ("9月底前", date(2026, 9, 30)),
        ("九月底前要", date(2026, 9, 30)),
        ("9月中旬前交", date(2026, 9, 20)),
        ("9月上旬前交", date(2026, 9, 10)),
        ("6月20日前交。", date(2026, 6, 20)),
        ("十月二十日前要看到", date(2026, 10, 20)),
        ("3月底前完成", date(2027, 3, 31)),
        ("2月前完成", date(2027, 1, 31)),
        ("4月底前完成", date(2026, 4, 30)),
        ("5月常务会前拿到书面意见", date(2026, 5, 31)),
        ("明年6月递交招股材料前", date(2027, 6, 30)),
        ("明年3月底前", date(2027, 3, 31)),
        ("做到明年3月。", date(2027, 3, 31)),
        ("后年1月底前", date(2028, 1, 31)),
        ("年底前定型", date(2026, 12, 31)),
        ("今年底前", date(2026, 12, 31)),
        ("明年年底前", date(2027, 12, 31)),
        ("2027年底前", date(2027, 12, 31)),
        ("年内取得应用证明", date(2026, 12, 31)),
        ("第三季度末前完成", date(2026, 9, 30)),
        ("三季度完成", date(2026, 9, 30)),
        ("一季度完成", date(2027, 3, 31)),
        ("明年二季度前", date(2027, 3, 31)),
        ("上半年完成", date(2026, 6, 30)),
        ("国庆前给书面意见", date(2026, 9, 30)),
        ("国庆节前", date(2026, 9, 30)),
        ("元旦前", date(2026, 12, 31)),
        ("五一前", date(2026, 4, 30)),
        ("春节前", date(2027, 2, 5)),
        ("过年前给就行", date(2027, 2, 5)),
        ("中秋节前", date(2026, 9, 24)),
        ("端午前", date(2026, 6, 18)),
        ("月底前报送", date(2026, 4, 30)),
        ("本月底前", date(2026, 4, 30)),
        ("下月底前", date(2026, 5, 31)),
        ("下个月5号前", date(2026, 5, 5)),
        ("下周五前给", date(2026, 4, 17)),
        ("本周日前", date(2026, 4, 12)),
        ("10月底交", date(2026, 10, 31)),
        ("7月联席会要用", date(2026, 7, 31)),
        ("8月论证会用", date(2026, 8, 31)),
        ("截止时间:2026年8月1日", date(2026, 8, 1)),
        ("最迟7月15日", date(2026, 7, 15)),
        ("2028年2月底前完成", date(2028, 2, 29)),
    ],
)
def test_deadline_is_the_last_day_allowed(finder: DeadlineFinder, text: str, due: date) -> None:
    deadline = finder.find_deadline(text, TODAY)
    assert deadline is not None
    assert deadline.due == due


@pytest.mark.parametrize(
    "text",
    [
        "2019年6月底前完成",
        "2035年6月底前完成",
        "2026年2月30日前完成",
        "2026年13月前完成",
        "2021年我们委托做过一本",
        "措施出台前后各三年",
        "2026年5月起实施",
        "自2026年9月以来",
        "发布日期:2026年5月1日",
        "去年底拿到型式认证",
        "今年三季度给欧洲送样",
        "请于2026年5月8日09时00分至2026年5月12日报名",
        "投标截止时间:2026年5月16日",
        "保证金于2026年5月16日前到账",
        "三年内维护",
        "实施后一年内提供服务",
        "三年前那本报告",
        "请避开12月考核期",
        "第3条第4款",
        "4.2万平方米",
        "",
    ],
)
def test_other_date_is_no_deadline(finder: DeadlineFinder, text: str) -> None:
    assert finder.find_deadline(text, TODAY) is None


def test_final_result_goes_before_the_draft(finder: DeadlineFinder) -> None:
    deadline = finder.find_deadline("6月底前交初稿,8月底前交终稿", TODAY)
    assert deadline is not None
    assert deadline.due == date(2026, 8, 31)


def test_same_words_move_with_the_day(finder: DeadlineFinder) -> None:
    before = finder.find_deadline("9月底前", date(2026, 9, 30))
    after = finder.find_deadline("9月底前", date(2026, 10, 1))
    assert before is not None
    assert after is not None
    assert (before.due, after.due) == (date(2026, 9, 30), date(2027, 9, 30))


def test_leap_day_has_a_last_day_next_year(finder: DeadlineFinder) -> None:
    deadline = finder.find_deadline("2月底前", date(2028, 3, 1))
    assert deadline is not None
    assert deadline.due == date(2029, 2, 28)


def test_holiday_beyond_the_table_is_unknown(finder: DeadlineFinder) -> None:
    assert finder.find_deadline("春节前", date(2041, 1, 1)) is None


def test_december_counts_into_the_next_year(finder: DeadlineFinder) -> None:
    deadline = finder.find_deadline("下月底前", date(2026, 12, 5))
    assert deadline is not None
    assert deadline.due == date(2027, 1, 31)


def test_evidence_names_the_words(finder: DeadlineFinder) -> None:
    text = "标题\n希望9月前给清单"
    deadline = finder.find_deadline(text, TODAY)
    assert deadline is not None
    assert deadline.evidence.text == "9月前"
    assert text[deadline.evidence.start : deadline.evidence.end] == "9月前"
