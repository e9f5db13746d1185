"""Subscriptions of organisations: made, listed, removed."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from api.identity.store import reading, writing
from models import repository, subscriptions
from models.audit_trail import record
from models.database import Database
from models.errors import ConflictError
from models.feed import text_hash
from models.sight import own_id
from models.subscription import Subscription, SubscriptionHit
from models.viewer import current_viewer
from models.vocabulary.access import AuditAction
from models.vocabulary.matching import Band
from models.vocabulary.notification import Cadence, SubscriptionKind
from models.vocabulary.row import Entity

ENTITY: Final = "subscription"
MAX_SUBSCRIPTIONS: Final = 20
"""Subscriptions of one organisation: each is looked at whenever something is published."""

MAX_HITS: Final = 50
TOKEN_BYTES: Final = 24


@dataclass(frozen=True, slots=True)
class NewSubscription:
    """A subscription to be made.

    Attributes:
        name: What it is called.
        entity: What is looked for.
        text: What it should be like; None for a saved search.
        filters: What it must have, in JSON form.
        min_band: Weakest band that is told of.
        cadence: How often somebody is told at most.
    """

    name: str
    entity: Entity
    text: str | None
    filters: dict[str, Any] = field(default_factory=dict)
    min_band: Band = Band.GOOD
    cadence: Cadence = Cadence.DAILY


class Subscriptions:
    """Looks after the subscriptions of whoever acts; each method is one transaction."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        """Set where they are, and what gives the present moment."""
        self._database = database
        self._now = now

    def create(self, new: NewSubscription) -> tuple[Subscription, str]:
        """Make a subscription to what is published from now on; return it with its feed's token.

        Raises:
            ConflictError: the organisation has as many as it may.
        """
        viewer, now, token = current_viewer(), self._now(), secrets.token_hex(TOKEN_BYTES)
        kind = SubscriptionKind.SAVED_SEARCH if new.text is None else SubscriptionKind.LIKE_TEXT
        with writing(self._database) as session:
            owned = subscriptions.subscriptions_of(session, own_id(viewer))
            if len(owned) >= MAX_SUBSCRIPTIONS:
                raise ConflictError(f"一个单位最多 {MAX_SUBSCRIPTIONS} 个订阅，请先删除不用的。")
            made = Subscription(
                organisation_id=own_id(viewer),
                role=viewer.role,
                region_code=viewer.region_code,
                created_by=viewer.actor,
                name=new.name,
                kind=kind,
                entity=new.entity,
                text=new.text,
                filters=new.filters,
                min_band=new.min_band,
                cadence=new.cadence,
                feed_hash=text_hash(token),
                seq=repository.last_seq(session),
                next_at=now,
                created_at=now,
            )
            session.add(made)
            session.flush()
            record(session, AuditAction.CREATE, ENTITY, made.id)
            return made, token

    def list(self) -> Sequence[tuple[Subscription, int]]:
        """Return the subscriptions, oldest first, each with how many rows it found."""
        with reading(self._database) as session:
            found = subscriptions.subscriptions_of(session, own_id(current_viewer()))
            counts = subscriptions.count_hits(session, [row.id for row in found])
            return [(row, counts.get(row.id, 0)) for row in found]

    def hits(self, subscription_id: str) -> tuple[Subscription, Sequence[SubscriptionHit]]:
        """Return a subscription and what it found, the newest first.

        Raises:
            NotFoundError: whoever acts has no such subscription.
        """
        with reading(self._database) as session:
            mine = own_id(current_viewer())
            found = subscriptions.get_subscription(session, subscription_id, mine)
            return found, subscriptions.hits_of(session, found.id, MAX_HITS)

    def renew_feed(self, subscription_id: str) -> tuple[Subscription, str, int]:
        """Give a feed another token; the old address opens nothing from the next request on.

        Returns:
            The subscription, the new token, and how many rows were found so far.

        Raises:
            NotFoundError: whoever acts has no such subscription.
        """
        token = secrets.token_hex(TOKEN_BYTES)
        with writing(self._database) as session:
            mine = own_id(current_viewer())
            found = subscriptions.get_subscription(session, subscription_id, mine)
            found.feed_hash = text_hash(token)
            record(session, AuditAction.CREATE_KEY, ENTITY, found.id)
            n_found = subscriptions.count_hits(session, [found.id]).get(found.id, 0)
            return found, token, n_found

    def remove(self, subscription_id: str) -> None:
        """Remove a subscription with all it found.

        Raises:
            NotFoundError: whoever acts has no such subscription.
        """
        with writing(self._database) as session:
            mine = own_id(current_viewer())
            found = subscriptions.get_subscription(session, subscription_id, mine)
            subscriptions.remove_subscription(session, found.id)
            record(session, AuditAction.DELETE, ENTITY, found.id)
