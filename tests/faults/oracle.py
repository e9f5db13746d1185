"""What clients were told, and so what must be there: the other side of every comparison."""

import threading
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple


class Content(NamedTuple):
    """What is compared of a row.

    Attributes:
        title: Its title.
        text: Its description or summary.
        state: Its state; empty for nouns without one.
        deleted: Whether it was deleted.
    """

    title: str
    text: str
    state: str
    deleted: bool


@dataclass
class Expected:
    """What may be stored of one row.

    Attributes:
        mark: The key its client chose (`source_ref`).
        noun: Kind of row.
        allowed: States it may be in; one once the client knows, None for not there at all.
        id: Key of the row; None while no reply told it.
        version: Version in the last reply; None while the client does not know.
    """

    mark: str
    noun: str
    allowed: list[Content | None]
    id: str | None = None
    version: int | None = None

    @property
    def content(self) -> Content | None:
        """The state, when it is known and the row is there to be worked with."""
        known = self.allowed[0] if len(self.allowed) == 1 else None
        return None if known is None or known.deleted else known


class Stored(NamedTuple):
    """A row as the database has it."""

    id: str
    version: int
    content: Content


@dataclass
class Oracle:
    """All rows clients wrote, by mark; each row is written by one client at a time."""

    rows: dict[str, Expected] = field(default_factory=dict)
    n_acknowledged: int = 0
    n_unknown: int = 0
    n_refused: int = 0
    put_off: Counter[str] = field(default_factory=Counter)
    """Requests that were put off (503, 507), by the code of the reply."""

    faults: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def begin(self, mark: str, noun: str, after: Content) -> Expected:
        """Take a row up before the request that makes it is sent: it may be there or not.

        A row that is known stays what it was, or becomes this.
        """
        with self._lock:
            row = self.rows.setdefault(mark, Expected(mark, noun, [None]))
            row.allowed = [*dict.fromkeys([*row.allowed, after])]
        return row

    def acknowledged(self, row: Expected, content: Content, body: Mapping[str, Any] | None) -> None:
        """Keep what a reply said was done."""
        with self._lock:
            row.allowed = [content]
            if body is not None:
                row.id, row.version = str(body["id"]), int(body["version"])
            self.n_acknowledged += 1

    def put_off_with(self, code: str) -> None:
        """Count a request that was put off."""
        with self._lock:
            self.put_off[code] += 1

    def unknown(self, row: Expected, before: Content | None, after: Content) -> None:
        """Keep that a change was sent and nobody said what became of it."""
        with self._lock:
            row.allowed = [before, after]
            row.version = None
            self.n_unknown += 1

    def refused(self, row: Expected, before: Content | None) -> None:
        """Keep that a request was refused: nothing changed."""
        with self._lock:
            row.allowed = [before]
            self.n_refused += 1

    def fault(self, what: str) -> None:
        """Keep something no client should have seen."""
        with self._lock:
            self.faults.append(what)

    def compare(self, stored: Mapping[str, Stored], titles: Iterable[str]) -> list[str]:
        """Return every difference, then take what is stored for what is known from now on.

        Args:
            stored: Rows by mark.
            titles: Titles of all rows that are not deleted; each client writes its own.
        """
        found = [*self.faults]
        self.faults.clear()
        for mark, row in self.rows.items():
            found += _differences(row, stored.get(mark))
        found += [f"phantom: {mark}" for mark in stored.keys() - self.rows.keys()]
        seen: set[str] = set()
        for title in titles:
            if title in seen:
                found.append(f"duplicate: {title}")
            seen.add(title)
        return found


def _differences(row: Expected, there: Stored | None) -> list[str]:
    """Compare one row and settle it."""
    found = []
    content = there.content if there is not None else None
    if content not in row.allowed:
        found.append(f"{row.noun} {row.mark}: {content} is stored, not one of {row.allowed}")
    if there is not None:
        if row.id is not None and row.id != there.id:
            found.append(f"{row.noun} {row.mark}: stored under {there.id}, told {row.id}")
        is_known = len(row.allowed) == 1 and row.version is not None
        if (
            is_known
            and content is not None
            and not content.deleted
            and row.version != there.version
        ):
            found.append(f"{row.noun} {row.mark}: version {there.version}, told {row.version}")
        row.id, row.version = there.id, there.version
    row.allowed = [content]
    return found
