"""A new audit key in the place of a lost one: what is kept, what is taken off, dying half-way."""

import multiprocessing
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest
from sqlalchemy import insert, select

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
from models.audit_points import KEY_CHAIN
from models.audit_trail import record
from models.base import now_utc
from models.errors import SetupError, StateError
from models.failpoints import Failpoint, armed
from models.identity import Person
from models.notification import Delivery, Webhook
from models.secret_file import read_secret
from models.viewer import acting_as, system
from models.vocabulary.access import AuditAction, Role
from models.vocabulary.notification import Channel
from tests.api.notices.receiver import Receiver, receiving
from tests.rows import add_organisation

LOGIN: Final = "zhang.san"
PASSWORD: Final = "correct-horse-7"  # noqa: S105 - opens nothing but the test's own service

files_only = pytest.mark.parametrize("database_url", [None], ids=["sqlite"])
"""For what is the same on every database."""

forking = multiprocessing.get_context("forkserver")
forking.set_forkserver_preload([__name__])


@pytest.fixture
def settings(database_url: str | None, tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "data", database_url=database_url)


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


@pytest.mark.parametrize("edits", ["none", "newest entries", "none, and no heads"])
def test_key_noted_by_somebody_else_does_not_make_ours_a_lost_one(
    settings: Settings, house: House, edits: str
) -> None:
    """Else whoever has the database could have the true key thrown away, and the proof with it."""
    act(house.open())
    act(house.open())
    with house.open().database.write() as session:
        session.add(
            AuditCheckpoint(chain=KEY_CHAIN, number=0, mac="0" * 64, at=now_utc(), signature="")
        )
        if edits == "newest entries":
            entry = session.scalars(select(AuditEvent).where(AuditEvent.number == 2)).one()
            columns = AuditEvent.__table__.columns
            values = {c.name: getattr(entry, c.name) for c in columns if c.name != "seq"}
            session.execute(insert(AuditEvent).values({**values, "number": 3}))
    with pytest.raises(SetupError):
        house.open()
    if edits == "none, and no heads":
        (settings.audit_dir / "heads.jsonl").unlink()
    with pytest.raises(StateError, match="从备份恢复"):
        take_new_key(settings)


def test_key_lost_before_is_not_that_of_the_chain_again(settings: Settings, lost: House) -> None:
    """A chain in which nothing was written since ends with an entry of the first key."""
    with pytest.raises(SetupError):
        lost.open()
    take_new_key(settings)
    second = settings.resolved_audit_key_file.read_bytes()
    settings.resolved_audit_key_file.unlink()
    made = take_new_key(settings)
    assert made.n_unprovable == 2
    made.key_file.write_bytes(second)
    with pytest.raises(SetupError):
        lost.open()
    check_lost(settings)


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
    assert not settings.resolved_audit_key_file.exists()


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
    identity = house.open().identity
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


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


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
