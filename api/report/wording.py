"""The fixed sentences of a report."""

import re
from typing import Final

from api.kept_versions import SHIPPED
from matcher.bands import FAIR_PERCENTILE, GOOD_PERCENTILE, STRONG_PERCENTILE
from models.vocabulary.demand import RequirementStrength
from models.vocabulary.matching import Band, RuleOutcome

TITLE: Final = "专利导航需求匹配报告"
NOTICE: Final = (
    "本报告供会议讨论。名次由程序按登记的资料排出，只是推荐，不是评审结论，"
    "不构成对任何机构的选定、授予或承诺；选定服务机构应按规定的方式和程序进行。"
)
DEGRADED: Final = "出具时数据库暂时不可用，结果可能缺最近的改动，请稍后重新出具。"
RESTRICTED: Final = "本需求的公开程度为“{label}”，请按此范围保管和分发。"

OUTCOMES: Final = {
    RuleOutcome.MET: "满足",
    RuleOutcome.UNMET: "不满足",
    RuleOutcome.UNKNOWN: "待核实",
}
STRENGTHS: Final = {RequirementStrength.MUST: "必须", RequirementStrength.PREFER: "优先"}


def _one_in(percentile: float) -> str:
    """Return how rare a score above a percentile is."""
    return f"同一库中约每 {round(100 / (100 - percentile))} 对随机配对才有一对达到"


BANDS: Final = (
    (Band.STRONG, _one_in(STRONG_PERCENTILE)),
    (Band.GOOD, _one_in(GOOD_PERCENTILE)),
    (Band.FAIR, _one_in(FAIR_PERCENTILE)),
    (Band.WEAK, "不比随机配对更像"),
)
READING: Final = (
    "档位说明需求与机构登记的能力有多像，是与同一库中的随机配对比出来的：不是百分比，也不是成功率。",
    "同一档内，必须满足的条件有待核实的排在后面，所以次序不只看相像的程度。",
    "待核实是没有登记或登记的不足以判断，既不是满足，也不是不满足，应向机构核实。",
    "“资料”一栏是有据可依的各项所占的分量：九成以上为较全，不足六成为较少；较少的，档位宜打折扣。",
)
DISCLAIMERS: Final = (
    "推荐不是授予。本报告不代替招标、磋商、询价、比选等程序，也不代替尽职调查。",
    "机构的资料除注明已核验的外，由机构自行填报；本报告没有另行核实。",
    "只比较了出具人看得到、出具时在服务状态的机构和能力；资料改动后，名次可能不同。",
    "本报告不含联系人和联系方式；正文中的电话、邮箱和证件号码已遮盖。",
    "凭上面的排名记录编号，可以在系统中查到当时的依据，并重新排一次名核对。",
)
NO_GAPS: Final = "按登记的资料没有发现；没有发现不等于没有。"
NOTHING_EXCLUDED: Final = "没有机构因必须满足的条件不满足而被排除。"
EXCLUDED: Final = (
    "比较过的机构中，有 {n} 家因必须满足的条件不满足而没有列入；不满足几条的，各条都列。"
    "名称按相像的程度先后排列。登记有误的，机构改正后可重新出具。"
)
WEAK_LEFT_OUT: Final = "另有 {n} 家只到“弱”，不算推荐，没有列出。"
TO_CHECK: Final = (
    "下列资格条件没有登记或登记的不足以判断，建议会前或会上核实，把结果填在右栏。"
    "资料上待核实的其他事项，见第四部分各机构名下。"
)
NOTHING_TO_CHECK: Final = (
    "列出的机构没有待核实的资格条件；资料上待核实的事项，见第四部分各机构名下。"
)
SIGNATURES: Final = ("主持人", "记录人", "需求单位代表", "服务基地代表", "日期")

_TAXONOMY: Final = re.compile(r"draft-(\d+)(?:\+(\d+))?")


def ranker_said(version: str) -> str:
    """Return by which rules was ranked, for people."""
    return "随程序提供" if version == SHIPPED else f"本平台训练，编号 {version}"


def taxonomy_said(version: str) -> str:
    """Return which version of the scenarios was in force, for people."""
    found = _TAXONOMY.fullmatch(version)
    if found is None:
        return version
    changed = f"，本平台其后修改 {found[2]} 次" if found[2] else ""
    return f"第 {found[1]} 版草案{changed}"
