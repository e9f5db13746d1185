"""A new audit key in the place of a lost one: what is kept, what is taken off, dying half-way."""

import multiprocessing
import signal
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest
from sqlalchemy import select, text

from api.auditing import heads_path
from api.backup import BackupOptions, back_up, put_back
from api.identity.people import NewPerson
from api.identity.sign_ins import CodeNeededError, Credentials
from api.lost_key import check_lost, take_new_key
from api.notices.addresses import Allowed
from api.notices.courier import Courier
from api.notices.sending import Sender
from api.notices.signing import SECRET_PREFIX, is_genuine, new_salt
from api.settings import Settings
from api.telling import webhook_secrets
from api.wiring import Service
from indexer.encoder import HashEncoder
from indexer.locks import WriterLock
from models.audit import AuditCheckpoint, AuditEvent
from models.audit_check import count
from models.audit_points import KEY_CHAIN
from models.audit_trail import record
from models.base import now_utc
from models.database import Database
from models.errors import ConflictError, SetupError, StateError
from models.failpoints import Failpoint, armed
from models.identity import Person
from models.notification import Delivery, Webhook
from models.secret_file import read_secret
from models.viewer import Viewer, acting_as, system
from models.vocabulary.access import AuditAction, Role
from models.vocabulary.notification import Channel
from tests.api.notices.receiver import Receiver, receiving
from tests.rows import add_organisation
from tests.security.edits import DROP_TRIGGERS

LOGIN: Final = "zhang.san"
PASSWORD: Final = "correct-horse-7"  # noqa: S105 - opens nothing but the test's own service

files_only = pytest.mark.parametrize("database_url", [None], ids=["sqlite"])
"""For what is the same on every database."""

forking = multiprocessing.get_context("forkserver")
forking.set_forkserver_preload([__name__])


@pytest.fixture
def settings(database_url: str | None, tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "data", database_url=database_url)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


class House:
    """An installation that is opened as a start does, and closed as a stop does."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._service: Service | None = None

    def open(self) -> Service:
        """Open it; what was open is closed."""
        self.close()
        self._service = Service(self._settings, HashEncoder())
        self._service.prepare_database()
        return self._service

    def close(self) -> None:
        """Close it, if it is open."""
        if self._service is not None:
            self._service.close()
        self._service = None

    def lose_key(self) -> None:
        """Close it, and lose its audit key."""
        self.close()
        self._settings.resolved_audit_key_file.unlink()


@pytest.fixture
def house(settings: Settings) -> Iterator[House]:
    made = House(settings)
    yield made
    made.close()


@pytest.fixture
def lost(house: House) -> House:
    """An installation with an entry, its service stopped and its key gone."""
    act(house.open())
    house.lose_key()
    return house


def act(service: Service) -> None:
    with service.database.write() as session:
        record(session, AuditAction.ACT)


def actions(service: Service) -> list[AuditAction]:
    with service.database.read() as session:
        return list(session.scalars(select(AuditEvent.action).order_by(AuditEvent.seq)))


def rows(service: Service) -> list[Any]:
    with service.database.read() as session:
        columns = AuditEvent.__table__.columns
        return [tuple(row) for row in session.execute(select(*columns).order_by(AuditEvent.seq))]


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


FORGET: Final = "DELETE FROM audit_checkpoint WHERE chain = 'key'"
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


@files_only
def test_heads_file_that_cannot_be_renamed_says_which_setting_helps(
    settings: Settings, house: House, tmp_path: Path
) -> None:
    long = settings.model_copy(update={"audit_heads_file": tmp_path / ("h" * 252)})
    house = House(long)
    act(house.open())
    house.lose_key()
    with pytest.raises(SetupError, match="NAVMATCH_AUDIT_HEADS_FILE"):
        take_new_key(long)
    assert not settings.resolved_audit_key_file.exists()
    made = take_new_key(settings)
    assert made.kept == ()
    other = House(settings)
    service = other.open()
    assert service.auditing.verify(service.database).is_whole
    other.close()


@files_only
def test_what_a_try_that_failed_renamed_is_said(settings: Settings, lost: House) -> None:
    with pytest.raises(SetupError):
        lost.open()
    with armed(f"{Failpoint.BEFORE_AUDIT}:raise"), pytest.raises(Exception, match="audit"):
        take_new_key(settings)
    made = take_new_key(settings)
    assert [path.name for path in made.kept] == ["heads.jsonl.old-1", "key.old-1", "key.old-2"]


@files_only
def test_what_the_database_refuses_it_refuses_before_a_file_is_touched(
    settings: Settings, house: House
) -> None:
    service = house.open()
    with acting_as(system("test")):
        service.identity.people.add(NewPerson(LOGIN, "张三", Role.OPERATOR, password=PASSWORD))
        service.identity.authenticators.enrol(LOGIN)
    with service.database.write() as session:
        session.execute(
            text(
                "CREATE TRIGGER refused BEFORE UPDATE ON person"
                " BEGIN SELECT RAISE(ABORT, 'refused'); END"
            )
        )
    house.lose_key()
    with pytest.raises(ConflictError):
        take_new_key(settings)
    assert heads_path(settings).exists()
    assert not settings.resolved_audit_key_file.exists()


@files_only
def test_secrets_that_were_not_shown_are_not_in_force(
    settings: Settings, house: House, receiver: Receiver
) -> None:
    service = house.open()
    with service.database.write() as session:
        organisation = add_organisation(session)
        session.add(
            Webhook(organisation_id=organisation.id, name="新", url=receiver.url, salt=new_salt())
        )
    before = actions(service)
    house.lose_key()

    def fail(webhooks: Sequence[tuple[Webhook, str]]) -> None:
        raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        take_new_key(settings, fail)
    assert heads_path(settings).exists()
    shown: list[str] = []
    take_new_key(settings, lambda webhooks: shown.extend(secret for _, secret in webhooks))
    assert shown
    assert actions(house.open())[: len(before)] == before
    assert actions(house.open()).count(AuditAction.NEW_KEY) == 1


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


def test_person_with_an_authenticator_signs_in_and_binds_another(
    settings: Settings, house: House
) -> None:
    service = house.open()
    with acting_as(system("test")):
        identity = service.identity
        identity.people.add(NewPerson(LOGIN, "张三", Role.OPERATOR, password=PASSWORD))
        _, address = identity.authenticators.enrol(LOGIN)
        code = pyotp.TOTP(parse_qs(urlsplit(address).query)["secret"][0]).at(now_utc())
        _, stay = identity.sign_ins.begin(Credentials(LOGIN, PASSWORD, code))
    house.lose_key()
    assert take_new_key(settings).n_authenticators == 1
    service = house.open()
    with service.database.read() as session:
        person = session.scalars(select(Person).where(Person.login == LOGIN)).one()
        assert (person.totp_secret, person.totp_step) == (None, None)
    identity = service.identity
    assert identity.sign_ins.recognise(stay) is None
    found, _ = identity.sign_ins.begin(Credentials(LOGIN, PASSWORD))
    assert not found.principal.with_totp
    identity.authenticators.enrol(LOGIN)
    with pytest.raises(CodeNeededError):
        identity.sign_ins.begin(Credentials(LOGIN, PASSWORD))


def test_authenticator_kept_in_clear_by_an_older_version_stays(
    settings: Settings, house: House
) -> None:
    service = house.open()
    with acting_as(system("test")):
        service.identity.people.add(NewPerson(LOGIN, "张三", Role.OPERATOR, password=PASSWORD))
    secret = pyotp.random_base32()
    with service.database.write() as session:
        session.scalars(select(Person)).one().totp_secret = secret
    house.lose_key()
    assert take_new_key(settings).n_authenticators == 0
    code = pyotp.TOTP(secret).at(now_utc())
    assert house.open().identity.sign_ins.begin(Credentials(LOGIN, PASSWORD, code))


def test_webhook_signs_with_the_secret_that_was_told(
    settings: Settings, house: House, receiver: Receiver
) -> None:
    service = house.open()
    with service.database.write() as session:
        organisation = add_organisation(session)
        for name, salt in (("新", new_salt()), ("旧", SECRET_PREFIX + "a2V5a2V5a2V5a2V5")):
            session.add(
                Webhook(organisation_id=organisation.id, name=name, url=receiver.url, salt=salt)
            )
        gone = Webhook(organisation_id=None, name="停", url=receiver.url, salt=new_salt())
        gone.revoked_at = now_utc()
        session.add(gone)
        session.flush()
    house.lose_key()
    ((webhook, secret),) = take_new_key(settings).webhooks
    assert webhook.name == "新"
    service = house.open()
    assert webhook_secrets(settings).of(webhook.id, webhook.salt) == secret
    now = now_utc()
    with service.database.write() as session:
        session.add(
            Delivery(channel=Channel.WEBHOOK, target_id=webhook.id, next_at=now, created_at=now)
        )
    sender = Sender(Allowed(["127.0.0.1"]))
    assert Courier(service.database, sender, None, webhook_secrets(settings), now_utc).run() == 1
    (request,) = receiver.requests
    headers = {name.lower(): value for name, value in request.headers.items()}
    assert is_genuine(secret, headers, request.body, now_utc().timestamp())


def take_and_die(settings: Settings, point: Failpoint) -> None:
    with acting_as(system("test")), armed(f"{point}:kill"):
        take_new_key(settings)


@pytest.mark.parametrize(
    ("point", "is_done"),
    [
        (Failpoint.BEFORE_AUDIT, False),
        (Failpoint.BEFORE_COMMIT, False),
        (Failpoint.AFTER_COMMIT, True),
    ],
)
def test_process_that_dies_leaves_all_of_it_or_nothing(
    settings: Settings, lost: House, point: Failpoint, is_done: bool
) -> None:
    dying = forking.Process(target=take_and_die, args=(settings, point), daemon=True)
    dying.start()
    dying.join(60)
    assert dying.exitcode == -signal.SIGKILL
    if not is_done:
        with pytest.raises(SetupError, match="new-key"):
            lost.open()
        take_new_key(settings)
    service = lost.open()
    service.auditing.note_heads(service.database)
    verdict = service.auditing.verify(service.database)
    assert (verdict.is_whole, verdict.n_entries, verdict.n_unprovable) == (True, 2, 1)
    assert service.auditing.trail.key.secret == read_secret(settings.resolved_audit_key_file)
