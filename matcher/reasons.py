"""Single reasons for and against a match, and what nobody said, each one Chinese sentence."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from indexer.types import Document
from matcher.types import Part, RuleResult, SentencePair, SharedTerm, Span, Statement
from models.vocabulary.demand import RequirementStrength
from models.vocabulary.matching import RuleOutcome
from models.vocabulary.row import Entity

TELLING: Final = 0.25
"""Value from which a comparison is worth a sentence: one and a half deviations above usual."""

TELLING_WORDS: Final = 0.1
"""The same for words, whose full standing lies further out."""

GOOD_RATING: Final = 0.6
"""Shrunk rating, 0..1, from which it speaks for a provider."""

TERMS_SHOWN: Final = 5
QUOTE_CHARS: Final = 48

_MEANING: Final = ("text_meaning", "title_meaning", "sentence_meaning", "title_in_text")
_WORDS: Final = ("shared_phrases", "shared_words", "shared_title_phrases")
_INNER_QUOTES: Final = str.maketrans("“”", "‘’")
_WIDE: Final = str.maketrans(",;:?!()", "，；：？！（）")
_NARROW = re.compile(r"(?<=[\u4e00-\u9fff”’%])[,;:?!(]+|[,;:?!)]+(?=[\u4e00-\u9fff“‘])|\)$")
"""Stops beside a Chinese character: the canonical form has made them narrow."""

_CALLED: Final = {
    (Entity.DEMAND, Entity.CAPABILITY): ("需求", "机构"),
    (Entity.CAPABILITY, Entity.DEMAND): ("本机构", "需求"),
    (Entity.DEMAND, Entity.DEMAND): ("本需求", "对方需求"),
    (Entity.DEMAND, Entity.CASE): ("需求", "案例"),
    (Entity.CAPABILITY, Entity.CASE): ("本机构", "案例"),
}


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two documents of a match and how sentences call it."""

    document: Document
    called: str


def sides_of(asked: Document, offered: Document) -> tuple[Side, Side]:
    """Return both documents with what they are called beside each other."""
    mine, theirs = _CALLED[asked.kind, offered.kind]
    return Side(asked, mine), Side(offered, theirs)


def same_words(
    mine: Side, theirs: Side, pair: SentencePair | None, terms: tuple[SharedTerm, ...]
) -> Iterable[Statement]:
    """Yield the words both use and the sentences nearest in meaning, with their places."""
    if terms:
        first = terms[0]
        shown = "、".join(_as_written(t, mine.document) for t in terms[:TERMS_SHOWN])
        yield Statement(
            f"双方都提到：{shown}。",
            first.query_spans[0] if first.query_spans else None,
            first.candidate_spans[0] if first.candidate_spans else None,
        )
    if pair is not None:
        yield Statement(
            f"意思最接近的一处：{mine.called}写“{_quote(pair.query.text)}”，"
            f"{theirs.called}写“{_quote(pair.candidate.text)}”。",
            Span(pair.query.start, pair.query.end),
            Span(pair.candidate.start, pair.candidate.end),
        )


def is_near_in_meaning(parts: Mapping[str, Part]) -> bool:
    """Return whether the meaning stands out among the candidates."""
    return _best(parts, _MEANING) >= TELLING


def little_in_common(
    parts: Mapping[str, Part], terms: tuple[SharedTerm, ...]
) -> Iterable[Statement]:
    """Yield where neither meaning nor words stand out."""
    if not is_near_in_meaning(parts):
        yield Statement("从意思上看，并不比其他候选更接近。")
    if not terms and _best(parts, _WORDS) < TELLING_WORDS:
        yield Statement("双方几乎没有共同的专门用语。")


def record_for(mine: Side, theirs: Side) -> Iterable[Statement]:
    """Yield what is on record for a provider that is offered."""
    profile = theirs.document.profile
    if theirs.document.kind != Entity.CAPABILITY or profile is None:
        return
    codes = {code for code, _ in mine.document.scenarios}
    n_similar = profile.count_cases(codes)
    if n_similar:
        yield Statement(f"平台登记有该机构的同场景案例 {n_similar} 个。")
    if profile.reputation is not None and profile.reputation >= GOOD_RATING:
        yield Statement("该机构以往项目验收后的评价较好。")


def record_against(mine: Side, theirs: Side) -> Iterable[Statement]:
    """Yield what demand and provider say that does not go together, whichever of them asked."""
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


def unknown(mine: Side, theirs: Side) -> Iterable[Statement]:
    """Yield what nobody has said and somebody should ask."""
    asked, offered = mine.document, theirs.document
    sides = (mine, theirs)
    yield from _untagged("应用场景", [s for s in sides if not s.document.scenarios])
    no_field = [s for s in sides if not (s.document.industries or s.document.any_industry)]
    yield from _untagged("产业领域", no_field)
    nowhere = [side for side in sides if side.document.region_code is None]
    if nowhere:
        whose = "双方的所在地都" if len(nowhere) == 2 else f"{nowhere[0].called}的所在地"
        yield Statement(f"{whose}没有登记。")
    if offered.kind == Entity.CAPABILITY:
        yield from _unknown_record(asked, offered)
    elif asked.kind == Entity.CAPABILITY and not _names_budget(offered):
        yield Statement("需求没有写明预算。")


def of_rules(rules: Iterable[RuleResult], outcome: RuleOutcome, word: str) -> Iterable[Statement]:
    """Yield the rules with one outcome, each with the fact found."""
    for rule in rules:
        if rule.outcome == outcome:
            wish = "（优先条件）" if rule.strength == RequirementStrength.PREFER else ""
            yield Statement(f"{word}{wish}：{rule.title.rstrip('。;； ')}。{rule.fact}。")


def _untagged(what: str, sides: list[Side]) -> Iterable[Statement]:
    if len(sides) == 2:
        yield Statement(f"双方的{what}都没有标注，是否一致待核实。")
    elif sides:
        yield Statement(f"{sides[0].called}的{what}没有标注，是否一致待核实。")


def _names_budget(document: Document) -> bool:
    is_demand = document.kind == Entity.DEMAND
    return not is_demand or bool(document.budget_kind or document.budget_max_fen is not None)


def _unknown_record(asked: Document, offered: Document) -> Iterable[Statement]:
    codes = {code for code, _ in asked.scenarios}
    profile = offered.profile
    if profile is None or not profile.case_scenarios:
        yield Statement("平台没有登记该机构的案例，类似经验待核实。")
    elif codes and not profile.count_cases(codes):
        yield Statement("平台登记的该机构案例都属于其他场景，同场景经验待核实。")
    if profile is None or profile.open_slots is None:
        yield Statement("该机构没有登记当前可承接的项目数。")


def _quote(text: str) -> str:
    """Return a sentence as it stands between quotation marks: its beginning, if it is long."""
    text = text.strip("。;,:!?、 ")
    if len(text) > QUOTE_CHARS:
        text = f"{text[:QUOTE_CHARS].rstrip('。;,:!?、 ')}……"
    return _NARROW.sub(lambda m: m[0].translate(_WIDE), text.translate(_INNER_QUOTES))


def _as_written(term: SharedTerm, document: Document) -> str:
    """Return a term as a document writes it: terms are compared in small letters."""
    if not term.query_spans:
        return term.text
    first = term.query_spans[0]
    return f"{document.title}\n{document.body}"[first.start : first.end]


def _best(parts: Mapping[str, Part], names: Iterable[str]) -> float:
    found = [parts[n].value for n in names if n in parts]
    return max((value for value in found if value is not None), default=0.0)
