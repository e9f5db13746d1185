"""Every limit accepts what stands at it and refuses one more; none is without a test."""

import io
import json
import signal
import subprocess
import sys
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import pytest
from pydantic import TypeAdapter, ValidationError

from api.errors import BodyRejectedError
from api.exchange.columns import ImportKind
from api.exchange.confined import read_sheet
from api.exchange.limits import READING_LIMITS, SHEET_LIMITS, ReadingLimits
from api.exchange.listed import check_rows
from api.exchange.read import open_rows
from api.exchange.source_keys import SourceKeys
from api.exchange.types import FileRefusedError
from api.exchange.uploading import Upload, Uploads
from api.exchange.workbook import check_archive
from api.exchange.writing import write_delimited, write_workbook
from api.intake.problems import FieldProblem
from api.limits import LIMITS, Limit, text_types
from api.schemas import examples
from api.schemas.base import Count, Fen
from api.schemas.demand import DemandCreate
from api.schemas.match import FiltersIn, MatchOptions, MatchRequestIn
from api.schemas.provider import ProviderCreate
from api.strict_json import parse
from indexer.text import clean
from models.base import now_utc
from models.errors import NavmatchError
from models.unit import active
from models.viewer import Viewer, acting_as
from models.vocabulary.access import Role
from tests.api.conftest import TODAY, Running

OWN: Final = "og_01JZX3V8Q4W6T2N9K7M5R1C0BD"
BY_NAME: Final = {limit.name: limit for limit in LIMITS}
REFUSALS: Final = (ValidationError, BodyRejectedError, NavmatchError)


Try = Callable[[Path, int], object]
"""Tries so many of something, with a folder to work in; raises when they are refused."""

Ask = Callable[[Running, int], object]
"""Asks the application for so many of something; raises when they are refused."""


def of_type(kind: Any, value: object) -> object:
    """Check a value against a type."""
    return TypeAdapter(kind).validate_python(value)


def text_of(kind: Any) -> Try:
    """Tries a text of so many characters of a type."""
    return lambda folder, n: of_type(kind, "专" * n)


def request(running: Running, status: tuple[int, ...], path: str, **more: Any) -> None:
    """Ask; any other status than these counts as a refusal."""
    method = "POST" if "content" in more else "GET"
    reply = running.client.request(
        method, path, headers={"content-type": "application/json"}, **more
    )
    if reply.status_code not in status:
        raise NavmatchError(str(reply.status_code))


def body_of(running: Running, n_bytes: int) -> None:
    content = json.dumps(examples.TEXT).encode()
    request(running, (200,), "/v1/tags", content=content.ljust(n_bytes))


def asked(n_queries: int, n_chars: int, k: int) -> object:
    """So many questions of so many characters in all and so many results in all."""
    each, more = divmod(n_chars, n_queries)
    ks = [k // n_queries + (n < k % n_queries) for n in range(n_queries)]
    queries = {
        f"q{n}": {"text": {"text": "专" * (each + (n < more))}, "k": ks[n]}
        for n in range(n_queries)
    }
    return MatchRequestIn.model_validate({"queries": queries})


def capabilities(n: int) -> object:
    listed = [{**examples.CAPABILITY, "title": f"第{number}项能力"} for number in range(n)]
    return ProviderCreate.model_validate({**examples.PROVIDER, "capabilities": listed})


def valid_for(running: Running, n_days: int) -> None:
    until = TODAY.fromordinal(TODAY.toordinal() + n_days)
    body = {**examples.DEMAND, "valid_until": until.isoformat()}
    request(running, (201,), "/v1/demands", content=json.dumps(body).encode())


def csv_of(folder: Path, content: bytes) -> object:
    path = folder / "some.csv"
    path.write_bytes(content)
    return open_rows(path)


def cells(n: int) -> bytes:
    """Rows of a hundred cells, so many in all."""
    rows, rest = divmod(n, 100)
    return b",".join([b"1"] * 100).join([b"", b"\n"]) * rows + b",".join([b"1"] * rest)


def archive_of(entries: Mapping[str, bytes], stored: bool = False) -> bytes:
    made = io.BytesIO()
    kind = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(made, "w", kind, compresslevel=1) as archive:
        for name, content in {"xl/workbook.xml": b"<workbook/>", **entries}.items():
            archive.writestr(name, content)
    return made.getvalue()


def unpacked(folder: Path, n_bytes: int) -> None:
    """A workbook of so many bytes unpacked, stored as they are."""
    known = len(b"<workbook/>")
    check_archive(archive_of({"a": bytes(n_bytes - known)}, stored=True), "a.xlsx", SHEET_LIMITS)


def ratio(folder: Path, times: int) -> None:
    """A workbook that unpacks to exactly so many times its size."""
    base = archive_of({"a": b"x" * 1_500_000})
    packed = base + b"\0" * (40_000 - len(base))  # bytes behind an archive belong to the file
    known = len(b"<workbook/>")
    made = archive_of({"a": b"x" * (times * len(packed) - known)})
    made += b"\0" * (len(packed) - len(made))
    check_archive(made, "a.xlsx", SHEET_LIMITS)


def line_of(folder: Path, n_bytes: int) -> None:
    path = folder / "some.jsonl"
    path.write_bytes(b'{"a": "' + b"x" * (n_bytes - 10) + b'"}\n')
    for row in open_rows(path).rows:
        if row.problem is not None:
            raise NavmatchError(row.problem.code)


def lines_of(folder: Path, n_rows: int) -> None:
    path = folder / "some.jsonl"
    path.write_bytes(b"{}\n" * n_rows)
    open_rows(path)


def lines_file_of(folder: Path, n_bytes: int) -> None:
    path = folder / "some.jsonl"
    with path.open("wb") as file:
        file.truncate(n_bytes)  # a hole takes no room
    open_rows(path)


TRIES: Final[Mapping[str, Try]] = {
    **{
        f"text.{name}.{end}": text_of(kind)
        for name, kind in text_types().items()
        for end in ("min", "max")
        if f"text.{name}.{end}" in BY_NAME
    },
    "text.raw": lambda folder, n: clean("a" * n),
    "text.combining_run": lambda folder, n: clean("专利e" + "\u0301" * n),
    "body.depth": lambda folder, n: parse(b"[" * n + b"]" * n),
    "body.keys": lambda folder, n: parse(json.dumps({f"k{i}": i for i in range(n)}).encode()),
    "body.items": lambda folder, n: parse(json.dumps([0] * n).encode()),
    "body.digits": lambda folder, n: parse(b"9" * n),
    "number.count": lambda folder, n: of_type(Count, n),
    "number.fen": lambda folder, n: of_type(Fen, n),
    "question.queries": lambda folder, n: asked(n, 16 * n, n),
    "question.k": lambda folder, n: MatchOptions(k=n),
    "question.total_k": lambda folder, n: asked(8, 800, n),
    "question.total_chars": lambda folder, n: asked(8, n, 8),
    "question.conditions": lambda folder, n: FiltersIn(
        regions=["32"], serves=[f"{c}" for c in range(11, 13)], text="专 " * (n - 3)
    ),
    "stock.capabilities": lambda folder, n: capabilities(n),
    "sheet.bytes": lambda folder, n: csv_of(
        folder, (b"a\n" + (b"1".ljust(999) + b"\n") * 20_000)[:n]
    ),
    "sheet.rows": lambda folder, n: csv_of(folder, b"a\n" + b"1\n" * n),
    "sheet.heading": lambda folder, n: csv_of(folder, b"a" * n + b"\n1\n"),
    "sheet.columns": lambda folder, n: csv_of(
        folder, ",".join(f"c{i}" for i in range(n)).encode() + b"\n"
    ),
    "sheet.cells": lambda folder, n: csv_of(
        folder, b"a" + b"".join(b",%d" % i for i in range(99)) + b"\n" + cells(n)
    ),
    "sheet.unpacked": unpacked,
    "sheet.ratio": ratio,
    "sheet.entries": lambda folder, n: check_archive(
        archive_of({f"e{i}": b"" for i in range(n - 1)}), "a.xlsx", SHEET_LIMITS
    ),
    "lines.bytes": lines_file_of,
    "lines.rows": lines_of,
    "lines.line_bytes": line_of,
    "export.asked": lambda folder, n: check_rows(n),
    "export.rows": lambda folder, n: write_delimited(
        folder / "out.csv", ["a"], ([i] for i in range(n))
    ),
    "export.cell_chars": lambda folder, n: write_workbook(folder / "out.xlsx", ["a"], [["专" * n]]),
}


def upload_of(running: Running, n_bytes: int) -> None:
    content = "标题\n".encode() + b"x" * 70
    reply = running.client.post(
        "/v1/imports",
        params={"kind": "demands"},
        content=content.ljust(n_bytes, b"\n"),
        headers={"content-type": "text/csv"},
    )
    if reply.status_code != 202:
        raise NavmatchError(reply.text)


def open_at_once(running: Running, n_sheets: int) -> None:
    """So many sheets taken in before anybody has looked through one."""
    database = running.service.database
    uploads = Uploads(database, lambda: None, now_utc)
    unit = database.unit()  # nobody looks through what is not committed
    with acting_as(Viewer(Role.BASE_STAFF, "us_1", OWN)), active(unit):
        try:
            for _ in range(n_sheets):
                uploads.take(Upload(ImportKind.CASES, "表", None, b"a"))
        finally:
            unit.rollback()


def own_key_of(running: Running, n_chars: int) -> None:
    body = DemandCreate.model_validate({**examples.DEMAND, "source_ref": "x" * n_chars})
    keys = SourceKeys(ImportKind.DEMANDS, OWN)
    with running.service.database.read() as session:
        if isinstance(keys.kept(session, body), FieldProblem):
            raise NavmatchError("key")


ASKED: Final[Mapping[str, Ask]] = {
    "sheet.upload": upload_of,
    "sheet.open": open_at_once,
    "sheet.own_key": own_key_of,
    "body.bytes": body_of,
    "question.page": lambda running, n: request(running, (200,), "/v1/cases", params={"limit": n}),
    "question.widget": lambda running, n: request(
        running, (200,), "/v1/widget/matches", params={"limit": n, "text": "专利导航"}
    ),
    "stock.validity": valid_for,
}


def accepted(tried: Callable[[], object]) -> bool:
    try:
        tried()
    except REFUSALS:
        return False
    return True


@pytest.mark.parametrize("name", TRIES)
def test_limit_accepts_what_stands_at_it_and_no_more(tmp_path: Path, name: str) -> None:
    limit = BY_NAME[name]
    assert accepted(lambda: TRIES[name](tmp_path, limit.value))
    assert not accepted(lambda: TRIES[name](tmp_path, one_more(limit)))


@pytest.mark.parametrize("name", ASKED)
def test_asked_limit_accepts_what_stands_at_it_and_no_more(running: Running, name: str) -> None:
    limit = BY_NAME[name]
    assert accepted(lambda: ASKED[name](running, limit.value))
    assert not accepted(lambda: ASKED[name](running, one_more(limit)))


def one_more(limit: Limit) -> int:
    return limit.value - 1 if limit.is_minimum else limit.value + 1


def test_workbook_that_takes_too_much_memory_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write_workbook(path, [f"c{i}" for i in range(200)], ([7] * 200 for _ in range(2_000)))
    assert len(read_sheet(path, None, READING_LIMITS).records) == 2_001
    with pytest.raises(FileRefusedError, match="内存"):
        read_sheet(path, None, ReadingLimits(max_bytes=48 * 1024 * 1024))


def test_workbook_that_takes_too_long_is_given_up() -> None:
    """The reader is stopped by the system when its second is over, whatever it is at."""
    program = (
        "import sys, types\n"
        "from api.exchange import parsing\n"
        "def forever(path):\n    while True: pass\n"
        "parsing.CalamineWorkbook = types.SimpleNamespace(from_path=forever)\n"
        "parsing.main(['x', str(2**30), '1'], sys.stdout)\n"
    )
    ended = subprocess.run([sys.executable, "-c", program], check=False, capture_output=True)  # noqa: S603
    assert -ended.returncode in (signal.SIGKILL, signal.SIGXCPU)


OF_THEIR_OWN: Final = {
    "sheet.memory": test_workbook_that_takes_too_much_memory_is_refused,
    "sheet.seconds": test_workbook_that_takes_too_long_is_given_up,
}


def test_every_limit_has_a_test() -> None:
    assert set(BY_NAME) == {*TRIES, *ASKED, *OF_THEIR_OWN}
    assert len({limit.name for limit in LIMITS}) == len(LIMITS)


@pytest.mark.parametrize("name", text_types())
def test_text_limit_counts_what_normalisation_makes_of_it(name: str) -> None:
    """㍿ becomes four characters: a text of a quarter of the limit is as long as may be."""
    n_signs, rest = divmod(BY_NAME[f"text.{name}.max"].value, 4)
    kind = text_types()[name]
    of_type(kind, "㍿" * n_signs + "专" * rest)
    with pytest.raises(ValidationError):
        of_type(kind, "㍿" * (n_signs + 1) + "专" * rest)


def test_export_of_a_workbook_has_the_same_bound(tmp_path: Path) -> None:
    rows = ([i] for i in range(BY_NAME["export.rows"].value + 1))
    with pytest.raises(FileRefusedError, match="50000"):
        write_workbook(tmp_path / "out.xlsx", ["a"], rows)
    assert list(tmp_path.iterdir()) == []
