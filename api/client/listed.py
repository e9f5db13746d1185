"""What every kind of row shares: where it stands, as what it is read, how it is listed."""

from collections.abc import Iterator
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from api.client.transport import Query, Transport
from api.schemas.base import MAX_LIST, Page

ReadT = TypeVar("ReadT", bound=BaseModel)


class Kind(Generic[ReadT]):
    """One kind of row."""

    def __init__(self, transport: Transport, path: str, read: type[ReadT]) -> None:
        self._transport = transport
        self._path = path
        self._read = read


class Listed(Kind[ReadT]):
    """Rows that are listed in pages."""

    def page(self, cursor: str | None = None, limit: int = 20, **filters: Any) -> Page[ReadT]:  # noqa: ANN401 - texts, choices, flags
        """Return a page, the newest first.

        Args:
            cursor: `next_cursor` of the page before.
            limit: How many at most, up to 50.
            **filters: What docs/reference/api.md has for the list: `state`, `region`, `text`, …
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
