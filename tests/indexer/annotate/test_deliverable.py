"""Kinds of result are found where they are asked for."""

import pytest

from indexer.annotate.deliverable import DeliverableFinder
from models.vocabulary.demand import Deliverable


@pytest.fixture(scope="module")
def finder() -> DeliverableFinder:
    return DeliverableFinder()


def kinds(finder: DeliverableFinder, text: str) -> list[Deliverable]:
    return [finding.deliverable for finding in finder.find_deliverables(text)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("提交专利导航分析报告一份", [Deliverable.REPORT]),
        ("提交报告一份。", [Deliverable.REPORT]),
        ("初稿8月,约3万字", [Deliverable.REPORT]),
        ("8月论证会用,15页左右", [Deliverable.REPORT]),
        ("每家一页纸", [Deliverable.BRIEF]),
        ("十个工作日内出具书面意见", [Deliverable.MEMO]),
        ("提交评议结论", [Deliverable.MEMO]),
        ("一周给结论", [Deliverable.MEMO]),
        ("会前要个说法", [Deliverable.MEMO]),
        ("画一张产业链图", [Deliverable.ATLAS]),
        ("形成创新图谱", [Deliverable.ATLAS]),
        ("附片区图", [Deliverable.ATLAS]),
        ("做成网页看板", [Deliverable.VISUAL]),
        ("实现可视化展示", [Deliverable.VISUAL]),
        ("建设专题数据库", [Deliverable.DB]),
        ("围绕退役电池建一套专利库", [Deliverable.DB]),
        ("附专利清单和检索式", [Deliverable.DATASET]),
        ("给一份按国别分的清单", [Deliverable.LIST]),
        ("筛出50家专利实力强的企业", [Deliverable.LIST]),
        ("推荐20名人才", [Deliverable.LIST]),
        ("列三家供我们去谈", [Deliverable.LIST]),
        ("附技术路线图", [Deliverable.ROADMAP]),
        ("列成三年申请计划", [Deliverable.ROADMAP]),
        ("采购专利检索分析系统一套", [Deliverable.TOOL]),
        ("开通检索平台账号", [Deliverable.TOOL]),
        ("举办4期技能培训", [Deliverable.TRAINING]),
        ("办一期研习班", [Deliverable.TRAINING]),
        ("每月一期动态", [Deliverable.TRACKING]),
        ("每季度盯住这家厂", [Deliverable.TRACKING]),
        ("持续跟踪五家竞争对手", [Deliverable.TRACKING]),
        ("数据按月更新", [Deliverable.TRACKING]),
        ("取得应用证明不少于8份", [Deliverable.PROOF]),
        ("请单位盖章认可", [Deliverable.PROOF]),
        ("提交分析报告、简报和专题数据库", [Deliverable.REPORT, Deliverable.BRIEF, Deliverable.DB]),
    ],
)
def test_result_asked_for_is_found(
    finder: DeliverableFinder, text: str, wanted: list[Deliverable]
) -> None:
    assert kinds(finder, text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "去年我们做了一份专利导航报告",
        "三份报告交付半年没人用",
        "出具审计报告三份",
        "附检测报告",
        "详见工程量清单",
        "列入严重违法失信行为记录名单",
        "登录采购平台报名",
        "按施工图施工",
        "组成工作专班",
        "省里的指导意见",
        "院里意见很大",
        "结构方案已冻结",
        "每两周碰一次头",
        "找一家大学一起做",
        "已选定并购标的(一家芯片公司)",
        "不需要报告",
        "只打分,不做路线图",
        "",
    ],
)
def test_other_mention_is_no_result(finder: DeliverableFinder, text: str) -> None:
    assert kinds(finder, text) == []


def test_each_kind_is_given_once_with_its_first_words(finder: DeliverableFinder) -> None:
    text = "标题\n提交分析报告。分析报告不少于50页。"
    (finding,) = finder.find_deliverables(text)
    evidence = finding.evidence
    assert text[evidence.start : evidence.end] == evidence.text == "分析报告"
    assert evidence.start == text.index("分析报告")


def test_every_word_list_names_a_kind() -> None:
    DeliverableFinder()
