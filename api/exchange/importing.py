"""Importing a file: every row gets an answer, and one bad row never stops the others."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, TypeVar

from api.exchange.columns import ImportKind
from api.exchange.references import References
from api.exchange.repeated_keys import RepeatedKeys
from api.exchange.results import (
    OF_ALL_ROWS,
    RowResult,
    RowStatus,
    created,
    foreseen,
    refused,
)
from api.exchange.rows import InputRow, RowReader, check_values
from api.exchange.source_keys import SourceKeys
from api.exchange.targets import TARGETS, CapabilityTarget, Entry, Target
from api.exchange.types import RawRow, RowFile
from api.intake.problems import FieldProblem, FieldsRejectedError
from api.intake.tagging import TAG_FIELDS
from api.schemas.base import Schema
from api.wiring import Service
from models.base import Row
from models.database import Session
from models.errors import NavmatchError, UnavailableError
from models.failpoints import Failpoint, hit

CHUNK_ROWS: Final = 128
"""Rows stored in one transaction, their texts encoded in one batch."""

_IDENTIFYING: Final = ("provider_id", "name", "title", "description", "summary")

BUSY_PAUSES_S: Final = (0.5, 1.0, 2.0, 4.0, 8.0)
"""How long others who write are given between attempts: nobody waits for an import's answer."""

_PASSING: Final = frozenset({"busy", "race", "pool"})
"""Reasons for which a database refuses a write that it takes a moment later."""

ResultT = TypeVar("ResultT")


@dataclass(frozen=True, slots=True)
class _Checked:
    """A row that passed the checks, with the stored row it speaks of."""

    number: int
    entry: Entry
    known: Row | None


class Importer:
    """Imports rows of one kind.

    Attributes:
        commit: False for a dry run, which writes nothing.
        understood: Told of each row that passed the checks, with its number and input.
        before_chunk: Called before some rows are answered; what it raises ends the import.
    """

    def __init__(
        self, service: Service, reader: RowReader, *, commit: bool, owner_id: str | None = None
    ) -> None:
        """Make it.

        Args:
            service: Where the rows go.
            reader: Reads them.
            commit: False for a dry run.
            owner_id: Organisation whose keys the rows carry; None where keys are everybody's.
        """
        self.commit = commit
        self.understood: Callable[[int, Schema], None] = lambda number, body: None
        self.before_chunk: Callable[[], object] = lambda: None
        self._service = service
        self._reader = reader
        self._target = TARGETS[reader.kind](service)
        self._capabilities = CapabilityTarget(service)
        self._references = References(reader.kind, owner_id)
        self._keys = SourceKeys(reader.kind, owner_id)
        self._repeated = RepeatedKeys()
        self._seen: set[str] = set()

    @property
    def kind(self) -> ImportKind:
        """What the rows are."""
        return self._reader.kind

    def pass_over(self, raw: RawRow) -> None:
        """Take note of a row that was answered before the work was interrupted."""
        self._read(raw)

    def run(self, file: RowFile) -> Iterator[RowResult]:
        """Yield the answer to each row, in the order of the file."""
        for answers in self.chunks(file.rows):
            yield from answers

    def chunks(self, rows: Iterable[RawRow]) -> Iterator[list[RowResult]]:
        """Yield the answers to some rows at a time: what they say is stored by then."""
        for chunk in _chunks(self._read(raw) for raw in rows):
            self.before_chunk()
            yield self._answer(chunk)

    def _read(self, raw: RawRow) -> InputRow:
        try:
            return self._repeated.noticed(self._reader.read(raw))
        except Exception as error:
            return InputRow(raw.number, {}, refused(raw.number, error).errors)

    def _answer(self, chunk: Sequence[InputRow]) -> list[RowResult]:
        results: dict[int, RowResult] = {}
        checked: list[_Checked] = []
        for row in chunk:
            try:
                hit(Failpoint.MID_IMPORT_ROW)
                with self._service.database.read() as session:
                    outcome = self._check(session, row)
            except Exception as error:
                outcome = refused(row.number, error)
            if isinstance(outcome, _Checked):
                checked.append(outcome)
            else:
                results[row.number] = outcome
        for result in self._store(checked) if self.commit else self._foresee(checked):
            results[result.number] = result
        return [results[row.number] for row in chunk]

    def _check(self, session: Session, row: InputRow) -> _Checked | RowResult:
        """Return the row ready to be stored, or why it is refused."""
        values = dict(row.values)
        problems = [*row.problems, *self._references.resolve(session, values)]
        is_capability = self._reader.kind is ImportKind.CAPABILITIES
        provider_id = values.pop("provider_id", None) if is_capability else None
        body = check_values(self._reader.kind, self._keys.made_up(values))
        if isinstance(body, tuple):
            known = {problem.field for problem in problems}
            problems += [problem for problem in body if problem.field not in known]
        elif not problems:
            kept = self._keys.kept(session, body)
            if isinstance(kept, FieldProblem):
                problems.append(kept)
            else:
                body = kept
        if problems or not isinstance(body, Schema):
            return RowResult(row.number, None, RowStatus.REFUSED, tuple(problems))
        self.understood(row.number, body)
        entry = Entry(body, provider_id)
        return _Checked(row.number, entry, self._target.find(session, entry))

    def _store(self, checked: Sequence[_Checked]) -> Iterator[RowResult]:
        new = [row for row in checked if row.known is None]
        for row, outcome in zip(new, self._create([row.entry for row in new]), strict=True):
            hit(Failpoint.MID_IMPORT_ROW)
            yield created(row.number, outcome)
        for row in checked:
            if row.known is not None:
                hit(Failpoint.MID_IMPORT_ROW)
                yield self._update(row, row.known)

    def _create(self, entries: Sequence[Entry]) -> Sequence[Row | Exception]:
        """Store new entries in one transaction, one by one where that one does not go through."""
        try:
            return patiently(lambda: self._target.create_many(entries)) if entries else ()
        except OF_ALL_ROWS:
            raise
        except Exception:
            return [self._create_one(entry) for entry in entries]

    def _create_one(self, entry: Entry) -> Row | Exception:
        try:
            return patiently(lambda: self._target.create_many([entry]))[0]
        except Exception as error:
            return error

    def _update(self, row: _Checked, known: Row) -> RowResult:
        try:
            status = self._change(self._target, known, row.entry)
            inner = [
                self._settle_capability(known.id, place, body)
                for place, body in enumerate(getattr(row.entry.body, "capabilities", ()))
            ]
        except Exception as error:
            return refused(row.number, error, known.id)
        errors = tuple(problem for result in inner for problem in result.errors)
        if errors:
            return RowResult(row.number, known.id, RowStatus.REFUSED, errors)
        is_changed = any(result.status != RowStatus.UNCHANGED for result in inner)
        return RowResult(row.number, known.id, RowStatus.UPDATED if is_changed else status)

    def _change(self, target: Target, known: Row, entry: Entry) -> RowStatus:
        with self._service.database.read() as session:
            plan = target.plan(session, target.reload(session, known), entry)
        if plan.is_empty:
            return RowStatus.UNCHANGED
        if self.commit:
            patiently(lambda: target.apply(plan))
        elif isinstance(refusal := target.refusal(entry), FieldsRejectedError):
            touched = {*plan.values, *(name for name in TAG_FIELDS if plan.tags)}
            problems = [p for p in refusal.problems if p.field in touched]
            if problems:
                raise FieldsRejectedError(problems)
        return RowStatus.UPDATED

    def _settle_capability(self, provider_id: str, place: int, body: Any) -> RowResult:  # noqa: ANN401
        """Store or change one capability inside a provider that is there already."""
        entry = Entry(body, provider_id)
        with self._service.database.read() as session:
            known = self._capabilities.find(session, entry)
        try:
            if known is not None:
                status = self._change(self._capabilities, known, entry)
                return RowResult(place, known.id, status)
            if self.commit:
                result = created(
                    place, patiently(lambda: self._capabilities.create_many([entry]))[0]
                )
            else:
                result = foreseen(place, self._capabilities.refusal(entry))
        except NavmatchError as error:
            result = refused(place, error)
        prefix = f"capabilities.{place}."
        errors = tuple(replace(p, field=prefix + p.field) for p in result.errors)
        return replace(result, errors=errors)

    def _foresee(self, checked: Sequence[_Checked]) -> Iterator[RowResult]:
        """Yield what storing would answer, as far as it can be seen without writing."""
        for row in checked:
            key = row.entry.source_ref
            if row.known is not None:
                yield self._update(row, row.known)
            else:
                result = self._foresee_new(row)
                is_again = key is not None and key in self._seen
                is_stored = result.status == RowStatus.CREATED
                yield (
                    replace(result, status=RowStatus.UPDATED) if is_again and is_stored else result
                )
            if key is not None:
                self._seen.add(key)

    def _foresee_new(self, row: _Checked) -> RowResult:
        try:
            return foreseen(row.number, self._target.refusal(row.entry))
        except Exception as error:
            return refused(row.number, error)


def _chunks(rows: Iterator[InputRow]) -> Iterator[list[InputRow]]:
    """Yield rows in chunks; a key that comes again starts a new one, so that it is found."""
    chunk: list[InputRow] = []
    keys: set[str] = set()
    for row in rows:
        key = _identity(row.values)
        if len(chunk) == CHUNK_ROWS or key in keys:
            yield chunk
            chunk, keys = [], set()
        chunk.append(row)
        keys.add(key)
    if chunk:
        yield chunk


def _identity(values: dict[str, Any]) -> str:
    """Return what tells a row from the others of a file: its key, else its texts."""
    return str(values.get("source_ref") or [values.get(name) for name in _IDENTIFYING])


def patiently(work: Callable[[], ResultT]) -> ResultT:
    """Do something, again after a while where it was refused only because others write.

    For work whose answer nobody waits for; it takes up to half a minute more.
    """
    for pause_s in BUSY_PAUSES_S:
        try:
            return work()
        except UnavailableError as error:
            if error.fields.get("reason") not in _PASSING:
                raise
            time.sleep(pause_s)
    return work()
