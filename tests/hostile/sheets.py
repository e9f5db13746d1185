"""`python -m tests.hostile.sheets`: the corpus in every column of every kind of sheet.

Also in headings and in names of sheets and files. Each sheet goes its whole way: uploaded, looked
through, its problems read, imported, given back, let go; at the end everything that came in is
listed and exported. A sound row stands below the hostile ones and has to come in.
"""

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlencode

from api.exchange.columns import ImportKind
from models.import_job import MAX_FAULT_CHARS
from models.vocabulary.row import ImportState
from tests.hostile.sheet_cases import (
    Place,
    SheetCase,
    all_sheets,
    institution,
    text_of,
)
from tests.hostile.surface import Operation, operations
from tests.hostile.target import (
    ServiceTarget,
    database,
    leave_nothing_when_told_to_end,
    serving,
)
from tests.hostile.verdict import CANARY, WORDS, Asked, Fault, faults
from tests.hostile.wire import Got, Sent, exchange
from tests.hostile.written_sheets import Form

WAIT_S: Final = 300.0
MAX_REPLY_BYTES: Final = 131_072
"""Longest reply about one sheet or some of its problems."""

LIMIT: Final = 50
MAX_SHOWN: Final = 40
_UPLOAD: Final = "POST /v1/imports"
_READ: Final = "GET /v1/imports/{id}"
_PROBLEMS: Final = "GET /v1/imports/{id}/problems"
_RUN: Final = "POST /v1/imports/{id}/run"
_BACK: Final = "GET /v1/imports/{id}/sheet"
_DROP: Final = "DELETE /v1/imports/{id}"
_LISTS: Final = (
    *("GET /v1/imports", "GET /v1/demands", "GET /v1/providers", "GET /v1/cases"),
    *("GET /v1/demands/export", "GET /v1/providers/export", "GET /v1/cases/export"),
)
_OUR_FAILURE: Final = ("程序内部出错", "因服务的缘故", "服务中断")
"""What is said of a sheet or row that the program could not cope with."""

_READER_DIED: Final = "要用的内存或时间"
"""What is said where the process that reads workbooks ended early."""

_TELLING: Final = 12
"""Characters from which a value that comes back is no coincidence."""


class Flaw(StrEnum):
    """What can be wrong with what becomes of a sheet, beside its replies."""

    UNENDED = "unended"
    OUR_FAILURE = "our_failure"
    READER_DIED = "reader_died"
    UNREAD = "unread"
    ROWS_LOST = "rows_lost"
    SOUND_ROW_REFUSED = "sound_row_refused"
    LONG_REPLY = "long_reply"
    ECHO = "echo_in_a_problem"


@dataclass(frozen=True, slots=True)
class Finding:
    """One failure.

    Attributes:
        fault: Its kind.
        case: Key of the sheet.
        detail: What was seen.
    """

    fault: Fault | Flaw
    case: str
    detail: str


@dataclass
class Tally:
    """What a run saw.

    Attributes:
        n_sheets: Sheets sent.
        n_values: Hostile values in them.
        ends: How often each state was the last.
        findings: Failures.
    """

    n_sheets: int = 0
    n_values: int = 0
    ends: Counter[str] = field(default_factory=Counter)
    findings: list[Finding] = field(default_factory=list)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run, print what was seen and return 0 when nothing was wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.hostile.sheets", description=__doc__)
    parser.add_argument("--db", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--only", default="", help="part of the keys of the sheets wanted")
    parser.add_argument("--keep", type=Path, default=None, help="file for the findings (JSONL)")
    chosen = parser.parse_args(arguments)
    cases = [case for case in all_sheets() if chosen.only in case.key]
    print(f"{chosen.db}: {len(cases)} sheets")
    begun_s = time.perf_counter()
    with database(chosen.db) as new_url, tempfile.TemporaryDirectory() as folder:
        tally = asyncio.run(send_all(Path(folder), new_url(), cases, _say))
    n_s = time.perf_counter() - begun_s
    print(f"{tally.n_sheets} sheets, {tally.n_values} values in {n_s:.0f} s: {dict(tally.ends)}")
    print("findings:", dict(Counter(finding.fault for finding in tally.findings)) or "none")
    for finding in tally.findings[:MAX_SHOWN]:
        print(f"  {finding.fault}: {finding.case} ({finding.detail})")
    if chosen.keep is not None:
        lines = (json.dumps(asdict(finding), ensure_ascii=True) for finding in tally.findings)
        chosen.keep.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    return 1 if tally.findings or tally.n_sheets < len(cases) else 0


def _say(number: int, case: SheetCase) -> None:
    """Name the sheet that is sent next, in case nobody lives to tell."""
    if number % 100 == 0:
        print(f"{number}: {case.key!a}", flush=True)


async def send_all(
    folder: Path,
    url: str | None,
    cases: Sequence[SheetCase],
    about_to_send: Callable[[int, SheetCase], None] = lambda number, case: None,
) -> Tally:
    """Send sheets to a service of their own, one after another, and return what was seen."""
    async with serving(folder, url) as target:
        return await visit_all(target, cases, about_to_send)


async def visit_all(
    target: ServiceTarget,
    cases: Sequence[SheetCase],
    about_to_send: Callable[[int, SheetCase], None] = lambda number, case: None,
) -> Tally:
    """Send sheets one after another, then list what came in, and return what was seen."""
    tally = Tally()
    visitor = _Visitor(target, tally)
    for number, case in enumerate(cases):
        about_to_send(number, case)
        tally.n_sheets += 1
        tally.n_values += len(case.entries)
        await visitor.send(case, number)
    await visitor.look_at_all()
    return tally


class _Visitor:
    """Takes sheets their whole way and writes down what is wrong."""

    def __init__(self, target: ServiceTarget, tally: Tally) -> None:
        self._target = target
        self._tally = tally
        self._operations = {o.key: o for o in operations(target.document)}
        self._case = ""
        self._value = ""

    async def _found(self, number: int) -> None:
        """Store the institution that capabilities of a sheet name as theirs."""
        job = await self._upload(institution(number), Form.CSV, ImportKind.PROVIDERS, {})
        assert job is not None
        done = await self._import(job["id"])
        if not done["n_created"]:
            self._find(Flaw.ROWS_LOST, "institution")
        await self._ask(_DROP, job["id"])

    async def send(self, case: SheetCase, number: int) -> None:
        """Take one sheet its whole way."""
        self._case, self._value = case.key, _value_of(case)
        if case.kind is ImportKind.CAPABILITIES:
            await self._found(number)
        job = await self._upload(case.content(number), case.form, case.kind, _names(case))
        if job is None:
            if case.is_readable and case.place is Place.CELL:
                self._find(Flaw.UNREAD, "not taken in")
            return
        self._judge_job(case, job)
        if job["state"] == ImportState.CHECKED:
            await self._judge_problems(case, job["id"])
            await self._ask(_BACK, job["id"])
            job = await self._import(job["id"])
            self._judge_job(case, job)
            await self._judge_problems(case, job["id"])
        self._tally.ends[job["state"]] += 1
        await self._ask(_DROP, job["id"])

    async def look_at_all(self) -> None:
        """List and export everything that came in."""
        self._case, self._value = "everything that came in", ""
        for key in _LISTS:
            await self._ask(key, query=urlencode({"limit": LIMIT} if "export" not in key else {}))

    async def _upload(
        self, content: bytes, form: Form, kind: ImportKind, names: dict[str, str]
    ) -> dict[str, Any] | None:
        """Return a sheet once it is looked through; None when it was not taken in."""
        given = {"kind": kind.value, **names}
        query = "&".join(f"{k}={quote(v.encode('utf-8', 'replace'))}" for k, v in given.items())
        got = await self._ask(_UPLOAD, query=query, content=content, media_type=form.media_type)
        return await self._read(got.json()["id"]) if got.status == 202 else None

    async def _import(self, job_id: str) -> dict[str, Any]:
        await self._ask(_RUN, job_id)
        return await self._read(job_id)

    async def _read(self, job_id: str) -> dict[str, Any]:
        """Return how far a sheet is once nobody works on it."""
        if not self._target.wait_imported(WAIT_S):
            self._find(Flaw.UNENDED, "still worked on")
        shown: dict[str, Any] = (await self._ask(_READ, job_id)).json()
        return shown

    def _judge_job(self, case: SheetCase, job: dict[str, Any]) -> None:
        said = f"{job['fault'] or ''} {job['note']}"
        if job["state"] in (ImportState.CHECKING, ImportState.RUNNING):
            self._find(Flaw.UNENDED, job["state"])
        if job["state"] == ImportState.FAILED and not job["fault"]:
            self._find(Flaw.UNENDED, "failed without a word")
        self._judge_words(said, "" if case.place in _SHOWN else self._value)
        if case.is_readable and job["state"] == ImportState.FAILED:
            self._find(Flaw.UNREAD, said)
        n_rows = case.sound_row - 1 if case.is_readable else job["n_rows"]
        if job["state"] != ImportState.FAILED and not n_rows == job["n_rows"] == job["n_done"]:
            self._find(Flaw.ROWS_LOST, f"{n_rows} sent, {job['n_rows']}, {job['n_done']} done")

    async def _judge_problems(self, case: SheetCase, job_id: str) -> None:
        after: int | None = 0
        while after is not None:
            query = urlencode({"after": after, "limit": LIMIT})
            got = await self._ask(_PROBLEMS, job_id, query)
            if got.status != 200:
                return
            page = got.json()
            for problem in page["items"]:
                said = "\n".join(str(problem[n]) for n in ("title", "field", "code", "message"))
                shown = "" if case.place is Place.HEADING else case.text_of(problem["row"])
                self._judge_words(said, shown)
                if problem["row"] == case.sound_row and (
                    case.is_readable or case.place is not Place.CELL
                ):
                    self._find(Flaw.SOUND_ROW_REFUSED, said)
            after = page["next_after"]

    def _judge_words(self, said: str, value: str) -> None:
        """Look at what people are told of a sheet or row."""
        if any(words in said for words in _OUR_FAILURE):
            self._find(Flaw.OUR_FAILURE, said)
        if _READER_DIED in said:
            self._find(Flaw.READER_DIED, said)
        words = {CANARY, *({value} if len(value) >= _TELLING and not value.isspace() else ())}
        if value and any(word.casefold() in said.casefold() for word in {*words, WORDS}):
            self._find(Flaw.ECHO, said)

    async def _ask(
        self,
        key: str,
        job_id: str = "",
        query: str = "",
        content: bytes | None = None,
        media_type: str = "application/json",
    ) -> Got:
        operation: Operation = self._operations[key]
        headers = {**self._target.credentials, "content-type": media_type.encode()}
        path = operation.template.replace("{id}", job_id)
        sent = Sent(operation.method, path, query, tuple(headers.items()), content)
        got = await exchange(self._target.app, sent)
        for fault, detail in faults(Asked(operation, self._value), got):
            self._find(fault, f"{key}: {detail}")
        if job_id and key != _BACK and len(got.body) > MAX_REPLY_BYTES:
            self._find(Flaw.LONG_REPLY, f"{key}: {len(got.body)} bytes")
        if not all(value.isascii() and value.isprintable() for value in got.headers.values()):
            self._find(Fault.UNCLEAN, f"{key}: headers")
        return got

    def _find(self, fault: Fault | Flaw, detail: str) -> None:
        self._tally.findings.append(Finding(fault, self._case, detail[:MAX_FAULT_CHARS]))


_SHOWN: Final = frozenset({Place.HEADING, Place.SHEET, Place.WANTED})
"""Places whose values a sheet's own sender is told: which heading, which sheet."""


def _value_of(case: SheetCase) -> str:
    """Return what no error may hold: the one value of a sheet."""
    return text_of(case.entries[0]) if len(case.entries) == 1 else ""


def _names(case: SheetCase) -> dict[str, str]:
    value = text_of(case.entries[0])
    if case.place is Place.FILE:
        return {"name": value}
    return {"sheet": value} if case.place is Place.WANTED else {}


if __name__ == "__main__":
    leave_nothing_when_told_to_end()
    sys.exit(main())
