"""Proves that the audit chain is whole, says where it is not, and shortens it by the rules."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import delete, func, select, type_coerce
from sqlalchemy.orm import Session
from sqlalchemy.types import NullType

from models.audit import SIGNED, AuditCheckpoint, AuditEvent, AuditKey, same
from models.audit_points import LOST, add_checkpoint, chains, moment_of, start_of
from models.audit_trail import lock_chain
from models.base import now_utc

MIN_KEEP_DAYS: Final = 180

CLOCK_MARGIN: Final = timedelta(days=2)
"""Kept longer than asked, so that a clock that jumped ahead deletes nothing early."""

BATCH: Final = 1_000


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
    for chain in sorted(chains(session) | set(seen)):
        yield from _joined(_verify_chain(session, key, chain, seen.get(chain, [])))


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


def wrote_newest(session: Session, key: AuditKey) -> bool:
    """Return whether the newest entry of any chain was written with this key.

    Whoever has the database can note another key there, and so make one look lost that is not.
    """
    marked = select(AuditCheckpoint.chain, func.max(AuditCheckpoint.number)).where(
        AuditCheckpoint.chain.startswith(LOST)
    )
    lost = {chain: last for chain, last in session.execute(marked.group_by(AuditCheckpoint.chain))}
    return any(
        same(key.mac(values["previous_mac"], values), values["mac"])
        for head in heads(session)
        if head.number > lost.get(LOST + head.chain, 0)
        for values in _entries(session, head.chain, head.number - 1)
    )


def holds_any(session: Session, noted: Iterable[Head]) -> bool:
    """Return whether any of these heads is an entry of the chains."""
    return any(
        session.scalar(
            select(AuditEvent.mac).where(
                AuditEvent.chain == head.chain, AuditEvent.number == head.number
            )
        )
        == head.mac
        for head in noted
    )


def purge(session: Session, key: AuditKey, keep_days: int) -> int:
    """Delete entries older than `keep_days`, leave a signed checkpoint, return how many.

    The newest entry of a chain always stays. Needs a session that writes.

    Raises:
        ValueError: fewer days than may be.
    """
    if keep_days < MIN_KEEP_DAYS:
        msg = f"audit entries are kept for at least {MIN_KEEP_DAYS} days"
        raise ValueError(msg)
    before = now_utc() - timedelta(days=keep_days) - CLOCK_MARGIN
    return sum(_purge_chain(session, key, head, before) for head in heads(session))


def _purge_chain(session: Session, key: AuditKey, head: Head, before: datetime) -> int:
    lock_chain(session.connection(), head.chain)
    kept = select(func.min(AuditEvent.number)).where(
        AuditEvent.chain == head.chain, AuditEvent.at >= before
    )
    last = min(session.scalar(kept) or head.number, head.number) - 1
    wanted = select(AuditEvent).where(AuditEvent.chain == head.chain, AuditEvent.number == last)
    entry = session.scalars(wanted).one_or_none()
    if entry is None:
        return 0
    add_checkpoint(session, key, head.chain, entry.number, entry.mac)
    old = delete(AuditEvent).where(AuditEvent.chain == head.chain, AuditEvent.number <= last)
    result: Any = session.execute(old, execution_options={"synchronize_session": False})
    return int(result.rowcount)


def _verify_chain(
    session: Session, key: AuditKey, chain: str, witnesses: list[Head]
) -> Iterator[Fault]:
    start = start_of(session, key, chain)
    number: int = start.number
    mac: str | None = start.mac
    for point in start.unsigned:
        kind = FaultKind.MARK if point.is_mark else FaultKind.CHECKPOINT
        yield Fault(chain, kind, point.number, point.number)
    known = {head.number: head.mac for head in witnesses}
    for values in _entries(session, chain, start.number):
        if values["number"] <= number:
            yield Fault(chain, FaultKind.INSERTED, values["number"], values["number"])
            continue
        if values["number"] > number + 1:
            yield Fault(chain, FaultKind.MISSING, number + 1, values["number"] - 1)
        previous = mac if values["number"] == number + 1 else None
        number, mac = values["number"], values["mac"]
        if _is_forged(key, values, previous, known.get(number)):
            yield Fault(chain, FaultKind.CHANGED, number, number)
            mac = None  # the next one is judged by its own code alone
    newest = max((head.number for head in witnesses), default=0)
    if newest > number:
        yield Fault(chain, FaultKind.CUT, number + 1, newest)


def _is_forged(
    key: AuditKey, values: dict[str, Any], previous: str | None, witness: str | None
) -> bool:
    """Return whether an entry is not what was written, or does not follow the one before."""
    signed = key.mac(values["previous_mac"], values)
    is_own = same(signed, values["mac"])
    follows = previous is None or same(values["previous_mac"], previous)
    is_witnessed = witness is None or same(witness, values["mac"])
    return not (is_own and follows and is_witnessed)


def _entries(session: Session, chain: str, after: int) -> Iterator[dict[str, Any]]:
    """Yield the entries of a chain beyond its start, in the order of their numbers.

    They are read as they stand: what somebody wrote past our types must be reported too.
    """
    columns = [
        type_coerce(getattr(AuditEvent, name), NullType()).label(name)
        for name in (*SIGNED, "previous_mac", "mac")
    ]
    wanted = (
        select(*columns)
        .where(AuditEvent.chain == chain, AuditEvent.number > after)
        .order_by(AuditEvent.number, AuditEvent.seq)
    )
    for row in session.execute(wanted, execution_options={"yield_per": BATCH}):
        values = dict(row._mapping)
        values["at"] = moment_of(values["at"])
        values["number"] = values["number"] if isinstance(values["number"], int) else 0
        for name in ("previous_mac", "mac"):
            values[name] = str(values[name])
        yield values
