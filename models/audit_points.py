"""The signed points of the audit chains: where each begins, and what was written under which key.

They stand in the table of the checkpoints: one of a chain under its name, the key in use under
`KEY_CHAIN`, and under `LOST` with the name of a chain the mark up to which its entries were
written under a key that is lost. A mark has another name than its chain, so that the triggers let
nothing be deleted for it. Where entries were deleted by the rules before, the new key signs a
checkpoint as well: so it vouches for both ends of what cannot be proved.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    bindparam,
    cast,
    func,
    insert,
    or_,
    select,
    text,
    type_coerce,
)
from sqlalchemy.orm import Session
from sqlalchemy.types import NullType

from models.audit import CHAIN_CHARS, AuditCheckpoint, AuditEvent, AuditKey, same
from models.base import now_utc

KEY_CHAIN: Final = "key"
LOST: Final = "lost:"

IS_NUMBERED: Final[ColumnElement[bool]] = cast(AuditEvent.number, BigInteger) == AuditEvent.number
"""Of entries whose number is one: SQLite keeps a text there, and takes it for the greatest."""

_CHECKPOINT: Final = "checkpoint"
_MARK: Final = "lost"


_NUMBERED: Final = select(AuditEvent.number, AuditEvent.mac, AuditEvent.previous_mac).where(
    AuditEvent.chain == bindparam("chain"), AuditEvent.number > 0, IS_NUMBERED
)
_FIRST: Final = _NUMBERED.order_by(AuditEvent.number).limit(1)
_LAST: Final = _NUMBERED.order_by(AuditEvent.number.desc()).limit(1)
_FURTHEST: Final = select(func.max(AuditCheckpoint.number)).where(
    or_(
        AuditCheckpoint.chain == bindparam("chain"),
        AuditCheckpoint.chain == bindparam("mark"),
    )
)
"""They are asked at every write, so they are put together once."""


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
class End:
    """The first or the last entry of a chain."""

    number: int
    mac: str
    previous_mac: str


@dataclass(frozen=True, slots=True)
class Start:
    """What the first entry of a chain that can be proved follows.

    Attributes:
        number: Number of the entry before it.
        mac: Its code.
        purged: Number of the last entry that was deleted by the rules; 0 when none was.
        mark: Up to where entries were written under a lost key; None where none may be left.
        unsigned: Points that the key in use did not sign, though it was in use already.
    """

    number: int
    mac: str
    purged: int
    mark: Point | None
    unsigned: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Unprovable:
    """Entries of a chain that were written under a key that is lost: nobody can check them.

    Attributes:
        chain: The chain.
        first: Number of the first one.
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
    """Return the names of all chains; what stands under the name of a point is none."""
    found = set(session.scalars(select(AuditEvent.chain).distinct()))
    points = session.scalars(select(AuditCheckpoint.chain).distinct())
    marked = {chain.removeprefix(LOST) for chain in points}
    return ({chain for chain in found if not chain.startswith(LOST)} | marked) - {KEY_CHAIN}


def no_chains(session: Session) -> set[str]:
    """Return the names under which entries stand though no chain may have them."""
    found = set(session.scalars(select(AuditEvent.chain).distinct()))
    return found - chains(session)


def start_of(session: Session, key: AuditKey, chain: str) -> Start:
    """Return from where on a chain can be proved.

    Marks and checkpoints signed with a key that was lost before say nothing any more: they lie
    before the newest mark, which covers what they covered.
    """
    marks = _points(session, key, LOST + chain, _MARK)
    checkpoints = _points(session, key, chain, _CHECKPOINT)
    mark = next((point for point in marks if point.is_signed), None)
    purged = next((point for point in checkpoints if point.is_signed), None)
    unsigned = tuple(
        point
        for point in (*marks, *checkpoints)
        if not point.is_signed
        and (mark is None or point.key > mark.key or point.number > mark.number)
    )
    n_purged = 0 if purged is None else purged.number
    if mark is not None and mark.number > n_purged:
        return Start(mark.number, mark.mac, n_purged, mark, unsigned)
    if purged is not None:
        return Start(n_purged, purged.mac, n_purged, None, unsigned)
    return Start(0, key.genesis(chain), 0, None, unsigned)


def unprovable(session: Session, key: AuditKey) -> list[Unprovable]:
    """Return what nobody can check because its key is lost, also where none of it is left.

    Chains are in order; one whose entries of that key were all deleted by the rules is left out.
    """
    found = []
    for chain in sorted(chains(session)):
        start = start_of(session, key, chain)
        if start.mark is not None and isinstance(start.mark.at, datetime):
            first, last = start.purged + 1, start.number
            counted = select(func.count()).where(
                AuditEvent.chain == chain, AuditEvent.number.between(first, last)
            )
            n_entries = session.scalar(counted) or 0
            found.append(Unprovable(chain, first, last, n_entries, start.mark.at))
    return found


def mark_lost(session: Session, key: AuditKey) -> None:
    """Sign, under a new key, what of each chain was written before; and note the new key.

    No entry is changed. Needs a session of the system that writes, on a database whose trail
    has the new key. A chain whose name is too long is none of ours and gets no mark.
    """
    for chain in sorted(chains(session)):
        if len(LOST + chain) <= CHAIN_CHARS:
            lock_chain(session.connection(), chain)
            _mark_chain(session, key, chain)
    note_key(session, key)


def _mark_chain(session: Session, key: AuditKey, chain: str) -> None:
    connection = session.connection()
    first, last = (_end(connection, chain, is_last=is_last) for is_last in (False, True))
    if first is not None and first.number > 1:
        add_checkpoint(session, key, chain, first.number - 1, first.previous_mac)
    if last is not None:
        number, mac = last.number, last.mac
    else:  # nothing is left but points, none of which the new key could vouch for
        points = _points(session, key, LOST + chain, _MARK)
        points += _points(session, key, chain, _CHECKPOINT)
        furthest = max(points, key=lambda point: point.number)
        number, mac = furthest.number, furthest.mac
    _add(session, key, _MARK, LOST + chain, number, mac)


def lock_chain(connection: Connection, chain: str) -> None:
    """Let nobody else append to a chain before this transaction ends; SQLite has one writer."""
    if connection.dialect.name == "postgresql":
        digest = hashlib.sha256(f"navmatch.audit|{chain}".encode()).digest()
        number = int.from_bytes(digest[:8], "big", signed=True)
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": number})


def head_of(connection: Connection, chain: str, key: AuditKey) -> tuple[int, str]:
    """Return number and code of what the next entry of a chain follows.

    That is its newest entry, unless a signed point says that there was a later one: so a number
    that was used is not used again, whoever emptied the chain.
    """
    last = _end(connection, chain, is_last=True)
    found = (0, key.genesis(chain)) if last is None else (last.number, last.mac)
    furthest = connection.scalar(_FURTHEST, {"chain": chain, "mark": LOST + chain})
    if furthest is None or (isinstance(furthest, int) and furthest <= found[0]):
        return found
    for name, kind in ((LOST + chain, _MARK), (chain, _CHECKPOINT)):
        for point in _points(connection, key, name, kind):
            if point.is_signed and point.number > found[0]:
                found = point.number, point.mac
    return found


def _end(connection: Connection, chain: str, *, is_last: bool) -> End | None:
    """Return the first or the last entry of a chain that has a number, None when none has."""
    found = connection.execute(_LAST if is_last else _FIRST, {"chain": chain}).one_or_none()
    return None if found is None else End(*found)


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


def replaced_at(session: Session, key: AuditKey) -> object | None:
    """Return when another key took the place of one the chains were written with.

    None for the key in use, and for one that was never noted. What is no time comes as a text.
    """
    noted = sorted(_points(session, key, KEY_CHAIN, _CHECKPOINT), key=lambda point: point.key)
    own = key.fingerprint()
    places = [place for place, point in enumerate(noted) if same(point.mac, own)]
    if not places or places[-1] == len(noted) - 1:
        return None
    return noted[places[-1] + 1].at


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


def _points(session: Session | Connection, key: AuditKey, chain: str, kind: str) -> list[Point]:
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
