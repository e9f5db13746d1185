"""What was sealed with the lost key: authenticators and secrets of webhooks."""

from collections.abc import Sequence
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest
from sqlalchemy import select

from api.auditing import heads_path
from api.identity.people import NewPerson
from api.identity.sign_ins import CodeNeededError, Credentials
from api.lost_key import take_new_key
from api.notices.addresses import Allowed
from api.notices.courier import Courier
from api.notices.sending import Sender
from api.notices.signing import SECRET_PREFIX, is_genuine, new_salt
from api.settings import Settings
from api.telling import webhook_secrets
from models.base import now_utc
from models.identity import Person
from models.notification import Delivery, Webhook
from models.viewer import acting_as, system
from models.vocabulary.access import AuditAction, Role
from models.vocabulary.notification import Channel
from tests.api.lost_key.house import LOGIN, PASSWORD, House, actions, files_only
from tests.api.notices.receiver import Receiver
from tests.rows import add_organisation


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
