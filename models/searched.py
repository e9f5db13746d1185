"""Rows whose texts are searched: their canonical form is kept beside them.

The original is what the author wrote, full-width letters and all; a search for half-width ones
must find it.
"""

from typing import Any, ClassVar

from sqlalchemy import Text, event
from sqlalchemy.orm import Mapped, mapped_column

from models.canonical import searchable


class Searched:
    """What a table has whose texts are searched.

    Attributes:
        searched_columns: Names of the columns whose texts are.
    """

    searched_columns: ClassVar[tuple[str, ...]]

    search_text: Mapped[str | None] = mapped_column(Text, deferred=True)
    """Searchable form of those texts, a line each; written whenever the row is."""

    def derive(self) -> None:
        """Set what is made from other columns."""
        texts = (getattr(self, name) for name in self.searched_columns)
        self.search_text = "\n".join(searchable(text) for text in texts if text)


def _derive(mapper: Any, connection: Any, row: Searched) -> None:  # noqa: ANN401
    row.derive()


event.listen(Searched, "before_insert", _derive, propagate=True)
event.listen(Searched, "before_update", _derive, propagate=True)
