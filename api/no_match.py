"""Why an answer has no good match, in words, and what would help."""

from collections.abc import Mapping, Sequence
from typing import Final

from api.intake.advice import ROUTING_HINT, SURELY_OUT
from api.schemas.match import NoMatchRead
from models.vocabulary.matching import Band, Direction, NoMatch

MAX_QUESTIONS: Final = 3
"""Questions about what is missing that are put before the general advice."""

BY_PROVIDER: Final = frozenset({Direction.PROVIDER_TO_DEMAND, Direction.PROVIDER_TO_CASE})

_MESSAGES: Final[Mapping[NoMatch, str]] = {
    NoMatch.OUT_OF_SCOPE: "这段内容被识别为不属于专利导航（OTH），不给出匹配。",
    NoMatch.NO_CANDIDATES: "没有可供匹配的记录：都被过滤条件排除，或者还没有登记。",
    NoMatch.ALL_EXCLUDED: "比较过的都不满足“必须满足”的条件。",
    NoMatch.ALL_WEAK: "比较过的都没有达到“一般”，不凑数列出。",
}
_ADVICE: Final[Mapping[NoMatch, tuple[str, ...]]] = {
    NoMatch.OUT_OF_SCOPE: (ROUTING_HINT,),
    NoMatch.NO_CANDIDATES: (
        "放宽地区、产业、应用场景、资质等过滤条件再试。",
        "库中还没有登记的，登记后会自动参与匹配。",
    ),
    NoMatch.ALL_EXCLUDED: ("“必须满足”的条件如果可以放宽，改成“优先”。",),
    NoMatch.ALL_WEAK: (
        "核对应用场景和产业标签，不对就改。",
        "写明要支撑的决策和具体的产业、产品，少用概括的说法。",
        "仍可发布：之后登记的服务机构也会参与匹配。",
    ),
}
_PROVIDER_ADVICE: Final = (
    "核对能力的应用场景和产业标签，不对就改。",
    "写明做过的产业、产品和成果形式，少用概括的说法。",
    "之后发布的需求也会参与匹配。",
)


def ceiling_of(reject: float) -> Band:
    """Return the best band a text may find, by how surely it is no patent-navigation demand.

    Bands are relative to the index, so that something always stands above all the others, also
    for a text that asks for road works. What is surely none finds nothing; where nobody knows,
    nothing is called more than fair before a person has said so.

    Args:
        reject: How surely the text asks for something else, 0..1; 0 when it does not seem to.
    """
    if reject >= SURELY_OUT:
        return Band.WEAK
    return Band.FAIR if reject > 0 else Band.STRONG


def explain_no_match(
    reason: NoMatch | None, direction: Direction, questions: Sequence[str] = ()
) -> NoMatchRead | None:
    """Return what to say of an answer without a good match; None when there is one.

    Args:
        reason: Why there is none.
        direction: What was sought.
        questions: What the demand does not say, most important first.
    """
    if reason is None:
        return None
    advice = _ADVICE[reason]
    if reason == NoMatch.ALL_WEAK:
        asked = () if direction in BY_PROVIDER else questions[:MAX_QUESTIONS]
        advice = (*asked, *(_PROVIDER_ADVICE if direction in BY_PROVIDER else advice))
    return NoMatchRead(reason=reason, message=_MESSAGES[reason], advice=list(advice))
