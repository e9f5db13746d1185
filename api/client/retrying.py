"""When to ask again, and how long to wait before."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

BUSY: Final = frozenset({429, 502, 503, 504})
"""Answers that may be others in a moment."""

CONFLICT: Final = 409
"""Asked again only where it says when: the same request is being answered elsewhere."""


@dataclass(frozen=True, slots=True)
class Retries:
    """How patient a client is.

    Attributes:
        most: How often it asks again at most; 0 never.
        first_s: Longest wait before the first time; doubled each time.
        longest_s: Longest wait it chooses itself.
        patience_s: Longest wait it lets itself be told by `Retry-After`; beyond it gives up.
        sleep: Waits.
        draw: Returns a number from 0 to 1, so that many clients do not come back at once.
    """

    most: int = 4
    first_s: float = 0.25
    longest_s: float = 8.0
    patience_s: float = 60.0
    sleep: Callable[[float], None] = time.sleep
    draw: Callable[[], float] = random.random

    def wait_s(self, n_before: int, told_s: float | None = None) -> float | None:
        """Return how long to wait before asking again; None to give up.

        Args:
            n_before: How often it was asked again already.
            told_s: What the service asked for.
        """
        if n_before >= self.most or (told_s is not None and told_s > self.patience_s):
            return None
        own: float = min(self.longest_s, self.first_s * 2**n_before)
        if told_s is not None:  # never earlier than told, spread by what it would wait itself
            return told_s + own * self.draw()
        return own * (0.5 + self.draw() / 2)


def may_retry(status: int, told_s: float | None) -> bool:
    """Return whether asking again may help."""
    return status in BUSY or (status == CONFLICT and told_s is not None)


def seconds_of(header: str | None) -> float | None:
    """Return the seconds a `Retry-After` asks for, a number or a date; None when it says none."""
    if header is None:
        return None
    if header.isascii() and header.strip().isdigit():
        return float(header.strip()[:9])
    try:
        until = parsedate_to_datetime(header)
    except ValueError:
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return max(0.0, (until - datetime.now(UTC)).total_seconds())
