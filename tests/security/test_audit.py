"""S9: whoever edits the audit chain is found out, and nothing privileged goes without entry."""

import json
import random
import sqlite3
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, delete, event, select, update

from models import audit_check, audit_points, audit_trail
from models.audit import AuditCheckpoint, AuditEvent, AuditKey
from models.audit_check import Fault, FaultKind, heads, purge, verify
from models.audit_heads import HeadsFile
from models.audit_points import mark_lost, unprovable
from models.audit_trail import record
from models.base import now_utc
from models.database import Database
from models.errors import ConflictError, SetupError
from models.secret_file import read_secret
from models.vocabulary.access import AuditAction
from tests.security import edits

SHORT, LONG, SEED = 100, 1_000, 20261125


@pytest.mark.parametrize("is_lost", [False, True], ids=["one key", "after a lost key"])
def test_random_edits_are_all_located(database: Database, is_lost: bool) -> None:
    assert edits.run(database, SHORT, SEED, is_lost=is_lost) == []


@pytest.mark.nightly
@pytest.mark.parametrize("is_lost", [False, True], ids=["one key", "after a lost key"])
def test_a_thousand_random_edits_are_all_located(database: Database, is_lost: bool) -> None:
    assert edits.run(database, LONG, SEED, is_lost=is_lost) == []
    dialect = database.engine.dialect.name
    sys.stdout.write(f"{dialect}: {LONG} of {LONG} edits located, seed {SEED}\n")


def test_a_check_without_codes_would_miss_edits(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The harness can fail: when codes are not compared, changed entries go unnoticed."""
    monkeypatch.setattr(audit_check, "same", lambda code, other: True)
    assert edits.run(database, 30, SEED)


def test_a_check_that_trusts_every_mark_would_miss_edits(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_points, "same", lambda code, other: True)
    missed = edits.run(database, 60, SEED, is_lost=True)
    assert any("mark" in edit for edit in missed)


def test_untouched_chains_have_no_fault(database: Database) -> None:
    witnesses = edits.fill(database, 5)
    with database.read() as session:
        assert list(verify(session, edits.KEY, witnesses)) == []


def test_another_key_finds_every_entry_changed(database: Database) -> None:
    edits.fill(database, 3)
    with database.read() as session:
        found = list(verify(session, AuditKey(b"another key")))
    assert found == [Fault(chain, FaultKind.CHANGED, 1, 3) for chain in edits.CHAINS]


def test_time_of_no_form_is_reported_not_raised(tmp_path: Path, empty_database_file: Path) -> None:
    path = tmp_path / "broken.db"
    path.write_bytes(empty_database_file.read_bytes())
    database = Database(f"sqlite:///{path}", audit_trail.AuditTrail(edits.KEY))
    edits.fill(database, 3)
    with sqlite3.connect(path) as other:
        other.execute("DROP TRIGGER audit_event_unchanged")
        other.execute("UPDATE audit_event SET at = 'soon' WHERE chain = 'og_1' AND number = 2")
    other.close()
    with database.read() as session:
        assert list(verify(session, edits.KEY)) == [Fault("og_1", FaultKind.CHANGED, 2, 2)]
    database.close()


def test_entries_of_a_lost_key_are_neither_sound_nor_faulty(database: Database) -> None:
    edits.lose_key(database, 3)
    witnesses = edits.fill(database, 2)
    with database.read() as session:
        assert list(verify(session, edits.KEY, witnesses)) == []
        found = unprovable(session, edits.KEY)
    assert [(u.chain, u.first, u.last, u.n_entries) for u in found] == [
        (chain, 1, 3, 3) for chain in edits.CHAINS
    ]
    assert all(now_utc() - u.at < timedelta(minutes=5) for u in found)


def test_key_lost_twice_leaves_one_stretch_that_cannot_be_proved(database: Database) -> None:
    edits.lose_key(database, 3)
    edits.fill(database, 2)
    third = AuditKey(b"third key of the tests")
    with database.write() as session:
        mark_lost(session, third)
    with database.read() as session:
        assert list(verify(session, third)) == []
        assert [(u.first, u.last) for u in unprovable(session, third)] == [(1, 5)] * 3
        assert [audit_points.key_is_known(session, key) for key in (third, edits.KEY)] == [
            True,
            False,
        ]


def test_mark_lets_no_entry_be_deleted_or_changed(database: Database) -> None:
    edits.lose_key(database, 3)
    old = AuditEvent.number <= 3
    for forbidden in (
        delete(AuditEvent).where(old),
        update(AuditEvent).where(old).values(actor="nobody"),
        delete(AuditCheckpoint),
        update(AuditCheckpoint).values(number=0),
    ):
        with pytest.raises(ConflictError), database.alone("test") as connection:
            connection.execute(forbidden)


def test_mark_of_no_form_is_reported_not_raised(tmp_path: Path, empty_database_file: Path) -> None:
    path = tmp_path / "broken.db"
    path.write_bytes(empty_database_file.read_bytes())
    database = Database(f"sqlite:///{path}", audit_trail.AuditTrail(edits.KEY))
    edits.lose_key(database, 3)
    with sqlite3.connect(path) as other:
        other.execute("DROP TRIGGER audit_checkpoint_unchanged")
        other.execute("UPDATE audit_checkpoint SET at = 'soon' WHERE chain = 'lost:og_1'")
        other.execute("UPDATE audit_checkpoint SET number = 'all' WHERE chain = 'lost:og_2'")
    other.close()
    with database.read() as session:
        found = list(verify(session, edits.KEY))
    assert found == [
        Fault("og_1", FaultKind.MARK, 3, 3),
        Fault("og_1", FaultKind.CHANGED, 1, 3),
        Fault("og_2", FaultKind.MARK, 0, 0),
        Fault("og_2", FaultKind.CHANGED, 1, 3),
    ]
    database.close()


class Clock:
    """The time the audit chain is told, moved at will."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_days(self, days: float) -> None:
        self.now += timedelta(days=days)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(audit_trail, "now_utc", made)
    monkeypatch.setattr(audit_check, "now_utc", made)
    monkeypatch.setattr(audit_points, "now_utc", made)
    return made


def _act(database: Database, times: int) -> None:
    for _ in range(times):
        with database.write() as session:
            record(session, AuditAction.ACT)


def test_purged_chain_still_verifies(database: Database, clock: Clock) -> None:
    _act(database, 5)
    with database.read() as session:
        witnesses = heads(session)
    clock.pass_days(183)
    _act(database, 2)
    with database.write() as session:
        assert purge(session, edits.KEY, 180) == 5
    _act(database, 1)
    with database.read() as session:
        witnesses += heads(session)
        assert list(verify(session, edits.KEY, witnesses)) == []
        assert session.scalars(select(AuditEvent.number)).all() == [6, 7, 8]


def test_purge_goes_over_the_mark_of_a_lost_key(database: Database, clock: Clock) -> None:
    edits.lose_key(database, 2)
    clock.pass_days(100)
    _act(database, 2)
    clock.pass_days(83)
    with database.write() as session:
        assert purge(session, edits.KEY, 180) == 2 + 1 + 1  # of others the newest stays
    with database.read() as session:
        assert list(verify(session, edits.KEY)) == []
        assert [(u.chain, u.first, u.last) for u in unprovable(session, edits.KEY)] == [
            ("og_1", 2, 2),
            ("og_2", 2, 2),
        ]
    clock.pass_days(183)
    _act(database, 1)
    with database.write() as session:
        assert purge(session, edits.KEY, 180) == 2
    with database.read() as session:
        assert list(verify(session, edits.KEY)) == []
        assert session.scalars(
            select(AuditEvent.number).where(AuditEvent.chain == "platform")
        ).all() == [5]


def test_purge_keeps_the_newest_entry_and_what_is_young(database: Database, clock: Clock) -> None:
    _act(database, 2)
    clock.pass_days(181)
    with database.write() as session:
        assert purge(session, edits.KEY, 180) == 0
    clock.pass_days(1_000)
    with database.write() as session:
        assert purge(session, edits.KEY, 180) == 1
    _act(database, 1)
    with database.read() as session:
        assert list(verify(session, edits.KEY)) == []


def test_less_than_180_days_are_refused(database: Database) -> None:
    with database.write() as session, pytest.raises(ValueError, match="180"):
        purge(session, edits.KEY, 179)


@pytest.fixture
def heads_file(tmp_path: Path) -> HeadsFile:
    return HeadsFile(tmp_path / "audit" / "heads.jsonl", edits.KEY)


def test_heads_are_noted_once_and_only_appended(database: Database, heads_file: HeadsFile) -> None:
    noted = edits.fill(database, 2)
    assert heads_file.note(noted) == len(noted)
    first = heads_file.path.read_bytes()
    assert heads_file.note(noted) == 0
    _act(database, 1)
    with database.read() as session:
        assert heads_file.note(heads(session)) == 1
    assert heads_file.path.read_bytes().startswith(first)
    assert heads_file.path.stat().st_mode & 0o077 == 0
    assert not heads_file.read().faulty_lines


@pytest.mark.parametrize("place", range(4))
def test_changed_heads_file_is_noticed(heads_file: HeadsFile, place: int) -> None:
    chance = random.Random(place)  # noqa: S311 - no secret is made from it
    heads_file.note([audit_check.Head("platform", n, f"{n:064}") for n in (1, 2, 3)])
    lines = heads_file.path.read_text().splitlines()
    values = json.loads(lines[1])
    changes = [
        {**values, "number": 9},
        {**values, "mac": "0" * 64},
        {**values, "signature": "0" * 64},
        None,
    ]
    changed = changes[place]
    kept = [lines[0], *([json.dumps(changed)] if changed else []), lines[2]]
    heads_file.path.write_text("\n".join(kept) + "\n" + "not json\n" * chance.randint(0, 1))
    assert 2 in heads_file.read().faulty_lines


@pytest.fixture
def key_path(tmp_path: Path) -> Path:
    return tmp_path / "new" / "key"


def test_key_is_made_once_and_kept_secret(key_path: Path) -> None:
    made = read_secret(key_path)
    assert len(made) == 32
    assert read_secret(key_path) == made
    assert key_path.stat().st_mode & 0o777 == 0o600
    assert [p.name for p in key_path.parent.iterdir()] == ["key"]


def test_readable_or_short_key_is_refused(key_path: Path) -> None:
    read_secret(key_path)
    key_path.chmod(0o640)
    with pytest.raises(SetupError):
        read_secret(key_path)
    key_path.chmod(0o600)
    key_path.write_text("abcd")
    with pytest.raises(SetupError):
        read_secret(key_path)


def test_appending_happens_last_in_a_transaction(database: Database) -> None:
    """The chain's lock is held while nothing else is waited for."""
    seen: list[str] = []
    here = threading.get_ident()

    def note_statement(*told: object) -> None:
        if threading.get_ident() == here:  # applications of other tests look at their tables
            seen.append(str(told[2]))

    event.listen(Engine, "before_cursor_execute", note_statement)
    try:
        with database.write() as session:
            record(session, AuditAction.ACT)
            session.execute(select(AuditEvent))
    finally:
        event.remove(Engine, "before_cursor_execute", note_statement)
    assert seen[-1].startswith("INSERT INTO audit_event")
