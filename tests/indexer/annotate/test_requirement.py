"""Conditions on the provider are read with their strength and value."""

import pytest

from indexer.annotate.region import RegionTagger
from indexer.annotate.requirement import RequirementFinder, asked_heads
from models.regions import RegionTable
from models.vocabulary.demand import RequirementKind as K
from models.vocabulary.demand import RequirementStrength as S


@pytest.fixture(scope="module")
def finder() -> RequirementFinder:
    return RequirementFinder()


@pytest.mark.parametrize(
    ("text", "kind", "value", "strength"),
    [
        ("分析人员须有3年以上相关经验", K.ANALYST_YEARS, 3, S.MUST),
        ("分析人员具备五年以上专利分析经验", K.ANALYST_YEARS, 5, S.MUST),
        ("从业满三年", K.ANALYST_YEARS, 3, S.MUST),
        ("具有3年及以上专利导航工作经历者优先", K.ANALYST_YEARS, 3, S.PREFER),
        ("项目组不少于5人", K.STAFF_COUNT, 5, S.MUST),
        ("专职分析人员5人以上", K.STAFF_COUNT, 5, S.MUST),
        ("至少三名分析师", K.STAFF_COUNT, 3, S.MUST),
        ("三年以上侵权风险分析人员不少于两名", K.ANALYST_YEARS, 3, S.MUST),
        ("3年以上专利稳定性分析师2名以上", K.ANALYST_YEARS, 3, S.MUST),
        ("须具备同类项目业绩两项", K.SIMILAR_CASES, 2, S.MUST),
        ("完成过不少于3个类似导航项目", K.SIMILAR_CASES, 3, S.MUST),
        ("最好做过三家以上过会企业的来谈", K.SIMILAR_CASES, 3, S.PREFER),
        ("具有类似项目经验", K.SIMILAR_CASES, None, S.MUST),
        ("须为国家专利导航工程支撑服务机构", K.CREDENTIAL, "national_support_institution", S.MUST),
        ("配备专利代理师", K.CREDENTIAL, "agency_licence", S.MUST),
        ("星级机构优先", K.CREDENTIAL, "star_grade", S.PREFER),
        ("要求信用等级A级以上", K.CREDENTIAL, "credit_grade", S.MUST),
        ("通过ISO27001认证的优先", K.CREDENTIAL, "iso", S.PREFER),
        ("须具备保密资质", K.CREDENTIAL, "secrecy", S.MUST),
        ("若有律师联署更好", K.CREDENTIAL, "other", S.PREFER),
        ("具备incoPat数据源", K.DATA, "incoPat", S.MUST),
        ("须能使用智慧芽", K.DATA, "智慧芽", S.MUST),
        ("须通过等保二级", K.TOOL, "等保二级", S.MUST),
        ("要求私有化部署", K.TOOL, "私有化部署", S.MUST),
        ("中文报告附英文意见摘要", K.LANGUAGE, "en", S.MUST),
        ("出具中英文结论", K.LANGUAGE, "en", S.MUST),
        ("能读日文专利的优先", K.LANGUAGE, "ja", S.PREFER),
        ("须签保密协议", K.SECRECY, None, S.MUST),
        ("名单请保密", K.SECRECY, None, S.MUST),
        ("本地机构优先", K.REGION, "same_city", S.PREFER),
        ("须为省内服务机构", K.REGION, "same_province", S.MUST),
        ("请派人驻场两个月", K.OTHER, "onsite", S.MUST),
        ("想找懂生物药的机构", K.OTHER, "expertise", S.MUST),
        ("报告不少于3份并须签保密协议", K.SECRECY, None, S.MUST),
        ("不要求驻点但须签保密协议", K.SECRECY, None, S.MUST),
        ("数据须脱敏后提供", K.SECRECY, None, S.MUST),
        ("已取得专利代理资质的机构", K.CREDENTIAL, "agency_licence", S.MUST),
        ("已有incoPat账号者优先", K.DATA, "incoPat", S.PREFER),
        ("成果不得外传", K.SECRECY, None, S.MUST),
        ("请中立机构看看", K.OTHER, "neutral", S.MUST),
    ],
)
def test_condition_is_read(
    finder: RequirementFinder, text: str, kind: K, value: str | int | None, strength: S
) -> None:
    (requirement,) = finder.find_requirements(text)
    assert (requirement.kind, requirement.value) == (kind, value)
    assert requirement.strength is strength
    assert requirement.text == text


@pytest.mark.parametrize(
    "text",
    [
        "分析近五年专利",
        "维持十年以上专利的占比",
        "拟收一家人数50到150的公司",
        "推荐20名人才",
        "将说明书译为英文、日文",
        "公司英文名的域名被抢注",
        "教师抱怨语义检索不准、导出字段少、俄文查不到",
        "会员做过的几十个导航项目",
        "缺一位懂拓扑的负责人",
        "本地产业偏弱",
        "本项目不涉密",
        "不需要驻场",
        "不驻场",
        "驻场不作要求",
        "不要求提供英文报告",
        "无需具备专利代理资质",
        "不要求团队5人以上",
        "已签订保密协议,本次不再签",
        "已与贵方签订保密协议",
        "数据脱敏后提供",
        "专利布局报告",
        "",
    ],
)
def test_other_clause_is_no_condition(finder: RequirementFinder, text: str) -> None:
    assert finder.find_requirements(text) == ()


def test_place_named_in_the_clause_becomes_the_value(finder: RequirementFinder) -> None:
    text = "须在苏州设有分支机构"
    regions = RegionTagger(RegionTable.load()).find_regions(text)
    (requirement,) = finder.find_requirements(text, regions)
    assert (requirement.kind, requirement.value) == (K.REGION, "320500")


def test_conditions_stand_in_order_and_once(finder: RequirementFinder) -> None:
    text = "题\n须签保密协议。分析人员须有3年以上经验。成果须保密。"
    found = finder.find_requirements(text)
    assert [requirement.kind for requirement in found] == [K.SECRECY, K.ANALYST_YEARS]
    assert all(text[r.evidence.start : r.evidence.end] == r.evidence.text for r in found)


def test_wish_in_another_clause_leaves_a_must(finder: RequirementFinder) -> None:
    text = "分析人员须有3年以上经验,本地机构优先"
    strengths = {r.kind: r.strength for r in finder.find_requirements(text)}
    assert strengths == {K.ANALYST_YEARS: S.MUST, K.REGION: S.PREFER}


@pytest.mark.parametrize(
    "text", ["三年以上侵权风险分析人员不少于两名", "配备分析人员不少于2名，均有3年以上经验"]
)
def test_people_of_years_are_not_all_the_staff(finder: RequirementFinder, text: str) -> None:
    counted = [r.value for r in finder.find_requirements(text) if r.kind == K.STAFF_COUNT]
    assert counted == ([] if "，" not in text else [2])


@pytest.mark.parametrize(
    ("clause", "heads"),
    [
        ("三年以上侵权风险分析人员不少于两名", 2),
        ("3年以上专利稳定性分析师3名以上", 3),
        ("分析人员须有3年以上相关经验", 1),
    ],
)
def test_heads_a_clause_asks_for(clause: str, heads: int) -> None:
    assert asked_heads(clause) == heads
