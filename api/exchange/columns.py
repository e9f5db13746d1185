"""The columns of each kind of file: which field a heading means, and how its cells are read."""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final, Self

READ_ONLY_MARK: Final = "〔只读〕"
"""Beginning of headings that exports write and imports pass over."""

READ_ONLY_KEY: Final = "readonly"
"""The same in JSONL: an object under this key."""

_IGNORED: Final = re.compile(r"[\s*＊:：_\-/]+")


class ImportKind(StrEnum):
    """What the rows of a file are."""

    DEMANDS = "demands"
    PROVIDERS = "providers"
    CAPABILITIES = "capabilities"
    CASES = "cases"


class CellKind(StrEnum):
    """How a cell is read."""

    TEXT = "text"
    KEY = "key"
    WHOLE = "whole"
    DAYS = "days"
    FLAG = "flag"
    DAY = "day"
    CHOICE = "choice"
    CHOICES = "choices"
    CODES = "codes"
    WORDS = "words"
    LINES = "lines"
    REGION = "region"
    REGIONS = "regions"
    BUDGET = "budget"
    WAN = "wan"
    YUAN = "yuan"
    FEN = "fen"
    REFERENCE = "reference"
    REFERENCES = "references"
    JSON = "json"
    JSON_OR_LINES = "json_or_lines"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a file.

    Attributes:
        path: Field of the input schema; a dot leads into an object.
        header: Heading in exported sheets.
        cell: How its cells are read.
        of: Vocabulary of its choices, or scheme of its codes; empty for others.
        aliases: Further headings that mean it.
        import_only: Whether it is understood but never written.
    """

    path: str
    header: str
    cell: CellKind
    of: str = ""
    aliases: tuple[str, ...] = ()
    import_only: bool = False

    def rank(self, heading: str) -> int:
        """Return how near a heading is to the field's own name, 0 the nearest."""
        normal = normal_heading(heading)
        known = [normal_heading(h) for h in (self.path, self.header, *self.aliases)]
        return known.index(normal) if normal in known else -1


class ColumnTable:
    """The columns of one kind of file, found by their headings."""

    def __init__(self, columns: Iterable[Column]) -> None:
        """Index the columns.

        Raises:
            ValueError: a heading stands for two fields.
        """
        self.columns = tuple(columns)
        self.by_path: Mapping[str, Column] = MappingProxyType({c.path: c for c in self.columns})
        found: dict[str, Column] = {}
        for column in self.columns:
            for heading in (column.path, column.header, *column.aliases):
                if found.setdefault(normal_heading(heading), column) is not column:
                    msg = f"heading {heading} stands for two fields"
                    raise ValueError(msg)
        self._by_heading: Mapping[str, Column] = MappingProxyType(found)

    @classmethod
    def from_toml(cls, tables: Mapping[str, Mapping[str, Any]]) -> Self:
        """The columns in the form of the shipped file."""
        return cls(
            Column(
                path=path,
                header=entry["header"],
                cell=CellKind(entry["cell"]),
                of=entry.get("of", ""),
                aliases=tuple(entry.get("aliases", ())),
                import_only=entry.get("import_only", False),
            )
            for path, entry in tables.items()
        )

    def find(self, heading: str) -> Column | None:
        """Return the column a heading means; None when it means none."""
        return self._by_heading.get(normal_heading(heading))


@cache
def columns_of(kind: ImportKind) -> ColumnTable:
    """Return the columns of a kind of file, as shipped with the package."""
    text = (files("api.exchange") / "data" / "columns.toml").read_text("utf-8")
    return ColumnTable.from_toml(tomllib.loads(text)[kind])


def normal_heading(heading: str) -> str:
    """Return a heading without what does not matter: case, width, blanks and marks."""
    return _IGNORED.sub("", unicodedata.normalize("NFKC", heading)).casefold()


def is_read_only(heading: str) -> bool:
    """Return whether a heading is one that exports write for people."""
    return heading.startswith(READ_ONLY_MARK) or heading == READ_ONLY_KEY
