"""Why a match stands where it stands, in plain Chinese, from the same facts as the score."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from indexer.types import Document
from matcher.types import (
    Explanation,
    Match,
    Part,
    Query,
    RuleResult,
    SentencePair,
    SharedTerm,
    Span,
    Statement,
)
from models.regions import RegionRelation, RegionTable
from models.vocabulary import Band, Entity, RequirementStrength, RuleOutcome

TELLING: Final = 0.25
"""Value from which a comparison is worth a sentence: one and a half deviations above usual."""

GOOD_RATING: Final = 0.6
"""Shrunk rating, 0..1, from which it speaks for a provider."""

TERMS_SHOWN: Final = 5

BAND_NAMES: Final = {
    Band.STRONG: "强",
    Band.GOOD: "较强",
    Band.FAIR: "一般",
    Band.WEAK: "弱",
}
_MEANING: Final = ("text_meaning", "title_meaning", "sentence_meaning", "title_in_text")
_WORDS: Final = ("shared_phrases", "shared_words", "shared_title_phrases")
_NEARNESS_TEXT: Final = {
    RegionRelation.SAME_CITY: "在同一城市",
    RegionRelation.SAME_PROVINCE: "在同一省份",
    RegionRelation.SAME_MACRO: "在同一区域板块",
}


@dataclass(frozen=True, slots=True)
class Names:
    """Chinese names of codes, for sentences."""

    scenarios: Mapping[str, str]
    industries: Mapping[str, str]
    regions: RegionTable


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two documents of a match and how sentences call it."""

    document: Document
    called: str


_CALLED: Final = {
    (Entity.DEMAND, Entity.CAPABILITY): ("需求", "机构"),
    (Entity.CAPABILITY, Entity.DEMAND): ("本机构", "需求"),
    (Entity.DEMAND, Entity.DEMAND): ("本需求", "对方需求"),
    (Entity.DEMAND, Entity.CASE): ("需求", "案例"),
    (Entity.CAPABILITY, Entity.CASE): ("本机构", "案例"),
}
_SERVES: Final = {
    Entity.DEMAND: "要的是",
    Entity.CAPABILITY: "这项能力主要服务于",
    Entity.CASE: "属于",
}


class Explainer:
    """Writes explanations; the same match always gets the same words."""

    def __init__(self, names: Names) -> None:
        self._names = names

    def explain(
        self,
        query: Query,
        match: Match,
        pair: SentencePair | None,
        terms: tuple[SharedTerm, ...],
    ) -> Explanation:
        """Return the explanation of one ranked result."""
        parts = {part.name: part for part in match.parts}
        kinds = query.document.kind, match.document.kind
        mine, theirs = map(Side, (query.document, match.document), _CALLED[kinds])
        reasons_for = (
            *self._same_tags(mine, theirs),
            *_same_words(mine, theirs, pair if _best(parts, _MEANING) >= TELLING else None, terms),
            *self._near(mine, theirs),
            *_record_for(mine.document, theirs.document),
            *_rules(match.rules, RuleOutcome.MET, "满足"),
        )
        reasons_against = (
            *_rules(match.rules, RuleOutcome.UNMET, "不满足"),
            *self._other_tags(mine, theirs),
            *_little_in_common(parts, terms),
            *_record_against(mine, theirs),
        )
        return Explanation(
            summary=_summary(match, reasons_for, reasons_against),
            reasons_for=reasons_for,
            reasons_against=reasons_against,
            unknowns=(
                *_rules(match.rules, RuleOutcome.UNKNOWN, "待核实"),
                *_unknown(mine, theirs),
            ),
            sentence_pair=pair,
            shared_terms=terms,
        )

    def _same_tags(self, mine: Side, theirs: Side) -> Iterable[Statement]:
        scenarios = _common(mine.document.scenarios, theirs.document.scenarios)
        if scenarios:
            yield Statement(f"应用场景一致：{_quoted(scenarios, self._names.scenarios)}。")
        industries = _common(mine.document.industries, theirs.document.industries)
        if industries:
            yield Statement(f"产业领域一致：{_quoted(industries, self._names.industries)}。")
            return
        for side in (mine, theirs):
            if side.document.any_industry and side.document.kind == Entity.CAPABILITY:
                yield Statement(f"{side.called}这项能力不限行业。")

    def _other_tags(self, mine: Side, theirs: Side) -> Iterable[Statement]:
        wanted, given = mine.document.scenarios, theirs.document.scenarios
        if wanted and given and not _common(wanted, given):
            end = "同属一大类，但场景不同" if _fields(wanted) & _fields(given) else "场景不同"
            yield Statement(f"{self._purpose(theirs)}，{self._purpose(mine)}，{end}。")
        wanted, given = mine.document.industries, theirs.document.industries
        is_open = mine.document.any_industry or theirs.document.any_industry
        if wanted and given and not is_open and not _fields(wanted) & _fields(given):
            names = self._names.industries
            yield Statement(
                f"产业领域不同：{theirs.called}是{_quoted(_first(given), names)}，"
                f"{mine.called}是{_quoted(_first(wanted), names)}。"
            )

    def _purpose(self, side: Side) -> str:
        codes = _first(side.document.scenarios)
        verb = _SERVES[side.document.kind]
        return f"{side.called}{verb}{_quoted(codes, self._names.scenarios)}"

    def _near(self, mine: Side, theirs: Side) -> Iterable[Statement]:
        regions = self._names.regions
        place = regions.resolve(theirs.document.region_code)
        relation = regions.relation(mine.document.region_code, theirs.document.region_code)
        if relation in _NEARNESS_TEXT and place is not None:
            name = "".join(r.name for r in (*reversed(regions.ancestors(place.code)), place))
            yield Statement(f"{theirs.called}在{name}，与{mine.called}{_NEARNESS_TEXT[relation]}。")


def _same_words(
    mine: Side, theirs: Side, pair: SentencePair | None, terms: tuple[SharedTerm, ...]
) -> Iterable[Statement]:
    if terms:
        first = terms[0]
        yield Statement(
            f"双方都提到：{'、'.join(t.text for t in terms[:TERMS_SHOWN])}。",
            first.query_spans[0] if first.query_spans else None,
            first.candidate_spans[0] if first.candidate_spans else None,
        )
    if pair is not None:
        yield Statement(
            f"意思最接近的一处：{mine.called}写“{pair.query.text}”，"
            f"{theirs.called}写“{pair.candidate.text}”。",
            Span(pair.query.start, pair.query.end),
            Span(pair.candidate.start, pair.candidate.end),
        )


def _little_in_common(
    parts: Mapping[str, Part], terms: tuple[SharedTerm, ...]
) -> Iterable[Statement]:
    if _best(parts, _MEANING) < TELLING:
        yield Statement("从意思上看，并不比其他候选更接近。")
    if not terms and _best(parts, _WORDS) < TELLING:
        yield Statement("双方几乎没有共同的专门用语。")


def _record_for(asked: Document, offered: Document) -> Iterable[Statement]:
    profile = offered.profile
    if offered.kind != Entity.CAPABILITY or profile is None:
        return
    codes = {code for code, _ in asked.scenarios}
    n_similar = sum(code in codes for code in profile.case_scenarios)
    if n_similar:
        yield Statement(f"平台登记有该机构的同场景案例 {n_similar} 个。")
    if profile.reputation is not None and profile.reputation >= GOOD_RATING:
        yield Statement("该机构以往项目验收后的评价较好。")


def _record_against(mine: Side, theirs: Side) -> Iterable[Statement]:
    sides = {side.document.kind: side for side in (mine, theirs)}
    if set(sides) != {Entity.DEMAND, Entity.CAPABILITY}:
        return
    demand, provider = sides[Entity.DEMAND].document, sides[Entity.CAPABILITY]
    profile, called = provider.document.profile, provider.called
    if profile is not None and profile.open_slots == 0:
        yield Statement(f"{called}登记当前没有余力承接新项目。")
    least = profile.budget_min_fen if profile else None
    if least is not None and demand.budget_max_fen is not None and demand.budget_max_fen < least:
        yield Statement(f"需求的预算低于{called}登记的最低承接金额。")
    days, usual = demand.period_days, provider.document.typical_days_min
    if days is not None and usual is not None and days < usual:
        yield Statement(f"需求要求 {days} 天完成，{called}这项能力通常至少需要 {usual} 天。")


def _unknown(mine: Side, theirs: Side) -> Iterable[Statement]:
    for side in (mine, theirs):
        if not side.document.scenarios:
            yield Statement(f"{side.called}的应用场景没有标注，是否一致待核实。")
    for side in (mine, theirs):
        if side.document.region_code is None:
            yield Statement(f"{side.called}的所在地没有登记。")
    asked, offered = mine.document, theirs.document
    if offered.kind == Entity.DEMAND and asked.kind == Entity.CAPABILITY:
        if offered.budget_kind is None and offered.budget_max_fen is None:
            yield Statement("需求没有写明预算。")
    elif offered.kind == Entity.CAPABILITY:
        yield from _unknown_record(asked, offered)


def _unknown_record(asked: Document, offered: Document) -> Iterable[Statement]:
    codes = {code for code, _ in asked.scenarios}
    cases = offered.profile.case_scenarios if offered.profile else ()
    if not cases:
        yield Statement("平台没有登记该机构的案例，类似经验待核实。")
    elif codes and not codes & set(cases):
        yield Statement("平台登记的该机构案例都属于其他场景，同场景经验待核实。")
    if offered.profile is None or offered.profile.open_slots is None:
        yield Statement("该机构没有登记当前可承接的项目数。")


def _rules(rules: Iterable[RuleResult], outcome: RuleOutcome, word: str) -> Iterable[Statement]:
    for rule in rules:
        if rule.outcome == outcome:
            wish = "（优先条件）" if rule.strength == RequirementStrength.PREFER else ""
            yield Statement(f"{word}{wish}：{rule.title.rstrip('。;； ')}。{rule.fact}。")


def _best(parts: Mapping[str, Part], names: Iterable[str]) -> float:
    found = [parts[n].value for n in names if n in parts]
    return max((value for value in found if value is not None), default=0.0)


def _common(a: Iterable[tuple[str, float]], b: Iterable[tuple[str, float]]) -> list[str]:
    others = {code for code, _ in b}
    return [code for code, _ in a if code in others]


def _fields(tags: Iterable[tuple[str, float]]) -> set[str]:
    return {code.split(".")[0] for code, _ in tags}


def _first(tags: tuple[tuple[str, float], ...]) -> list[str]:
    """Return the two surest codes."""
    return [code for code, _ in tags[:2]]


def _quoted(codes: Iterable[str], names: Mapping[str, str]) -> str:
    return "、".join(f"“{names.get(code, code)}”" for code in codes)


def _summary(
    match: Match, reasons_for: tuple[Statement, ...], reasons_against: tuple[Statement, ...]
) -> str:
    text = f"匹配程度：{BAND_NAMES[match.band]}。"
    if reasons_for:
        text += reasons_for[0].text
    if reasons_against:
        text += f"需要注意：{reasons_against[0].text}"
    n_open = sum(
        r.outcome == RuleOutcome.UNKNOWN and r.strength == RequirementStrength.MUST
        for r in match.rules
    )
    return f"{text}有 {n_open} 项必须条件待核实。" if n_open else text
