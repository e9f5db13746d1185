"""The first rows of a sheet as they are understood, in words the sender can check."""

from typing import Any, Final

from api.exchange.columns import CellKind, Column, ImportKind, columns_of
from api.exchange.sheets import SheetMaker
from api.exchange.source_keys import own_key
from api.schemas.base import Schema
from api.vocabularies import Vocabularies

MAX_ROWS: Final = 10
MAX_CHARS: Final = 200
"""Characters of a value that are shown."""

_MADE_UP: Final = "text:"
"""Beginning of keys nobody wrote."""


class Preview:
    """Gathers the first rows that passed the checks.

    Attributes:
        rows: Each with its number and the values it has, by title.
    """

    def __init__(
        self, kind: ImportKind, vocabularies: Vocabularies, owner_id: str | None = None
    ) -> None:
        self.rows: list[dict[str, Any]] = []
        self._columns = [c for c in columns_of(kind).columns if not c.import_only]
        self._maker = SheetMaker(kind, vocabularies.labels)
        self._vocabularies = vocabularies
        self._owner_id = owner_id

    def take(self, number: int, body: Schema) -> None:
        """Take a row, as long as there is room."""
        if len(self.rows) < MAX_ROWS:
            values = body.model_dump(mode="json", exclude_unset=True)
            shown = ((c.header, self._text(values, c)) for c in self._columns)
            found = [{"title": title, "text": text} for title, text in shown if text]
            self.rows.append({"row": number, "values": found})

    def _text(self, values: dict[str, Any], column: Column) -> str:
        text = str(self._maker.cell_of(values, column))
        if column.cell is CellKind.KEY:
            text = own_key(text, self._owner_id)
            return "" if text.startswith(_MADE_UP) else text
        if column.cell is CellKind.REGION:
            return self._vocabularies.region_name(text) or text
        return text[:MAX_CHARS]
