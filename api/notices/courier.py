"""Bringing what the outbox holds to webhooks and mailboxes."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from api.identity.store import reading, writing
from api.notices.mailing import Mailing
from api.notices.sending import TIMEOUT, Outcome, Sender
from api.notices.signing import WebhookSecrets, headers_of
from models import outbox
from models.database import Database
from models.mailboxes import active_person, has_due_mailbox, plan_digests
from models.notification import Mailbox, Notification, Webhook
from models.outbox import Errand
from models.vocabulary.notification import Channel

BATCH: Final = 20
"""Errands taken up at once: all of them are tried before their lease ends."""

USER_AGENT: Final = "navmatch-webhook/1"
_TEST: Final = {"kind": "test", "text": "这是一次测试，没有内容。"}


class Courier:
    """Takes errands up, tries them, writes down how that ended.

    Sending happens outside every transaction: a slow receiver holds up nobody who writes. A
    process that dies over an errand leaves it to the next one after the lease, so each is
    brought at least once; its number stays the same.
    """

    def __init__(
        self,
        database: Database,
        sender: Sender,
        mailer: Mailing | None,
        secrets: WebhookSecrets,
        now: Callable[[], datetime],
    ) -> None:
        """Set the ways.

        Args:
            database: Where the outbox is.
            sender: Sends to webhooks.
            mailer: Sends e-mail; None where there is no mail server.
            secrets: Signs what goes to webhooks.
            now: Gives the present moment.
        """
        self._database = database
        self._sender = sender
        self._mailer = mailer
        self._secrets = secrets
        self._now = now

    def run(self) -> int:
        """Plan the digests that are due and try every errand that is; returns how many."""
        self._plan()
        n_tried, slow = 0, set[str]()
        while errands := self._take():
            for errand in errands:
                n_tried += self._bring(errand, slow)
        return n_tried

    def _bring(self, errand: Errand, slow: set[str]) -> bool:
        """Try an errand; one to a host that let another wait in this run is put off.

        Otherwise one host that never answers would keep everybody's errands back.
        """
        webhook = self._webhook(errand)
        host = errand.channel.value if webhook is None else urlsplit(webhook.url).netloc
        if host in slow:
            with writing(self._database) as session:
                outbox.put_off(session, errand, self._now())
            return False
        outcome = self._try(errand, webhook)
        if outcome.error == TIMEOUT:
            slow.add(host)
        with writing(self._database) as session:
            outbox.settle(session, errand, self._now(), outcome.error, is_final=outcome.is_final)
        return True

    def _plan(self) -> None:
        if self._mailer is None:
            return
        now = self._now()
        with reading(self._database) as session:
            is_due = has_due_mailbox(session, now)
        if is_due:
            with writing(self._database) as session:
                plan_digests(session, now)

    def _take(self) -> list[Errand]:
        now = self._now()
        with reading(self._database) as session:
            if not outbox.has_due(session, now):
                return []
        with writing(self._database) as session:
            return outbox.take_due(session, now, BATCH)

    def _webhook(self, errand: Errand) -> Webhook | None:
        """Return the webhook of an errand; None when it goes by e-mail, or is gone."""
        if errand.channel is Channel.EMAIL:
            return None
        with reading(self._database) as session:
            return session.get(Webhook, errand.target_id)

    def _try(self, errand: Errand, webhook: Webhook | None) -> Outcome:
        if errand.channel is Channel.EMAIL:
            return self._mail(errand)
        if webhook is None or webhook.revoked_at is not None:
            return Outcome("revoked", is_final=True)
        body = body_of(errand)
        sent_at_s = int(self._now().timestamp())
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": USER_AGENT,
            **headers_of(self._secrets.of(webhook.id, webhook.salt), errand.id, sent_at_s, body),
        }
        return self._sender.send(webhook.url, body, headers)

    def _mail(self, errand: Errand) -> Outcome:
        with reading(self._database) as session:
            mailbox = session.get(Mailbox, errand.target_id)
            person = active_person(session, errand.target_id)
        if self._mailer is None:
            return Outcome("no_mail_server")
        if mailbox is None or person is None or not errand.notifications:
            return Outcome("revoked", is_final=True)
        return self._mailer.send(mailbox.address, errand.notifications, errand.id)


def body_of(errand: Errand) -> bytes:
    """Return what a webhook is sent: one notification, or a test."""
    told = _told(errand.notifications[0]) if errand.notifications else _TEST
    return json.dumps({"id": errand.id, **told}, ensure_ascii=False).encode()


def _told(row: Notification) -> dict[str, str | None]:
    return {
        "notification_id": row.id,
        "kind": row.kind.value,
        "text": row.text,
        "interaction_id": row.interaction_id,
        "demand_id": row.demand_id,
        "provider_id": row.provider_id,
        "subscription_id": row.subscription_id,
        "created_at": row.created_at.isoformat(),
    }
