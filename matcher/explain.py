"""Why a match stands where it stands, in plain Chinese, from the same facts as the score."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from matcher.integrity import CAUTION_TEXTS
from matcher.reasons import (
    Side,
    is_near_in_meaning,
    little_in_common,
    of_rules,
    record_against,
    record_for,
    same_words,
    sides_of,
    unknown,
)
from matcher.types import Explanation, Match, Query, SentencePair, SharedTerm, Statement
from models.regions import RegionRelation, RegionTable
from models.vocabulary.demand import RequirementStrength
from models.vocabulary.matching import Band, RuleOutcome
from models.vocabulary.row import Entity

REASONS_IN_SUMMARY: Final = 2

BAND_NAMES: Final = {
    Band.STRONG: "强",
    Band.GOOD: "较强",
    Band.FAIR: "一般",
    Band.WEAK: "弱",
}
NEWCOMER: Final = Statement("这家机构新近入驻，与同档的机构一样合适，按规则轮流列在这一位。")
_NEARNESS_TEXT: Final = {
    RegionRelation.SAME_CITY: "在同一城市",
    RegionRelation.SAME_PROVINCE: "在同一省份",
    RegionRelation.SAME_MACRO: "在同一区域板块",
}
_PURPOSE_VERB: Final = {
    Entity.DEMAND: "要的是",
    Entity.CAPABILITY: "这项能力主要服务于",
    Entity.CASE: "属于",
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
        """Return the explanation of one ranked result.

        Reasons stand by kind, not by weight: tags, words and meaning, place and record, rules.
        """
        parts = {part.name: part for part in match.parts}
        mine, theirs = sides_of(query.document, match.document)
        told = pair if is_near_in_meaning(parts) else None
        reasons_for = (
            *self._same_tags(mine, theirs),
            *same_words(mine, theirs, told, terms),
            *self._near(mine, theirs),
            *record_for(mine, theirs),
            *((NEWCOMER,) if match.is_newcomer else ()),
            *of_rules(match.rules, RuleOutcome.MET, "满足"),
        )
        reasons_against = (
            *(Statement(CAUTION_TEXTS[caution]) for caution in match.cautions),
            *of_rules(match.rules, RuleOutcome.UNMET, "不满足"),
            *self._other_tags(mine, theirs),
            *little_in_common(parts, terms),
            *record_against(mine, theirs),
        )
        unknowns = (
            *of_rules(match.rules, RuleOutcome.UNKNOWN, "待核实"),
            *unknown(mine, theirs),
        )
        return Explanation(
            summary=_summary(match, reasons_for, reasons_against),
            reasons_for=reasons_for,
            reasons_against=reasons_against,
            unknowns=unknowns,
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
        verb = _PURPOSE_VERB[side.document.kind]
        return f"{side.called}{verb}{_quoted(codes, self._names.scenarios)}"

    def _near(self, mine: Side, theirs: Side) -> Iterable[Statement]:
        regions = self._names.regions
        place = regions.resolve(theirs.document.region_code)
        relation = regions.relation(mine.document.region_code, theirs.document.region_code)
        if relation in _NEARNESS_TEXT and place is not None:
            name = "".join(r.name for r in (*reversed(regions.ancestors(place.code)), place))
            yield Statement(f"{theirs.called}在{name}，与{mine.called}{_NEARNESS_TEXT[relation]}。")


def _summary(
    match: Match, reasons_for: tuple[Statement, ...], reasons_against: tuple[Statement, ...]
) -> str:
    first = "".join(reason.text for reason in reasons_for[:REASONS_IN_SUMMARY])
    text = f"匹配程度：{BAND_NAMES[match.band]}。{first}"
    if reasons_against:
        text += f"需要注意：{reasons_against[0].text}"
    n_open = sum(
        r.outcome == RuleOutcome.UNKNOWN and r.strength == RequirementStrength.MUST
        for r in match.rules
    )
    return f"{text}有 {n_open} 项必须条件待核实。" if n_open else text


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
