"""What is published is compared with subscriptions, and whoever waits for it is told.

The change log says what is new; the index says what it is like. A text is encoded whenever
it is compared, and not kept, as no question is (docs/adr/0011).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from api.feed import Entry, entries_of, viewer_of_maker
from api.identity.store import writing
from api.listing import Conditions
from api.matching import Matching
from api.schemas.match import FreeText
from api.wiring import Service
from indexer.types import Document
from indexer.view import IndexView
from matcher.filters import allowed_rows
from matcher.pipeline import MatchRequest
from matcher.types import Filters
from models import repository, subscriptions
from models.audit_trail import record
from models.demand import MATCHABLE_STATES, Demand
from models.mailboxes import INTERVALS
from models.notifications import About, Telling, notify
from models.provider import OFFERED_STATES, Provider
from models.subscription import Subscription, SubscriptionHit
from models.viewer import acting_as
from models.vocabulary.access import AuditAction
from models.vocabulary.matching import Band, Direction
from models.vocabulary.notification import NotificationKind, SubscriptionKind
from models.vocabulary.row import Entity

AT_ONCE: Final = 50
"""Subscriptions looked at in one round: matching for each takes some tens of milliseconds."""

MAX_NEW: Final = 50
"""Hits of one text in one round: the strongest. A saved search finds all there are."""

NAMED: Final = 3
"""Titles that stand in a notification."""

_BANDS: Final = tuple(Band)
_TABLES: Final[dict[Entity, type[Demand] | type[Provider]]] = {
    Entity.DEMAND: Demand,
    Entity.PROVIDER: Provider,
}
_DIRECTIONS: Final = {
    Entity.DEMAND: Direction.DEMAND_TO_DEMAND,
    Entity.PROVIDER: Direction.DEMAND_TO_PROVIDER,
}
_SEEN_AS: Final = {Entity.DEMAND: Entity.DEMAND, Entity.PROVIDER: Entity.CAPABILITY}


@dataclass(frozen=True, slots=True)
class Found:
    """A row a subscription found, and how strongly; None for a saved search."""

    row_id: str
    band: Band | None


class Subscribing:
    """Compares what is new with every subscription."""

    def __init__(self, service: Service, matching: Matching, now: Callable[[], datetime]) -> None:
        """Set what is compared with what.

        Args:
            service: The wired installation.
            matching: Reads texts.
            now: Gives the present moment.
        """
        self._service = service
        self._matching = matching
        self._now = now

    def run(self) -> int:
        """Look at what was published since the last round, tell whoever is due; returns hits."""
        n_found = 0
        view = self._service.synchroniser.view
        with self._service.database.read() as session:
            waiting = subscriptions.behind(session, view.seq, AT_ONCE)
        if waiting:
            n_found = self._look(waiting, view)
        self._tell()
        return n_found

    def _look(self, waiting: list[Subscription], view: IndexView) -> int:
        found = {row.id: self._find(row, view) for row in waiting}
        n_found, now = 0, self._now()
        with writing(self._service.database) as session:
            for subscription in waiting:
                row = session.get(Subscription, subscription.id)
                if row is None:  # removed meanwhile
                    continue
                row.seq = max(row.seq, view.seq)
                ids = [hit.row_id for hit in found[row.id]]
                known = subscriptions.known_hits(session, row.id, ids)
                for hit in found[row.id]:
                    if hit.row_id not in known:
                        session.add(
                            SubscriptionHit(
                                subscription_id=row.id,
                                row_id=hit.row_id,
                                band=hit.band,
                                found_at=now,
                            )
                        )
                        n_found += 1
        return n_found

    def _find(self, subscription: Subscription, view: IndexView) -> list[Found]:
        """Return what is new and fits, as its maker sees it."""
        with self._service.database.read() as session:
            entity = _SEEN_AS[subscription.entity]
            changed = subscriptions.changed_between(session, entity, subscription.seq, view.seq)
            if subscription.entity is Entity.PROVIDER:
                changed |= subscriptions.changed_between(
                    session, Entity.PROVIDER, subscription.seq, view.seq
                )
        documents = _documents(view, subscription.entity, changed)
        if not documents:
            return []
        with acting_as(viewer_of_maker(subscription)):
            if subscription.kind is SubscriptionKind.SAVED_SEARCH:
                return self._search(subscription, view, documents)
            return self._compare(subscription, view, documents)

    def _search(
        self, subscription: Subscription, view: IndexView, documents: list[Document]
    ) -> list[Found]:
        ids = {document.group_id for document in documents}
        table = _TABLES[subscription.entity]
        filters = subscription.filters
        conditions = Conditions(self._service.vocabularies)
        conditions.region(table, filters.get("region"))
        if table is Demand:
            conditions.tags(table, filters.get("scenario"), filters.get("industry"))
        else:  # the tags of a provider are those of what it can do
            ids = self._able(subscription, view, documents)
        conditions.text(table, filters.get("text"))
        states = MATCHABLE_STATES if table is Demand else OFFERED_STATES
        with self._service.database.read() as session:
            found = subscriptions.matching_ids(session, table, conditions.found, ids)
            rows = repository.rows_by_id(session, table, found)
        return [Found(key, None) for key in sorted(rows) if rows[key].state in states]

    def _able(
        self, subscription: Subscription, view: IndexView, documents: list[Document]
    ) -> set[str]:
        """Return the providers of whom one of these capabilities has the codes."""
        kind = view.of(_SEEN_AS[subscription.entity])
        regions, today = self._service.vocabularies.regions, self._service.today().isoformat()
        rows = allowed_rows(kind, _filters(subscription, documents), regions, today)
        return {kind.documents[row].group_id for row in rows.tolist()}

    def _compare(
        self, subscription: Subscription, view: IndexView, documents: list[Document]
    ) -> list[Found]:
        request = MatchRequest(
            direction=_DIRECTIONS[subscription.entity],
            k=MAX_NEW,
            filters=_filters(subscription, documents),
            explain=False,
            fold=False,
        )
        asking = self._question(subscription)
        result = self._service.matcher.match(asking, view, request)
        weakest = _BANDS.index(subscription.min_band)
        return [
            Found(match.document.group_id, match.band)
            for match in result.matches
            if _BANDS.index(match.band) <= weakest
        ]

    def _question(self, subscription: Subscription) -> Document:
        """Return the text of a subscription as a question, read anew.

        One that was kept would outlive its subscription, and the taxonomy it was read by.
        """
        text = FreeText(text=subscription.text or "")
        (found,) = self._matching.ask_text(text, _DIRECTIONS[subscription.entity]).documents
        return found

    def _tell(self) -> None:
        """Tell of what was found, at most once an interval, and only of what is seen still."""
        now = self._now()
        with self._service.database.read() as session:
            due = subscriptions.to_tell(session, now)
            hits = {row.id: subscriptions.untold_hits(session, row.id) for row in due}
        if not due:
            return
        shown = {row.id: entries_of(self._service.database, row, hits[row.id]) for row in due}
        with writing(self._service.database) as session:
            for subscription in subscriptions.to_tell(session, now):
                for hit in subscriptions.untold_hits(session, subscription.id):
                    hit.told_at = now
                subscription.next_at = now + INTERVALS[subscription.cadence]
                record(session, AuditAction.UPDATE, "subscription", subscription.id)
                if found := shown.get(subscription.id):
                    telling = _telling(subscription, found, now)
                    notify(session, subscription.organisation_id, telling)


def _telling(subscription: Subscription, shown: list[Entry], now: datetime) -> Telling:
    named = "、".join(f"“{entry.title}”" for entry in shown[:NAMED])
    more = "等" if len(shown) > NAMED else ""
    text = f"订阅“{subscription.name}”有 {len(shown)} 条新结果：{named}{more}。"
    only = shown[0].id if len(shown) == 1 else None
    is_demand = subscription.entity is Entity.DEMAND
    about = About(
        demand_id=only if is_demand else None,
        provider_id=None if is_demand else only,
        subscription_id=subscription.id,
    )
    return Telling(NotificationKind.FOUND, text, about, now)


def _filters(subscription: Subscription, documents: list[Document]) -> Filters:
    """Return what some documents must have for whoever made a subscription."""
    wanted = subscription.filters
    return Filters(
        regions=tuple(filter(None, [wanted.get("region")])),
        industries=tuple(filter(None, [wanted.get("industry")])),
        scenarios=tuple(filter(None, [wanted.get("scenario")])),
        viewer=viewer_of_maker(subscription),
        only_ids=frozenset(document.id for document in documents),
    )


def _documents(view: IndexView, entity: Entity, changed: set[str]) -> list[Document]:
    """Return the documents of changed rows; for providers those of what they can do."""
    kind = view.of(_SEEN_AS[entity])
    rows = {kind.row_by_id[key] for key in changed if key in kind.row_by_id}
    for key in changed:
        rows.update(kind.rows_by_group.get(key, ()))
    return [kind.documents[row] for row in sorted(rows)]
