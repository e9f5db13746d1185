"""What a subscription found, as a list and as an Atom feed: to its maker's eyes only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from api.identity.store import reading
from api.notices.subscriptions import MAX_HITS
from models import repository, subscriptions
from models.database import Database
from models.demand import SHOWN_STATES, Demand
from models.errors import NotFoundError
from models.feed import text_hash
from models.provider import OFFERED_STATES, Provider
from models.subscription import Subscription, SubscriptionHit
from models.viewer import Viewer, acting_as
from models.vocabulary.matching import Band
from models.vocabulary.row import Entity

SUMMARY_CHARS: Final = 300
_NOT_FOUND: Final = "没有这个订阅源，可能已换新地址或删除。"


@dataclass(frozen=True, slots=True)
class Entry:
    """A row that was found and is still to be seen."""

    id: str
    title: str
    summary: str
    band: Band | None
    found_at: datetime


def entries_of(
    database: Database, subscription: Subscription, hits: Sequence[SubscriptionHit]
) -> list[Entry]:
    """Return what was found, the newest first, as far as its maker still sees it."""
    ids = [hit.row_id for hit in hits]
    shown: dict[str, tuple[str, str]] = {}
    with acting_as(viewer_of_maker(subscription)), database.read() as session:
        if subscription.entity is Entity.DEMAND:
            for demand in repository.rows_by_id(session, Demand, ids).values():
                if demand.deleted_at is None and demand.state in SHOWN_STATES:
                    shown[demand.id] = (demand.title, demand.description)
        else:
            for provider in repository.rows_by_id(session, Provider, ids).values():
                if provider.deleted_at is None and provider.state in OFFERED_STATES:
                    shown[provider.id] = (provider.organisation.name, provider.intro or "")
    return [
        Entry(hit.row_id, *_clipped(shown[hit.row_id]), hit.band, hit.found_at)
        for hit in hits
        if hit.row_id in shown
    ]


def viewer_of_maker(subscription: Subscription) -> Viewer:
    """Return as whom a subscription looks: its maker, who only looks."""
    return Viewer(
        subscription.role,
        subscription.created_by,
        subscription.organisation_id,
        subscription.region_code,
        read_only=True,
    )


def read_feed(database: Database, token: str, now: datetime) -> tuple[Subscription, list[Entry]]:
    """Return the subscription a feed's token opens, and its entries.

    Raises:
        NotFoundError: it opens nothing, or whoever made it may not come in any more.
    """
    with reading(database) as session:
        found = subscriptions.subscription_of_feed(session, text_hash(token))
        if found is None or not subscriptions.is_maker_active(session, found.created_by, now):
            raise NotFoundError(_NOT_FOUND)
        hits = subscriptions.hits_of(session, found.id, MAX_HITS)
    return found, entries_of(database, found, hits)


def atom(subscription: Subscription, entries: list[Entry], link: str) -> str:
    """Return a feed (RFC 4287).

    Args:
        subscription: What it is of.
        entries: The newest first.
        link: Address of the console; empty when it is not told.
    """
    updated = entries[0].found_at if entries else subscription.created_at
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="zh-CN">',
        f"<id>urn:navmatch:{subscription.id}</id>",
        f"<title>{escape(subscription.name)}</title>",
        f"<updated>{updated.isoformat()}</updated>",
        "<author><name>专利导航需求匹配</name></author>",
    ]
    for entry in entries:
        lines += [
            "<entry>",
            f"<id>urn:navmatch:{entry.id}</id>",
            f"<title>{escape(entry.title)}</title>",
            f"<updated>{entry.found_at.isoformat()}</updated>",
            f"<summary>{escape(entry.summary)}</summary>",
            *([f"<link href={quoteattr(link)}/>"] if link else []),
            "</entry>",
        ]
    return "\n".join([*lines, "</feed>", ""])


def _clipped(texts: tuple[str, str]) -> tuple[str, str]:
    title, summary = texts
    is_long = len(summary) > SUMMARY_CHARS
    return title, summary[: SUMMARY_CHARS - 1] + "…" if is_long else summary
