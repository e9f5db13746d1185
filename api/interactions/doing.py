"""One act, as it is asked for and as it is written down."""

from dataclasses import dataclass
from datetime import datetime

from api.intake.problems import FieldProblem, FieldsRejectedError
from models.errors import ForbiddenError, StateError
from models.interaction import Interaction, InteractionEvent
from models.interaction_steps import (
    MARKS,
    REASONED,
    REASONS,
    SPEAKING,
    awaited_after,
    next_state,
    seen_by,
)
from models.vocabulary.interaction import DeclineReason, InteractionAct, InteractionState, Side
from models.working_days import after_working_days

REPLY_DAYS = 5
"""Working days to answer before a reminder, and again before it lapses."""

_REACHED = {
    InteractionState.INVITED: "invited_at",
    InteractionState.INTERESTED: "interested_at",
    InteractionState.MUTUAL: "mutual_at",
    InteractionState.CONFIRMED: "confirmed_at",
    InteractionState.CONVERTED: "converted_at",
}
_ENDING = {InteractionAct.DECLINE, InteractionAct.WITHDRAW}


@dataclass(frozen=True, slots=True)
class Doing:
    """What somebody wants to do.

    Attributes:
        act: What.
        body: Their words.
        reason: Why they decline or hide.
        quality: Stars for the quality of the work, 1..5.
        usefulness: Stars for its use, 1..5.
    """

    act: InteractionAct
    body: str | None = None
    reason: DeclineReason | None = None
    quality: int | None = None
    usefulness: int | None = None


def check_words(doing: Doing, side: Side) -> None:
    """Refuse an act without what belongs to it.

    Raises:
        FieldsRejectedError: words, a reason or stars are missing, or the reason is another side's.
    """
    problems = []
    if doing.act in SPEAKING and not doing.body:
        problems.append(FieldProblem("body", "missing", "请写明内容。"))
    if doing.act in REASONED and doing.reason is None:
        problems.append(FieldProblem("reason", "missing", "请选择原因。"))
    if doing.reason is not None and doing.reason not in REASONS.get(side, frozenset()):
        problems.append(FieldProblem("reason", "not_yours", "这个原因不适用于您这一方。"))
    if doing.act is InteractionAct.RATE and None in (doing.quality, doing.usefulness):
        problems.append(FieldProblem("quality", "missing", "请同时评价质量和实用性，1 至 5 星。"))
    if problems:
        raise FieldsRejectedError(problems)


def check_act(side: Side, act: InteractionAct, interaction: Interaction | None) -> InteractionState:
    """Return where an act leads.

    Raises:
        ForbiddenError: it is never for this side to do.
        StateError: it cannot be done now.
    """
    state = interaction.state if interaction is not None else None
    to = next_state(side, act, state, interaction.ended_by if interaction is not None else None)
    if to is not None:
        return to
    if not any(next_state(side, act, s) for s in (None, *InteractionState)):
        raise ForbiddenError("这一步不由您这一方来做。")
    shown = "none" if state is None else state.value
    raise StateError("对接现在的状态不能做这一步，请刷新后再试。", state=shown)


def apply(
    interaction: Interaction, doing: Doing, side: Side, to: InteractionState, now: datetime
) -> bool:
    """Write an act into an interaction; returns whether it was anything new."""
    is_new = _mark(interaction, doing, now)
    if not is_new and interaction.state is to:
        return False
    if interaction.state is not to:
        interaction.state = to
        interaction.reminded_at = None
        interaction.ended_by = side if doing.act in _ENDING else None
        if to in _REACHED:
            setattr(interaction, _REACHED[to], now)
    if doing.act in MARKS or doing.act is InteractionAct.UNSHORTLIST:
        return is_new
    before = interaction.awaiting
    interaction.awaiting = awaited_after(side, doing.act, to, before)
    if interaction.awaiting is None:
        interaction.due_at = None
    elif interaction.awaiting is not before or interaction.due_at is None:
        interaction.due_at, interaction.reminded_at = after_working_days(now, REPLY_DAYS), None
    interaction.version = (interaction.version or 0) + 1
    interaction.updated_at = now
    return is_new


def event_of(
    interaction: Interaction,
    doing: Doing,
    side: Side,
    who: tuple[str | None, str | None],
    now: datetime,
) -> InteractionEvent:
    """Return the event of an act.

    Args:
        interaction: After the act.
        doing: What was done.
        side: Who did it.
        who: Key of the person or API key, and of the organisation they act for.
        now: When.
    """
    seen = seen_by(doing.act, side)
    return InteractionEvent(
        interaction_id=interaction.id,
        act=doing.act,
        side=side,
        actor=who[0],
        organisation_id=who[1],
        state=interaction.state,
        body=doing.body,
        reason=doing.reason,
        quality=doing.quality,
        usefulness=doing.usefulness,
        for_base=Side.BASE in seen,
        for_provider=Side.PROVIDER in seen,
        for_recipient=Side.RECIPIENT in seen,
        created_at=now,
    )


def _mark(interaction: Interaction, doing: Doing, now: datetime) -> bool:
    """Set what an act marks; returns whether it was not so before."""
    before = _marks_of(interaction)
    match doing.act:
        case InteractionAct.VIEW:
            interaction.viewed_at = interaction.viewed_at or now
        case InteractionAct.SAVE:
            interaction.is_saved, interaction.hidden_reason = True, None
        case InteractionAct.HIDE:
            interaction.is_saved, interaction.hidden_reason = False, doing.reason
        case InteractionAct.UNHIDE:
            interaction.hidden_reason = None
        case InteractionAct.SHORTLIST:
            interaction.is_shortlisted, interaction.hidden_reason = True, None
            interaction.shortlisted_at = interaction.shortlisted_at or now
        case InteractionAct.UNSHORTLIST:
            interaction.is_shortlisted = False
        case _:
            return True
    return _marks_of(interaction) != before


def _marks_of(interaction: Interaction) -> tuple[object, ...]:
    return (
        interaction.viewed_at,
        interaction.is_saved or False,
        interaction.is_shortlisted or False,
        interaction.hidden_reason,
    )
