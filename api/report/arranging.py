"""From what was gathered to the blocks of a report, in the order a meeting needs them."""

from collections.abc import Iterator, Sequence
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
from api.report.ranked import name_of, provider_blocks, ranking_blocks
from api.report.wording import (
    BANDS,
    DEGRADED,
    DISCLAIMERS,
    EXCLUDED,
    NOTHING_EXCLUDED,
    NOTHING_TO_CHECK,
    NOTICE,
    READING,
    RESTRICTED,
    SIGNATURES,
    STRENGTHS,
    TITLE,
    TO_CHECK,
    ranker_said,
    taxonomy_said,
)
from api.schemas.demand import DemandRead
from api.schemas.match import MatchAnswer, MatchOptions, MatchRead
from api.vocabularies import Vocabularies
from matcher.record import Basis
from matcher.types import Exclusion
from models.vocabulary.demand import Confidentiality, RequirementStrength
from models.vocabulary.matching import Band, RuleOutcome
from models.vocabulary.taxonomy import Scheme

MAX_NAMED: Final = 20
"""Providers left out for one reason that are named; the rest are counted."""


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

    @property
    def listed(self) -> list[MatchRead]:
        """Those that are recommended: who is only weak is none, unless they were asked for."""
        matches = self.answer.matches
        return [m for m in matches if m.band is not Band.WEAK or self.options.include_weak]


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
    yield Heading("四、推荐的服务机构", 2, starts_page=True)
    listed = gathered.listed
    yield from ranking_blocks(gathered.answer, listed)
    for match in listed:
        yield from provider_blocks(match)
    yield from _excluded(gathered.excluded)
    yield from _to_check(listed)
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
            ("数据版本（核对用）", answer.version),
            ("排序规则", ranker_said(basis.ranker)),
            ("应用场景分类", taxonomy_said(basis.taxonomy)),
            ("程序版本（核对用）", basis.program),
            ("过滤条件", "；".join(conditions) or "没有"),
            (
                "比较范围",
                f"符合过滤条件的机构 {answer.n_candidates} 家，列出 {len(gathered.listed)} 家，"
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
    yield Paragraph(EXCLUDED.format(n=len(excluded)))
    names: dict[tuple[str, str], dict[str, None]] = {}
    for one in excluded:
        for rule in one.rules:
            if rule.outcome is RuleOutcome.UNMET and rule.strength is RequirementStrength.MUST:
                failing = names.setdefault((rule.title, rule.fact), {})
                failing[one.document.profile.name if one.document.profile else ""] = None
    rows = ((*reason, _counted(list(failing))) for reason, failing in names.items())
    yield Grid(("不满足的条件", "查到的事实", "机构"), (25, 25, 50), rows_of(rows))


def _counted(names: Sequence[str]) -> str:
    """Return how many there are, and the names of the first ones."""
    more = "等" if len(names) > MAX_NAMED else ""
    return f"{len(names)} 家：{'、'.join(names[:MAX_NAMED])}{more}"


def _to_check(listed: Sequence[MatchRead]) -> Iterator[Block]:
    yield Heading("六、待核实清单", 2)
    rows = [
        (name_of(match), f"{STRENGTHS[rule.strength]}：{rule.title}", "")
        for match in listed
        for rule in match.rules
        if rule.outcome is RuleOutcome.UNKNOWN
    ]
    if not rows:
        yield Paragraph(NOTHING_TO_CHECK)
        return
    yield Paragraph(TO_CHECK)
    unique = dict.fromkeys(rows)
    yield Grid(("机构", "待核实", "核实结果（填写）"), (30, 40, 30), rows_of(unique))


def _signatures() -> Iterator[Block]:
    yield Heading("八、会议意见和签字", 2)
    yield Grid(("会议意见",), (100,), ((plain(_blank(6)),),), is_kept=True)
    rows = rows_of((name, _blank(2)) for name in SIGNATURES)
    yield Grid(("签字", ""), (30, 70), rows, is_kept=True)


def _blank(n_lines: int) -> str:
    """Return room to write into; blanks that break nowhere, or a line of them is nothing."""
    return "\n".join(["\u00a0"] * n_lines)
