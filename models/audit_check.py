"""Proves that the audit chain is whole, says where it is not, and shortens it by the rules."""

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import delete, func, select, type_coerce
from sqlalchemy.orm import Session
from sqlalchemy.types import NullType

from models.audit import SIGNED, AuditEvent, AuditKey, same
from models.audit_points import (
    IS_NUMBERED,
    Start,
    add_checkpoint,
    chains,
    lock_chain,
    moment_of,
    no_chains,
    start_of,
)
from models.base import now_utc

MIN_KEEP_DAYS: Final = 180

CLOCK_MARGIN: Final = timedelta(days=2)
"""Kept longer than asked, so that a clock that jumped ahead deletes nothing early."""

BATCH: Final = 1_000

_log = logging.getLogger("navmatch.audit")


class FaultKind(StrEnum):
    """What happened to a chain."""

    CHANGED = "changed"
    MISSING = "missing"
    INSERTED = "inserted"
    CUT = "cut"
    CHECKPOINT = "checkpoint"
    MARK = "mark"


@dataclass(frozen=True, slots=True)
class Fault:
    """A place at which a chain is not what was written.

    Attributes:
        chain: The chain.
        kind: What happened.
        first: Number of the first entry concerned.
        last: Number of the last one.
    """

    chain: str
    kind: FaultKind
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Head:
    """The newest entry of a chain at some moment."""

    chain: str
    number: int
    mac: str


def verify(session: Session, key: AuditKey, witnesses: Iterable[Head] = ()) -> Iterator[Fault]:
    """Yield every fault of every chain, chains in order, each from its beginning.

    Entries written under a key that is lost are no faults: `audit_points.unprovable` names them.

    Args:
        session: A session that reads.
        key: The key the chain was written with.
        witnesses: Heads noted outside the database: without them a cut end cannot be seen.
    """
    seen: dict[str, list[Head]] = {}
    for head in witnesses:
        seen.setdefault(head.chain, []).append(head)
    reserved = no_chains(session)
    for chain in sorted((chains(session) | set(seen)) - reserved):
        yield from _joined(_verify_chain(session, key, chain, seen.get(chain, [])))
    for chain in sorted(reserved):
        yield from _joined(_inserted(chain, values) for values in _entries(session, chain))


def _joined(faults: Iterable[Fault]) -> Iterator[Fault]:
    """Yield faults of one kind that follow each other as one."""
    waiting: Fault | None = None
    for fault in faults:
        if waiting and fault.kind == waiting.kind and fault.first == waiting.last + 1:
            waiting = replace(waiting, last=fault.last)
            continue
        if waiting:
            yield waiting
        waiting = fault
    if waiting:
        yield waiting


def heads(session: Session) -> list[Head]:
    """Return the newest entry of every chain, by name of the chain."""
    newest = (
        select(AuditEvent.chain, func.max(AuditEvent.number).label("number"))
        .where(IS_NUMBERED)
        .group_by(AuditEvent.chain)
        .subquery()
    )
    wanted = select(AuditEvent.chain, AuditEvent.number, AuditEvent.mac).join(
        newest,
        (AuditEvent.chain == newest.c.chain) & (AuditEvent.number == newest.c.number),
    )
    found = [Head(chain, number, mac) for chain, number, mac in session.execute(wanted)]
    return sorted(found, key=lambda head: head.chain)


def count(session: Session) -> int:
    """Return how many entries there are in all chains."""
    return session.scalar(select(func.count()).select_from(AuditEvent)) or 0


def newest_seq(session: Session) -> int:
    """Return the number of the newest entry of all chains, 0 when there is none."""
    return session.scalar(select(func.max(AuditEvent.seq))) or 0


def wrote_any(key: AuditKey, entries: Iterable[Mapping[str, Any]]) -> bool:
    """Return whether any of these entries was written with a key.

    Whoever has the database can note another key there, and so make one look lost that is not.
    """
    return any(same(key.mac(str(e["previous_mac"]), dict(e)), str(e["mac"])) for e in entries)


def all_entries(session: Session) -> Iterator[dict[str, Any]]:
    """Yield the entries of all chains as they stand."""
    for chain in sorted(chains(session) | no_chains(session)):
        yield from _entries(session, chain)


def purge(session: Session, key: AuditKey, keep_days: int, witnesses: Iterable[Head] = ()) -> int:
    """Delete entries older than `keep_days`, leave a signed checkpoint, return how many.

    The newest entry of a chain always stays, and all of a chain stay when there is a fault in
    what would go: the signature would hide it. Entries of a lost key, whose age nobody can
    check, are as young as the mark. Needs a session that writes.

    Raises:
        ValueError: fewer days than may be.
    """
    if keep_days < MIN_KEEP_DAYS:
        msg = f"audit entries are kept for at least {MIN_KEEP_DAYS} days"
        raise ValueError(msg)
    before = now_utc() - timedelta(days=keep_days) - CLOCK_MARGIN
    seen = list(witnesses)
    return sum(_purge_chain(session, key, head, before, seen) for head in heads(session))


def _purge_chain(
    session: Session, key: AuditKey, head: Head, before: datetime, witnesses: list[Head]
) -> int:
    chain = head.chain
    lock_chain(session.connection(), chain)
    kept = select(func.min(AuditEvent.number)).where(
        AuditEvent.chain == chain, AuditEvent.at >= before, IS_NUMBERED
    )
    last = min(session.scalar(kept) or head.number, head.number) - 1
    wanted = select(AuditEvent).where(AuditEvent.chain == chain, AuditEvent.number == last)
    entry = session.scalars(wanted).one_or_none()
    mark = start_of(session, key, chain).mark
    if entry is None or (mark is not None and not _is_before(mark.at, before)):
        return 0
    seen = [witness for witness in witnesses if witness.chain == chain]
    fault = next(_verify_chain(session, key, chain, seen, until=last), None)
    if fault is not None:
        told = {"chain": chain, "fault": fault.kind.value, "entry": fault.first}
        _log.error("audit entries not purged: what is old is not what was written", extra=told)
        return 0
    add_checkpoint(session, key, chain, entry.number, entry.mac)
    old = delete(AuditEvent).where(AuditEvent.chain == chain, AuditEvent.number <= last)
    result: Any = session.execute(old, execution_options={"synchronize_session": False})
    return int(result.rowcount)


def _is_before(at: object, before: datetime) -> bool:
    return isinstance(at, datetime) and at < before


def _inserted(chain: str, values: dict[str, Any]) -> Fault:
    return Fault(chain, FaultKind.INSERTED, values["number"], values["number"])


def _verify_chain(
    session: Session,
    key: AuditKey,
    chain: str,
    witnesses: list[Head],
    until: int | None = None,
) -> Iterator[Fault]:
    """Yield the faults of a chain, up to the entry numbered `until` where that is given."""
    start = start_of(session, key, chain)
    for point in start.unsigned:
        kind = FaultKind.MARK if point.is_mark else FaultKind.CHECKPOINT
        yield Fault(chain, kind, point.number, point.number)
    known: dict[int, set[str]] = {}
    for head in witnesses:
        known.setdefault(head.number, set()).add(head.mac)
    for gone in sorted(n for n in known if n <= start.purged and len(known[n]) > 1):
        yield Fault(chain, FaultKind.CHANGED, gone, gone)
    lost_end = min(start.number, start.number if until is None else until)
    yield from _before_mark(session, chain, start, known, lost_end)
    number: int = start.number
    mac: str | None = start.mac
    for values in _entries(session, chain, start.number, until):
        if values["number"] <= number:
            yield _inserted(chain, values)
            continue
        if values["number"] > number + 1:
            yield Fault(chain, FaultKind.MISSING, number + 1, values["number"] - 1)
        previous = mac if values["number"] == number + 1 else None
        number, mac = values["number"], values["mac"]
        if _is_forged(key, values, previous, known.get(number, ())):
            yield Fault(chain, FaultKind.CHANGED, number, number)
            mac = None  # the next one is judged by its own code alone
    newest = max(known, default=0)
    if newest > number and until is None:
        yield Fault(chain, FaultKind.CUT, number + 1, newest)


def _before_mark(
    session: Session, chain: str, start: Start, known: dict[int, set[str]], end: int
) -> Iterator[Fault]:
    """Yield the faults up to where a chain can be proved: nothing may be left of what was purged.

    Entries of a lost key cannot be proved. But none may be missing, the last one must be that
    which the mark names, and none may be younger than the mark.
    """
    number = start.purged
    first = select(func.min(AuditEvent.seq)).where(
        AuditEvent.chain == chain, AuditEvent.number > start.number, IS_NUMBERED
    )
    proved_seq = session.scalar(first)
    for values in _entries(session, chain, None, end):
        if values["number"] <= number or _is_younger(values, start, proved_seq):
            yield _inserted(chain, values)
            number = max(number, values["number"])
            continue
        if values["number"] > number + 1:
            yield Fault(chain, FaultKind.MISSING, number + 1, values["number"] - 1)
        number = values["number"]
        noted = {*known.get(number, ()), *([start.mac] if number == start.number else ())}
        if not all(same(mac, values["mac"]) for mac in noted):
            yield Fault(chain, FaultKind.CHANGED, number, number)
    if number < end:
        yield Fault(chain, FaultKind.MISSING, number + 1, end)


def _is_younger(values: dict[str, Any], start: Start, proved_seq: int | None) -> bool:
    """Return whether an entry under the mark was written after it; clocks may be set back."""
    if proved_seq is not None and not values["seq"] < proved_seq:
        return True
    at, marked_at = values["at"], start.mark.at if start.mark is not None else None
    if not (isinstance(at, datetime) and isinstance(marked_at, datetime)):
        return False
    return at > marked_at + CLOCK_MARGIN


def _is_forged(
    key: AuditKey, values: dict[str, Any], previous: str | None, noted: Iterable[str]
) -> bool:
    """Return whether an entry is not what was written, or does not follow the one before."""
    signed = key.mac(values["previous_mac"], values)
    is_own = same(signed, values["mac"])
    follows = previous is None or same(values["previous_mac"], previous)
    is_witnessed = all(same(mac, values["mac"]) for mac in noted)
    return not (is_own and follows and is_witnessed)


def _entries(
    session: Session, chain: str, after: int | None = None, until: int | None = None
) -> Iterator[dict[str, Any]]:
    """Yield the entries of a chain between two numbers, in the order of their numbers.

    They are read as they stand: what somebody wrote past our types must be reported too.
    """
    columns = [
        type_coerce(getattr(AuditEvent, name), NullType()).label(name)
        for name in ("seq", *SIGNED, "previous_mac", "mac")
    ]
    wanted = select(*columns).where(AuditEvent.chain == chain)
    if after is not None:
        wanted = wanted.where(AuditEvent.number > after)
    if until is not None:
        wanted = wanted.where(AuditEvent.number <= until)
    ordered = wanted.order_by(AuditEvent.number, AuditEvent.seq)
    with session.execute(ordered, execution_options={"yield_per": BATCH}) as rows:
        for row in rows:
            values = dict(row._mapping)
            values["at"] = moment_of(values["at"])
            values["number"] = values["number"] if isinstance(values["number"], int) else 0
            for name in ("previous_mac", "mac"):
                values[name] = str(values[name])
            yield values
