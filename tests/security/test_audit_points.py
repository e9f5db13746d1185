"""What is signed of a chain besides its entries, by somebody who has the whole database."""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy import delete, insert, select, text

from models import audit_check, audit_points, audit_trail
from models.audit import AuditCheckpoint, AuditEvent, AuditKey
from models.audit_check import Fault, FaultKind, Head, heads, purge, verify
from models.audit_points import KEY_CHAIN, LOST, mark_lost, replaced_at, unprovable
from models.audit_trail import AuditTrail, record
from models.base import now_utc
from models.database import Database, Session
from models.viewer import Viewer, acting_as
from models.vocabulary.access import AuditAction, Role
from tests.security import edits

NEVER: Final = "0" * 64


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """Chains with entries of a lost key and of ours, as somebody sees them who may do anything."""
    edits.lose_key(database, 3)
    edits.fill(database, 2)
    with database.write() as opened:
        _drop_triggers(opened)
        yield opened
        opened.rollback()


def _drop_triggers(session: Session) -> None:
    for statement in edits.DROP_TRIGGERS[session.get_bind().dialect.name]:
        session.execute(text(statement))


def _faults(session: Session, witnesses: list[Head] | None = None) -> list[Fault]:
    return list(verify(session, edits.KEY, witnesses or []))


def _add_point(session: Session, chain: str, number: int, **more: Any) -> None:
    values = {"mac": NEVER, "at": now_utc(), "signature": NEVER, **more}
    session.execute(insert(AuditCheckpoint).values(chain=chain, number=number, **values))


def _copy(session: Session, source: tuple[str, int], **changes: Any) -> None:
    values = edits._values(edits._entry(session, *source))
    session.execute(insert(AuditEvent).values({**values, **changes}))


def _act(database: Database, organisation: str | None = None) -> None:
    viewer = Viewer(Role.OPERATOR, "ps_1", organisation)
    with acting_as(viewer), database.write() as session:
        record(session, AuditAction.ACT)


def _wait(monkeypatch: pytest.MonkeyPatch, days: float) -> None:
    later = now_utc() + timedelta(days=days)
    for module in (audit_check, audit_points, audit_trail):
        monkeypatch.setattr(module, "now_utc", lambda: later)


def test_purge_signs_nothing_that_is_not_what_was_written(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    """Else whoever makes an entry look old has it deleted, and the deletion signed."""
    edits.fill(database, 5)
    with database.write() as session, caplog.at_level(logging.ERROR):
        _drop_triggers(session)
        old = edits._plain(session, now_utc() - timedelta(days=400))
        for number in range(1, 5):
            edits._set(session, "og_1", number, {"at": old})
        assert purge(session, edits.KEY, 180) == 0
        assert "not purged" in caplog.text
        assert _faults(session) == [Fault("og_1", FaultKind.CHANGED, 1, 4)]
        session.rollback()


def test_purge_of_a_faulty_chain_leaves_the_others_theirs(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    witnesses = edits.fill(database, 3)
    _wait(monkeypatch, 200)
    edits.fill(database, 1)
    with database.write() as session:
        other = [Head("og_1", 2, NEVER), *witnesses]
        assert purge(session, edits.KEY, 180, other) == 3 * (len(edits.CHAINS) - 1)
        assert {found.chain for found in verify(session, edits.KEY, other)} == {"og_1"}
        session.rollback()


def test_entries_of_a_lost_key_are_as_young_as_the_mark(session: Session) -> None:
    old = edits._plain(session, now_utc() - timedelta(days=400))
    for number in (1, 2, 3):
        edits._set(session, "og_1", number, {"at": old})
    assert purge(session, edits.KEY, 180) == 0


def test_number_that_was_noted_twice_is_a_fault(database: Database) -> None:
    """A cut end is not hidden by as many new acts."""
    noted = edits.fill(database, 3)
    with database.write() as session:
        _drop_triggers(session)
        edits._delete(session, "og_1", 3, 3)
    _act(database, "og_1")
    with database.read() as session:
        noted += heads(session)
        assert _faults(session, noted) == [Fault("og_1", FaultKind.CHANGED, 3, 3)]


def test_number_that_was_noted_twice_is_a_fault_when_it_is_purged(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    edits.fill(database, 3)
    _wait(monkeypatch, 200)
    edits.fill(database, 1)
    with database.write() as session:
        assert purge(session, edits.KEY, 180)
    noted = [Head("og_1", 2, NEVER), Head("og_1", 2, "1" * 64)]
    with database.read() as session:
        assert _faults(session, noted[:1]) == []
        assert _faults(session, noted) == [Fault("og_1", FaultKind.CHANGED, 2, 2)]


@pytest.mark.parametrize("number", [0, -7])
@pytest.mark.parametrize("chain", ["og_1", "platform"])
def test_entry_before_the_first_is_inserted(session: Session, chain: str, number: int) -> None:
    _copy(session, (chain, 4), number=number)
    assert _faults(session) == [Fault(chain, FaultKind.INSERTED, number, number)]


@pytest.mark.parametrize("name", [KEY_CHAIN, f"{LOST}og_1"])
def test_entries_under_the_name_of_a_point_are_inserted(session: Session, name: str) -> None:
    for number in (7, 8):
        _copy(session, ("og_1", number - 3), chain=name, number=number)
    assert _faults(session) == [Fault(name, FaultKind.INSERTED, 7, 8)]


def test_entry_in_the_place_of_a_purged_one_is_inserted(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    edits.fill(database, 3)
    _wait(monkeypatch, 200)
    edits.fill(database, 1)
    with database.write() as session:
        assert purge(session, edits.KEY, 180)
        _copy(session, ("og_1", 4), number=2)
        assert _faults(session) == [Fault("og_1", FaultKind.INSERTED, 2, 2)]
        session.rollback()


def test_emptied_chain_of_a_lost_key_is_missing_and_still_named(database: Database) -> None:
    """No trigger has to be dropped for that: any checkpoint lets entries be deleted."""
    edits.lose_key(database, 3)
    with database.write() as session:
        _add_point(session, "og_1", 3)
        session.execute(delete(AuditEvent).where(AuditEvent.chain == "og_1"))
        assert _faults(session) == [
            Fault("og_1", FaultKind.CHECKPOINT, 3, 3),
            Fault("og_1", FaultKind.MISSING, 1, 3),
        ]
        found = [(u.first, u.last, u.n_entries) for u in unprovable(session, edits.KEY)]
        assert found == [(1, 3, 0), (1, 3, 3), (1, 3, 3)]


def test_numbers_of_an_emptied_chain_are_not_used_again(database: Database) -> None:
    """Else new entries stand under the mark, where nobody checks them."""
    edits.lose_key(database, 3)
    with database.write() as session:
        _drop_triggers(session)
        edits._delete(session, "og_1", 1, 3)
    _act(database, "og_1")
    with database.write() as session:
        assert _faults(session) == [Fault("og_1", FaultKind.MISSING, 1, 3)]
        edits._set(session, "og_1", 4, {"actor": "somebody"})
        assert Fault("og_1", FaultKind.CHANGED, 4, 4) in _faults(session)
        session.rollback()


def test_numbers_of_a_purged_and_emptied_chain_are_not_used_again(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    edits.fill(database, 3)
    _wait(monkeypatch, 200)
    edits.fill(database, 1)
    with database.write() as session:
        assert purge(session, edits.KEY, 180)
        _drop_triggers(session)
        edits._delete(session, "og_1", 4, 4)
    _act(database, "og_1")
    with database.read() as session:
        wanted = select(AuditEvent.number).where(AuditEvent.chain == "og_1")
        assert session.scalars(wanted).all() == [4]


def test_unsigned_point_lets_no_number_be_left_out(session: Session) -> None:
    _add_point(session, "og_1", 1_000)
    assert audit_points.head_of(session.connection(), "og_1", edits.KEY)[0] == 5


@pytest.mark.parametrize(("name", "kind"), [("", FaultKind.CHECKPOINT), (LOST, FaultKind.MARK)])
@pytest.mark.parametrize(
    ("number", "is_older", "is_fault"),
    [(2, False, True), (9, True, True), (2, True, False)],
    ids=["younger", "further", "of the lost key"],
)
def test_unsigned_point_counts_unless_it_is_covered_by_the_mark(
    session: Session, name: str, kind: FaultKind, number: int, is_older: bool, is_fault: bool
) -> None:
    _add_point(session, f"{name}og_1", number, **({"key": -1} if is_older else {}))
    assert _faults(session) == ([Fault("og_1", kind, number, number)] if is_fault else [])


def test_place_of_an_entry_under_the_mark_is_not_taken_by_a_younger_time(
    session: Session,
) -> None:
    soon = edits._plain(session, now_utc() + timedelta(days=3))
    edits._set(session, "og_1", 2, {"at": soon})
    assert _faults(session) == [Fault("og_1", FaultKind.INSERTED, 2, 2)]


@pytest.fixture
def purged(database: Database, monkeypatch: pytest.MonkeyPatch) -> Database:
    """Chains whose first three entries were deleted by the rules before their key was lost."""
    url = database.engine.url.render_as_string(hide_password=False)
    with closing(Database(url, AuditTrail(edits.LOST_KEY))) as before:
        edits.fill(before, 3)
        _wait(monkeypatch, 200)
        edits.fill(before, 2)
        with before.write() as session:
            assert purge(session, edits.LOST_KEY, 180) == 9
    with database.write() as session:
        mark_lost(session, edits.KEY)
    return database


def test_new_key_vouches_for_the_beginning_too(purged: Database) -> None:
    with purged.write() as session:
        assert _faults(session) == []
        found = unprovable(session, edits.KEY)
        assert [(u.first, u.last, u.n_entries) for u in found] == [(4, 5, 2)] * 3
        _drop_triggers(session)
        edits._delete(session, "og_1", 4, 4)
        assert _faults(session) == [Fault("og_1", FaultKind.MISSING, 4, 4)]
        session.execute(delete(AuditCheckpoint).where(AuditCheckpoint.chain == "og_1"))
        assert _faults(session) == [Fault("og_1", FaultKind.MISSING, 1, 4)]
        session.rollback()


def test_purge_goes_on_under_the_new_key(purged: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    _wait(monkeypatch, 400)
    edits.fill(purged, 1)
    with purged.write() as session:
        assert purge(session, edits.KEY, 180) == 6
        assert _faults(session) == []
        assert unprovable(session, edits.KEY) == []


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_marking_keeps_others_from_appending(database: Database) -> None:
    """SQLite has one writer."""
    edits.fill(database, 1)
    locks = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")
    with database.write() as session:
        before = session.scalar(locks)
        mark_lost(session, AuditKey(b"third key of the tests"))
        assert session.scalar(locks) == before + len(edits.CHAINS)
        session.rollback()


def test_number_of_no_form_does_not_keep_a_new_key_out(
    tmp_path: Path, empty_database_file: Path
) -> None:
    path = tmp_path / "broken.db"
    path.write_bytes(empty_database_file.read_bytes())
    with closing(Database(f"sqlite:///{path}", AuditTrail(edits.KEY))) as database:
        edits.fill(database, 3)
        with closing(sqlite3.connect(path)) as other, other:
            other.execute("DROP TRIGGER audit_event_unchanged")
            other.execute("UPDATE audit_event SET number = 'all' WHERE number = 3")
        with database.write() as session:
            assert [head.number for head in heads(session)] == [2, 2, 2]
            mark_lost(session, AuditKey(b"third key of the tests"))
        _act(database, "og_1")
        with database.read() as session:
            found = list(verify(session, edits.KEY))
    assert Fault("og_1", FaultKind.INSERTED, 0, 0) in found


def test_moment_a_key_was_replaced_is_known(database: Database) -> None:
    with database.write() as session:
        audit_points.note_key(session, edits.LOST_KEY)
        assert replaced_at(session, edits.LOST_KEY) is None
        audit_points.note_key(session, edits.KEY)
        at = replaced_at(session, edits.LOST_KEY)
        assert isinstance(at, datetime)
        assert at.astimezone(UTC) <= now_utc()
        assert replaced_at(session, edits.KEY) is None
        assert replaced_at(session, AuditKey(b"never noted")) is None
