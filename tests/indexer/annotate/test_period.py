"""The duration of the work is told apart from every other length of time."""

import pytest

from indexer.annotate.period import PeriodFinder


@pytest.fixture(scope="module")
def finder() -> PeriodFinder:
    return PeriodFinder()


@pytest.mark.parametrize(
    ("text", "min_days", "max_days"),
    [
        ("工期:60日历天", 60, 60),
        ("计划工期: 60 日历天 。", 60, 60),
        ("服务期限:一年", 365, 365),
        ("服务期为三年,合同一年一签", 1095, 1095),
        ("合同期2年", 730, 730),
        ("项目周期3个月", 90, 90),
        ("周期约2-3个月", 60, 90),
        ("周期3至6个月", 90, 180),
        ("周期一个半月", 45, 45),
        ("周期一年半", 547, 547),
        ("周期半年", 182, 182),
        ("服务期18个月", 540, 540),
        ("合同签订后90天内提交报告", None, 90),
        ("合同签订之日起45日历天内完成", None, 45),
        ("自合同生效之日起30日内", None, 30),
        ("自报告交付之日起十二个月内,每两个月修订一次", None, 360),
        ("三个月内交付报告", None, 90),
        ("两周内给结论", None, 14),
        ("三周内交。", None, 21),
        ("一周给结论", 7, 7),
        ("一个月内。", None, 30),
        ("十五个工作日内提交评议结论", None, 21),
        ("15个工作日内出具书面意见", None, 21),
        ("五天内给一份书面的", None, 5),
        ("四周内完成", None, 28),
        ("预计4个月,每两周碰一次头", 120, 120),
        ("驻厂三个月,逐人访谈", 90, 90),
        ("派人驻场两个月", 60, 60),
        ("想找人蹲点三个月", 90, 90),
        ("陪跑两年:每月送来动向", 730, 730),
        ("先签一年,写得好再续", 365, 365),
        ("为期6个月", 180, 180),
        ("服务期与课题周期一致,共18个月", 540, 540),
        ("服务期限\n预算\n1\n专利导航服务\n一年\n(自合同签订之日起)", 365, 365),
        ("分析人员须有3年以上经验,合同签订后60天内完成", None, 60),
        ("近五年专利,两个月内完成", None, 60),
        ("请在两个季度内完成", None, 180),
    ],
)
def test_duration_of_the_work_is_read(
    finder: PeriodFinder, text: str, min_days: int | None, max_days: int
) -> None:
    period = finder.find_period(text)
    assert period is not None
    assert (period.min_days, period.max_days) == (min_days, max_days)


@pytest.mark.parametrize(
    "text",
    [
        "分析近五年专利",
        "近三年无处罚记录",
        "质保三年",
        "质保期36个月",
        "验收后运维两年",
        "三年维护,免费重新标引",
        "三年内由承建单位维护",
        "成立十周年",
        "高新区成立十年",
        "须有3年以上相关经验",
        "从业满五年",
        "五年以上撰写经验",
        "编制未来三年行动方案",
        "往后三年的具体做法",
        "三年行动方案",
        "3年内无重大违法记录",
        "维持十年以上专利的占比",
        "去年交货期已拖到十四个月",
        "七年攒了112件",
        "两条产线停了11天",
        "可冷藏28天",
        "到期前60天提醒",
        "试用一个月",
        "自己再啃还得两年",
        "团队承诺五年税收",
        "今年三季度送样",
        "下半年出题",
        "2026年3月",
        "3月",
        "第3天",
        "每两个月一期",
        "合同期20年",
        "一份交底书三天内给回话",
        "投标有效期90天",
        "",
    ],
)
def test_other_length_of_time_is_no_period(finder: PeriodFinder, text: str) -> None:
    assert finder.find_period(text) is None


def test_plainest_duration_wins_over_an_earlier_one(finder: PeriodFinder) -> None:
    period = finder.find_period("两周内给初步结论。服务期限:6个月。")
    assert period is not None
    assert period.max_days == 180


def test_evidence_points_at_the_words(finder: PeriodFinder) -> None:
    text = "氢瓶\n合同签订后90天内提交。"
    period = finder.find_period(text)
    assert period is not None
    assert period.evidence.text == "90天内"
    assert text[period.evidence.start : period.evidence.end] == "90天内"


def test_reading_stays_linear_on_hostile_numerals(finder: PeriodFinder) -> None:
    assert finder.find_period("一" * 30_000) is None
    assert finder.find_period("1-" * 20_000) is None
