"""How much each caller may ask in a minute: a bucket of tokens a caller, weighted by cost."""

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Final

from models.errors import NavmatchError

MAX_CALLERS: Final = 10_000
"""Buckets remembered; who asked least recently is forgotten first, to their advantage."""

BYTES_PER_TOKEN: Final = 1_500
"""What a body or a query may weigh for one more token: 500 Chinese characters."""


class Allowance(StrEnum):
    """As what a caller is counted."""

    STRANGER = "stranger"
    WIDGET = "widget"
    SITE = "site"
    ORGANISATION = "organisation"
    SIGN_IN = "sign_in"


@dataclass(frozen=True, slots=True)
class Rate:
    """Tokens that come in a time, and no more than these at once.

    Attributes:
        tokens: How many.
        seconds: In what time.
    """

    tokens: float
    seconds: float


RATES: Final[dict[Allowance, Rate]] = {
    Allowance.STRANGER: Rate(60, 60),
    Allowance.WIDGET: Rate(30, 60),
    Allowance.SITE: Rate(600, 60),
    Allowance.ORGANISATION: Rate(600, 60),
    Allowance.SIGN_IN: Rate(5, 900),
}
"""By address: strangers, pages with a widget, sign-ins that fail. By organisation: the others,
and by credential those who act for none."""


class RateExceededError(NavmatchError):
    """The caller asked more than it may; the same call works later."""

    code: ClassVar[str] = "rate_exceeded"

    def __init__(self, wait_s: int) -> None:
        super().__init__(f"请求过于频繁，请在 {wait_s} 秒后重试。", wait_s=wait_s)
        self.wait_s = wait_s


class Rates:
    """Buckets of all callers; used from the event loop only.

    It goes by a clock that only moves forward: setting the time changes nothing.
    """

    def __init__(
        self,
        n_workers: int = 1,
        clock: Callable[[], float] = time.monotonic,
        rates: dict[Allowance, Rate] | None = None,
    ) -> None:
        """Set how many processes share the rates.

        Args:
            n_workers: Processes that answer. A bucket is as large in each, since nobody knows
                which one a caller meets; it fills by its part.
            clock: Seconds.
            rates: What is allowed, `RATES` unless given.
        """
        self._n_workers = n_workers
        self._clock = clock
        self._rates = rates or RATES
        self._buckets: OrderedDict[tuple[Allowance, str], tuple[float, float]] = OrderedDict()
        self.n_refused = 0

    def take(
        self, allowance: Allowance, caller: str, cost: float = 1.0, own: Rate | None = None
    ) -> None:
        """Take tokens for a request.

        Args:
            allowance: As what the caller is counted.
            caller: Address or credential.
            cost: Tokens it takes; more than fit into the bucket take all of it.
            own: What this caller is allowed in place of what all of its sort are.

        Raises:
            RateExceededError: there are not enough.
        """
        rate, now = own or self._rates[allowance], self._clock()
        capacity = max(rate.tokens, 1.0)
        per_second = rate.tokens / rate.seconds / self._n_workers
        tokens, since = self._buckets.get((allowance, caller), (capacity, now))
        tokens = min(capacity, tokens + (now - since) * per_second)
        needed = min(cost, capacity)
        self._keep(allowance, caller, tokens if tokens < needed else tokens - needed, now)
        if tokens < needed:
            self.n_refused += 1
            raise RateExceededError(math.ceil((needed - tokens) / per_second))

    def give_back(self, allowance: Allowance, caller: str, cost: float = 1.0) -> None:
        """Undo a `take` that is not to count after all."""
        kept = self._buckets.get((allowance, caller))
        if kept is not None:
            self._keep(allowance, caller, kept[0] + cost, kept[1])

    def _keep(self, allowance: Allowance, caller: str, tokens: float, now: float) -> None:
        self._buckets[allowance, caller] = (tokens, now)
        self._buckets.move_to_end((allowance, caller))
        while len(self._buckets) > MAX_CALLERS:
            self._buckets.popitem(last=False)


def cost_of(n_body_bytes: int | None, n_query_bytes: int) -> float:
    """Return the tokens of a request: one, and more for long texts.

    Args:
        n_body_bytes: Length of the body; None when it was not announced.
        n_query_bytes: Length of the query string, in which a Chinese character takes 9 bytes.
    """
    body = 10.0 if n_body_bytes is None else n_body_bytes / BYTES_PER_TOKEN
    return 1.0 + math.floor(body + n_query_bytes / (3 * BYTES_PER_TOKEN))
