"""What is on screen as a file: the same rows for the same caller, and nothing a sheet runs."""

import csv
import io
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import pytest
from python_calamine import CalamineWorkbook

from api.exchange import listed
from api.exchange.limits import ASKED_EXPORT_ROWS
from api.exchange.listed import INTERACTION_HEADINGS, MATCH_HEADINGS, TooManyRowsError, check_rows
from api.schemas import examples
from models.vocabulary.access import Role
from tests.api.conftest import Running
from tests.credentials import bearer, make_key
from tests.faults.disks import needed_disk
from tests.rows import add_organisation
from tests.security.test_files import is_live

FORMATS: Final = ("xlsx", "csv")


def rows_of(running: Running, path: str, format_: str, **more: Any) -> list[list[str]]:
    """The cells of an exported list, all as text, the headings first."""
    params = {**more.pop("params", {}), "format": format_}
    reply = running.client.get(path, params=params, **more)
    assert reply.status_code == 200, reply.text
    assert reply.headers["cache-control"] == "no-store"
    if format_ == "csv":
        return list(csv.reader(io.StringIO(reply.content.decode("utf-8-sig"), newline="")))
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(reply.content)).get_sheet_by_index(0)
    return [[str(cell) for cell in row] for row in sheet.to_python()]


def column(rows: list[list[str]], heading: str) -> list[str]:
    return [row[rows[0].index(heading)] for row in rows[1:]]


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize(
    ("path", "heading", "field"),
    [("demands", "标题", "title"), ("providers", "机构名称", "name"), ("cases", "标题", "title")],
)
def test_file_holds_the_rows_of_the_list(
    running: Running, format_: str, path: str, heading: str, field: str
) -> None:
    running.demand()
    running.demand(title="另一条不在苏州的需求", region_code="440300")
    running.provider()
    running.case()
    asked: list[dict[str, Any]] = [{}, {"region": "44"}, {"text": "专利"}, {"own": "true"}]
    for params in asked:
        if path == "cases" and "own" in params:
            continue
        wanted = running.get(f"/v1/{path}", limit=50, **params)["items"]
        rows = rows_of(running, f"/v1/{path}/export", format_, params=params)
        assert column(rows, heading) == [item[field] for item in wanted], params


@pytest.mark.parametrize("format_", FORMATS)
def test_others_get_what_they_see(running: Running, format_: str) -> None:
    running.demand(title="平台上都看得到的需求")
    running.demand(title="只有自己看得到的需求", visibility="private")
    with running.service.database.write() as session:
        organisation = add_organisation(session, "某机构").id
    key = make_key(running.service.database, Role.PROVIDER_STAFF, organisation, name="export")
    rows = rows_of(running, "/v1/demands/export", format_, headers=bearer(key))
    assert column(rows, "标题") == ["平台上都看得到的需求"]


def test_masked_demand_does_not_tell_others_whom_it_is_for(running: Running) -> None:
    with running.service.database.write() as session:
        recipient = add_organisation(session, "某使用单位").id
        other = add_organisation(session, "某机构").id
    posted = running.demand(
        confidentiality="masked", recipient_id=recipient, recipient_type="enterprise"
    )
    assert (posted["recipient_id"], posted["recipient_type"]) == (recipient, "enterprise")
    own = rows_of(running, "/v1/demands/export", "csv")
    assert column(own, "服务对象类型") == ["企业"]
    assert recipient in own[1]
    key = make_key(running.service.database, Role.PROVIDER_STAFF, other, name="export")
    shown = rows_of(running, "/v1/demands/export", "csv", headers=bearer(key))
    assert column(shown, "服务对象类型") == [""]
    assert posted["id"] in shown[1]
    assert not {recipient, "某使用单位"} & set(shown[1])


@pytest.mark.parametrize("path", ["providers", "providers/{id}/capabilities"])
def test_what_is_deleted_is_in_no_file(running: Running, path: str) -> None:
    provider, kept = running.provider(), running.provider(name="另一家机构", uscc=None)
    assert running.client.delete(f"/v1/providers/{provider['id']}").is_success
    where = f"/v1/{path}/export".replace("{id}", provider["id"])
    if "{" in path:
        assert running.client.get(where).status_code == 404
        return
    rows = rows_of(running, where, "csv")
    assert column(rows, "机构名称") == [kept["name"]]


@pytest.mark.parametrize("format_", FORMATS)
def test_capabilities_of_a_provider(running: Running, format_: str) -> None:
    provider = running.provider()
    running.provider(name="另一家机构", uscc=None)
    rows = rows_of(running, f"/v1/providers/{provider['id']}/capabilities/export", format_)
    assert len(rows) == 2
    absent = provider["id"][:-1] + ("0" if provider["id"][-1] != "0" else "1")
    assert running.client.get(f"/v1/providers/{absent}/capabilities/export").status_code == 404


def test_key_another_gave_its_row_stays_with_it(running: Running) -> None:
    provider = running.provider(source_ref="内部编号-007")
    path = f"/v1/providers/{provider['id']}/capabilities/export"
    assert column(rows_of(running, path, "csv"), "所属机构") == ["内部编号-007"]
    with running.service.database.write() as session:
        organisation = add_organisation(session, "某机构").id
    key = make_key(running.service.database, Role.PROVIDER_STAFF, organisation, name="export")
    rows = rows_of(running, path, "csv", headers=bearer(key))
    assert column(rows, "所属机构") == [provider["id"]]


@pytest.mark.parametrize("format_", FORMATS)
def test_matches_come_with_reasons_and_without_scores(running: Running, format_: str) -> None:
    demand, provider = running.demand(), running.provider()
    running.index()
    path = f"/v1/demands/{demand['id']}/matches"
    asked: Mapping[str, Any] = {"include_weak": "true", "k": 5}
    wanted = running.get(path, **asked)["matches"]
    rows = rows_of(running, f"{path}/export", format_, params=asked)
    assert tuple(rows[0]) == MATCH_HEADINGS
    assert column(rows, "机构编号") == [m["item"]["group_id"] for m in wanted] == [provider["id"]]
    assert column(rows, "结论") == [wanted[0]["explanation"]["summary"]]
    assert str(wanted[0]["score"]) not in str(rows)


@pytest.mark.parametrize("format_", FORMATS)
def test_interactions_of_either_side(running: Running, format_: str) -> None:
    ids = {"demand_id": running.demand()["id"], "provider_id": running.provider()["id"]}
    begun = running.post("/v1/interactions", {**examples.INVITE, **ids})
    rows = rows_of(running, "/v1/interactions/export", format_)
    assert tuple(rows[0]) == INTERACTION_HEADINGS
    assert column(rows, "对接编号") == [begun["id"]]
    assert column(rows, "状态") == [begun["state_label"]]
    lapsed = {"state": "lapsed"}
    assert rows_of(running, "/v1/interactions/export", format_, params=lapsed)[1:] == []


@pytest.mark.parametrize("format_", FORMATS)
def test_no_cell_is_run(running: Running, format_: str) -> None:
    text = '=HYPERLINK("http://a.example","点这里看这条需求")'
    running.demand(title=text, source_ref="=1+1")
    rows = rows_of(running, "/v1/demands/export", format_)
    assert [cell for row in rows[1:] for cell in row if is_live(cell)] == []
    assert column(rows, "标题") == [f"'{text}"]


def test_list_that_is_too_long_is_refused(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    check_rows(ASKED_EXPORT_ROWS)
    with pytest.raises(TooManyRowsError):
        check_rows(ASKED_EXPORT_ROWS + 1)
    running.demand()
    running.demand(title="另一条同样要导出的需求")
    monkeypatch.setattr(listed, "ASKED_EXPORT_ROWS", 1)
    reply = running.client.get("/v1/demands/export")
    assert (reply.status_code, reply.json()["code"]) == (422, "too_many_rows")


def test_export_stands_in_the_audit_chain(running: Running) -> None:
    running.client.get("/v1/demands/export")
    told = running.get("/v1/audit", limit=5)["items"]
    exported = [(e["act"], e["entity"]) for e in told if e["action"] == "export"]
    assert exported[0] == ("export_demands", "demands")


@pytest.fixture
def full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where files wait on the way there is no space left."""
    with needed_disk(tmp_path / "disk", size_mb=1) as disk:
        with suppress(OSError), (disk.folder / "ballast").open("ab", buffering=0) as file:
            while file.write(b"\0" * 4_096):
                pass
        monkeypatch.setattr(tempfile, "tempdir", str(disk.folder))
        yield disk.folder


@pytest.mark.parametrize("format_", FORMATS)
def test_full_disk_is_said_and_nothing_left_there(
    running: Running, full_disk: Path, format_: str
) -> None:
    running.demand()
    for path in ("/v1/demands/export", "/v1/interactions/export"):
        problem = running.get(path, 507, format=format_)
        assert problem["code"] == "disk_full"
        assert "磁盘空间不足" in problem["detail"]
    assert [found.name for found in full_disk.iterdir()] == ["ballast"]
    (full_disk / "ballast").unlink()
    assert len(rows_of(running, "/v1/demands/export", format_)) > 1
