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
from models.vocabulary import Band, RequirementStrength, RuleOutcome

TELLING: Final = 0.25
"""Value from which a comparison is worth a sentence: one and a half deviations above usual."""

BAND_NAMES: Final = {
    Band.STRONG: "强",
    Band.GOOD: "较强",
    Band.FAIR: "一般",
    Band.WEAK: "弱",
}
_MEANING: Final = ("text_meaning", "title_meaning", "sentence_meaning", "title_in_text")
_NEARNESS_TEXT: Final = {
    RegionRelation.SAME_CITY: "与需求在同一城市",
    RegionRelation.SAME_PROVINCE: "与需求在同一省份",
    RegionRelation.SAME_MACRO: "与需求在同一区域板块",
}
_UNKNOWN_TEXT: Final = {
    "scenario": "有一方的应用场景还没有标注，场景是否一致待核实。",
    "cases": "平台没有登记对方的同场景案例，类似经验待核实。",
    "capacity": "对方没有登记当前可承接的项目数。",
    "region": "有一方的所在地没有登记。",
}


@dataclass(frozen=True, slots=True)
class Names:
    """Chinese names of codes, for sentences."""

    scenarios: Mapping[str, str]
    industries: Mapping[str, str]
    regions: RegionTable


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
        asked, offered = query.document, match.document
        reasons_for = (
            *self._same_tags(asked, offered),
            *_same_words(parts, pair, terms),
            *self._record_for(asked, offered, parts),
            *_rules(match.rules, RuleOutcome.MET, "满足"),
        )
        reasons_against = (
            *_rules(match.rules, RuleOutcome.UNMET, "不满足"),
            *self._other_tags(asked, offered),
            *_little_in_common(parts),
            *self._record_against(asked, offered, parts),
        )
        unknowns = (*_rules(match.rules, RuleOutcome.UNKNOWN, "待核实"), *_unknown(parts))
        return Explanation(
            summary=_summary(match, reasons_for, reasons_against),
            reasons_for=reasons_for,
            reasons_against=reasons_against,
            unknowns=unknowns,
            sentence_pair=pair,
            shared_terms=terms,
        )

    def _same_tags(self, asked: Document, offered: Document) -> Iterable[Statement]:
        mine, theirs = dict(asked.scenarios), dict(offered.scenarios)
        common = [c for c in mine if c in theirs]
        if common:
            yield Statement(f"双方都服务于{self._quoted(common, self._names.scenarios)}场景。")
        industries = dict(asked.industries)
        shared = [c for c, _ in offered.industries if c in industries]
        if shared:
            yield Statement(f"同属{self._quoted(shared, self._names.industries)}。")
        elif offered.any_industry:
            yield Statement("对方这项能力不限行业。")

    def _other_tags(self, asked: Document, offered: Document) -> Iterable[Statement]:
        mine, theirs = dict(asked.scenarios), dict(offered.scenarios)
        if mine and theirs and not set(mine) & set(theirs):
            wanted = self._quoted(list(mine)[:2], self._names.scenarios)
            given = self._quoted(list(theirs)[:2], self._names.scenarios)
            yield Statement(f"对方主要服务于{given}，与所需的{wanted}不同。")
        fields = {c.split(".")[0] for c, _ in asked.industries}
        other = [c for c, _ in offered.industries]
        near = bool(fields & {c.split(".")[0] for c in other})
        if fields and other and not near and not offered.any_industry:
            given = self._quoted(other[:2], self._names.industries)
            yield Statement(f"对方的产业领域是{given}，与需求不同。")

    def _record_for(
        self, asked: Document, offered: Document, parts: Mapping[str, Part]
    ) -> Iterable[Statement]:
        relation = self._names.regions.relation(asked.region_code, offered.region_code)
        place = self._names.regions.resolve(offered.region_code or "")
        if relation in _NEARNESS_TEXT and place is not None:
            yield Statement(f"对方在{place.name}，{_NEARNESS_TEXT[relation]}。")
        codes = {code for code, _ in asked.scenarios}
        cases = offered.profile.case_scenarios if offered.profile else ()
        n_similar = sum(code in codes for code in cases)
        if n_similar:
            yield Statement(f"平台登记有同场景案例 {n_similar} 个。")
        rating = parts.get("rating")
        if rating and rating.value is not None and rating.value >= 0.6:
            yield Statement("以往项目验收后的评价较好。")

    def _record_against(
        self, asked: Document, offered: Document, parts: Mapping[str, Part]
    ) -> Iterable[Statement]:
        capacity = parts.get("capacity")
        if capacity and capacity.value == 0:
            yield Statement("对方登记当前没有余力承接新项目。")
        least = offered.profile.budget_min_fen if offered.profile else None
        most = asked.budget_max_fen
        if least is not None and most is not None and most < least:
            yield Statement("预算低于对方登记的最低承接金额。")
        days, usual = asked.period_days, offered.typical_days_min
        if days is not None and usual is not None and days < usual:
            yield Statement(f"要求 {days} 天完成，对方通常至少需要 {usual} 天。")

    def _quoted(self, codes: Iterable[str], names: Mapping[str, str]) -> str:
        return "、".join(f"“{names.get(code, code)}”" for code in codes)


def _same_words(
    parts: Mapping[str, Part], pair: SentencePair | None, terms: tuple[SharedTerm, ...]
) -> Iterable[Statement]:
    if pair is not None and _best(parts, _MEANING) >= TELLING:
        yield Statement(
            f"意思最接近的一处：需求方说“{pair.query.text}”，对方写“{pair.candidate.text}”。",
            Span(pair.query.start, pair.query.end),
            Span(pair.candidate.start, pair.candidate.end),
        )
    if terms:
        first = terms[0]
        yield Statement(
            f"双方都提到：{'、'.join(t.text for t in terms[:5])}。",
            first.query_spans[0] if first.query_spans else None,
            first.candidate_spans[0] if first.candidate_spans else None,
        )


def _little_in_common(parts: Mapping[str, Part]) -> Iterable[Statement]:
    if _best(parts, _MEANING) < TELLING:
        yield Statement("全文意思与一般候选相比没有明显更接近。")
    if _best(parts, ("shared_phrases", "shared_words", "shared_title_phrases")) < TELLING / 2:
        yield Statement("双方几乎没有共同的专门用语。")


def _rules(rules: Iterable[RuleResult], outcome: RuleOutcome, word: str) -> Iterable[Statement]:
    for rule in rules:
        if rule.outcome == outcome:
            wish = "（优先条件）" if rule.strength == RequirementStrength.PREFER else ""
            yield Statement(f"{word}{wish}：{rule.title}。{rule.fact}。")


def _unknown(parts: Mapping[str, Part]) -> Iterable[Statement]:
    for name, text in _UNKNOWN_TEXT.items():
        part = parts.get(name)
        if part is not None and part.value is None:
            yield Statement(text)


def _best(parts: Mapping[str, Part], names: Iterable[str]) -> float:
    found = [parts[n].value for n in names if n in parts]
    return max((value for value in found if value is not None), default=0.0)


def _summary(
    match: Match, reasons_for: tuple[Statement, ...], reasons_against: tuple[Statement, ...]
) -> str:
    text = f"匹配程度：{BAND_NAMES[match.band]}。"
    if reasons_for:
        text += reasons_for[0].text
    if reasons_against:
        text += f"需要注意：{reasons_against[0].text}"
    return text
