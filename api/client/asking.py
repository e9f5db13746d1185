"""Interactions, subscriptions and vocabularies."""

from api.client.listed import Listed
from api.client.transport import Transport, place
from api.schemas.algorithm import AlgorithmRead
from api.schemas.interaction import (
    ActCreate,
    InteractionCreate,
    InteractionDetail,
    InteractionRead,
)
from api.schemas.subscription import (
    FoundItem,
    SubscriptionCreate,
    SubscriptionMade,
    SubscriptionRead,
)
from api.schemas.taxonomy import IndustryRead, RegionRead, TaxonomyRead


class Interactions(Listed[InteractionRead]):
    """What both sides of a match do (对接)."""

    def __init__(self, transport: Transport) -> None:
        super().__init__(transport, "/v1/interactions", InteractionRead)

    def begin(self, act: InteractionCreate, *, once: str | None = None) -> InteractionDetail:
        """Do a first step for a demand and a provider."""
        return self._transport.write(
            InteractionDetail, "POST", self._path, body=act, idempotency_key=once
        )

    def act(
        self, interaction_id: str, act: ActCreate, *, once: str | None = None
    ) -> InteractionDetail:
        """Do a further step; where the other side was faster it is a conflict."""
        path = place(self._path, interaction_id, "acts")
        return self._transport.write(
            InteractionDetail, "POST", path, body=act, idempotency_key=once
        )

    def get(self, interaction_id: str) -> InteractionDetail:
        """Return an interaction with its history."""
        return self._transport.ask(InteractionDetail, "GET", place(self._path, interaction_id))


class Subscriptions:
    """What one is told of when it comes in."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def create(
        self, subscription: SubscriptionCreate, *, once: str | None = None
    ) -> SubscriptionMade:
        """Subscribe; the address of the feed is in this answer only."""
        return self._transport.write(
            SubscriptionMade, "POST", "/v1/subscriptions", body=subscription, idempotency_key=once
        )

    def mine(self) -> list[SubscriptionRead]:
        """Return one's subscriptions, first ones first."""
        return self._transport.ask(list[SubscriptionRead], "GET", "/v1/subscriptions")

    def found(self, subscription_id: str) -> list[FoundItem]:
        """Return what a subscription has found."""
        path = place("/v1/subscriptions", subscription_id, "found")
        return self._transport.ask(list[FoundItem], "GET", path)

    def delete(self, subscription_id: str) -> None:
        """End a subscription."""
        self._transport.write(type(None), "DELETE", place("/v1/subscriptions", subscription_id))


class Taxonomy:
    """The vocabularies, and how matches are made."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def get(self) -> TaxonomyRead:
        """Return all vocabularies with their Chinese names."""
        return self._transport.ask(TaxonomyRead, "GET", "/v1/taxonomy")

    def industries(self, parent: str | None = None, text: str = "") -> list[IndustryRead]:
        """Return the industries below one, or those whose name holds a text."""
        query = {"parent": parent, "text": text or None}
        return self._transport.ask(
            list[IndustryRead], "GET", "/v1/taxonomy/industries", query=query
        )

    def regions(self, parent: str | None = None, text: str = "") -> list[RegionRead]:
        """Return the regions below one, or those whose name holds a text."""
        query = {"parent": parent, "text": text or None}
        return self._transport.ask(list[RegionRead], "GET", "/v1/taxonomy/regions", query=query)

    def algorithms(self) -> AlgorithmRead:
        """Return every feature, rule and band, and the versions in force."""
        return self._transport.ask(AlgorithmRead, "GET", "/v1/algorithms")
