"""The industry tagger finds industries where words speak for them, and only there."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from indexer.annotate.industry import (
    CALIBRATIONS,
    MAX_EVIDENCE,
    MAX_TAGS,
    IndustryTagger,
    class_names,
)
from indexer.annotate.types import Tag
from models.industries import IndustryTable
from models.vocabulary.taxonomy import Scheme

TABLE = IndustryTable.load()
TAGGER = IndustryTagger(TABLE)


def first(scheme: Scheme, tags: Sequence[Tag]) -> str | None:
    return next((tag.code for tag in tags if tag.scheme is scheme), None)


@pytest.mark.parametrize(
    ("title", "body", "sei", "gb4754"),
    [
        pytest.param("IV型储氢瓶出口排查", "碳纤维缠绕层与瓶口阀", "5.2", "C3332", id="hydrogen"),
        pytest.param("光刻胶团队引进", "做成膜树脂和产酸剂", "1.2", "C3985", id="photoresist"),
        pytest.param("谐波减速器柔轮专利", "", "2.1", "C3453", id="reducer"),
        pytest.param("本地钙钛矿电池定位", "叠层光伏组件", "6.3", "C3825", id="perovskite"),
        pytest.param("抗体偶联药物专利组合", "", "4.1", "C2761", id="adc"),
        pytest.param("退役电池回收专利库", "黑粉提锂与梯次利用", "7.3", "C4210", id="recycling"),
        pytest.param("预制菜锁鲜课题", "", None, "C1439", id="ready-meals"),
        pytest.param("日用陶瓷产区对标", "釉料配方", None, "C3074", id="tableware"),
        pytest.param("家具之乡到底排在哪", "智能家具", None, "C2110", id="furniture"),
    ],
)
def test_tag_industries_names_right_code_first(
    title: str, body: str, sei: str | None, gb4754: str
) -> None:
    tags = TAGGER.tag_industries(title, body)
    assert first(Scheme.SEI, tags) == sei
    assert first(Scheme.GB4754, tags) == gb4754


@pytest.mark.parametrize(
    ("title", "body"),
    [
        pytest.param("", "", id="empty"),
        pytest.param("专利导航培训与知识产权咨询服务", "请机构报价,含翻译和会议", id="ip-services"),
        pytest.param("知识产权服务机构入围", "专利代理、商标注册、法律服务", id="ip-agency"),
        pytest.param("导航报告评审", "对照合同逐份打分,给出整改意见", id="review"),
        pytest.param("领导要看", "说说我们区强在哪弱在哪,十月前交", id="no-industry"),
        pytest.param("专利检索软件选型", "计算机软件著作权登记", id="ip-tools"),
    ],
)
def test_tag_industries_without_evidence_stays_silent(title: str, body: str) -> None:
    assert TAGGER.tag_industries(title, body) == ()


def test_tag_industries_evidence_points_into_title_and_body() -> None:
    title, body = "碳化硅功率器件参展", "栅极屏蔽结构与银烧结封装"
    text = f"{title}\n{body}"
    tags = TAGGER.tag_industries(title, body)
    words = {evidence.text for tag in tags for evidence in tag.evidence}
    assert {"碳化硅功率器件", "银烧结封装"} <= words
    for tag in tags:
        assert tag.evidence
        for evidence in tag.evidence:
            assert text[evidence.start : evidence.end] == evidence.text


def test_tag_industries_carries_name_and_version_of_table() -> None:
    for tag in TAGGER.tag_industries("动力电池热管理", ""):
        industry = TABLE.get(tag.scheme, tag.code)
        assert industry is not None
        assert (tag.name, tag.version) == (industry.name, industry.version)


@settings(max_examples=60, deadline=None)
@given(
    title=st.text(max_size=40),
    body=st.lists(
        st.sampled_from(["储氢瓶", "光刻胶", "用于", "玻璃", "不涉及", "。", ",", "AI", "İ", "牛"]),
        max_size=30,
    ).map("".join),
)
def test_tag_industries_any_text_keeps_its_promises(title: str, body: str) -> None:
    text = f"{title}\n{body}"
    tags = TAGGER.tag_industries(title, body)
    for scheme in (Scheme.SEI, Scheme.GB4754):
        found = [tag for tag in tags if tag.scheme is scheme]
        assert len(found) <= MAX_TAGS
        confidences = [tag.confidence for tag in found]
        assert confidences == sorted(confidences, reverse=True)
        assert all(CALIBRATIONS[scheme].at_least <= said <= 1 for said in confidences)
    for tag in tags:
        assert 1 <= len(tag.evidence) <= MAX_EVIDENCE
        assert all(text[e.start : e.end] == e.text for e in tag.evidence)


def test_evidence_grows_with_a_further_term() -> None:
    (before, *_) = TAGGER.evidence(Scheme.SEI, "光伏组件", "")
    (after, *_) = TAGGER.evidence(Scheme.SEI, "光伏组件", "钙钛矿电池")
    assert before.industry.code == after.industry.code == "6.3"
    assert after.mass > before.mass


def test_evidence_in_title_counts_more_than_in_body() -> None:
    codes = [found.industry.code for found in TAGGER.evidence(Scheme.SEI, "光刻胶", "另有疫苗方向")]
    assert codes[:2] == ["1.2", "4.1"]


def test_evidence_shares_add_up_to_one() -> None:
    shares = [found.share for found in TAGGER.evidence(Scheme.GB4754, "光刻胶", "疫苗与无人机")]
    assert sum(shares) == pytest.approx(1.0)


def test_rank_classes_guesses_unknown_product_from_its_characters() -> None:
    codes = [code for code, _ in TAGGER.rank_classes("耐高温微晶防火玻璃板")[:5]]
    assert {"C3042", "C3051"} & set(codes)


def test_rank_classes_ties_go_by_code() -> None:
    ranked = TAGGER.rank_classes("电池")
    assert list(ranked) == sorted(ranked, key=lambda pair: (-pair[1], pair[0]))


class PointingEncoder:
    """Says that every query means one class."""

    fingerprint = "pointing"
    dim = 2

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.tile(np.array([1, 0], dtype=np.float32), (len(texts), 1))

    def encode_documents(
        self, texts: Sequence[str], progress: object = None
    ) -> NDArray[np.float32]:
        return name_vectors_pointing_at("集成电路制造", texts)


def name_vectors_pointing_at(name: str, names: Sequence[str]) -> NDArray[np.float32]:
    return np.array([[1, 0] if found == name else [0, 1] for found in names], dtype=np.float32)


@pytest.mark.parametrize("given_vectors", [True, False], ids=["injected", "encoded-here"])
def test_encoder_lifts_the_class_it_finds_near(given_vectors: bool) -> None:
    names = class_names(TABLE)
    vectors = name_vectors_pointing_at("集成电路制造", names) if given_vectors else None
    tagger = IndustryTagger(TABLE, PointingEncoder(), vectors)
    alone = dict(TAGGER.rank_classes("电源模块"))
    with_encoder = dict(tagger.rank_classes("电源模块"))
    assert with_encoder["C3973"] > alone.get("C3973", 0.0)
    assert with_encoder["C3821"] == pytest.approx(alone["C3821"])


def test_encoder_alone_is_no_evidence() -> None:
    tagger = IndustryTagger(TABLE, PointingEncoder())
    assert tagger.tag_industries("领导要看的材料", "十月前交") == ()


def test_class_names_follow_the_standard_order() -> None:
    classes = TABLE.at_level(Scheme.GB4754, 4)
    assert class_names(TABLE) == [industry.name for industry in classes]
