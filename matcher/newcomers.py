"""A place for those who came lately: else whoever is known stays known.

Where none of the first five is new, one newcomer that is as good, by its band, takes the fifth
place. Who it is is drawn by lot with the seed of the question, so that everybody who asks the
same on one day is shown the same, and the ranking can be made again.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from matcher.rank import Entry, draw

NEW_DAYS: Final = 90
"""How long a provider counts as a newcomer."""

PLACE: Final = 5
"""The place a newcomer is given, counted from 1; a shorter list has none to give."""

LOOKED_AT: Final = 30
"""Results among which one is drawn: those just behind."""


def with_newcomer(ordered: Sequence[Entry], k: int, today: date, seed: int | None) -> list[Entry]:
    """Return a ranking in which a newcomer is among the first five, if one is as good.

    Nobody is lifted over a better band, nor one whose conditions are open over one who meets
    them, nor a text that is not taken at its word.

    Args:
        ordered: Best first, copies folded.
        k: How many are shown.
        today: Day in force.
        seed: Seed of the question; None to leave the order alone.
    """
    entries = list(ordered)
    if seed is None or min(k, len(entries)) < PLACE:
        return entries
    if any(_is_new(entry, today) for entry in entries[:PLACE]):
        return entries
    displaced = entries[PLACE - 1]
    behind = entries[PLACE : PLACE + LOOKED_AT]
    as_good = [e for e in behind if _is_new(e, today) and _is_as_good(e, displaced)]
    if not as_good:
        return entries
    drawn = min(as_good, key=lambda e: draw(seed, e.document.group_id))
    entries.remove(drawn)
    entries.insert(PLACE - 1, replace(drawn, is_newcomer=True))
    return entries


def _is_as_good(entry: Entry, other: Entry) -> bool:
    return not entry.cautions and (entry.band, entry.outcome) == (other.band, other.outcome)


def _is_new(entry: Entry, today: date) -> bool:
    """Return whether a provider joined lately; one whose day nobody noted is none."""
    profile = entry.document.profile
    if profile is None or profile.joined is None:
        return False
    return date.fromisoformat(profile.joined) > today - timedelta(days=NEW_DAYS)
