"""Sheets: sent, looked through, imported, and given back with what is wrong."""

import time
from collections.abc import Callable, Iterator
from typing import Final

from api.client.listed import Listed
from api.client.transport import Transport, place
from api.schemas.base import MAX_LIST
from api.schemas.imports import ImportRead, RowProblemPage, RowProblemRead
from models.vocabulary.row import ImportState

AT_WORK: Final = frozenset({ImportState.CHECKING, ImportState.RUNNING})
"""States in which the service has not answered yet."""

ASK_EVERY_S: Final = 1.0


class Imports(Listed[ImportRead]):
    """Sheets of one's organisation on the service."""

    def __init__(self, transport: Transport) -> None:
        super().__init__(transport, "/v1/imports", ImportRead)

    def send(
        self,
        content: bytes,
        *,
        kind: str,
        name: str,
        sheet: str | None = None,
        once: str | None = None,
    ) -> ImportRead:
        """Send a sheet (XLSX or CSV); it is looked through, and nothing of it is stored.

        Args:
            content: The file.
            kind: What its rows are: `demands`, `providers`, `capabilities` or `cases`.
            name: Name of the file, for people.
            sheet: Which sheet of a workbook; the first one when None.
            once: Idempotency key; a new one when None.
        """
        query = {"kind": kind, "name": name, "sheet": sheet}
        return self._transport.write(
            ImportRead, "POST", self._path, query=query, body=content, idempotency_key=once
        )

    def get(self, import_id: str) -> ImportRead:
        """Return how far a sheet is."""
        return self._transport.ask(ImportRead, "GET", place(self._path, import_id))

    def wait(
        self,
        import_id: str,
        told: Callable[[ImportRead], None] = lambda _: None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> ImportRead:
        """Return a sheet when the service is done with it.

        Args:
            import_id: Key of the sheet.
            told: Told each time how far it is.
            sleep: Waits between two looks.
        """
        while True:
            found = self.get(import_id)
            told(found)
            if found.state not in AT_WORK:
                return found
            sleep(ASK_EVERY_S)

    def run(self, import_id: str, *, once: str | None = None) -> ImportRead:
        """Have the rows imported that nothing is wrong with."""
        path = place(self._path, import_id, "run")
        return self._transport.write(ImportRead, "POST", path, idempotency_key=once)

    def problems(self, import_id: str) -> Iterator[RowProblemRead]:
        """Yield everything that is wrong, row by row."""
        path, after = place(self._path, import_id, "problems"), 0
        while True:
            query = {"after": after, "limit": MAX_LIST}
            found = self._transport.ask(RowProblemPage, "GET", path, query=query)
            yield from found.items
            if found.next_after is None:
                return
            after = found.next_after

    def sheet(self, import_id: str) -> bytes:
        """Return the sheet as it was sent, with a column that says what is wrong."""
        return self._transport.fetch(place(self._path, import_id, "sheet"))

    def delete(self, import_id: str) -> None:
        """Remove a sheet, or stop importing it; the rows that are stored stay."""
        self._transport.write(type(None), "DELETE", place(self._path, import_id))
