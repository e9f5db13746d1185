"""What each eligibility rule asks, for people: the catalogue behind `check.py`."""

from dataclasses import dataclass
from typing import Final

from models.vocabulary.demand import RequirementKind


@dataclass(frozen=True, slots=True)
class RuleDescription:
    """An eligibility rule, described.

    Attributes:
        rule_id: Stable name, in `rules` of every match.
        title: What it asks, in Chinese.
        description: When it applies and when it is met, unmet or unknown, in Chinese.
    """

    rule_id: str
    title: str
    description: str


RULES: Final = (
    RuleDescription(
        "standard.39551_4.4_2",
        "分析人员应有 3 年以上专利稳定性和侵权风险分析经验",
        "依据 GB/T 39551.4-2020 第 4.2 条，适用于投资并购对象评估、企业上市准备、技术引进、"
        "企业产品开发四个场景。机构填报至少 1 名为满足，填报 0 名为不满足，没有填报为待核实。",
    ),
    RuleDescription(
        "demand.service_region",
        "服务地域",
        "需求限定了服务机构的远近时适用。登记的服务区域或所在地符合为满足；都登记了而都不符合为"
        "不满足；没有登记或登记得不够具体为待核实。",
    ),
    RuleDescription(
        f"demand.{RequirementKind.CREDENTIAL}",
        "资质",
        "登记了该类资质且未过期为满足；登记的都已过期，或星级低于要求，为不满足；没有登记、没有写明"
        "星级或标准号，以及未归类而名称对不上的资质，为待核实。",
    ),
    RuleDescription(
        f"demand.{RequirementKind.STAFF_COUNT}",
        "团队人数",
        "填报的团队人数达到要求为满足，不足为不满足，没有填报为待核实；只填报部分岗位的，合计达到"
        "要求为满足，不足为待核实。",
    ),
    RuleDescription(
        f"demand.{RequirementKind.ANALYST_YEARS}",
        "分析人员年限",
        "要求 3 年以内的，填报有 3 年以上经验的分析人员为满足；要求稳定性或侵权分析经验正好"
        " 3 年而填报为 0 为不满足；要求超过 3 年、其他情形填报为 0，或没有填报，为待核实。",
    ),
    RuleDescription(
        f"demand.{RequirementKind.SIMILAR_CASES}",
        "同类案例",
        "平台登记的同场景案例达到要求为满足；登记的不足不等于没有，为待核实。",
    ),
    RuleDescription(
        f"demand.{RequirementKind.REGION}",
        "所在地",
        "机构所在地在要求的地区为满足；不在时是否有驻点不明，为待核实。",
    ),
    RuleDescription(
        f"demand.{RequirementKind.DATA}",
        "数据资源",
        "登记的数据资源中有要求的一项为满足，没有见到为待核实。",
    ),
    RuleDescription(
        f"demand.{RequirementKind.TOOL}",
        "工具",
        "登记的工具中有要求的一项为满足，没有见到为待核实。",
    ),
    RuleDescription(
        f"demand.{RequirementKind.LANGUAGE}",
        "工作语言",
        "登记的工作语言含要求的语言为满足，不含为不满足，没有登记为待核实。",
    ),
    RuleDescription(
        f"demand.{RequirementKind.SECRECY}",
        "保密",
        "登记可作出保密承诺为满足，登记不能为不满足，没有登记为待核实。",
    ),
    RuleDescription(
        f"demand.{RequirementKind.OTHER}",
        "其他要求",
        "无法由登记信息判断，一律为待核实。",
    ),
)
"""Every rule; unmet rules that must hold exclude, unknown ones cost places among equals."""
