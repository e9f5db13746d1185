"""Nobody who has the database can have a key that is not lost thrown away."""

from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import text

from api.auditing import heads_path
from api.backup import BackupOptions, back_up, put_back
from api.lost_key import take_new_key
from api.settings import Settings
from models.audit import AuditCheckpoint
from models.audit_points import KEY_CHAIN
from models.base import now_utc
from models.errors import SetupError, StateError
from tests.api.lost_key.house import FORGET, House, act
from tests.security.edits import DROP_TRIGGERS


def _note_another_key(house: House, *edits: str) -> None:
    """Do what somebody can who has the whole database and not the key."""
    with house.open().database.write() as session:
        for statement in DROP_TRIGGERS[session.get_bind().dialect.name]:
            session.execute(text(statement))
        for edit in edits:
            session.execute(text(edit))
        session.add(
            AuditCheckpoint(chain=KEY_CHAIN, number=0, mac="0" * 64, at=now_utc(), signature="")
        )
    with pytest.raises(SetupError):
        house.open()


MARK: Final = (
    "INSERT INTO audit_checkpoint (chain, number, mac, at, signature)"
    " SELECT 'lost:' || chain, number, mac, at, mac FROM audit_event"
)


SPOIL: Final = "UPDATE audit_event SET mac = previous_mac, actor = 'somebody'"


@pytest.mark.parametrize(
    ("edits", "without_heads", "says"),
    [
        ((SPOIL,), True, "已在 .* 换过.*从备份恢复"),
        ((SPOIL, MARK), True, "已在 .* 换过.*从备份恢复"),
        ((FORGET,), True, "审计记录就是用密钥文件.*从备份恢复"),
        ((FORGET, MARK), True, "审计记录就是用密钥文件.*从备份恢复"),
        ((FORGET, SPOIL), False, "链头文件.*从备份恢复"),
    ],
    ids=["key row", "key row and marks", "entries", "entries and marks", "heads"],
)
def test_key_noted_by_somebody_else_does_not_make_ours_a_lost_one(
    settings: Settings, house: House, edits: tuple[str, ...], without_heads: bool, says: str
) -> None:
    """Else whoever has the database could have the true key thrown away, and the proof with it."""
    act(house.open())
    act(house.open())
    house.close()
    _note_another_key(house, *edits)
    kept = settings.resolved_audit_key_file.read_bytes()
    if without_heads:
        heads_path(settings).unlink()
    with pytest.raises(StateError, match=says):
        take_new_key(settings)
    assert settings.resolved_audit_key_file.read_bytes() == kept


def test_backup_that_hides_whose_key_it_is_is_refused(
    settings: Settings, house: House, tmp_path: Path
) -> None:
    act(house.open())
    service = house.open()
    with service.database.write() as session:
        for statement in DROP_TRIGGERS[session.get_bind().dialect.name]:
            session.execute(text(statement))
        session.execute(text(FORGET))
        session.add(
            AuditCheckpoint(chain=KEY_CHAIN, number=0, mac="0" * 64, at=now_utc(), signature="")
        )
    back_up(service, tmp_path / "backup", BackupOptions())
    house.close()
    with pytest.raises(StateError, match="审计记录就是用它写成的"):
        put_back(settings, tmp_path / "backup", force=True, is_key_lost=True)
