"""A large sheet with planted errors, imported by a real server that is killed in the middle.

python -m tests.faults.sheets --rows 5000 --errors 300 --db postgresql
"""

import argparse
import io
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx2
import psutil
import xlsxwriter

from api.exchange.importing import CHUNK_ROWS
from models import import_jobs, repository
from models.database import Database
from models.demand import Demand
from models.organisation import Base, Organisation
from models.viewer import acting_as, system
from models.vocabulary.access import Role
from models.vocabulary.organisation import BaseLevel, OrganisationType
from tests.credentials import bearer, make_key
from tests.faults.server import Server
from tests.hostile.target import database as databases

WAIT_S: Final = 900.0
ASK_EVERY_S: Final = 0.25
MAX_MIB: Final = 200
"""How much memory an import may take above what the server takes at rest."""

MIB: Final = 1024 * 1024
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEADINGS: Final = (
    *("联系电话", "采购需求", "项目名称", "预算", "所属地区", "完成期限", "响应截止", "有效期"),
    *("成果要求", "服务对象", "资金来源", "应用场景", "产业", "服务基地", "是否发布", "公开程度"),
    *("采购方式", "面向对象", "IPC分类号", "可见范围", "预算上限（万元）"),
)
PLANTED: Final[tuple[tuple[str, object], ...]] = (
    ("项目名称", "短"),
    ("项目名称", "长" * 81),
    ("项目名称", ""),
    ("采购需求", "太短的正文"),
    ("采购需求", ""),
    ("预算", "看情况"),
    ("预算", "30万元以上"),
    ("预算", 30),
    ("所属地区", "火星市"),
    ("完成期限", "很快"),
    ("完成期限", 5_000),
    ("响应截止", "明年"),
    ("有效期", "2020-01-01"),
    ("成果要求", "外星报告"),
    ("服务对象", "外星人"),
    ("资金来源", "天上掉的"),
    ("应用场景", "XXX.NONE"),
    ("产业", "9.9"),
    ("服务基地", "没有这个基地"),
    ("是否发布", "也许"),
)
"""Errors by the column they stand in: 20 kinds."""


@dataclass(frozen=True)
class Planted:
    """A sheet and where its errors stand.

    Attributes:
        content: The workbook.
        cells: Place of each error, such as `C17`.
    """

    content: bytes
    cells: frozenset[str]


def planted_sheet(n_rows: int, n_errors: int) -> Planted:
    """Make a sheet whose errors are spread evenly, of every kind in turn."""
    made = io.BytesIO()
    wrong = {2 + k * n_rows // n_errors: k % len(PLANTED) for k in range(n_errors)}
    cells = set()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        sheet = book.add_worksheet("需求")
        sheet.write_row(0, 0, HEADINGS)
        for row in range(2, n_rows + 2):
            values = _good(row)
            if row in wrong:
                heading, value = PLANTED[wrong[row]]
                values[heading] = value
                cells.add(f"{chr(ord('A') + HEADINGS.index(heading))}{row}")
            for place, heading in enumerate(HEADINGS):
                sheet.write(row - 1, place, values.get(heading, ""))
    return Planted(made.getvalue(), frozenset(cells))


def _good(row: int) -> dict[str, object]:
    """A row as people fill them: texts and numbers in turn."""
    return {
        "联系电话": "0512-00000000",
        "项目名称": f"第{row}号功率模块出口侵权风险排查",
        "采购需求": f"第{row}号车规级碳化硅功率模块拟向欧洲出口，需要对封装互连和栅极驱动方面的专利"
        "做侵权风险排查，给出规避设计建议，并提交分析报告和风险专利名单。",
        "预算": ("30-50万元", "３０万", 300_000, "不超过20万元", "面议")[row % 5],
        "所属地区": ("江苏省苏州市", "320500", 320500, "上海")[row % 4],
        "完成期限": ("三个月", 90, "９０天", "")[row % 4],
        "响应截止": "",
        "成果要求": "报告；名单（招商、人才、标的）",
        "服务对象": "企业",
        "是否发布": ("是", "否", "")[row % 3],
    }


class MemoryWatch:
    """The most memory the processes of a server take together, looked at again and again."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self.peak = 0

    def look(self) -> int:
        """Return what they take now, in bytes.

        Until a new child runs its own program it is another name for the memory of its parent
        (`vfork`), and is not counted; its words are still those of its parent then.
        """
        taken = 0
        with suppress(psutil.Error, AssertionError):
            first = psutil.Process(self._server.pid)
            taken, words = first.memory_info().rss, first.cmdline()
            for child in first.children(recursive=True):
                with suppress(psutil.Error):
                    taken += child.memory_info().rss if child.cmdline() != words else 0
        self.peak = max(self.peak, taken)
        return taken

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Look every few milliseconds while the block runs."""
        stopping = threading.Event()

        def watch() -> None:
            while not stopping.wait(0.05):
                self.look()

        thread = threading.Thread(target=watch, daemon=True)
        thread.start()
        try:
            yield
        finally:
            stopping.set()
            thread.join()


@dataclass
class Seen:
    """What came of an import.

    Attributes:
        checked: The sheet after it was looked through.
        done: The sheet at the end.
        problems: Every problem, by cell.
        progress: Rows done, as they were told while it ran.
        n_stored: Demands in the database at the end.
        back: The sheet that came back.
        n_noted: Rows that were noted as done when it was killed inside a chunk.
        n_stored_at_death: Demands that were stored by then.
        n_kills: How often the server was killed.
        base_mib: Memory at rest.
        peak_mib: The most memory.
        seconds: How long looking and importing took.
    """

    checked: dict[str, Any] = field(default_factory=dict)
    done: dict[str, Any] = field(default_factory=dict)
    problems: list[dict[str, Any]] = field(default_factory=list)
    progress: set[int] = field(default_factory=set)
    n_stored: int = 0
    back: bytes = b""
    n_noted: int = 0
    n_stored_at_death: int = 0
    n_kills: int = 0
    base_mib: float = 0.0
    peak_mib: float = 0.0
    seconds: dict[str, float] = field(default_factory=dict)


def import_with_kills(server: Server, sheet: Planted, n_rows: int, more_kills: int) -> Seen:
    """Import a sheet; the server dies in the middle of a chunk, then as often as is wanted.

    Args:
        server: Not running yet.
        sheet: What is imported.
        n_rows: Its rows.
        more_kills: How often it is killed besides, whenever some rows are done.
    """
    seen, headers = Seen(), _clerk(server.database_url)
    spec = f"mid_import_row:kill:{_hits_before_death(sheet, n_rows)}"
    server.start(NAVMATCH_TESTING="1", NAVMATCH_FAILPOINTS=spec)
    server.wait_ready()
    with _client(server, headers) as client:
        watch = MemoryWatch(server)
        seen.base_mib = watch.look() / MIB
        watch.peak = 0
        with watch.watching():
            begun = time.monotonic()
            key = _uploaded(client, sheet.content)
            seen.checked = _until(client, key, "checked", seen)
            seen.seconds["check"] = time.monotonic() - begun
            seen.problems = _problems(client, key)
            begun = time.monotonic()
            client.post(f"/v1/imports/{key}/run").raise_for_status()
            server.wait_end(WAIT_S)
            seen.n_kills = 1
            seen.n_noted, seen.n_stored_at_death = _in_database(server.database_url, key)
            seen.progress.add(seen.n_noted)
            while more_kills >= 0:
                server.start()
                server.wait_ready()
                if more_kills:
                    _until_further(client, key, seen)
                    server.kill()
                    seen.n_kills += 1
                more_kills -= 1
            seen.done = _until(client, key, "done", seen)
            seen.seconds["import"] = time.monotonic() - begun
        seen.peak_mib = watch.peak / MIB
        seen.back = client.get(f"/v1/imports/{key}/sheet").raise_for_status().content
    server.stop()
    _, seen.n_stored = _in_database(server.database_url, key)
    return seen


def _hits_before_death(sheet: Planted, n_rows: int) -> int:
    """Return how many rows are come by until the second chunk is stored, but not yet noted.

    Each row is come by when it is looked through, when it is checked, and when it is stored.
    """
    n_wrong = sum(int(cell[1:]) <= CHUNK_ROWS + 1 for cell in sheet.cells)
    second = min(CHUNK_ROWS, n_rows - CHUNK_ROWS)
    return n_rows + CHUNK_ROWS + (CHUNK_ROWS - n_wrong) + second + second // 4


def _in_database(url: str, key: str) -> tuple[int, int]:
    """Return how many rows of a sheet are noted as done, and how many demands there are."""
    database = Database(url)
    try:
        with acting_as(system("test")), database.read() as session:
            n_noted = import_jobs.find_import(session, key).n_done
            return n_noted, repository.count(session, Demand)
    finally:
        database.close()


def _clerk(url: str) -> dict[str, str]:
    """The credentials of somebody of a base, on a database without a server yet."""
    database = Database(url)
    try:
        database.migrate()
        with acting_as(system("test")), database.write() as session:
            of = Organisation(name="某基地", org_type=OrganisationType.PARK, region_code="320500")
            session.add(Base(organisation=of, level=BaseLevel.NATIONAL))
            session.flush()
            owner = of.id
        return bearer(make_key(database, Role.BASE_STAFF, owner))
    finally:
        database.close()


def _client(server: Server, headers: Mapping[str, str]) -> httpx2.Client:
    return httpx2.Client(base_url=server.url, timeout=60, trust_env=False, headers=dict(headers))


def _uploaded(client: httpx2.Client, content: bytes) -> str:
    reply = client.post(
        "/v1/imports",
        params={"kind": "demands", "name": "台账.xlsx"},
        content=content,
        headers={"content-type": XLSX},
    )
    assert reply.status_code == 202, reply.text
    return str(reply.json()["id"])


def _until(client: httpx2.Client, key: str, state: str, seen: Seen) -> dict[str, Any]:
    return _asked(client, key, seen, lambda job: job["state"] == state)


def _until_further(client: httpx2.Client, key: str, seen: Seen) -> dict[str, Any]:
    """Wait until some more rows are done than when the server was killed last."""
    before = max(seen.progress, default=0)
    return _asked(client, key, seen, lambda job: job["n_done"] > before or job["state"] == "done")


def _asked(
    client: httpx2.Client, key: str, seen: Seen, wanted: Callable[[dict[str, Any]], bool]
) -> dict[str, Any]:
    """Ask how far a sheet is until it is as far as wanted, and note what is told meanwhile."""
    deadline = time.monotonic() + WAIT_S
    while time.monotonic() < deadline:
        job: dict[str, Any] = client.get(f"/v1/imports/{key}").raise_for_status().json()
        assert job["state"] != "failed", job
        if job["state"] == "running":
            seen.progress.add(job["n_done"])
        if wanted(job):
            return job
        time.sleep(ASK_EVERY_S)
    raise TimeoutError(key)


def _problems(client: httpx2.Client, key: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    after: int | None = 0
    while after is not None:
        page = client.get(f"/v1/imports/{key}/problems", params={"after": after, "limit": 50})
        found += page.raise_for_status().json()["items"]
        after = page.json()["next_after"]
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Import one sheet and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=5_000)
    parser.add_argument("--errors", type=int, default=300)
    parser.add_argument("--kills", type=int, default=3, help="besides the one inside a chunk")
    parser.add_argument("--db", choices=("sqlite", "postgresql"), default="sqlite")
    chosen = parser.parse_args(arguments)
    sheet = planted_sheet(chosen.rows, chosen.errors)
    with tempfile.TemporaryDirectory() as folder, databases(chosen.db) as new_url:
        url = new_url()
        environment = {} if url is None else {"NAVMATCH_DATABASE_URL": url}
        server = Server(Path(folder) / "data", environment)
        try:
            seen = import_with_kills(server, sheet, chosen.rows, chosen.kills)
        finally:
            server.kill()
    faults = faults_of(seen, sheet, chosen.rows)
    print(
        f"{chosen.db}: {chosen.rows} rows, {len(sheet.cells)} errors, {seen.n_kills} kills; "
        f"check {seen.seconds['check']:.1f} s, import {seen.seconds['import']:.1f} s with the "
        f"restarts; memory {seen.base_mib:.0f} MiB at rest, {seen.peak_mib:.0f} MiB at most; "
        f"progress told {len(seen.progress)} times; faults: {faults or 'none'}"
    )
    return 1 if faults else 0


def faults_of(seen: Seen, sheet: Planted, n_rows: int) -> list[str]:
    """Return what is not as it must be."""
    n_good = n_rows - len(sheet.cells)
    told = {problem["cell"] for problem in seen.problems}
    rows = {int(cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")) for cell in sheet.cells}
    counted = [seen.done[f"n_{name}"] for name in ("created", "updated", "unchanged", "refused")]
    foreseen = [seen.checked[f"n_{name}"] for name in ("created", "refused")]
    held = {
        f"places not told: {sorted(sheet.cells - told)[:5]}": sheet.cells <= told,
        "rows told that are right": {p["row"] for p in seen.problems} == rows,
        f"foreseen {foreseen}": foreseen == [n_good, len(sheet.cells)],
        f"counted {counted}": counted == [n_good, 0, 0, len(sheet.cells)],
        f"{seen.n_stored} demands stored": seen.n_stored == n_good,
        "no chunk was stored and not noted": seen.n_stored_at_death > seen.n_noted,
        "no progress was told": bool(seen.progress - {0, n_rows}),
        f"{seen.peak_mib - seen.base_mib:.0f} MiB more": seen.peak_mib - seen.base_mib <= MAX_MIB,
    }
    return [fault for fault, is_right in held.items() if not is_right]


if __name__ == "__main__":
    sys.exit(main())
