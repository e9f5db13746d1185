"""The budget is told apart from every other sum."""

import pytest

from indexer.annotate.money import BudgetFinder
from models.vocabulary.demand import BudgetKind

WAN = 1_000_000


@pytest.fixture(scope="module")
def finder() -> BudgetFinder:
    return BudgetFinder()


@pytest.mark.parametrize(
    ("text", "kind", "low", "high"),
    [
        ("预算18万元。", BudgetKind.FIXED, 18, 18),
        ("预算18万以内。", BudgetKind.CEILING, None, 18),
        ("预算不超过18万元。", BudgetKind.CEILING, None, 18),
        ("预算控制在20万内", BudgetKind.CEILING, None, 20),
        ("项目预算28万元", BudgetKind.FIXED, 28, 28),
        ("预算约20万", BudgetKind.FIXED, 20, 20),
        ("预算大约20万左右", BudgetKind.FIXED, 20, 20),
        ("预算30-50万元", BudgetKind.RANGE, 30, 50),
        ("预算30万至50万", BudgetKind.RANGE, 30, 50),
        ("预算在30万到50万之间", BudgetKind.RANGE, 30, 50),
        ("经费60多万", BudgetKind.RANGE, 60, 70),
        ("经费预算五十万元", BudgetKind.FIXED, 50, 50),
        ("合同总价叁拾万圆整", BudgetKind.FIXED, 30, 30),
        ("预算不低于20万元", BudgetKind.RANGE, 20, None),
        ("预算20万元以上", BudgetKind.RANGE, 20, None),
        ("控制价18万元", BudgetKind.CEILING, None, 18),
        ("招标控制价:968000元。", BudgetKind.CEILING, None, 96.8),
        ("最高限价(含税价):633000元", BudgetKind.CEILING, None, 63.3),
        ("最高限价 13.5 万元", BudgetKind.CEILING, None, 13.5),
        ("采购预算(万元): 25.000000", BudgetKind.FIXED, 25, 25),
        ("预算金额(元):300000", BudgetKind.FIXED, 30, 30),
        ("最高限价(万元):12.5", BudgetKind.CEILING, None, 12.5),
        ("预算金额:¥120,000.00", BudgetKind.FIXED, 12, 12),
        ("预算:RMB 80,000", BudgetKind.FIXED, 8, 8),
        ("服务期限\n最高限价\n1\n专利导航服务\n一年\n3.3万元", BudgetKind.CEILING, None, 3.3),
        ("预算不高,八万以内,年底前要定型", BudgetKind.CEILING, None, 8),
        ("费用10万左右,过年前给就行", BudgetKind.FIXED, 10, 10),
        ("园区有30万补贴,想找懂生物药的机构", BudgetKind.FIXED, 30, 30),
        ("我们有25万元经费", BudgetKind.FIXED, 25, 25),
        ("愿意出一半费用(约25万)", BudgetKind.FIXED, 25, 25),
        ("每期预算5万元,共4期,总预算20万元", BudgetKind.FIXED, 20, 20),
        ("预算:报告15万元,数据库25万元,合计40万元", BudgetKind.FIXED, 40, 40),
        ("最高限价:55万元/年,三年总计165万元", BudgetKind.CEILING, None, 165),
        ("预算120万元/2年", BudgetKind.FIXED, 120, 120),
        ("招标控制价:I标段108万元,II标段124万元", BudgetKind.CEILING, None, 232),
        ("子包一:预算金额30万元;子包二:预算金额20万元", BudgetKind.FIXED, 50, 50),
        ("采购总预算50万元。其中标段1预算40万元,标段2预算10万元", BudgetKind.FIXED, 50, 50),
        ("预算金额\n1\n舞台灯光\n120万元\n2\n舞台音响\n140万元\n", BudgetKind.FIXED, 260, 260),
        ("详见第五章,采购总金额40万元。供货满2年或达40万元止", BudgetKind.FIXED, 40, 40),
        ("3年合计525万元预算,第1标段预算200万元,第2标段预算325万元", BudgetKind.FIXED, 525, 525),
        ("采购总金额100万元,共入围2家单位", BudgetKind.FIXED, 100, 100),
        ("注册资本500万元的企业来投,项目预算20万元", BudgetKind.FIXED, 20, 20),
        ("预算20万元,投标保证金4000元", BudgetKind.FIXED, 20, 20),
    ],
)
def test_budget_is_read(
    finder: BudgetFinder, text: str, kind: BudgetKind, low: float | None, high: float | None
) -> None:
    budget = finder.find_budget(text)
    assert budget is not None
    assert budget.kind is kind
    assert budget.min_fen == (None if low is None else round(low * WAN))
    assert budget.max_fen == (None if high is None else round(high * WAN))


@pytest.mark.parametrize(
    "text",
    [
        "公司注册资本5000万元",
        "去年营业收入3.2亿元",
        "投标保证金金额(人民币): 35 000元整",
        "请支付100元系统使用费,招标文件费用500元",
        "财政一次性出3000万元,另配厂房6000平",
        "团队承诺五年税收8000万",
        "总投资12.6亿元,市产投平台出3.5亿元",
        "不如花600万买套成熟齿形",
        "基金二期8亿,水处理预留1.2亿",
        "拟花1800万拿一家企业12%股权",
        "合同额合计4600万",
        "客户要1.5万,自己只有8000小时",
        "作价1.2亿值不值",
        "年薪百万请一位负责人",
        "想拿专利权去质押贷款500万",
        "中标服务费按1.5万元收取",
        "罚款20万元",
        "产值过亿的企业有3家,年产值2亿元",
        "类似业绩合同金额不低于100万元",
        "额度5000万以内,偏早中期",
        "年度预算会上两个组都要六百万",
        "每家补助2万元",
        "售价3000元的产品",
        "单价最高限价:1700元/吨",
        "预算不设死,要快",
        "没有数字的需求",
        "",
    ],
)
def test_other_sum_is_no_budget(finder: BudgetFinder, text: str) -> None:
    assert finder.find_budget(text) is None


@pytest.mark.parametrize(
    "text",
    ["价格面议", "预算面议", "费用协商", "经费待定", "报价可谈", "预算:双方商议", "费用好说"],
)
def test_open_price_is_negotiable_without_sum(finder: BudgetFinder, text: str) -> None:
    budget = finder.find_budget(text)
    assert budget is not None
    assert (budget.kind, budget.min_fen, budget.max_fen) == (BudgetKind.NEGOTIABLE, None, None)


@pytest.mark.parametrize(
    "text",
    [
        "请志愿专家免费答疑",
        "提供公益性问诊",
        "公益咨询服务",
        "请不起机构",
        "没有预算,能不能问两句",
        "不向企业收取费用",
    ],
)
def test_free_help_is_free(finder: BudgetFinder, text: str) -> None:
    budget = finder.find_budget(text)
    assert budget is not None
    assert (budget.kind, budget.min_fen, budget.max_fen) == (BudgetKind.FREE, None, None)


@pytest.mark.parametrize(
    "text", ["请自行免费下载招标文件", "地点待定", "三年免费维护", "时间可协商", "免费停车"]
)
def test_free_or_open_other_things_are_no_budget(finder: BudgetFinder, text: str) -> None:
    assert finder.find_budget(text) is None


def test_sum_goes_before_open_price(finder: BudgetFinder) -> None:
    budget = finder.find_budget("预算20万元,具体价格面议")
    assert budget is not None
    assert budget.kind is BudgetKind.FIXED


def test_evidence_names_the_words(finder: BudgetFinder) -> None:
    text = "氢瓶出口\n希望9月前给清单。预算18万以内。"
    budget = finder.find_budget(text)
    assert budget is not None
    assert budget.evidence.text == "预算18万以内"
    assert text[budget.evidence.start : budget.evidence.end] == budget.evidence.text


def test_reading_stays_linear_on_hostile_digits(finder: BudgetFinder) -> None:
    assert finder.find_budget("预算" + "1 " * 20_000) is None
    assert finder.find_budget("预算" + "9" * 40_000 + "字") is None
