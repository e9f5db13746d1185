"""What a report says of the providers that are recommended."""

from collections.abc import Iterator, Sequence
from typing import Final

from api.report.blocks import (
    Block,
    Bullets,
    Facts,
    Grid,
    Heading,
    Line,
    Paragraph,
    Run,
    plain,
    rows_of,
)
from api.report.punctuation import with_chinese_marks
from api.report.wording import NO_GAPS, OUTCOMES, STRENGTHS, WEAK_LEFT_OUT
from api.schemas.match import (
    ExplanationRead,
    MatchAnswer,
    MatchRead,
    RuleRead,
    SentencePairRead,
    SentenceRead,
    SpanRead,
    StatementRead,
)
from models.vocabulary.demand import RequirementStrength
from models.vocabulary.matching import RuleOutcome
from models.vocabulary.taxonomy import Scheme

WELL_KNOWN: Final = 0.9
"""Share of the weight known from which the facts are called nearly complete."""

LITTLE_KNOWN: Final = 0.6


def ranking_blocks(answer: MatchAnswer, listed: Sequence[MatchRead]) -> Iterator[Block]:
    """Yield the ranking at a glance, or why there is none."""
    if answer.no_good_match is not None:
        yield Paragraph(answer.no_good_match.message)
        if answer.no_good_match.advice:
            yield Bullets("建议", tuple(answer.no_good_match.advice))
    if listed:
        rows = (
            (
                str(match.rank),
                name_of(match),
                _place(match),
                match.band_label,
                _eligibility(match.rules),
                _known(match.coverage),
            )
            for match in listed
        )
        headings = ("名次", "机构", "所在地", "档位", "必须满足的条件", "资料")
        yield Grid(headings, (8, 32, 22, 10, 18, 10), rows_of(rows))
    if len(listed) < len(answer.matches):
        yield Paragraph(WEAK_LEFT_OUT.format(n=len(answer.matches) - len(listed)))


def provider_blocks(match: MatchRead) -> Iterator[Block]:
    """Yield what is said of one provider: capability, reasons, sentences, rules."""
    yield Heading(f"{match.rank}. {name_of(match)}（{match.band_label}）", 3)
    facts = tuple((name, value) for name, value in _facts(match) if value)
    yield Facts(facts, is_kept=True)
    told = match.explanation
    if told is not None:
        yield from _explanation(told)
    if match.rules:
        yield Grid(
            ("条件", "要求", "结果", "查到的事实", "出处"),
            (27, 8, 10, 27, 28),
            rows_of(dict.fromkeys(_rule(rule) for rule in match.rules)),
        )


def _explanation(told: ExplanationRead) -> Iterator[Block]:
    yield Bullets("推荐的理由", _texts(told.reasons_for) or ("没有列出。",))
    yield Bullets("差距和不利之处", _texts(told.reasons_against) or (NO_GAPS,))
    if told.unknowns:
        yield Bullets("待核实", _texts(told.unknowns))
    if told.sentence_pair is not None:
        yield Grid(
            ("需求中的句子", "机构能力中意思最接近的句子"),
            (50, 50),
            (_sentences(told, told.sentence_pair),),
            is_kept=True,
        )


def _facts(match: MatchRead) -> Sequence[tuple[str, str]]:
    return (
        ("最合适的能力", match.item.title),
        (
            "应用场景",
            "、".join(tag.name for tag in match.item.tags if tag.scheme == Scheme.SCENARIO),
        ),
        ("也合适的能力", f"另有 {len(match.others)} 项" if match.others else ""),
        ("提供近乎相同内容的", "、".join(match.also_offered_by)),
    )


def _texts(statements: Sequence[StatementRead]) -> tuple[str, ...]:
    return tuple(statement.text for statement in statements)


def _sentences(told: ExplanationRead, pair: SentencePairRead) -> tuple[Line, Line]:
    terms = told.shared_terms
    asked = [span for term in terms for span in term.query_spans]
    offered = [span for term in terms for span in term.candidate_spans]
    return marked(pair.query, asked), marked(pair.candidate, offered)


def marked(sentence: SentenceRead, spans: Sequence[SpanRead]) -> Line:
    """Return a sentence with the stretches marked that lie in it."""
    if len(sentence.text) != sentence.end - sentence.start:
        return plain(sentence.text)
    inside = [False] * len(sentence.text)
    for span in spans:
        for place in range(max(span.start, sentence.start), min(span.end, sentence.end)):
            inside[place - sentence.start] = True
    runs: list[Run] = []
    text = with_chinese_marks(sentence.text)  # a mark may stand where one run ends
    for char, is_marked in zip(text, inside, strict=True):
        if runs and runs[-1].is_marked == is_marked:
            runs[-1] = Run(runs[-1].text + char, is_marked)
        else:
            runs.append(Run(char, is_marked))
    return tuple(runs)


def _rule(rule: RuleRead) -> tuple[str, ...]:
    outcome = OUTCOMES[rule.outcome]
    return rule.title, STRENGTHS[rule.strength], outcome, rule.fact, rule.source


def name_of(match: MatchRead) -> str:
    """Return who is recommended."""
    return match.organisation.name if match.organisation else match.item.title


def _place(match: MatchRead) -> str:
    return (match.organisation and match.organisation.region_name) or "没有登记"


def _eligibility(rules: Sequence[RuleRead]) -> str:
    """Return how it stands with what must hold; whoever fails it is not listed."""
    musts = [rule for rule in rules if rule.strength is RequirementStrength.MUST]
    n_open = sum(rule.outcome is RuleOutcome.UNKNOWN for rule in musts)
    if not musts:
        return "没有要求"
    return f"{n_open} 项待核实" if n_open else "满足"


def _known(coverage: float) -> str:
    if coverage >= WELL_KNOWN:
        return "较全"
    return "一般" if coverage >= LITTLE_KNOWN else "较少"
