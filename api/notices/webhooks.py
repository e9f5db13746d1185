"""The webhooks of organisations, for their administrators."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from api.identity.store import reading, writing
from api.notices.addresses import Allowed, parse
from api.notices.signing import SECRET_PREFIX, WebhookSecrets, new_salt
from models import outbox
from models.audit_trail import record
from models.database import Database, Session
from models.errors import ConflictError, NotFoundError
from models.notification import Delivery, Webhook
from models.notifications import all_webhooks, webhooks_of
from models.sight import own_id
from models.viewer import current_viewer
from models.vocabulary.access import AuditAction
from models.vocabulary.notification import Channel, NotificationKind

ENTITY: Final = "webhook"
MAX_WEBHOOKS: Final = 10
"""Webhooks of one organisation that are in use."""

MAX_SHOWN: Final = 100


@dataclass(frozen=True, slots=True)
class NewWebhook:
    """A webhook to be made; no kinds stand for all."""

    name: str
    url: str
    kinds: tuple[NotificationKind, ...] = ()


class Webhooks:
    """Looks after the webhooks of whoever acts; each method is one transaction."""

    def __init__(
        self,
        database: Database,
        allowed: Allowed,
        secrets: WebhookSecrets,
        now: Callable[[], datetime],
    ) -> None:
        """Set where they are, where they may lead, what signs, and what gives the moment."""
        self._database = database
        self._allowed = allowed
        self._secrets = secrets
        self._now = now

    def create(self, new: NewWebhook) -> tuple[Webhook, str]:
        """Make a webhook; its secret is shown to whoever makes it, and never again.

        Raises:
            AddressRefusedError: it may not have this address.
            ConflictError: the organisation has as many as it may.
        """
        parse(new.url, self._allowed)
        viewer = current_viewer()
        with writing(self._database) as session:
            if len(webhooks_of(session, own_id(viewer))) >= MAX_WEBHOOKS:
                raise ConflictError(f"一个单位最多 {MAX_WEBHOOKS} 个回调，请先停用不用的。")
            webhook = Webhook(
                organisation_id=own_id(viewer),
                name=new.name,
                url=new.url,
                salt=new_salt(),
                kinds=[kind.value for kind in new.kinds],
                created_at=self._now(),
                created_by=viewer.actor,
            )
            session.add(webhook)
            session.flush()
            record(session, AuditAction.CREATE_KEY, ENTITY, webhook.id)
            return webhook, self._secrets.of(webhook.id, webhook.salt)

    def list(self) -> Sequence[Webhook]:
        """Return the webhooks in use, oldest first."""
        with reading(self._database) as session:
            return webhooks_of(session, own_id(current_viewer()))

    def revoke(self, webhook_id: str) -> None:
        """Tell a webhook nothing any more.

        Raises:
            NotFoundError: whoever acts has no such webhook.
        """
        with writing(self._database) as session:
            webhook = _find(session, webhook_id)
            webhook.revoked_at = self._now()
            record(session, AuditAction.REVOKE_KEY, ENTITY, webhook.id)

    def test(self, webhook_id: str) -> Delivery:
        """Send a webhook a request that tells nothing, to see whether it arrives.

        Raises:
            NotFoundError: whoever acts has no such webhook.
        """
        with writing(self._database) as session:
            webhook = _find(session, webhook_id)
            now = self._now()
            delivery = Delivery(
                channel=Channel.WEBHOOK, target_id=webhook.id, next_at=now, created_at=now
            )
            session.add(delivery)
            session.flush()
            record(session, AuditAction.ACT, ENTITY, webhook.id)
            return delivery

    def deliveries(self, webhook_id: str) -> Sequence[Delivery]:
        """Return the newest errands to a webhook.

        Raises:
            NotFoundError: whoever acts has no such webhook.
        """
        with reading(self._database) as session:
            return outbox.deliveries_to(session, _find(session, webhook_id).id, MAX_SHOWN)

    def try_again(self, delivery_id: str) -> Delivery:
        """Wake an errand that was given up.

        Raises:
            NotFoundError: there is none to a webhook of whoever acts.
            StateError: it was not given up.
        """
        with writing(self._database) as session:
            targets = [webhook.id for webhook in webhooks_of(session, own_id(current_viewer()))]
            delivery = outbox.try_again(session, delivery_id, targets, self._now())
            record(session, AuditAction.ACT, ENTITY, delivery.target_id)
            return delivery


def sign_anew(session: Session, secrets: WebhookSecrets) -> Sequence[tuple[Webhook, str]]:
    """Return the webhooks that sign with another secret under a new key, and that secret.

    One whose secret an older version kept in clear goes on with it.
    """
    found = [hook for hook in all_webhooks(session) if not hook.salt.startswith(SECRET_PREFIX)]
    for webhook in found:
        record(session, AuditAction.CREATE_KEY, ENTITY, webhook.id)
    return [(webhook, secrets.of(webhook.id, webhook.salt)) for webhook in found]


def _find(session: Session, webhook_id: str) -> Webhook:
    webhook = session.get(Webhook, webhook_id)
    is_theirs = webhook is not None and webhook.organisation_id == own_id(current_viewer())
    if webhook is None or not is_theirs or webhook.revoked_at is not None:
        raise NotFoundError("没有找到这个回调，可能已停用。", id=webhook_id)
    return webhook
