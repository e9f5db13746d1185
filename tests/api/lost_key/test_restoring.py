"""A backup without its key, and one of a key that is at hand."""

from contextlib import closing
from pathlib import Path

import pytest

from api.backup import BackupOptions, back_up, put_back
from api.lost_key import take_new_key
from api.settings import Settings
from models.audit_check import count
from models.database import Database
from models.errors import SetupError, StateError
from models.viewer import Viewer, acting_as
from models.vocabulary.access import AuditAction, Role
from tests.api.lost_key.house import House, act, actions, rows
from tests.rows import add_organisation


def test_backup_without_its_key_is_put_back_and_goes_on(
    settings: Settings, house: House, tmp_path: Path
) -> None:
    service = house.open()
    act(service)
    back_up(service, tmp_path / "backup", BackupOptions())
    act(service)
    house.lose_key()
    put_back(settings, tmp_path / "backup", force=True, is_key_lost=True)
    with pytest.raises(SetupError, match="new-key"):
        house.open()
    take_new_key(settings)
    service = house.open()
    act(service)
    service.auditing.note_heads(service.database)
    verdict = service.auditing.verify(service.database)
    assert (verdict.is_whole, verdict.n_entries, verdict.n_unprovable) == (True, 4, 2)
    assert actions(service)[1:3] == [AuditAction.BACKUP, AuditAction.NEW_KEY]


def test_backup_made_before_the_key_was_lost_is_put_back(
    settings: Settings, house: House, tmp_path: Path
) -> None:
    """A chain in which nothing happened since has its head noted under the second key too."""
    service = house.open()
    act(service)
    with service.database.write() as session:
        organisation = add_organisation(session).id
    with acting_as(Viewer(Role.PROVIDER_ADMIN, "ps_1", organisation)):
        act(service)
    back_up(service, tmp_path / "backup", BackupOptions())
    house.lose_key()
    take_new_key(settings)
    act(house.open())
    house.close()
    put_back(settings, tmp_path / "backup", force=True, is_key_lost=True)
    with pytest.raises(StateError, match="restore"):
        take_new_key(settings)  # whoever did not put it back just now cannot know that
    take_new_key(settings, is_restored=True)
    service = house.open()
    verdict = service.auditing.verify(service.database)
    assert verdict.is_whole
    assert len(verdict.unprovable) == 2


def test_backup_of_a_key_that_is_at_hand_is_refused_before_anything_is_replaced(
    settings: Settings, house: House, tmp_path: Path
) -> None:
    service = house.open()
    act(service)
    first = settings.resolved_audit_key_file.read_bytes()
    house.lose_key()
    take_new_key(settings)
    service = house.open()
    back_up(service, tmp_path / "backup", BackupOptions())
    act(service)
    n_entries = len(rows(service))
    house.close()
    settings.resolved_audit_key_file.write_bytes(first)
    with pytest.raises(StateError, match="后来换成了新的"):
        put_back(settings, tmp_path / "backup", force=True, is_key_lost=True)
    with closing(Database(settings.resolved_database_url)) as database, database.read() as session:
        assert count(session) == n_entries
