"""Which facts of a demand are there, from its text or from fields a person filled."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from indexer.annotate.types import (
    ApplicationFinding,
    AudienceFinding,
    Budget,
    Deadline,
    DeliverableFinding,
    Period,
    Requirement,
    Tag,
)
from models.vocabulary.demand import ApplicationForm, Audience, Deliverable

SURE_ENOUGH: Final = 0.5
"""Confidence from which a region or decision maker counts as known."""


class FactName(StrEnum):
    """Facts every demand should hold, named like the fields of a demand."""

    DECISION_QUESTION = "decision_question"
    INDUSTRY = "industry"
    DELIVERABLES = "deliverables"
    BUDGET = "budget"
    PERIOD = "period"
    REGION = "region"
    APPLICATION_FORM = "application_form"
    REQUIREMENTS = "requirements"


@dataclass(frozen=True, slots=True)
class KnownFacts:
    """What structured fields already say; it need not stand in the text again.

    Attributes:
        region_code: Code of the region.
        audience: Who decides.
        decision_question: What is to be decided.
        has_budget: Whether a budget, or that it is open or free, is given.
        has_period: Whether a duration or a day is given.
        has_industry: Whether an industry or technology is given.
        has_requirements: Whether conditions on the provider are given.
        deliverables: Results asked for.
        application_forms: How the result will be used.
        scenario_code: Main scenario a person chose; it decides which questions are asked.
    """

    region_code: str | None = None
    audience: Audience | None = None
    decision_question: str | None = None
    has_budget: bool = False
    has_period: bool = False
    has_industry: bool = False
    has_requirements: bool = False
    deliverables: tuple[Deliverable, ...] = ()
    application_forms: tuple[ApplicationForm, ...] = ()
    scenario_code: str | None = None


@dataclass(frozen=True, slots=True)
class Findings:
    """What the annotators found in one text, as far as it bears on completeness."""

    industries: tuple[Tag, ...]
    regions: tuple[Tag, ...]
    budget: Budget | None
    period: Period | None
    deadline: Deadline | None
    deliverables: tuple[DeliverableFinding, ...]
    applications: tuple[ApplicationFinding, ...]
    audience: AudienceFinding | None
    requirements: tuple[Requirement, ...]
    any_industry: bool


_DECIDES = re.compile(
    r"(?:供|为|作为|用于|用来|以便|据此|好)[^。;!?\n]{0,16}(?:决策|决定|参考|依据|使用|讨论|评审|审议|定夺|交代|签字|采用)"
    r"|(?:院务会|董事会|常务会|委员会|领导小组|专班|党工委会?|投决会|投委会|联席会|理事会|评审组|评委会|办公室)[^。;\n]{0,4}:"
    r"|决定|敲定|定夺|拍板|拿不准|表态|要定|定[^。;!?\n]{1,8}不|判断"
    r"|怎么(?:分|付|定|选|排|写|改|答)|先后|是否|该不该|要不要|值不值|还是(?:不|改|换|推迟|暂缓|等)|或者不"
    r"|([投签给批上开留续接买])不\1|哪(?:几|两|三|家|些|块|条|款|段|一)|支撑[^。;!?\n]{2,20}(?:编制|制定|决策|评审)"
)
_OBJECT_KIND = re.compile(
    r"产业|行业|领域|技术|产品|工艺|装备|设备|材料|器械|芯片|电池|药物|机器人|系统|装置|仪器"
)
_MODIFIER = re.compile(r"[一-鿿A-Za-z0-9]*$")
_MODIFIER_REACH: Final = 8
_GENERIC = re.compile(
    r"相关|重点|新兴|主导|优势|特色|本地|我[市区县省司]|[全本]市|专利|导航|知识产权|关键|核心|高新|传统|支柱|战略性|"
    r"某|这[个项类]|该|新|先进|现有|有关|一[个项些类]|我们|什么|哪个|做|的|在|对|开展|进行|围绕|分析|研究|发展|想|要"
)
_MIN_OBJECT_CHARS: Final = 2


def present_facts(text: str, found: Findings, known: KnownFacts) -> frozenset[FactName]:
    """Facts that the text or the fields give.

    Args:
        text: Canonical text, title first.
        found: What the annotators found in it.
        known: What structured fields say.
    """
    has_use = bool(known.application_forms or known.audience or found.applications)
    is_given = {
        FactName.DECISION_QUESTION: bool(known.decision_question) or bool(_DECIDES.search(text)),
        FactName.INDUSTRY: known.has_industry or names_object(text, found),
        FactName.DELIVERABLES: bool(known.deliverables or found.deliverables),
        FactName.BUDGET: known.has_budget or found.budget is not None,
        FactName.PERIOD: known.has_period or bool(found.period or found.deadline),
        FactName.REGION: bool(known.region_code) or _is_sure(found.regions),
        FactName.APPLICATION_FORM: has_use
        or (found.audience is not None and found.audience.confidence >= SURE_ENOUGH),
        FactName.REQUIREMENTS: known.has_requirements or bool(found.requirements),
    }
    return frozenset(fact for fact, given in is_given.items() if given)


def names_object(text: str, found: Findings) -> bool:
    """Whether the demand says what industry, technology or product it is about."""
    if found.industries or found.any_industry:
        return True
    for kind in _OBJECT_KIND.finditer(text):
        modifier = _MODIFIER.search(text[max(0, kind.start() - _MODIFIER_REACH) : kind.start()])
        if modifier and len(_GENERIC.sub("", modifier.group())) >= _MIN_OBJECT_CHARS:
            return True
    return False


def _is_sure(tags: tuple[Tag, ...]) -> bool:
    return bool(tags) and tags[0].confidence >= SURE_ENOUGH
