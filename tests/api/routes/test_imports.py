"""A sheet is uploaded, looked through, imported and given back, as an organisation does it."""

import csv
import io
from typing import Any, Final

import httpx2
import pytest
from sqlalchemy import update

from api.exchange.columns import ImportKind
from api.exchange.import_work import ImportWork
from api.exchange.marking import ERROR_HEADING
from api.exchange.types import FileFormat
from api.exchange.uploading import MAX_KEPT, MAX_OPEN, Upload, Uploads
from api.routes.files import MEDIA_TYPES
from api.schemas.demand import DESCRIPTION_EXAMPLE, TITLE_EXAMPLE
from models import repository
from models.base import now_utc
from models.database import Database
from models.demand import Demand
from models.errors import ConflictError
from models.import_job import ImportJob
from models.organisation import Base, Organisation
from models.viewer import Viewer, acting_as, system
from models.vocabulary.access import Role
from models.vocabulary.organisation import BaseLevel, OrganisationType
from models.vocabulary.row import ImportState
from tests.api.conftest import Running
from tests.credentials import bearer, make_key
from tests.security.bombs import REFUSED, SOUND, workbook

CSV: Final = MEDIA_TYPES[FileFormat.CSV]
XLSX: Final = MEDIA_TYPES[FileFormat.XLSX]
HEADINGS: Final[list[object]] = [
    "备注",
    "采购需求",
    "项目名称",
    "预算（万元）",
    "完成期限",
    "响应截止",
]
GOOD: Final[list[object]] = [
    "电话",
    DESCRIPTION_EXAMPLE,
    TITLE_EXAMPLE,
    "３０－５０",
    "三个月",
    "2026年12月31日",
]
WAIT_S: Final = 60.0
SOME_HOSTILE: Final = ("macros.xlsx", "cut.xlsx", "last-cell.xlsx", "quotes.csv", "no-text.csv")
READ_BY_CONTENT: Final = {"text.xlsx", "many-lines.jsonl"}
"""Files that are refused for their name alone: an upload goes by what it holds."""


@pytest.fixture
def staff(running: Running) -> dict[str, str]:
    """The credentials of somebody of a base."""
    with running.service.database.write() as session:
        of = Organisation(name="某基地", org_type=OrganisationType.PARK, region_code="320500")
        session.add(Base(organisation=of, level=BaseLevel.NATIONAL))
        session.flush()
        owner = of.id
    return bearer(make_key(running.service.database, Role.BASE_STAFF, owner, name="import"))


def table(*rows: list[Any]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([HEADINGS, *rows])
    return text.getvalue().encode("utf-8-sig")


def upload(
    running: Running,
    content: bytes,
    headers: dict[str, str],
    kind: str = "demands",
    media_type: str = CSV,
) -> httpx2.Response:
    return running.client.post(
        "/v1/imports",
        params={"kind": kind, "name": "需求.csv"},
        content=content,
        headers={**headers, "content-type": media_type},
    )


def work_of(running: Running) -> ImportWork:
    app: Any = running.client.app
    work: ImportWork = app.state.parts.import_work
    return work


def shown(running: Running, key: str, headers: dict[str, str]) -> dict[str, Any]:
    """A sheet once nobody works on it."""
    assert work_of(running).wait_idle(WAIT_S)
    answer: dict[str, Any] = running.client.get(f"/v1/imports/{key}", headers=headers).json()
    return answer


def run(running: Running, key: str, headers: dict[str, str]) -> dict[str, Any]:
    reply = running.client.post(f"/v1/imports/{key}/run", headers=headers)
    assert reply.status_code == 202, reply.text
    return shown(running, key, headers)


def problems(running: Running, key: str, headers: dict[str, str]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    after: int | None = 0
    while after is not None:
        page = running.client.get(
            f"/v1/imports/{key}/problems", params={"after": after, "limit": 1}, headers=headers
        ).json()
        found += page["items"]
        after = page["next_after"]
    return found


def counts(job: dict[str, Any]) -> list[int]:
    return [job[f"n_{name}"] for name in ("rows", "created", "updated", "unchanged", "refused")]


def n_demands(running: Running) -> int:
    with running.service.database.read() as session:
        return repository.count(session, Demand)


def test_sheet_goes_its_whole_way(running: Running, staff: dict[str, str]) -> None:
    other = [*GOOD[:2], "另一个车规级模块的风险排查", 30, 90, 46_387]
    wrong = ["", "短", "第三个模块的风险排查", "很多", "很快", "明年"]
    reply = upload(running, table(GOOD, other, wrong), staff)
    assert reply.status_code == 202, reply.text
    key = reply.json()["id"]

    job = shown(running, key, staff)
    assert (job["state"], job["state_label"]) == ("checked", "已检查，待确认")
    assert counts(job) == [3, 2, 0, 0, 1]
    assert job["unknown"] == ["备注"]
    meanings = {c["heading"]: (c["column"], c["meaning"]) for c in job["columns"]}
    assert meanings["采购需求"] == ("B", "需求描述")
    assert meanings["备注"] == ("A", "")
    assert n_demands(running) == 0
    first = {v["title"]: v["text"] for v in job["preview"][0]["values"]}
    assert job["preview"][0]["row"] == 2
    assert (first["预算"], first["完成期限（天）"]) == ("30-50万元", "90")
    assert first["响应截止日期"] == "2026-12-31"
    assert "来源编号" not in first

    found = problems(running, key, staff)
    assert {(p["cell"], p["heading"], p["code"]) for p in found} == {
        ("B4", "采购需求", "string_too_short"),
        ("D4", "预算（万元）", "not_a_number"),
        ("E4", "完成期限", "not_a_number"),
        ("F4", "响应截止", "not_a_day"),
    }

    done = run(running, key, staff)
    assert (done["state"], counts(done)) == ("done", [3, 2, 0, 0, 1])
    assert n_demands(running) == 2
    listed = running.client.get("/v1/demands", params={"own": True}, headers=staff).json()
    assert {item["title"] for item in listed["items"]} == {GOOD[2], other[2]}

    back = running.client.get(f"/v1/imports/{key}/sheet", headers=staff)
    assert back.headers["content-type"].startswith(CSV)
    assert "filename*=UTF-8''%E9%9C%80" in back.headers["content-disposition"]
    rows = list(csv.reader(io.StringIO(back.content.decode("utf-8-sig"))))
    assert [row[:-1] for row in rows[:2]] == [HEADINGS, GOOD]
    assert [bool(row[-1]) for row in rows] == [True, False, False, True]
    assert rows[0][-1] == ERROR_HEADING

    again = upload(running, back.content, staff).json()["id"]
    shown(running, again, staff)
    assert counts(run(running, again, staff)) == [3, 0, 0, 2, 1]
    assert n_demands(running) == 2


def test_workbook_is_imported_and_comes_back_marked(
    running: Running, staff: dict[str, str]
) -> None:
    content = workbook([HEADINGS, GOOD, ["", "短", "题目够长的一条需求", "", "", ""]])
    key = upload(running, content, staff, media_type=XLSX).json()["id"]
    assert counts(shown(running, key, staff)) == [2, 1, 0, 0, 1]
    back = running.client.get(f"/v1/imports/{key}/sheet", headers=staff)
    assert back.status_code == 200
    assert back.content.startswith(b"PK")


def test_sheet_is_let_go(running: Running, staff: dict[str, str]) -> None:
    key = upload(running, table(GOOD), staff).json()["id"]
    shown(running, key, staff)
    assert running.client.get("/v1/imports", headers=staff).json()["total"]["value"] == 1
    assert running.client.delete(f"/v1/imports/{key}", headers=staff).status_code == 204
    for path in ("", "/problems", "/sheet"):
        assert running.client.get(f"/v1/imports/{key}{path}", headers=staff).status_code == 404
    assert running.client.post(f"/v1/imports/{key}/run", headers=staff).status_code == 404


def test_only_what_was_looked_through_is_imported_and_only_once(
    running: Running, staff: dict[str, str]
) -> None:
    key = upload(running, table(GOOD), staff).json()["id"]
    shown(running, key, staff)
    run(running, key, staff)
    again = running.client.post(f"/v1/imports/{key}/run", headers=staff)
    assert (again.status_code, again.json()["code"]) == (409, "state_not_allowed")


def test_sheet_that_cannot_be_read_says_why(running: Running, staff: dict[str, str]) -> None:
    key = upload(running, "\n只有这一行\n".encode(), staff).json()["id"]
    job = shown(running, key, staff)
    assert job["state"] == "failed"
    assert "没有列名" in job["fault"]
    assert running.client.get(f"/v1/imports/{key}/sheet", headers=staff).status_code == 409


@pytest.mark.parametrize("name", SOME_HOSTILE)
def test_hostile_file_is_refused_or_fails_and_brings_nothing(
    running: Running, staff: dict[str, str], name: str
) -> None:
    check_hostile(running, staff, name)


@pytest.mark.nightly
@pytest.mark.parametrize("name", [n for n in REFUSED if n not in READ_BY_CONTENT])
def test_every_hostile_file_is_refused_or_fails_and_brings_nothing(
    running: Running, staff: dict[str, str], name: str
) -> None:
    check_hostile(running, staff, name)


def check_hostile(running: Running, staff: dict[str, str], name: str) -> None:
    media_type = CSV if name.endswith(".csv") else XLSX
    reply = upload(running, REFUSED[name](), staff, media_type=media_type)
    assert reply.status_code in (202, 413, 422), reply.text
    if reply.status_code == 202:
        assert shown(running, reply.json()["id"], staff)["state"] == "failed"
    assert n_demands(running) == 0


def test_file_of_another_type_is_refused(running: Running, staff: dict[str, str]) -> None:
    reply = upload(running, SOUND, staff, media_type="application/json")
    assert (reply.status_code, reply.json()["code"]) == (415, "unsupported_media_type")


def test_only_who_may_store_a_row_imports_sheets_of_them(
    running: Running, staff: dict[str, str]
) -> None:
    for kind in ("providers", "capabilities"):
        assert upload(running, table(GOOD), staff, kind).status_code == 403
    assert upload(running, table(GOOD), staff, "nothing").status_code == 422


def test_stranger_may_send_no_large_body(running: Running) -> None:
    reply = upload(running, bytes(2 * 1024 * 1024), {"Authorization": ""})
    assert reply.status_code == 413


def test_template_is_a_workbook(running: Running, staff: dict[str, str]) -> None:
    for kind in ImportKind:
        reply = running.client.get(
            "/v1/imports/template", params={"kind": kind.value}, headers=staff
        )
        assert reply.status_code == 200
        assert reply.content.startswith(b"PK")
        assert reply.headers["content-type"] == XLSX


def test_organisation_has_few_sheets_open_and_few_kept(database: Database) -> None:
    uploads = Uploads(database, lambda: None, now_utc)
    sent = Upload(ImportKind.DEMANDS, "表", None, table(GOOD))
    with acting_as(Viewer(Role.BASE_STAFF, "us_1", "og_01JZX3V8Q4W6T2N9K7M5R1C0BD", "320500")):
        kept = [uploads.take(sent).id for _ in range(MAX_OPEN)]
        with pytest.raises(ConflictError):
            uploads.take(sent)
        for _ in range(MAX_KEPT):
            _end_all(database)
            uploads.take(sent)
        jobs, total = uploads.page(None, 50)
    assert total == MAX_KEPT
    assert not set(kept) & {job.id for job in jobs}


def _end_all(database: Database) -> None:
    with acting_as(system("test")), database.write() as session:
        session.execute(update(ImportJob).values(state=ImportState.DONE))
