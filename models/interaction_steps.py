"""The life of an interaction: which act leads from where to where, and who sees it.

    noted ─ask→ asked ─┐
    noted ─invite──────┼→ invited ──accept──────────┐
    noted ─express_interest→ interested ──accept────┴→ mutual ─offer→ contacted ─confirm→ confirmed

Every side may end it: `declined` with a reason, `withdrawn` by whoever had begun, `lapsed` by
nobody's answer. Whoever ended it may begin again.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from models.vocabulary.interaction import DeclineReason, InteractionAct, InteractionState, Side

_S = InteractionState
_A = InteractionAct
_R = DeclineReason

LIVE: Final = frozenset({_S.ASKED, _S.INVITED, _S.INTERESTED, _S.MUTUAL, _S.CONTACTED})
"""States in which both sides speak to each other."""

PENDING: Final = frozenset({_S.ASKED, _S.INVITED, _S.INTERESTED})
"""States that lapse when nobody answers."""

TOGETHER: Final = frozenset({_S.MUTUAL, _S.CONTACTED, _S.CONFIRMED, _S.CONVERTED})
"""States in which both sides have said yes: contacts and the recipient are shown."""

ENDED: Final = frozenset({_S.DECLINED, _S.WITHDRAWN, _S.LAPSED})

MARKS: Final = frozenset({_A.VIEW, _A.SAVE, _A.HIDE, _A.UNHIDE})
"""What a base notes for itself; the provider never learns of it."""

FRESH: Final = None
"""Stands for the state before there is an interaction."""

Moves = Mapping[InteractionState | None, InteractionState]


def _stay(states: Iterable[InteractionState]) -> Moves:
    return {state: state for state in states}


def _all(states: Iterable[InteractionState | None], to: InteractionState) -> Moves:
    return dict.fromkeys(states, to)


_BEGIN: Final = (FRESH, _S.NOTED, _S.ASKED, *sorted(ENDED))
_TALK: Final = {**_stay(LIVE | {_S.CONFIRMED, _S.CONVERTED}), FRESH: _S.ASKED, _S.NOTED: _S.ASKED}
_MEET: Final = (_S.MUTUAL, _S.CONTACTED)
_NOTE: Final = {**_stay(_S), FRESH: _S.NOTED}
_REPORT: Final = _stay(set(_S) - {_S.NOTED})
_RATE: Final = _stay({_S.CONFIRMED, _S.CONVERTED})
_ANSWER: Final = _stay(LIVE | {_S.CONFIRMED, _S.CONVERTED})

MOVES: Final[Mapping[Side, Mapping[InteractionAct, Moves]]] = {
    Side.BASE: {
        **dict.fromkeys((*sorted(MARKS), _A.SHORTLIST, _A.UNSHORTLIST), _NOTE),
        _A.INVITE: {**_all(_BEGIN, _S.INVITED), _S.INTERESTED: _S.MUTUAL},
        _A.ACCEPT: {_S.INTERESTED: _S.MUTUAL},
        _A.ASK: _TALK,
        _A.ANSWER: _ANSWER,
        _A.DECLINE: _all(LIVE - {_S.INVITED}, _S.DECLINED),
        _A.WITHDRAW: _all((_S.INVITED, *_MEET), _S.WITHDRAWN),
        _A.MEETING_PROPOSED: _stay(_MEET),
        _A.MEETING_HELD: _all(_MEET, _S.CONTACTED),
        _A.CONFIRM: _all(_MEET, _S.CONFIRMED),
        _A.CONVERT: {_S.CONFIRMED: _S.CONVERTED},
        _A.RATE: _RATE,
        _A.REPORT_ABUSE: _REPORT,
    },
    Side.PROVIDER: {
        _A.EXPRESS_INTEREST: {**_all(_BEGIN, _S.INTERESTED), _S.INVITED: _S.MUTUAL},
        _A.ACCEPT: {_S.INVITED: _S.MUTUAL},
        _A.ASK: _TALK,
        _A.ANSWER: _ANSWER,
        _A.DECLINE: _all((FRESH, _S.NOTED, *sorted(LIVE - {_S.INTERESTED})), _S.DECLINED),
        _A.WITHDRAW: _all((_S.INTERESTED, *_MEET), _S.WITHDRAWN),
        _A.MEETING_PROPOSED: _stay(_MEET),
        _A.MEETING_HELD: _all(_MEET, _S.CONTACTED),
        _A.OFFER: _all(_MEET, _S.CONTACTED),
        _A.OFFER_REVISED: {_S.CONTACTED: _S.CONTACTED},
        _A.REPORT_ABUSE: _REPORT,
    },
    Side.RECIPIENT: {_A.ANSWER: _ANSWER, _A.RATE: _RATE, _A.REPORT_ABUSE: _REPORT},
}
"""What each side may do, and where it leads from each state."""

SPEAKING: Final = frozenset({_A.ASK, _A.ANSWER, _A.OFFER, _A.OFFER_REVISED, _A.MEETING_PROPOSED})
"""Acts that are nothing without words."""

REASONED: Final = frozenset({_A.DECLINE, _A.HIDE})
"""Acts that need a reason."""

_BOTH: Final = frozenset({_R.REGION_FAR, _R.NO_CAPACITY, _R.CONFLICT_OF_INTEREST})
_OF_PROVIDER: Final = frozenset(
    {
        *(_R.BUDGET_LOW, _R.PERIOD_SHORT, _R.DESCRIPTION_VAGUE, _R.DATA_UNAVAILABLE),
        *(_R.OUT_OF_FIELD, _R.SECRECY_REQUIRED, _R.NOT_REAL_DEMAND),
    }
)
REASONS: Final[Mapping[Side, frozenset[DeclineReason]]] = {
    Side.BASE: frozenset(DeclineReason) - _OF_PROVIDER,
    Side.PROVIDER: _OF_PROVIDER | _BOTH,
}
"""Reasons each side may give."""


def next_state(
    side: Side, act: InteractionAct, state: InteractionState | None, ended_by: Side | None = None
) -> InteractionState | None:
    """Return where an act leads; None when it may not be done.

    Args:
        side: Who acts.
        act: What they do.
        state: Where the interaction stands; None when there is none.
        ended_by: Who ended it, if somebody did.
    """
    if state is InteractionState.DECLINED and ended_by is not side and act not in _ANY_TIME:
        return None
    return MOVES.get(side, {}).get(act, {}).get(state)


def possible_acts(
    side: Side, state: InteractionState, ended_by: Side | None = None
) -> list[InteractionAct]:
    """Return what a side may do now, in the order of the vocabulary."""
    return [act for act in InteractionAct if next_state(side, act, state, ended_by) is not None]


def awaited_after(
    side: Side, act: InteractionAct, state: InteractionState, awaiting: Side | None
) -> Side | None:
    """Return who has to answer after an act that led to a state."""
    if state is InteractionState.INVITED:
        return Side.PROVIDER
    if state is InteractionState.INTERESTED:
        return Side.BASE
    if state is not InteractionState.ASKED:
        return None
    if act is InteractionAct.ASK:
        return Side.BASE if side is Side.PROVIDER else Side.PROVIDER
    return None if act is InteractionAct.ANSWER else awaiting


def seen_by(act: InteractionAct, side: Side) -> frozenset[Side]:
    """Return the sides that see an act of a side; operators see every one."""
    if act in MARKS or act is InteractionAct.UNSHORTLIST:
        return frozenset({Side.BASE})
    if act is InteractionAct.REPORT_ABUSE:
        return frozenset({side})
    return frozenset({Side.BASE, Side.PROVIDER, Side.RECIPIENT})


_ANY_TIME: Final = MARKS | {_A.REPORT_ABUSE, _A.UNSHORTLIST}
"""Acts that change nothing for the other side, whoever had ended it."""
