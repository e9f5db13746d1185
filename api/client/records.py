"""Demands, providers, capabilities and cases: posted, read, changed and listed."""

from collections.abc import Iterator
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from api.client.transport import Query, Transport, place
from api.schemas.base import MAX_LIST, Page
from api.schemas.capability import CapabilityCreate, CapabilityRead, CapabilityUpdate
from api.schemas.case import CaseCreate, CaseRead, CaseUpdate
from api.schemas.demand import DemandCreate, DemandRead, DemandUpdate
from api.schemas.provider import ProviderCreate, ProviderRead, ProviderUpdate
from api.schemas.tags import TagsRead, TagsUpdate

CreateT = TypeVar("CreateT", bound=BaseModel)
UpdateT = TypeVar("UpdateT", bound=BaseModel)
ReadT = TypeVar("ReadT", bound=BaseModel)


class Rows(Generic[UpdateT, ReadT]):
    """Rows of one kind: read, changed and deleted by their keys."""

    def __init__(self, transport: Transport, path: str, read: type[ReadT]) -> None:
        self._transport = transport
        self._path = path
        self._read = read

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


class ListedRows(Rows[UpdateT, ReadT], Generic[CreateT, UpdateT, ReadT]):
    """Rows that are posted and listed."""

    def create(self, row: CreateT, *, once: str | None = None) -> ReadT:
        """Store a row and return it.

        Args:
            row: What is stored.
            once: Idempotency key; a new one when None.
        """
        return self._transport.write(self._read, "POST", self._path, body=row, idempotency_key=once)

    def page(self, cursor: str | None = None, limit: int = 20, **filters: Any) -> Page[ReadT]:  # noqa: ANN401 - texts, choices, flags
        """Return a page, the newest first.

        Args:
            cursor: `next_cursor` of the page before.
            limit: How many at most, up to 50.
            **filters: `state`, `region`, `text`, `own`, for demands and cases also `scenario`
                and `industry`; as docs/reference/api.md has them for the list.
        """
        query: Query = {**filters, "cursor": cursor, "limit": limit}
        kind: type[Page[ReadT]] = Page[self._read]  # type: ignore[name-defined]
        return self._transport.ask(kind, "GET", self._path, query=query)

    def iterate(self, **filters: Any) -> Iterator[ReadT]:  # noqa: ANN401 - as of `page`
        """Yield all rows, page by page, the newest first."""
        cursor: str | None = None
        while True:
            found = self.page(cursor, MAX_LIST, **filters)
            yield from found.items
            cursor = found.next_cursor
            if cursor is None:
                return

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
