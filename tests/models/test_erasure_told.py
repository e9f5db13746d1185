"""What was said and told of something goes with it."""

from sqlalchemy import func, select

from models.base import Table, new_id, now_utc
from models.database import Database, Session
from models.erasure import Erasable, erase
from models.identity import Person
from models.interaction import Interaction, InteractionEvent
from models.notification import Delivery, Mailbox, Notification, NotificationRead, Webhook
from models.notifications import About, Telling, notify
from models.subscription import Subscription, SubscriptionHit
from models.vocabulary.access import Role
from models.vocabulary.interaction import InteractionAct, InteractionState, Side
from models.vocabulary.notification import Channel, NotificationKind, SubscriptionKind
from models.vocabulary.row import Entity
from tests.rows import add_demand, add_organisation, add_provider

TOLD: tuple[type[Table], ...] = (
    *(Interaction, InteractionEvent, Notification, NotificationRead),
    *(Subscription, SubscriptionHit, Webhook, Delivery),
)


def count(session: Session, table: type[Table]) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def talk(session: Session, demand_id: str, provider_id: str, provider_org_id: str) -> None:
    """An interaction with one act, and what both were told of it and found."""
    interaction = Interaction(
        demand_id=demand_id, provider_id=provider_id, provider_org_id=provider_org_id
    )
    session.add(interaction)
    session.flush()
    session.add(
        InteractionEvent(
            interaction_id=interaction.id,
            act=InteractionAct.ASK,
            side=Side.PROVIDER,
            state=InteractionState.ASKED,
            body="请问何时开始？",
        )
    )
    subscription = Subscription(
        organisation_id=provider_org_id,
        role=Role.PROVIDER_STAFF,
        name="示例",
        kind=SubscriptionKind.SAVED_SEARCH,
        entity=Entity.DEMAND,
        feed_hash=new_id("fd"),
    )
    session.add_all(
        [subscription, Webhook(organisation_id=provider_org_id, name="示例", url="-", salt="-")]
    )
    session.flush()
    session.add(SubscriptionHit(subscription_id=subscription.id, row_id=demand_id))
    asked = About(interaction.id, demand_id, provider_id)
    found = About(subscription_id=subscription.id)
    for kind, about in ((NotificationKind.QUESTION, asked), (NotificationKind.FOUND, found)):
        told = notify(session, provider_org_id, Telling(kind, "一句话。", about, now_utc()))
        session.add(NotificationRead(notification_id=told.id, reader="us_1"))
    session.flush()


def test_erased_demand_leaves_nothing_that_was_said_of_it(database: Database) -> None:
    with database.write() as session:
        provider = add_provider(session)
        gone, kept = add_demand(session).id, add_demand(session).id
        for key in (gone, kept):
            talk(session, key, provider.id, provider.organisation_id)
    with database.write() as session:
        erased = erase(session, Erasable.DEMAND, gone)
    assert erased.counts["interaction_event"] == 1
    with database.read() as session:
        left = {table.__tablename__: count(session, table) for table in TOLD}
        assert session.scalars(select(Interaction.demand_id)).all() == [kept]
    expected = {table.__tablename__: 1 for table in TOLD}
    # what an organisation wants, and where it is told, is its own: that stays
    assert left == expected | {
        "notification": 2,
        "notification_read": 2,
        "subscription": 2,
        "webhook": 2,
        "delivery": left["delivery"],
    }


def test_erased_organisation_takes_everything_with_it(database: Database) -> None:
    with database.write() as session:
        provider = add_provider(session)
        demand_id = add_demand(session).id
        talk(session, demand_id, provider.id, provider.organisation_id)
    with database.write() as session:
        erase(session, Erasable.ORGANISATION, provider.organisation_id)
    with database.read() as session:
        assert {table.__tablename__: count(session, table) for table in TOLD} == dict.fromkeys(
            (table.__tablename__ for table in TOLD), 0
        )


def test_erased_person_takes_mailbox_and_digests_with_them(database: Database) -> None:
    with database.write() as session:
        add_organisation(session)
        person = Person(login="a", login_key="a", name="示例", password_hash="-")  # noqa: S106
        session.add(person)
        session.flush()
        session.add_all(
            [
                Mailbox(person_id=person.id, address="reader@example.org"),
                Delivery(channel=Channel.EMAIL, target_id=person.id),
            ]
        )
    with database.write() as session:
        erase(session, Erasable.PERSON, person.id)
    with database.read() as session:
        assert (count(session, Mailbox), count(session, Delivery)) == (0, 0)
