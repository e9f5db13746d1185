from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from api.auditing import Auditing
from api.settings import Settings
from models.audit_trail import record
from models.base import now_utc
from models.database import Database
from models.errors import SetupError
from models.secret_file import read_secret
from models.vocabulary.access import AuditAction

Make = Callable[..., tuple[Auditing, Database]]


@pytest.fixture
def make(database: Database, tmp_path: Path) -> Make:
    """Gives the auditing of a data directory, and the database as it writes to it."""

    def made(**settings: Any) -> tuple[Auditing, Database]:
        auditing = Auditing(Settings(data_dir=tmp_path, **settings))
        url = database.engine.url.render_as_string(hide_password=False)
        return auditing, Database(url, auditing.trail)

    return made


def _act(database: Database) -> None:
    with database.write() as session:
        record(session, AuditAction.ACT)


def test_whole_chain_is_said_to_be_whole(make: Make) -> None:
    auditing, database = make()
    _act(database)
    auditing.note_heads(database)
    auditing.check_key(database)
    verdict = auditing.verify(database)
    assert (verdict.n_entries, verdict.is_whole) == (1, True)
    database.close()


@pytest.mark.parametrize("how", ["no file", "cut file"])
def test_end_cut_off_together_with_the_heads_is_not_called_whole(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    auditing, database = make()
    _act(database)
    yesterday = now_utc() - timedelta(days=1)
    with monkeypatch.context() as patch:
        patch.setattr("models.audit_heads.now_utc", lambda: yesterday)
        auditing.note_heads(database)
    if how == "no file":
        (tmp_path / "audit" / "heads.jsonl").unlink()
    verdict = auditing.verify(database)
    assert (verdict.faults, verdict.is_whole) == ((), False)
    auditing.note_heads(database)  # nothing new happened, and yet it says that it was there
    assert auditing.verify(database).is_whole
    database.close()


def test_empty_chain_needs_no_heads(make: Make) -> None:
    auditing, database = make()
    assert auditing.verify(database).is_whole
    database.close()


def test_lost_key_is_refused_with_what_to_do(make: Make, tmp_path: Path) -> None:
    auditing, database = make()
    auditing.check_key(database)
    (tmp_path / "audit" / "key").unlink()
    again, other = make()
    with pytest.raises(SetupError, match="NAVMATCH_AUDIT_KEY_FILE"):
        again.check_key(other)
    auditing.check_key(database)
    database.close()
    other.close()


def test_key_and_heads_lie_where_the_settings_say(make: Make, tmp_path: Path) -> None:
    key, heads = tmp_path / "elsewhere" / "key", tmp_path / "other" / "heads"
    secret = read_secret(key)
    auditing, database = make(audit_key_file=key, audit_heads_file=heads)
    _act(database)
    auditing.stop(database)
    assert heads.is_file()
    assert auditing.trail.key.secret == secret
    assert not (tmp_path / "audit").exists()
    database.close()


def test_stopping_notes_the_heads(make: Make, tmp_path: Path) -> None:
    auditing, database = make()
    auditing.start(database)
    _act(database)
    auditing.stop(database)
    assert len((tmp_path / "audit" / "heads.jsonl").read_text().splitlines()) == 1
    database.close()


def test_unwritable_heads_do_not_stop_the_service(
    make: Make, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    auditing, database = make(audit_heads_file=tmp_path)
    _act(database)
    auditing.stop(database)
    assert "not noted" in caplog.text
    database.close()


def test_fewer_days_than_180_are_no_setting() -> None:
    assert Settings().audit_keep_days == 180
    with pytest.raises(ValueError, match="180"):
        Settings(audit_keep_days=179)


def test_purge_of_a_young_chain_deletes_nothing(make: Make) -> None:
    auditing, database = make()
    _act(database)
    assert auditing.purge(database) == 0
    database.close()


def test_every_installation_has_a_key_of_its_own(tmp_path: Path) -> None:
    keys = {Auditing(Settings(data_dir=tmp_path / name)).trail.key.secret for name in "ab"}
    assert len(keys) == 2
