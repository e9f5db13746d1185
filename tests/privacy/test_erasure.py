"""P1: who is erased is gone from database, index, caches, kept replies and logs within a minute."""

import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import httpx2
import pytest

from api.schemas import examples
from tests.faults.server import Server
from tests.postgres import PostgresServer
from tests.privacy.traces import columns_with, files_with

WORD: Final = "鸬鹚鹈鹕"
CODE: Final = "qzxcanary7f3"
PHONE: Final = "13987654321"
CANARIES: Final = (WORD, CODE, PHONE)
LIMIT_S: Final = 60.0

TEXT: Final = f"{WORD}{CODE}公司委托开展碳化硅器件专利侵权风险排查，{PHONE}，请尽快联系。"
KEPT: Final = "为园区企业开展固态电池专利导航，梳理布局并提出建议，提交分析报告一份。"


@pytest.fixture(
    params=["sqlite", "postgresql", pytest.param("two_workers", marks=pytest.mark.nightly)]
)
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Server]:
    """A real server; on each database, and with two workers that read one index."""
    environment = {
        "NAVMATCH_LOG_FORMAT": "json",
        "NAVMATCH_LOG_LEVEL": "DEBUG",
        "NAVMATCH_TEST_DELTA_ROWS": "1",  # so that the canaries come into generations on disk
    }
    if request.param == "postgresql":
        postgres: PostgresServer = request.getfixturevalue("postgres")
        environment["NAVMATCH_DATABASE_URL"] = postgres.new_database()
    if request.param == "two_workers":
        environment["NAVMATCH_WORKERS"] = "2"
    made = Server(tmp_path / "data", environment)
    made.start()
    made.wait_ready()
    yield made
    made.kill()


def traces_of(server: Server) -> dict[str, int]:
    """Every place in which a canary stands."""
    found = files_with(server.data_dir, CANARIES)
    if "NAVMATCH_DATABASE_URL" in server.environment:
        found |= columns_with(server.database_url, CANARIES)
    return found


def _post(client: httpx2.Client, path: str, body: object, **headers: str) -> dict[str, Any]:
    reply = client.post(path, json=body, headers=headers)
    assert reply.status_code in (200, 201, 202), reply.text
    told: dict[str, Any] = reply.json()
    return told


def _fill(client: httpx2.Client) -> dict[str, str]:
    """Put the canaries everywhere they can come; return what is to be erased, by key."""
    provider = {
        **examples.PROVIDER,
        "name": f"{WORD}{CODE}咨询公司",
        "intro": TEXT,
        "capabilities": [{"title": f"{WORD}侵权排查服务", "description": TEXT}],
    }
    made = _post(client, "/v1/providers", provider, **{"Idempotency-Key": "key-of-provider-1"})
    demand = {**examples.DEMAND, "title": f"{WORD}{CODE}侵权风险排查", "description": TEXT}
    posted = _post(client, "/v1/demands", {**demand, "scenario_tags": ["ENT.RISK"]})
    case = {**examples.CASE, "title": f"{WORD}{CODE}案例", "summary": TEXT * 3}
    shown = _post(client, "/v1/cases", case)
    contact = {"name": WORD, "phone": PHONE, "email": f"{CODE}@example.org"}
    assert client.put(f"/v1/contacts/{posted['id']}", json=contact).status_code == 204
    assert client.get(f"/v1/contacts/{posted['id']}").status_code == 200
    person = {"login": CODE, "name": WORD, "role": "provider_staff"}
    organisation = _organisation_of(client, made["id"])
    added = _post(client, "/v1/people", {**person, "organisation_id": organisation})
    _ask(client, posted["id"])
    return {
        (added.get("id") or added["person"]["id"]): "person",
        posted["id"]: "demand",
        shown["id"]: "case",
        organisation: "organisation",
    }


def _organisation_of(client: httpx2.Client, provider_id: str) -> str:
    told = client.get("/v1/organisations").json()
    rows = told["items"] if isinstance(told, dict) else told
    return next(str(row["id"]) for row in rows if WORD in row["name"])


def _ask(client: httpx2.Client, demand_id: str) -> None:
    """Ask with the texts, so that they are in every memory, and fail with them."""
    query = {"direction": "d2p", "text": {"title": f"{WORD}排查", "text": TEXT}}
    client.get(f"/v1/demands/{demand_id}/matches")
    _post(client, "/v1/match", {"queries": {"q": query}})
    _post(client, "/v1/preview", {"title": f"{WORD}排查", "description": TEXT})
    client.get("/v1/demands", params={"text": WORD})
    client.post("/v1/demands", json={"title": TEXT * 9, WORD: CODE})
    client.get(f"/v1/{WORD}/{CODE}", params={WORD: PHONE})


def _wait_for(is_so: Callable[[], bool]) -> float:
    began = time.monotonic()
    while not is_so():
        assert time.monotonic() - began < LIMIT_S, "not within a minute"
        time.sleep(0.1)
    return time.monotonic() - began


def test_erased_leaves_no_trace(server: Server) -> None:
    with server.client() as client:
        kept = _post(
            client,
            "/v1/demands",
            {**examples.DEMAND, "title": "留下的需求题目", "description": KEPT},
        )
        to_erase = _fill(client)
        server.wait_followed()
        before = traces_of(server)
        assert any(place.startswith("index/") for place in before), before
        assert any("navmatch.db" in place or "demand." in place for place in before), before

        for key, kind in to_erase.items():
            _post(client, "/v1/erasures", {"kind": kind, "id": key})
        took = _wait_for(lambda: not traces_of(server))

        _ask_and_find_nothing(client, to_erase)
        found = client.get("/v1/demands", params={"text": "留下的"}).json()["items"]
        assert [row["id"] for row in found] == [kept["id"]]
        server.wait_followed()
    assert server.stop() in (0, -signal.SIGTERM)
    assert traces_of(server) == {}
    log = server.log_path.read_text("utf-8")
    assert [word for word in CANARIES if word in log] == []
    sys.stdout.write(f"nothing left after {took:.1f} s; it had been in {sorted(before)}\n")


def _ask_and_find_nothing(client: httpx2.Client, erased: dict[str, str]) -> None:
    listed = client.get("/v1/demands", params={"text": WORD}).json()
    assert listed["items"] == []
    query = {"direction": "d2p", "text": {"text": KEPT}}
    answer = client.post("/v1/match", json={"queries": {"q": query}}).text
    assert WORD not in answer
    assert not [key for key in erased if key in answer]
    for key, kind in erased.items():
        if kind in ("demand", "case"):
            assert client.get(f"/v1/{kind}s/{key}").status_code == 404
