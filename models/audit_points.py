"""The signed points of the audit chains: where each begins, and what was written under which key.

They stand in the table of the checkpoints: one of a chain under its name, the key in use under
`KEY_CHAIN`, and under `LOST` with the name of a chain the mark up to which its entries were
written under a key that is lost. A mark has another name than its chain, so that the triggers let
nothing be deleted for it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import func, insert, select, type_coerce
from sqlalchemy.orm import Session
from sqlalchemy.types import NullType

from models.audit import CHAIN_CHARS, AuditCheckpoint, AuditEvent, AuditKey, same
from models.audit_trail import head_of, lock_chain
from models.base import now_utc

KEY_CHAIN: Final = "key"
LOST: Final = "lost:"

_CHECKPOINT: Final = "checkpoint"
_MARK: Final = "lost"


@dataclass(frozen=True, slots=True)
class Point:
    """A row of the table, as it stands.

    Attributes:
        key: Its place among the others.
        number: Number of the last entry before it.
        mac: Its code.
        at: When it was signed; a text where somebody wrote no time.
        is_signed: Whether it was signed with the key that is asked about.
        is_mark: Whether it is the mark of a lost key.
    """

    key: int
    number: int
    mac: str
    at: datetime | object
    is_signed: bool
    is_mark: bool


@dataclass(frozen=True, slots=True)
class Start:
    """What the first entry of a chain that can be proved follows.

    Attributes:
        number: Number of the entry before it.
        mac: Its code.
        mark: Up to where entries were written under a lost key; None where none are left.
        unsigned: Points that have no valid signature and would count if they had.
    """

    number: int
    mac: str
    mark: Point | None
    unsigned: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Unprovable:
    """Entries of a chain that were written under a key that is lost: nobody can check them.

    Attributes:
        chain: The chain.
        first: Number of the first one left.
        last: Number of the last one.
        n_entries: How many are left.
        at: When the key in use took its place.
    """

    chain: str
    first: int
    last: int
    n_entries: int
    at: datetime


def chains(session: Session) -> set[str]:
    """Return the names of all chains."""
    found = set(session.scalars(select(AuditEvent.chain).distinct()))
    points = session.scalars(select(AuditCheckpoint.chain).distinct())
    return (found | {chain.removeprefix(LOST) for chain in points}) - {KEY_CHAIN}


def start_of(session: Session, key: AuditKey, chain: str) -> Start:
    """Return from where on a chain can be proved.

    Marks and checkpoints signed with a key that was lost before say nothing any more: they lie
    before the newest mark, which covers what they covered.
    """
    marks = _points(session, key, LOST + chain, _MARK)
    mark = next((point for point in marks if point.is_signed), None)
    unsigned = [
        point
        for point in marks
        if not point.is_signed
        and (mark is None or point.key > mark.key or point.number > mark.number)
    ]
    for point in _points(session, key, chain, _CHECKPOINT):
        if mark is not None and point.number <= mark.number:
            break
        if point.is_signed:
            return Start(point.number, point.mac, None, tuple(unsigned))
        unsigned.append(point)
    if mark is not None:
        return Start(mark.number, mark.mac, mark, tuple(unsigned))
    return Start(0, key.genesis(chain), None, tuple(unsigned))


def unprovable(session: Session, key: AuditKey) -> list[Unprovable]:
    """Return the entries nobody can check because their key is lost, chains in order."""
    found = []
    for chain in sorted(chains(session)):
        mark = start_of(session, key, chain).mark
        if mark is not None and isinstance(mark.at, datetime):
            counted = select(func.min(AuditEvent.number), func.count()).where(
                AuditEvent.chain == chain, AuditEvent.number <= mark.number
            )
            first, n_entries = session.execute(counted).one()
            if n_entries:
                found.append(Unprovable(chain, first, mark.number, n_entries, mark.at))
    return found


def mark_lost(session: Session, key: AuditKey) -> None:
    """Sign, under a new key, up to where each chain was written before; and note the new key.

    No entry is changed. Needs a session of the system that writes, on a database whose trail
    has the new key. A chain whose name is too long is none of ours and gets no mark.
    """
    for chain in sorted(chains(session)):
        if len(LOST + chain) <= CHAIN_CHARS:
            lock_chain(session.connection(), chain)
            number, mac = head_of(session.connection(), chain, key)
            _add(session, key, _MARK, LOST + chain, number, mac)
    note_key(session, key)


def add_checkpoint(session: Session, key: AuditKey, chain: str, number: int, mac: str) -> None:
    """Sign that a chain begins after an entry: those up to it may be deleted."""
    _add(session, key, _CHECKPOINT, chain, number, mac)


def note_key(session: Session, key: AuditKey) -> None:
    """Write down with which key the chains are written from now on."""
    _add(session, key, _CHECKPOINT, KEY_CHAIN, 0, key.fingerprint())


def key_noted(session: Session) -> str | None:
    """Return the fingerprint of the key the chains are written with; None before the first."""
    wanted = (
        select(AuditCheckpoint.mac)
        .where(AuditCheckpoint.chain == KEY_CHAIN)
        .order_by(AuditCheckpoint.key.desc())
        .limit(1)
    )
    return session.scalars(wanted).one_or_none()


def key_is_known(session: Session, key: AuditKey) -> bool | None:
    """Return whether the chains are written with this key; None when no key was used yet."""
    noted = key_noted(session)
    return None if noted is None else same(noted, key.fingerprint())


def keys_noted_in(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return the fingerprints of the keys that checkpoints of a backup name, oldest first."""
    noted = [row for row in rows if row["chain"] == KEY_CHAIN]
    return [row["mac"] for row in sorted(noted, key=lambda row: row["key"])]


def moment_of(value: object) -> object:
    """Return a time as it was signed; on SQLite it is kept as text in UTC."""
    if isinstance(value, str):
        try:
            return datetime.fromisoformat(value).replace(tzinfo=UTC)
        except ValueError:
            return value
    return value


def _add(session: Session, key: AuditKey, kind: str, chain: str, number: int, mac: str) -> None:
    at = now_utc()
    values = {"chain": chain, "number": number, "mac": mac, "at": at}
    signature = key.signature(kind, *values.values())
    session.execute(insert(AuditCheckpoint).values(**values, signature=signature))


def _points(session: Session, key: AuditKey, chain: str, kind: str) -> list[Point]:
    """Return the points under a name, the furthest first, read past our types as they stand."""
    names = ("key", "number", "mac", "at", "signature")
    columns = [
        type_coerce(getattr(AuditCheckpoint, name), NullType()).label(name) for name in names
    ]
    found = []
    wanted = select(*columns).where(AuditCheckpoint.chain == chain)
    for row in session.execute(wanted):
        values = dict(row._mapping)
        number, mac, at = values["number"], values["mac"], moment_of(values["at"])
        is_signed = same(key.signature(kind, chain, number, mac, at), str(values["signature"]))
        number = number if isinstance(number, int) else 0
        found.append(Point(values["key"], number, str(mac), at, is_signed, kind == _MARK))
    return sorted(found, key=lambda point: (-point.number, point.key))
