"""Demands, providers, capabilities and cases: posted, read, changed and listed."""

from typing import Generic, TypeVar

from pydantic import BaseModel

from api.client.listed import Kind, Listed, ReadT
from api.client.transport import Transport, place
from api.schemas.capability import CapabilityCreate, CapabilityRead, CapabilityUpdate
from api.schemas.case import CaseCreate, CaseRead, CaseUpdate
from api.schemas.demand import DemandCreate, DemandRead, DemandUpdate
from api.schemas.provider import ProviderCreate, ProviderRead, ProviderUpdate
from api.schemas.tags import TagsRead, TagsUpdate

CreateT = TypeVar("CreateT", bound=BaseModel)
UpdateT = TypeVar("UpdateT", bound=BaseModel)


class Rows(Kind[ReadT], Generic[UpdateT, ReadT]):
    """Rows of one kind: read, changed and deleted by their keys."""

    def get(self, row_id: str) -> ReadT:
        """Return a row."""
        return self._transport.ask(self._read, "GET", place(self._path, row_id))

    def change(self, row_id: str, changes: UpdateT, *, once: str | None = None) -> ReadT:
        """Change the fields that are set; a version that is not the newest is a conflict.

        Args:
            row_id: Key of the row.
            changes: What is changed, and the version it was read at.
            once: Idempotency key; a new one when None.
        """
        return self._transport.write(
            self._read, "PATCH", place(self._path, row_id), body=changes, idempotency_key=once
        )

    def delete(self, row_id: str, reason: str | None = None) -> None:
        """Delete a row."""
        query = {"reason": reason}
        self._transport.write(type(None), "DELETE", place(self._path, row_id), query=query)

    def _act(self, row_id: str, act: str) -> ReadT:
        return self._transport.write(self._read, "POST", place(self._path, row_id, act))


class TaggedRows(Rows[UpdateT, ReadT]):
    """Rows with tags a person may decide."""

    def decide_tags(self, row_id: str, tags: TagsUpdate) -> TagsRead:
        """Set the tags of a row; an empty list gives them back to the tagger."""
        return self._transport.write(TagsRead, "PUT", place(self._path, row_id, "tags"), body=tags)


class ListedRows(Rows[UpdateT, ReadT], Listed[ReadT], Generic[CreateT, UpdateT, ReadT]):
    """Rows that are posted and listed."""

    def create(self, row: CreateT, *, once: str | None = None) -> ReadT:
        """Store a row and return it.

        Args:
            row: What is stored.
            once: Idempotency key; a new one when None.
        """
        return self._transport.write(self._read, "POST", self._path, body=row, idempotency_key=once)

    def publish(self, row_id: str) -> ReadT:
        """Let a row take part in matching."""
        return self._act(row_id, "publish")

    def withdraw(self, row_id: str) -> ReadT:
        """Take a row out of matching for good."""
        return self._act(row_id, "withdraw")


class PausedRows(ListedRows[CreateT, UpdateT, ReadT]):
    """Rows that can be taken out of matching for a while."""

    def pause(self, row_id: str) -> ReadT:
        """Take a row out of matching until it is published again."""
        return self._act(row_id, "pause")


class Demands(
    PausedRows[DemandCreate, DemandUpdate, DemandRead], TaggedRows[DemandUpdate, DemandRead]
):
    """Demands."""

    def __init__(self, transport: Transport) -> None:
        super().__init__(transport, "/v1/demands", DemandRead)


class Providers(PausedRows[ProviderCreate, ProviderUpdate, ProviderRead]):
    """Providers."""

    def __init__(self, transport: Transport) -> None:
        super().__init__(transport, "/v1/providers", ProviderRead)


class Cases(ListedRows[CaseCreate, CaseUpdate, CaseRead], TaggedRows[CaseUpdate, CaseRead]):
    """Cases."""

    def __init__(self, transport: Transport) -> None:
        super().__init__(transport, "/v1/cases", CaseRead)


class Capabilities(TaggedRows[CapabilityUpdate, CapabilityRead]):
    """Capabilities of providers."""

    def __init__(self, transport: Transport) -> None:
        super().__init__(transport, "/v1/capabilities", CapabilityRead)

    def create(
        self, provider_id: str, capability: CapabilityCreate, *, once: str | None = None
    ) -> CapabilityRead:
        """Store a capability of a provider and return it."""
        path = place("/v1/providers", provider_id, "capabilities")
        return self._transport.write(
            CapabilityRead, "POST", path, body=capability, idempotency_key=once
        )

    def of(self, provider_id: str) -> list[CapabilityRead]:
        """Return the capabilities of a provider, first ones first."""
        path = place("/v1/providers", provider_id, "capabilities")
        return self._transport.ask(list[CapabilityRead], "GET", path)
