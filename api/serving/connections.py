"""All connections of a process: who is let in, and who has waited too long."""

from collections import Counter
from collections.abc import Iterator
from enum import StrEnum
from typing import Protocol

from api.serving.limits import STALL_BYTES, ConnectionLimits


class Phase(StrEnum):
    """What a connection is at."""

    HEAD = "head"
    BODY = "body"
    ANSWER = "answer"
    IDLE = "idle"


class Connection(Protocol):
    """A connection as its keeper sees it.

    Attributes:
        address: Where it comes from.
        phase: What it is at.
        since: Moment (clock of the event loop) it came to that.
        n_waiting: Bytes of an answer not yet taken, when last looked at.
        waiting_since: Moment from which on nothing was taken; None while nothing waits.
    """

    address: str
    phase: Phase
    since: float
    n_waiting: int
    waiting_since: float | None

    def n_unsent(self) -> int:
        """Return how many bytes of answers wait to be taken."""

    def give_up(self) -> None:
        """Say that the request took too long, if that can still be said, and close."""

    def cut(self) -> None:
        """Close at once."""


class ConnectionKeeper:
    """Keeps the connections of a process within their limits; used from the event loop only.

    Where there are too many, the one that has said nothing for longest makes room: thousands
    of half-open connections then cost each other their place, and nobody else.
    """

    def __init__(self, limits: ConnectionLimits) -> None:
        self._limits = limits
        self._open: dict[Connection, None] = {}
        self._by_address: Counter[str] = Counter()
        self.n_refused = 0
        self.n_timed_out = 0

    def __len__(self) -> int:
        return len(self._open)

    def __iter__(self) -> Iterator[Connection]:
        return iter(list(self._open))

    def let_in(self, connection: Connection) -> bool:
        """Take a connection in, making room for it if need be; returns False if there is none."""
        limits, address = self._limits, connection.address
        is_counted = address not in limits.proxies
        if is_counted and self._by_address[address] >= limits.per_address:
            if not self._make_room(address):
                return self._refuse()
        elif len(self._open) >= limits.total and not self._make_room(None):
            return self._refuse()
        self._open[connection] = None
        self._by_address[address] += 1
        return True

    def forget(self, connection: Connection) -> None:
        """Take note that a connection is closed."""
        if connection in self._open:
            del self._open[connection]
            self._by_address[connection.address] -= 1
            if not self._by_address[connection.address]:
                del self._by_address[connection.address]

    def sweep(self, now: float) -> None:
        """Close what has taken too long, by the clock of the event loop."""
        allowed = {Phase.HEAD: self._limits.head_s, Phase.BODY: self._limits.body_s}
        for connection in self:
            if now - connection.since > allowed.get(connection.phase, float("inf")):
                self.n_timed_out += 1
                connection.give_up()
            elif self._is_stalled(connection, now):
                self.n_timed_out += 1
                connection.cut()

    def _is_stalled(self, connection: Connection, now: float) -> bool:
        """Return whether an answer waits of which nothing worth mention was taken for long."""
        n_unsent = connection.n_unsent()
        if not n_unsent:
            connection.waiting_since = None
            return False
        has_taken = connection.n_waiting - n_unsent >= STALL_BYTES
        if connection.waiting_since is None or has_taken:
            connection.waiting_since, connection.n_waiting = now, n_unsent
        elif n_unsent > connection.n_waiting:  # more of the answer came to it
            connection.n_waiting = n_unsent
        return now - connection.waiting_since > self._limits.stall_s

    def _make_room(self, address: str | None) -> bool:
        """Close the connection that has said nothing for longest, of an address or of all."""
        for phase in (Phase.HEAD, Phase.IDLE):
            silent = [
                connection
                for connection in self._open
                if connection.phase is phase and address in (None, connection.address)
            ]
            if silent:
                oldest = min(silent, key=lambda c: c.since)
                self.forget(oldest)
                oldest.cut()
                return True
        return False

    def _refuse(self) -> bool:
        self.n_refused += 1
        return False
