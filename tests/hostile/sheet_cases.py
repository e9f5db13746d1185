"""Hostile sheets: the corpus in cells, headings and names, a sound row below."""

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import Final

from api.exchange.columns import Column, ImportKind, columns_of
from api.exchange.templates import is_required, template_of
from api.schemas.provider import MAX_CAPABILITIES
from api.vocabularies import Vocabularies
from tests.hostile.corpus import CORPUS, TEXTS, Hostile, Token
from tests.hostile.verdict import CANARY
from tests.hostile.written_sheets import Cell, Form, is_writable, written

MAX_ROWS: Final = 200
"""Hostile rows of a sheet."""

MAX_OFFERED: Final = MAX_CAPABILITIES - 1
"""The same where rows are capabilities: all of a sheet belong to one institution of its own."""

TODAY: Final = date(2026, 11, 25)
_KEY: Final = "source_ref"
_NAMES: Final = frozenset({"title", "name"})
_NAME_CHARS: Final = 100
"""As much of a text as names of files and sheets may have; longer ones are refused unread."""


class Place(StrEnum):
    """Where in a sheet, or in the request that brings it, a value stands."""

    CELL = "cell"
    HEADING = "heading"
    SHEET = "sheet"
    WANTED = "wanted sheet"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class SheetCase:
    """One sheet to be sent.

    Attributes:
        kind: What its rows are.
        form: How it is written.
        place: Where the values stand.
        header: Heading of the column they stand in; empty for other places.
        entries: The values: one a row in cells, else one.
    """

    kind: ImportKind
    form: Form
    place: Place
    header: str
    entries: tuple[Hostile, ...]

    @property
    def key(self) -> str:
        """Name by which a run can be repeated."""
        first, last = self.entries[0].key, self.entries[-1].key
        named = first if first == last else f"{first} to {last}"
        return f"{self.kind} {self.form} {self.place}:{self.header} <- {named}"

    @property
    def is_readable(self) -> bool:
        """Whether its rows must be read: nothing in it concerns the file as a whole."""
        return self.place is Place.FILE or (
            self.place is Place.CELL
            and all(_stands_among_others(self.form, entry) for entry in self.entries)
        )

    def text_of(self, row: int) -> str:
        """Return the hostile text of a row of the sheet; empty when it is none."""
        if self.place is not Place.CELL:
            return text_of(self.entries[0])
        return text_of(self.entries[row - 2]) if row - 2 < len(self.entries) else ""

    @property
    def sound_row(self) -> int:
        """Row of the sheet in which nothing is wrong."""
        return len(self.entries) + 2 if self.place is Place.CELL else 2

    def content(self, number: int) -> bytes:
        """Return the file; the number sets its rows apart from those of others."""
        rows = [_row(self.kind, number, n) for n in range(self.sound_row - 1)]
        headings = list(rows[0])
        more = [self.header] if self.place is Place.CELL and self.header not in headings else []
        table: list[list[Cell]] = [[*headings, *more]]
        for place, row in enumerate(rows):
            cells: dict[str, Cell] = dict(row)
            if self.place is Place.CELL and place < len(self.entries):
                cells[self.header] = cell_of(self.form, self.entries[place], place)
            table.append([cells.get(heading, "") for heading in [*headings, *more]])
        if self.place is Place.HEADING:
            table[0].append(str(self.entries[0].value))
            table[1].append("甲")
        name = text_of(self.entries[0]) if self.place is Place.SHEET else "表一"
        return written(self.form, table, name)


def all_sheets() -> list[SheetCase]:
    """Return the sheets that hold every value in every column, and every text as a name."""
    found: list[SheetCase] = []
    for kind in ImportKind:
        for form in (Form.CSV, Form.XLSX):
            among = [entry for entry in CORPUS if _stands_among_others(form, entry)]
            alone = [entry for entry in CORPUS if not _stands_among_others(form, entry)]
            for column in columns_of(kind).columns:
                found += _in_cells(kind, form, column, among)
            first = columns_of(kind).columns[1]
            found += [SheetCase(kind, form, Place.CELL, first.header, (e,)) for e in alone]
    kinds = list(ImportKind)
    for number, entry in enumerate(TEXTS):
        kind = kinds[number % len(kinds)]
        found += [SheetCase(kind, form, Place.HEADING, "", (entry,)) for form in Form]
        found += [
            SheetCase(kind, Form.XLSX, Place.SHEET, "", (entry,)),
            SheetCase(kind, Form.XLSX, Place.WANTED, "", (entry,)),
            SheetCase(kind, Form.CSV, Place.FILE, "", (entry,)),
        ]
    return found


def drawn(n_sheets: int, n_rows: int, seed: int) -> list[SheetCase]:
    """Return some sheets, as many of each place, with a few of their rows, as the seed has it."""
    chance = random.Random(seed)  # noqa: S311 - a repeatable draw
    sheets = all_sheets()
    found = []
    for number in range(n_sheets):
        place = list(Place)[number % len(Place)]
        case = chance.choice([sheet for sheet in sheets if sheet.place is place])
        entries = tuple(chance.sample(case.entries, min(n_rows, len(case.entries))))
        found.append(SheetCase(case.kind, case.form, case.place, case.header, entries))
    return found


def institution(number: int) -> bytes:
    """Return a sheet of the institution that the rows of a sheet of capabilities name."""
    table = columns_of(ImportKind.PROVIDERS).by_path
    row = {**_sound(ImportKind.PROVIDERS), table["name"].header: _institution_name(number)}
    row[table[_KEY].header] = f"institution-{number}"
    return written(Form.CSV, [list(row), list(row.values())])


def _institution_name(number: int) -> str:
    return f"第{number}份表格的服务机构"


def text_of(entry: Hostile) -> str:
    """Return a value as the text of a name."""
    return str(entry.value)[:_NAME_CHARS]


def cell_of(form: Form, entry: Hostile, place: int) -> Cell:
    """Return a value as a cell; every second text has the canary beside it."""
    if isinstance(entry.value, Token):
        return entry.value.written
    if not isinstance(entry.value, str):
        content = json.dumps(entry.value)
        return content.encode() if form is Form.XLSX else content
    return entry.value + CANARY if place % 2 else entry.value


def _in_cells(
    kind: ImportKind, form: Form, column: Column, entries: Sequence[Hostile]
) -> Iterator[SheetCase]:
    n_most = MAX_OFFERED if kind is ImportKind.CAPABILITIES else MAX_ROWS
    for at in range(0, len(entries), n_most):
        some = tuple(entries[at : at + n_most])
        yield SheetCase(kind, form, Place.CELL, column.header, some)


def _stands_among_others(form: Form, entry: Hostile) -> bool:
    """Return whether a value as a cell leaves the other rows as they are."""
    return entry.key not in _loners(form)


@cache
def _loners(form: Form) -> frozenset[str]:
    """Return the keys of the values that may make a whole file unreadable."""
    return frozenset(
        entry.key
        for entry in CORPUS
        if (form is not Form.XLSX and isinstance(entry.value, Token))
        or not is_writable(form, cell_of(form, entry, 1))
    )


def _row(kind: ImportKind, number: int, place: int) -> dict[str, str]:
    """Return a sound row that is no other's: of which sheet, and where in it."""
    table, mark = columns_of(kind).by_path, f"{number}-{place}"
    row = dict(_sound(kind))
    if kind is ImportKind.CAPABILITIES:
        row[table["provider_id"].header] = _institution_name(number)
    for path in _NAMES & set(table):
        row[table[path].header] += f"（{mark}）"
    row[table[_KEY].header] = f"sheet-{mark}"
    return row


@cache
def _sound(kind: ImportKind) -> Mapping[str, str]:
    """Return what the example of the empty sheet fills in where something must be."""
    examples = {c.header: c.example for c in template_of(kind, _vocabularies(), TODAY).columns}
    needed = [c for c in columns_of(kind).columns if c.path == _KEY or is_required(kind, c.path)]
    return MappingProxyType({c.header: str(examples[c.header]) for c in needed})


@cache
def _vocabularies() -> Vocabularies:
    return Vocabularies.load()
