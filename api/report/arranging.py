"""From what was gathered to the blocks of a report, in the order a meeting needs them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from api.report.blocks import (
    Block,
    Bullets,
    Facts,
    Grid,
    Heading,
    Paragraph,
    Report,
    Tone,
    plain,
    rows_of,
)
from api.report.demand import demand_blocks
from api.report.ranked import provider_blocks, ranking_blocks
from api.report.wording import (
    BANDS,
    DEGRADED,
    DISCLAIMERS,
    EXCLUDED,
    MORE_EXCLUDED,
    NOTHING_EXCLUDED,
    NOTHING_TO_CHECK,
    NOTICE,
    READING,
    RESTRICTED,
    SIGNATURES,
    STRENGTHS,
    TITLE,
    TO_CHECK,
)
from api.schemas.demand import DemandRead
from api.schemas.match import MatchAnswer, MatchOptions
from api.vocabularies import Vocabularies
from matcher.record import Basis
from matcher.types import Exclusion
from models.vocabulary import Confidentiality, RequirementStrength, RuleOutcome, Scheme

MAX_EXCLUDED: Final = 30
"""Providers left out that are named; the rest are counted."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """What a report is written from.

    Attributes:
        demand: The demand as whoever asks sees it.
        answer: The ranking, explained.
        excluded: Whom rules left out, best first.
        basis: What the ranking rests on.
        options: What was wanted of it.
        made_at: When, by the clocks of China.
    """

    demand: DemandRead
    answer: MatchAnswer
    excluded: tuple[Exclusion, ...]
    basis: Basis
    options: MatchOptions
    made_at: datetime


def arrange(gathered: Gathered, known: Vocabularies) -> Report:
    """Return the report."""
    return Report(
        title=f"{TITLE}：{gathered.answer.query.title}",
        number=gathered.demand.demand_no or gathered.demand.id,
        blocks=tuple(_blocks(gathered, known)),
    )


def _blocks(gathered: Gathered, known: Vocabularies) -> Iterator[Block]:
    yield Heading(TITLE, 1)
    yield from _notices(gathered, known)
    yield from _basis(gathered, known)
    yield from demand_blocks(gathered.demand, gathered.answer.query, known)
    yield Heading("三、怎样读档位和资格", 2)
    rows = ((known.labels.of(band), meaning) for band, meaning in BANDS)
    yield Grid(("档位", "意思"), (20, 80), rows_of(rows))
    yield Bullets("说明", READING)
    yield Heading("四、推荐的服务机构", 2)
    yield from ranking_blocks(gathered.answer)
    for match in gathered.answer.matches:
        yield from provider_blocks(match)
    yield from _excluded(gathered.excluded)
    yield from _to_check(gathered.answer)
    yield Heading("七、说明", 2)
    yield Bullets("请注意", DISCLAIMERS)
    yield from _signatures()


def _notices(gathered: Gathered, known: Vocabularies) -> Iterator[Block]:
    yield Paragraph(NOTICE, Tone.NOTICE)
    openness = gathered.demand.confidentiality
    if openness is not Confidentiality.OPEN:
        yield Paragraph(RESTRICTED.format(label=known.labels.of(openness)), Tone.NOTICE)
    if gathered.answer.degraded:
        yield Paragraph(DEGRADED, Tone.NOTICE)


def _basis(gathered: Gathered, known: Vocabularies) -> Iterator[Block]:
    answer, basis = gathered.answer, gathered.basis
    yield Heading("一、报告和依据", 2)
    conditions = _conditions(gathered.options, known)
    yield Facts(
        (
            ("出具时间", f"{gathered.made_at:%Y-%m-%d %H:%M}（北京时间）"),
            ("排名记录编号", answer.run_id or "没有记录"),
            ("索引版本", answer.version),
            ("排序器", basis.ranker),
            ("场景分类", basis.taxonomy),
            ("程序版本", basis.program),
            ("过滤条件", "；".join(conditions) or "没有"),
            (
                "比较范围",
                f"符合过滤条件的机构 {answer.n_candidates} 家，列出 {len(answer.matches)} 家，"
                f"因必须满足的条件排除 {answer.n_excluded} 家",
            ),
        )
    )


def _conditions(options: MatchOptions, known: Vocabularies) -> Iterator[str]:
    """Yield the filters that were set, in words."""
    wanted = options.filters
    for name, regions in (("所在地", wanted.regions), ("服务区域", wanted.serves)):
        if regions:
            yield f"{name}：{'、'.join(known.region_name(code) or code for code in regions)}"
    for name, scheme, codes in (
        ("产业", Scheme.SEI, wanted.industries),
        ("应用场景", Scheme.SCENARIO, wanted.scenarios),
    ):
        if codes:
            yield f"{name}：{'、'.join(known.name(scheme, code) for code in codes)}"
    if wanted.credentials:
        yield f"资质：{'、'.join(known.labels.of(one) for one in wanted.credentials)}"
    if wanted.text:
        yield f"文字中有：{wanted.text}"


def _excluded(excluded: tuple[Exclusion, ...]) -> Iterator[Block]:
    yield Heading("五、没有列入的机构和原因", 2)
    if not excluded:
        yield Paragraph(NOTHING_EXCLUDED)
        return
    yield Paragraph(EXCLUDED.format(n=min(len(excluded), MAX_EXCLUDED)))
    rows = (
        (one.document.profile.name if one.document.profile else "", rule.title, rule.fact)
        for one in excluded[:MAX_EXCLUDED]
        for rule in one.rules
        if rule.outcome is RuleOutcome.UNMET and rule.strength is RequirementStrength.MUST
    )
    yield Grid(("机构", "不满足的条件", "查到的事实"), (30, 35, 35), rows_of(rows))
    if len(excluded) > MAX_EXCLUDED:
        yield Paragraph(MORE_EXCLUDED.format(n=len(excluded) - MAX_EXCLUDED))


def _to_check(answer: MatchAnswer) -> Iterator[Block]:
    yield Heading("六、待核实清单", 2)
    rows = [
        (
            match.organisation.name if match.organisation else match.item.title,
            f"{STRENGTHS[rule.strength]}：{rule.title}",
            "",
        )
        for match in answer.matches
        for rule in match.rules
        if rule.outcome is RuleOutcome.UNKNOWN
    ]
    if not rows:
        yield Paragraph(NOTHING_TO_CHECK)
        return
    yield Paragraph(TO_CHECK)
    yield Grid(("机构", "待核实", "核实结果（填写）"), (30, 40, 30), rows_of(rows))


def _signatures() -> Iterator[Block]:
    yield Heading("八、会议意见和签字", 2)
    blank = plain("\n" * 4)
    yield Grid(("会议意见",), (100,), ((blank,),))
    rows = ((plain(name), plain("\n")) for name in SIGNATURES)
    yield Grid(("签字", ""), (30, 70), tuple(rows))
