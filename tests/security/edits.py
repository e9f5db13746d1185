"""Edits an audit chain as somebody would who has the whole database but not the key.

    python -m tests.security.edits --n 1000 --seed 1 --db postgresql
    python -m tests.security.edits --n 1000 --seed 1 --lost

Each edit is made and judged in a transaction that is rolled back, so all meet the same chain.
"""

import argparse
import random
import sys
import tempfile
from collections.abc import Callable, Iterable
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import Select, delete, insert, select, text, update
from sqlalchemy.orm import Session

from models.acting import tell
from models.audit import AuditCheckpoint, AuditEvent, AuditKey
from models.audit_check import Fault, Head, heads, verify
from models.audit_points import LOST, mark_lost
from models.audit_trail import AuditTrail, record
from models.database import Database
from models.viewer import Viewer, acting_as, system
from models.vocabulary.access import AuditAction, Role

KEY: Final = AuditKey(b"key of the tests, known to anyone")
LOST_KEY: Final = AuditKey(b"key of the tests that was lost")
CHAINS: Final = ("og_1", "og_2", "platform")
ENTRIES: Final = 60
"""Entries of each chain."""

N_LOST: Final = 20
"""Entries of each chain before them, where a key was lost."""

_HASHES: Final = ("before_hash", "after_hash", "previous_mac", "mac")
_TEXTS: Final = (
    *("actor", "role", "act", "action", "entity", "entity_id", "result", "request_id", "client"),
    *("organisation_id", *_HASHES),
)
DROP_TRIGGERS: Final = {
    "sqlite": (
        "DROP TRIGGER audit_event_unchanged",
        "DROP TRIGGER audit_event_kept",
        "DROP TRIGGER audit_checkpoint_unchanged",
        "DROP TRIGGER audit_checkpoint_kept",
    ),
    "postgresql": (
        "ALTER TABLE audit_event DISABLE TRIGGER ALL",
        "ALTER TABLE audit_checkpoint DISABLE TRIGGER ALL",
    ),
}


@dataclass(frozen=True)
class Edit:
    """What was done to a chain: each number of `touched` must be named by a fault."""

    name: str
    chain: str
    touched: frozenset[int]
    is_exact: bool = False
    """Whether no other number may be named."""


@dataclass(frozen=True)
class Place:
    """A chain, and the entries of it that can be proved."""

    chain: str
    first: int
    last: int


def fill(database: Database, n_entries: int = ENTRIES) -> list[Head]:
    """Write chains and return their heads."""
    for number in range(n_entries):
        for chain in CHAINS:
            organisation = None if chain == "platform" else chain
            viewer = Viewer(Role.OPERATOR, f"ps_{number}", organisation)
            with acting_as(viewer), database.write() as session:
                record(session, AuditAction.ACT, "demand", f"dm_{number}")
    with database.read() as session:
        return heads(session)


def lose_key(database: Database, n_entries: int = N_LOST) -> None:
    """Write chains under a key that is lost, then take the key of the tests in its place."""
    url = database.engine.url.render_as_string(hide_password=False)
    with closing(Database(url, AuditTrail(LOST_KEY))) as before:
        fill(before, n_entries)
    with database.write() as session:
        mark_lost(session, KEY)


def run(database: Database, n_edits: int, seed: int, *, is_lost: bool = False) -> list[str]:
    """Make edits and return the descriptions of those that were not located.

    Args:
        database: An empty database.
        n_edits: How many.
        seed: Repeats them.
        is_lost: Whether the chains begin with entries of a lost key.
    """
    chance = random.Random(seed)  # noqa: S311 - no secret is made from it
    if is_lost:
        lose_key(database)
    witnesses = fill(database)
    first = N_LOST + 1 if is_lost else 1
    edits = (*EDITS, *MARK_EDITS) if is_lost else EDITS
    missed = []
    for number in range(n_edits):
        place = Place(chance.choice(CHAINS), first, first + ENTRIES - 1)
        edit, faults = _try(database, chance, chance.choice(edits), place, witnesses)
        if not is_located(edit, faults):
            missed.append(f"edit {number} (seed {seed}): {edit} -> {faults}")
    return missed


def is_located(edit: Edit, faults: Iterable[Fault]) -> bool:
    """Return whether faults name the place of an edit, and no other chain."""
    found = list(faults)
    named = {n for f in found for n in range(f.first, f.last + 1)}
    if any(fault.chain != edit.chain for fault in found) or not edit.touched <= named:
        return False
    return not edit.is_exact or named == edit.touched


def _try(
    database: Database,
    chance: random.Random,
    make: Callable[[Session, random.Random, Place], Edit],
    place: Place,
    witnesses: list[Head],
) -> tuple[Edit, list[Fault]]:
    with database.engine.connect() as connection, Session(connection) as session:
        tell(connection, system("test"))
        for statement in DROP_TRIGGERS[connection.dialect.name]:
            session.execute(text(statement))
        edit = make(session, chance, place)
        session.flush()
        faults = list(verify(session, KEY, witnesses))
        session.rollback()
    return edit, faults


def _modify(session: Session, chance: random.Random, at: Place) -> Edit:
    number, column = chance.randint(at.first, at.last), chance.choice((*_TEXTS, "at"))
    entry = _entry(session, at.chain, number)
    if column == "at":
        changed: object = entry.at + timedelta(microseconds=chance.choice((1, -1, 3_600_000_000)))
    else:
        changed = _another(str(getattr(entry, column)), chance)
    _set(session, at.chain, number, {column: changed})
    return Edit(f"modify {column}", at.chain, frozenset({number}), is_exact=True)


def _remove(session: Session, chance: random.Random, at: Place) -> Edit:
    first = chance.randint(at.first, at.last - 6)
    last = first + chance.randint(0, 4)
    _delete(session, at.chain, first, last)
    return Edit("remove", at.chain, frozenset(range(first, last + 1)), is_exact=True)


def _insert(session: Session, chance: random.Random, at: Place) -> Edit:
    """Put a copy of an entry, with its own code or that of another, at some place."""
    place = chance.randint(at.first, at.last + 1)
    source = chance.randint(at.first, at.last)
    values = _values(_entry(session, at.chain, source))
    before = _values(_entry(session, at.chain, place - 1)) if place > 1 else values
    _shift(session, at.chain, place)
    values |= {"number": place, "previous_mac": before["mac"]}
    session.execute(insert(AuditEvent).values(values))
    # of two equal entries the first is the one that was written
    return Edit("insert", at.chain, frozenset({place + 1 if source == place else place}))


def _reorder(session: Session, chance: random.Random, at: Place) -> Edit:
    one, other = chance.sample(range(at.first, at.last + 1), 2)
    for old, new in ((one, -1), (other, one), (-1, other)):
        _set(session, at.chain, old, {"number": new})
    return Edit("reorder", at.chain, frozenset({one, other}), is_exact=True)


def _cut(session: Session, chance: random.Random, at: Place) -> Edit:
    first = at.last + 1 - chance.choice((1, 2, 10, ENTRIES))
    _delete(session, at.chain, first, at.last)
    return Edit("cut", at.chain, frozenset(range(first, at.last + 1)), is_exact=True)


def _purge(session: Session, chance: random.Random, at: Place) -> Edit:
    """Delete the oldest entries under a checkpoint nobody signed."""
    return _forge(session, chance, at, at.chain)


def _forge_mark(session: Session, chance: random.Random, at: Place) -> Edit:
    """Say that more was written under the lost key, and delete it, under the old signature."""
    return _forge(session, chance, at, LOST + at.chain)


def _forge(session: Session, chance: random.Random, at: Place, name: str) -> Edit:
    last = chance.randint(at.first, at.last - 1)
    entry = _entry(session, at.chain, last)
    signed = session.scalars(_points(name)).first()
    values = {"chain": name, "number": last, "mac": entry.mac, "at": entry.at}
    signature = signed.signature if signed is not None else entry.mac
    session.execute(insert(AuditCheckpoint).values(**values, signature=signature))
    _delete(session, at.chain, at.first, last)
    return Edit(f"forge {name}", at.chain, frozenset(range(at.first, last + 1)), is_exact=True)


def _change_mark(session: Session, chance: random.Random, at: Place) -> Edit:
    mark = session.scalars(_points(LOST + at.chain)).one()
    changes: dict[str, object] = {
        "number": mark.number + chance.choice((1, -1, 10)),
        "mac": _another(mark.mac, chance),
        "signature": _another(mark.signature, chance),
        "at": _plain(session, mark.at - timedelta(days=1)),
    }
    column = chance.choice(sorted(changes))
    session.execute(
        text(f"UPDATE audit_checkpoint SET {column} = :value WHERE key = :key"),  # noqa: S608
        {"value": changes[column], "key": mark.key},
    )
    return Edit(f"change mark {column}", at.chain, frozenset(range(1, N_LOST + 1)))


def _remove_mark(session: Session, chance: random.Random, at: Place) -> Edit:
    """Take a mark away, or put that of another chain in its place."""
    session.execute(delete(AuditCheckpoint).where(AuditCheckpoint.chain == LOST + at.chain))
    if chance.random() < 0.5:
        other = chance.choice([chain for chain in CHAINS if chain != at.chain])
        mark = session.scalars(_points(LOST + other)).one()
        values = {name: getattr(mark, name) for name in ("number", "mac", "at", "signature")}
        session.execute(insert(AuditCheckpoint).values(chain=LOST + at.chain, **values))
    return Edit("remove mark", at.chain, frozenset(range(1, N_LOST + 1)), is_exact=True)


def _remove_old(session: Session, chance: random.Random, at: Place) -> Edit:
    """Delete entries of the lost key, with or without a checkpoint nobody signed."""
    first = chance.randint(1, at.first - 1)
    last = chance.randint(first, at.first - 1)
    touched = set(range(first, last + 1))
    if chance.random() < 0.5:
        _add_checkpoint(session, at.chain, last)
    _delete(session, at.chain, first, last)
    return Edit("remove old", at.chain, frozenset(touched), is_exact=True)


def _change_end_of_old(session: Session, chance: random.Random, at: Place) -> Edit:
    """Give the last entry of the lost key another code: the mark names the one it had."""
    last = at.first - 1
    _set(session, at.chain, last, {"mac": _another(_entry(session, at.chain, last).mac, chance)})
    return Edit("change end of old", at.chain, frozenset({last}), is_exact=True)


def _replace_old(session: Session, chance: random.Random, at: Place) -> Edit:
    """Put an entry that is younger than the mark in the place of one of the lost key."""
    place = chance.randint(1, at.first - 1)
    values = _values(_entry(session, at.chain, chance.randint(at.first, at.last)))
    _delete(session, at.chain, place, place)
    session.execute(insert(AuditEvent).values({**values, "number": place}))
    return Edit("replace old", at.chain, frozenset({place}), is_exact=True)


def _insert_before_all(session: Session, chance: random.Random, at: Place) -> Edit:
    place = -chance.randrange(3)
    values = _values(_entry(session, at.chain, chance.randint(1, at.last)))
    session.execute(insert(AuditEvent).values({**values, "number": place}))
    return Edit("insert before all", at.chain, frozenset({place}), is_exact=True)


def _add_checkpoint(session: Session, chain: str, number: int) -> None:
    entry = _entry(session, chain, number)
    values = {"chain": chain, "number": number, "mac": entry.mac, "at": entry.at}
    session.execute(insert(AuditCheckpoint).values(**values, signature=entry.mac))


EDITS: Final = (_modify, _remove, _insert, _reorder, _cut, _purge, _insert_before_all)
MARK_EDITS: Final = (
    *(_forge_mark, _change_mark, _remove_mark),
    *(_remove_old, _change_end_of_old, _replace_old),
)


def _points(name: str) -> Select[AuditCheckpoint]:
    return select(AuditCheckpoint).where(AuditCheckpoint.chain == name)


def _entry(session: Session, chain: str, number: int) -> AuditEvent:
    wanted = select(AuditEvent).where(AuditEvent.chain == chain, AuditEvent.number == number)
    return session.scalars(wanted).one()


def _values(entry: AuditEvent) -> dict[str, Any]:
    return {c.name: getattr(entry, c.name) for c in AuditEvent.__table__.columns if c.name != "seq"}


def _another(value: str, chance: random.Random) -> str:
    """Return a text that differs in one place; still a choice's name only by chance."""
    place = chance.randrange(len(value) or 1)
    other = chance.choice([c for c in "0123456789abcdef" if c != value[place : place + 1]])
    return value[:place] + other + value[place + 1 :]


def _set(session: Session, chain: str, number: int, values: dict[str, Any]) -> None:
    """Change a row past our types, as SQL would."""
    assignments = ", ".join(f"{name} = :{name}" for name in values)
    plain = {name: _plain(session, value) for name, value in values.items()}
    session.execute(
        text(f"UPDATE audit_event SET {assignments} WHERE chain = :chain_ AND number = :number_"),  # noqa: S608 - names of ours
        {**plain, "chain_": chain, "number_": number},
    )


def _plain(session: Session, value: Any) -> Any:
    """Return a time in the form the database keeps it."""
    is_time = hasattr(value, "isoformat") and session.get_bind().dialect.name == "sqlite"
    return value.strftime("%Y-%m-%d %H:%M:%S.%f") if is_time else value


def _shift(session: Session, chain: str, place: int) -> None:
    """Make room: the numbers from a place on grow by one."""
    here = (AuditEvent.chain == chain) & (AuditEvent.number >= place)
    session.execute(update(AuditEvent).where(here).values(number=-AuditEvent.number - 1))
    back = (AuditEvent.chain == chain) & (AuditEvent.number < 0)
    session.execute(update(AuditEvent).where(back).values(number=-AuditEvent.number))


def _delete(session: Session, chain: str, first: int, last: int) -> None:
    here = (AuditEvent.chain == chain) & AuditEvent.number.between(first, last)
    session.execute(delete(AuditEvent).where(here))


def main() -> int:
    """Run the long form."""
    parser = argparse.ArgumentParser(description="edit an audit chain, count what is located")
    parser.add_argument("--n", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--lost", action="store_true", help="after a key was lost")
    parser.add_argument("--db", choices=sorted(DROP_TRIGGERS), default="sqlite")
    chosen = parser.parse_args()
    with ExitStack() as stack:
        stack.enter_context(acting_as(system("test")))
        if chosen.db == "sqlite":
            folder = stack.enter_context(tempfile.TemporaryDirectory())
            url = f"sqlite:///{folder}/audit.db"
        else:
            from tests.postgres import temporary_server  # its package is not for every machine

            url = stack.enter_context(temporary_server()).new_database()
        database = Database(url, AuditTrail(KEY))
        stack.callback(database.close)
        database.migrate()
        missed = run(database, chosen.n, chosen.seed, is_lost=chosen.lost)
    sys.stdout.write("".join(f"{line}\n" for line in missed))
    located = chosen.n - len(missed)
    sys.stdout.write(f"{chosen.db}, seed {chosen.seed}: {located} of {chosen.n} located\n")
    return int(bool(missed))


if __name__ == "__main__":
    raise SystemExit(main())
