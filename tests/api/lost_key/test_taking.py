"""A new audit key in the place of a lost one: what goes on, what is kept, what is refused."""

from contextlib import closing

import pytest
from sqlalchemy import text

from api.auditing import heads_path
from api.lost_key import check_lost, take_new_key
from api.settings import Settings
from indexer.locks import WriterLock
from models.base import now_utc
from models.database import Database
from models.errors import SetupError, StateError
from models.vocabulary.access import AuditAction
from tests.api.lost_key.house import House, act, actions, files_only, rows


def test_installation_goes_on_under_a_new_key(settings: Settings, lost: House) -> None:
    with pytest.raises(SetupError, match="navmatch audit new-key"):
        lost.open()  # which has made a key of its own
    foreign = settings.resolved_audit_key_file.read_bytes()
    made = take_new_key(settings)
    assert [path.name for path in made.kept] == ["heads.jsonl.old-1", "key.old-1"]
    assert made.kept[1].read_bytes() == foreign
    assert made.key_file.read_bytes() != foreign
    assert made.key_file.stat().st_mode & 0o777 == 0o600
    service = lost.open()
    verdict = service.auditing.verify(service.database)
    assert (verdict.is_whole, verdict.n_entries, verdict.n_unprovable) == (True, 2, 1)
    assert actions(service) == [AuditAction.ACT, AuditAction.NEW_KEY]


def test_no_entry_is_touched(settings: Settings, house: House) -> None:
    service = house.open()
    act(service)
    before = rows(service)
    house.lose_key()
    take_new_key(settings)
    assert rows(house.open())[:-1] == before


@files_only
@pytest.mark.usefixtures("lost")
def test_key_that_is_not_lost_is_not_replaced(settings: Settings, house: House) -> None:
    take_new_key(settings)
    kept = settings.resolved_audit_key_file.read_bytes()
    with pytest.raises(StateError, match="没有丢失"):
        take_new_key(settings)
    assert settings.resolved_audit_key_file.read_bytes() == kept
    house.open()


def test_key_that_was_replaced_is_not_replaced_again(settings: Settings, house: House) -> None:
    """As on another machine, or where the first key was found: the new file is what it needs."""
    act(house.open())
    house.close()
    first = settings.resolved_audit_key_file.read_bytes()
    settings.resolved_audit_key_file.unlink()
    made = take_new_key(settings)
    made.key_file.write_bytes(first)
    heads_path(settings).unlink()
    says = f"已在 {now_utc():%Y-%m-%d} 换过，请把新的密钥文件拷到这台机器"
    with pytest.raises(SetupError, match=says) as refused:
        house.open()
    assert "new-key" not in str(refused.value)
    with pytest.raises(StateError, match=says):
        check_lost(settings)


def test_key_lost_twice_is_replaced_twice(settings: Settings, lost: House) -> None:
    with pytest.raises(SetupError):
        lost.open()
    take_new_key(settings)
    settings.resolved_audit_key_file.unlink()
    made = take_new_key(settings)
    assert made.n_unprovable == 2
    assert [path.name for path in made.kept] == [
        "heads.jsonl.old-1",
        "heads.jsonl.old-2",
        "key.old-1",
    ]
    service = lost.open()
    assert service.auditing.verify(service.database).is_whole


@files_only
@pytest.mark.parametrize("content", ["", "00", "not hexadecimal"])
def test_damaged_key_file_is_a_lost_key(settings: Settings, lost: House, content: str) -> None:
    settings.resolved_audit_key_file.write_text(content)
    settings.resolved_audit_key_file.chmod(0o600)
    take_new_key(settings)
    service = lost.open()
    assert service.auditing.verify(service.database).is_whole


@files_only
@pytest.mark.usefixtures("lost")
def test_key_file_open_to_others_is_no_loss(settings: Settings) -> None:
    settings.resolved_audit_key_file.write_text("00" * 32)
    settings.resolved_audit_key_file.chmod(0o644)
    with pytest.raises(SetupError, match="chmod 600"):
        take_new_key(settings)


@files_only
def test_installation_never_started_has_lost_nothing(settings: Settings) -> None:
    with pytest.raises(StateError, match="还没有审计记录"):
        take_new_key(settings)
    assert not settings.data_dir.exists()


@files_only
@pytest.mark.usefixtures("lost")
def test_tables_are_brought_up_to_date_only_under_the_lock(settings: Settings) -> None:
    url = settings.resolved_database_url
    with closing(Database(url)) as database, database.alone("test") as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0015'"))
    check_lost(settings)
    with closing(Database(url)) as database:
        assert database.revisions()[0] == "0015"


@files_only
@pytest.mark.usefixtures("lost")
def test_under_a_running_service_no_key_is_taken(settings: Settings) -> None:
    with WriterLock(settings.index_dir) as running:
        assert running.acquire()
        with pytest.raises(SetupError, match="先停止"):
            take_new_key(settings)
    assert not settings.resolved_audit_key_file.exists()
