"""Writing stored rows to a file that people can read and that imports back unchanged."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from api.exchange.columns import READ_ONLY_KEY, ImportKind
from api.exchange.records import TABLES, Record, RecordMaker
from api.exchange.sheets import SheetMaker
from api.exchange.source_keys import own_key
from api.exchange.types import FileFormat
from api.exchange.writing import write_delimited, write_lines, write_workbook
from api.presenter import Presenter
from api.wiring import Service
from models import repository
from models.base import Row
from models.case import Case
from models.conditions import Condition
from models.database import Session
from models.organisation import Base
from models.provider import Provider
from models.sight import own_id, owns
from models.viewer import current_viewer

PAGE_ROWS: Final = 500

_REFERENCES: Final[dict[str, type[Row]]] = {
    "provider_id": Provider,
    "base_id": Base,
    "case_ids": Case,
}


class Exporter:
    """Exports the rows of one kind."""

    def __init__(
        self,
        service: Service,
        kind: ImportKind,
        where: Sequence[Condition] = (),
        *,
        newest_first: bool = False,
    ) -> None:
        """Set which rows are wanted, and in which order."""
        self._where = where
        self._newest_first = newest_first
        self._service = service
        self._kind = kind
        presenter = Presenter(service.vocabularies)
        self._records = RecordMaker(kind, presenter)
        self._capabilities = RecordMaker(ImportKind.CAPABILITIES, presenter)

    def count(self) -> int:
        """Return how many rows there are to export."""
        with self._service.database.read() as session:
            return repository.count(session, TABLES[self._kind], self._where)

    def write(
        self, path: Path, format_: FileFormat, progress: Callable[[int], None] | None = None
    ) -> int:
        """Write all rows to a file and return how many there were.

        Args:
            path: The file; replaced if it is there.
            format_: How it is written.
            progress: Told after each page how many rows are written.
        """
        records = self._all_records(progress)
        if format_ is FileFormat.JSONL:
            return write_lines(path, ({**r.values, READ_ONLY_KEY: r.read_only} for r in records))
        sheet = SheetMaker(self._kind, self._service.vocabularies.labels)
        write = write_delimited if format_ is FileFormat.CSV else write_workbook
        return write(path, sheet.headings(), (sheet.cells(record) for record in records))

    def _all_records(self, progress: Callable[[int], None] | None) -> Iterator[Record]:
        after: str | None = None
        n_done = 0
        while True:
            with self._service.database.read() as session:
                rows = repository.page(
                    session,
                    TABLES[self._kind],
                    after=after,
                    limit=PAGE_ROWS,
                    where=self._where,
                    newest_first=self._newest_first,
                )
                records = self._page(session, rows)
            if not rows:
                return
            yield from records
            after = rows[-1].id
            n_done += len(rows)
            if progress is not None:
                progress(n_done)

    def _page(self, session: Session, rows: Sequence[Row]) -> list[Record]:
        owner_id = own_id(current_viewer())
        records = self._records.make(session, rows)
        for row, record in zip(rows, records, strict=True):
            record.values["source_ref"] = own_key(record.values.get("source_ref", row.id), owner_id)
            if self._kind is ImportKind.PROVIDERS:
                owned = repository.capabilities_of(session, row.id)
                made = self._capabilities.make(session, owned)
                for capability, inner in zip(owned, made, strict=True):
                    inner.values.setdefault("source_ref", capability.id)
                    inner.values.pop("provider_id")
                record.values["capabilities"] = [inner.values for inner in made]
        listed = [r.values for r in records]
        listed += [c for r in records for c in r.values.get("capabilities", ())]
        _name_references(session, listed)
        return records


def _name_references(session: Session, listed: Sequence[dict[str, Any]]) -> None:
    """Put source keys in the place of keys, so that another installation understands them."""
    for field, table in _REFERENCES.items():
        keys = {key for values in listed for key in _keys(values.get(field))}
        rows = repository.rows_by_id(session, table, sorted(keys))
        for values in listed:
            found = [_source_key(rows, key) for key in _keys(values.get(field))]
            if found:
                values[field] = found if isinstance(values[field], list) else found[0]


def _source_key(rows: dict[str, Any], key: str) -> str:
    """Return the source key of a row as its owner writes it; others are not told theirs."""
    row, viewer = rows.get(key), current_viewer()
    if row is None or not row.source_ref or not owns(viewer, row.owner_id, row.owner_region):
        return key
    return own_key(row.source_ref, own_id(viewer))


def _keys(value: Any) -> list[str]:  # noqa: ANN401 - a key, a list of them, or nothing
    return value if isinstance(value, list) else [value] if value else []
