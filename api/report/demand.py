"""What a report says of the demand."""

from collections.abc import Iterable, Iterator

from api.exchange.money import budget_text
from api.report.blocks import Block, Bullets, Facts, Heading, Paragraph
from api.report.wording import STRENGTHS
from api.schemas.demand import DemandRead
from api.schemas.match import QueryRead
from api.vocabularies import Vocabularies
from indexer.personal import cover_personal
from models.canonical import canonicalise
from models.vocabulary.taxonomy import Scheme

_JOIN = "、"


def demand_blocks(demand: DemandRead, asked: QueryRead, known: Vocabularies) -> Iterator[Block]:
    """Yield what a report says of the demand: facts, requirements, its text, what is missing."""
    yield Heading("二、需求", 2)
    yield Facts(tuple((name, value) for name, value in _facts(demand, asked, known) if value))
    wanted = tuple(
        f"{STRENGTHS[one.strength]}：{cover_personal(one.text)}" for one in demand.requirements
    )
    if wanted:
        yield Bullets("对服务机构的要求", wanted)
    yield Heading("需求内容", 3)
    yield Paragraph(_without(asked.body, demand.decision_question))
    missing = demand.quality.missing if demand.quality else []
    if missing:
        yield Bullets("需求没有写明、建议补充的事项", tuple(fact.question for fact in missing))


def _without(body: str, told_above: str | None) -> str:
    """Return the text that is compared without what stands among the facts already."""
    known = canonicalise(told_above or "")
    return "\n".join(line for line in body.split("\n") if line != known)


def _facts(
    demand: DemandRead, asked: QueryRead, known: Vocabularies
) -> Iterable[tuple[str, str | None]]:
    label = known.labels.of
    return (
        ("标题", asked.title),
        ("编号", demand.demand_no or demand.id),
        ("状态", label(demand.state)),
        ("所在地", demand.region_name),
        ("服务地域", label(demand.service_region)),
        ("应用场景", _tags(asked, Scheme.SCENARIO)),
        ("产业", _tags(asked, Scheme.SEI) or _tags(asked, Scheme.GB4754)),
        ("支撑的决策", cover_personal(demand.decision_question or "")),
        ("成果给谁用", demand.audience and label(demand.audience)),
        ("成果形式", _JOIN.join(label(one) for one in demand.deliverables)),
        ("成果应用", _JOIN.join(label(one) for one in demand.application_form)),
        ("预算", _budget(demand)),
        ("资金来源", demand.fund_source and label(demand.fund_source)),
        ("选定方式", demand.procurement_route and label(demand.procurement_route)),
        ("完成期限", f"{demand.period_days} 天" if demand.period_days else None),
        ("响应截止", demand.respond_by.isoformat() if demand.respond_by else None),
        ("有效期至", demand.valid_until.isoformat()),
        ("公开程度", label(demand.confidentiality)),
    )


def _budget(demand: DemandRead) -> str | None:
    return None if demand.budget is None else budget_text(demand.budget.model_dump(mode="json"))


def _tags(asked: QueryRead, scheme: Scheme) -> str:
    return _JOIN.join(f"{tag.name}（{tag.code}）" for tag in asked.tags if tag.scheme == scheme)
