"""What is written with an event is brought to webhooks and mailboxes, once and in the end."""

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any, NamedTuple

import pytest
from sqlalchemy import select

from api.notices.addresses import Allowed
from api.notices.courier import Courier
from api.notices.mailing import Encryption, Mailer, MailServer
from api.notices.sending import Outcome, Sender
from api.notices.signing import WebhookSecrets, is_genuine, new_salt
from models.base import new_id
from models.database import Database, Session
from models.identity import Membership, Person
from models.mailboxes import has_due_mailbox
from models.notification import Delivery, Mailbox, Notification, NotificationRead, Webhook
from models.notifications import About, Telling, notify
from models.outbox import WAITS, settle, take_due
from models.vocabulary.access import Role
from models.vocabulary.notification import DeliveryState, NotificationKind
from tests.api.notices.receiver import Post, Receiver, post_office, receiving
from tests.clock import Clock
from tests.rows import add_organisation

SECRETS = WebhookSecrets(lambda: b"key of an installation")
TEXT = "示例机构对需求“碳化硅出口风险”表示意向。"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


@pytest.fixture
def post() -> Iterator[Post]:
    with post_office() as found:
        yield found


@pytest.fixture
def clock() -> Clock:
    return Clock()


def courier(database: Database, clock: Clock, post: Post | None = None) -> Courier:
    mailer = None
    if post is not None:
        mailer = Mailer(
            MailServer("127.0.0.1", post.port, Encryption.NONE, "", "", "navmatch@example.org", "")
        )
    return Courier(database, Sender(Allowed(["127.0.0.1"])), mailer, SECRETS, clock)


def add_webhook(session: Session, receiver: Receiver, **columns: Any) -> Webhook:
    organisation = add_organisation(session)
    row = Webhook(
        organisation_id=organisation.id,
        name="示例",
        url=receiver.url,
        salt=new_salt(),
        **columns,
    )
    session.add(row)
    session.flush()
    return row


class Reader(NamedTuple):
    """Somebody who gets digests."""

    person_id: str
    organisation_id: str


def tell(session: Session, organisation_id: str | None, clock: Clock, text: str = TEXT) -> str:
    telling = Telling(NotificationKind.INTEREST, text, About(demand_id=new_id("dm")), clock())
    return notify(session, organisation_id, telling).id


def only_delivery(database: Database) -> Delivery:
    with database.read() as session:
        return session.scalars(select(Delivery)).one()


def test_event_reaches_the_webhook_signed(
    database: Database, receiver: Receiver, clock: Clock
) -> None:
    with database.write() as session:
        webhook = add_webhook(session, receiver)
        tell(session, webhook.organisation_id, clock)
    assert courier(database, clock).run() == 1
    (request,) = receiver.requests
    headers = {name.lower(): value for name, value in request.headers.items()}
    secret = SECRETS.of(webhook.id, webhook.salt)
    assert is_genuine(secret, headers, request.body, clock().timestamp())
    told = json.loads(request.body)
    assert (told["kind"], told["text"]) == ("interest", TEXT)
    assert told["id"] == headers["webhook-id"] == only_delivery(database).id
    assert only_delivery(database).state is DeliveryState.DONE
    assert courier(database, clock).run() == 0


def test_event_that_is_rolled_back_is_not_told(
    database: Database, receiver: Receiver, clock: Clock
) -> None:
    with suppress(ZeroDivisionError), database.write() as session:
        webhook = add_webhook(session, receiver)
        tell(session, webhook.organisation_id, clock)
        raise ZeroDivisionError
    assert courier(database, clock).run() == 0
    assert receiver.requests == []


def test_only_wanted_kinds_and_own_events_are_sent(
    database: Database, receiver: Receiver, clock: Clock
) -> None:
    with database.write() as session:
        picky = add_webhook(session, receiver, kinds=["reminder"])
        add_webhook(session, receiver)
        tell(session, picky.organisation_id, clock)
        tell(session, None, clock)
    assert courier(database, clock).run() == 0


def test_failed_try_is_repeated_with_growing_waits_then_given_up(
    database: Database, receiver: Receiver, clock: Clock
) -> None:
    receiver.answers = [(503, {})]
    with database.write() as session:
        tell(session, add_webhook(session, receiver).organisation_id, clock)
    for wait in WAITS:
        assert courier(database, clock).run() == 1
        assert courier(database, clock).run() == 0
        assert only_delivery(database).last_error == "status_503"
        clock.now += wait
    assert courier(database, clock).run() == 1
    assert only_delivery(database).state is DeliveryState.DEAD
    clock.forward(days=30)
    assert courier(database, clock).run() == 0
    assert len(receiver.requests) == len(WAITS) + 1
    assert len({r.headers["webhook-id"] for r in receiver.requests}) == 1


def test_revoked_webhook_is_told_nothing_any_more(
    database: Database, receiver: Receiver, clock: Clock
) -> None:
    with database.write() as session:
        webhook = add_webhook(session, receiver)
        tell(session, webhook.organisation_id, clock)
    with database.write() as session:
        session.get_one(Webhook, webhook.id).revoked_at = clock()
    courier(database, clock).run()
    assert receiver.requests == []
    assert only_delivery(database).last_error == "revoked"


def test_host_that_never_answers_holds_up_nobody_else(
    database: Database, receiver: Receiver, clock: Clock
) -> None:
    class Stuck(Sender):
        def send(self, url: str, body: bytes, headers: Mapping[str, str]) -> Outcome:
            tried.append(url)
            is_stuck = "stuck.example.org" in url
            return Outcome("timeout") if is_stuck else super().send(url, body, headers)

    tried: list[str] = []
    with database.write() as session:
        slow = add_webhook(session, receiver)
        slow.url = "https://stuck.example.org/hook"
        for number in range(30):
            tell(session, slow.organisation_id, clock, f"第{number}条。")
        tell(session, add_webhook(session, receiver).organisation_id, clock)
    carrier = Courier(database, Stuck(Allowed(["127.0.0.1"])), None, SECRETS, clock)
    assert carrier.run() == 2
    assert (len(tried), len(receiver.requests)) == (2, 1)
    with database.read() as session:
        waiting = session.scalars(select(Delivery).where(Delivery.target_id == slow.id)).all()
    assert sorted(d.n_tries for d in waiting) == [*[0] * 29, 1]
    clock.forward(minutes=1)
    assert carrier.run() == 1


def test_errand_is_taken_up_once_until_its_lease_ends(
    database: Database, receiver: Receiver, clock: Clock
) -> None:
    with database.write() as session:
        tell(session, add_webhook(session, receiver).organisation_id, clock)
    with database.write() as session:
        (first,) = take_due(session, clock(), 10)
    with database.write() as session:
        assert take_due(session, clock(), 10) == []
    clock.forward(minutes=6)  # whoever had it died over it
    with database.write() as session:
        (second,) = take_due(session, clock(), 10)
        settle(session, first, clock(), None, is_final=False)
    assert (second.id, second.n_tries) == (first.id, 2)
    assert only_delivery(database).state is DeliveryState.WAITING


def add_reader(session: Session, clock: Clock, address: str = "reader@example.org") -> Reader:
    """Somebody of a fresh organisation who wants a digest every day."""
    organisation = add_organisation(session)
    person = Person(login=new_id("lo"), login_key=new_id("lo"), name="示例", password_hash="-")  # noqa: S106
    session.add(person)
    session.flush()
    of = {"person_id": person.id, "organisation_id": organisation.id}
    session.add(Membership(role=Role.BASE_STAFF, **of))
    session.add(Mailbox(person_id=person.id, address=address, next_at=clock()))
    session.flush()
    return Reader(person.id, organisation.id)


def letter(post: Post, number: int = 0) -> EmailMessage:
    return message_from_bytes(post.letters[number][2], _class=EmailMessage, policy=default)


def test_digest_gathers_what_is_unread_at_most_once_a_day(
    database: Database, post: Post, clock: Clock
) -> None:
    with database.write() as session:
        reader = add_reader(session, clock)
        read = tell(session, reader.organisation_id, clock, "读过的一条。")
        session.add(NotificationRead(notification_id=read, reader=reader.person_id))
        tell(session, reader.organisation_id, clock, "第一条。")
        tell(session, reader.organisation_id, clock, "第二条。")
        tell(session, None, clock, "给管理方的一条。")
    carrier = courier(database, clock, post)
    assert carrier.run() == 1
    assert [(s, r) for s, r, _ in post.letters] == [("navmatch@example.org", "reader@example.org")]
    text = letter(post).get_content()
    shown = [word for word in ("第一条", "第二条", "读过的", "给管理方的") if word in text]
    assert shown == ["第一条", "第二条"]
    assert "2 条新通知" in str(letter(post)["Subject"])
    with database.write() as session:
        tell(session, reader.organisation_id, clock, "第三条。")
    assert carrier.run() == 0
    clock.forward(days=1)
    assert carrier.run() == 1
    assert "第三条。" in letter(post, 1).get_content()


def test_reader_without_news_is_passed_over_without_writing(
    database: Database, post: Post, clock: Clock
) -> None:
    with database.write() as session:
        add_reader(session, clock)
        tell(session, None, clock, "给管理方的一条。")
    carrier = courier(database, clock, post)
    assert carrier.run() == 0
    with database.read() as session:
        assert not has_due_mailbox(session, clock())
    with database.write() as session:
        tell(session, None, clock, "给管理方的又一条。")
        assert has_due_mailbox(session, clock())


def test_text_of_others_never_becomes_a_header(
    database: Database, post: Post, clock: Clock
) -> None:
    evil = "甲\r\nBcc: victim@example.org\r\n\r\n.\r\nMAIL FROM:<x@example.org>"
    with database.write() as session:
        reader = add_reader(session, clock)
        tell(session, reader.organisation_id, clock, evil)
    courier(database, clock, post).run()
    assert len(post.letters) == 1
    assert letter(post)["Bcc"] is None
    assert "victim@example.org" in letter(post).get_content()


@pytest.mark.parametrize("address", ["a@example.org\r\nBcc: b@example.org", "a@b@c", "无地址"])
def test_address_that_is_none_is_given_up_at_once(
    database: Database, post: Post, clock: Clock, address: str
) -> None:
    with database.write() as session:
        reader = add_reader(session, clock, address)
        tell(session, reader.organisation_id, clock)
    courier(database, clock, post).run()
    assert post.letters == []
    assert only_delivery(database).state is DeliveryState.DEAD


def test_refused_recipient_is_given_up_and_silent_server_tried_again(
    database: Database, post: Post, clock: Clock
) -> None:
    post.refused.add("reader@example.org")
    with database.write() as session:
        reader = add_reader(session, clock)
        tell(session, reader.organisation_id, clock)
    courier(database, clock, post).run()
    found = only_delivery(database)
    assert (found.state, found.last_error) == (DeliveryState.DEAD, "recipient_refused")


def test_disabled_person_gets_no_digest(database: Database, post: Post, clock: Clock) -> None:
    with database.write() as session:
        reader = add_reader(session, clock)
        session.get_one(Person, reader.person_id).disabled_at = clock()
        tell(session, reader.organisation_id, clock)
    assert courier(database, clock, post).run() == 0
    with database.read() as session:
        assert session.scalars(select(Notification)).one().text == TEXT
