"""Versions in replies, and questions that wait for the index to be as new."""

import re
from collections.abc import Callable
from copy import copy
from typing import Any

import anyio
import pytest
from fastapi.testclient import TestClient

from api import versions
from api.schemas import examples
from api.versions import MIN_VERSION_HEADER, VERSION_HEADER, Freshness
from indexer.follow import Follower
from models.errors import UnavailableError
from models.position import Position
from models.written import note, noting
from tests.api.conftest import Running

PLACE = re.compile(r"\d+-[0-9a-f]{8}")
ANSWER = re.compile(r"gen-\d{8}\.\d+-[0-9a-f]{8}")
Refused = Callable[..., dict[str, Any]]


def readers(running: Running) -> list[tuple[str, str, object]]:
    """Every operation that reads the index: method, path and body."""
    demand, provider = running.demand()["id"], running.provider()["id"]
    return [
        ("GET", f"/v1/demands/{demand}/matches", None),
        ("GET", f"/v1/demands/{demand}/similar", None),
        ("GET", f"/v1/demands/{demand}/cases", None),
        ("GET", f"/v1/providers/{provider}/matches", None),
        ("GET", f"/v1/providers/{provider}/cases", None),
        ("GET", f"/v1/providers/{provider}/fit?demand={demand}", None),
        ("GET", f"/v1/demands/{demand}/comparison?provider={provider}", None),
        ("GET", "/v1/analytics/gaps", None),
        ("POST", "/v1/match", examples.MATCH),
        ("POST", "/v1/preview", examples.PREVIEW),
        ("GET", "/v1/widget/matches?text=专利侵权风险排查", None),
        ("GET", "/v1/algorithms", None),
    ]


def test_every_operation_that_reads_the_index_says_its_version_and_can_wait(
    running: Running, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = readers(running)
    running.index()
    version = running.service.synchroniser.view.version
    monkeypatch.setattr(versions, "WAIT_S", 0.0)
    for method, path, body in asked:
        response = client.request(method, path, json=body)
        assert response.status_code == 200, response.text
        assert response.json()["version"] == version
        assert ANSWER.fullmatch(version)
        for sent in ({"params": {"min_version": "x"}}, {"headers": {MIN_VERSION_HEADER: "x"}}):
            response = client.request(method, path, json=body, **sent)  # type: ignore[arg-type]
            assert response.status_code == 422, path
            assert response.json()["code"] == "invalid_input"


def test_every_operation_with_a_version_in_its_reply_is_among_them(running: Running) -> None:
    document = running.client.get("/openapi.json").json()
    waiting = {
        path
        for path, operations in document["paths"].items()
        for operation in operations.values()
        if any(p["name"] == "min_version" for p in operation.get("parameters", []))
    }
    assert waiting == {
        "/v1/demands/{id}/matches",
        "/v1/demands/{id}/similar",
        "/v1/demands/{id}/cases",
        "/v1/providers/{id}/matches",
        "/v1/providers/{id}/cases",
        "/v1/providers/{id}/fit",
        "/v1/demands/{id}/comparison",
        "/v1/demands/{id}/report",
        "/v1/demands/{id}/matches/export",
        "/v1/analytics/gaps",
        "/v1/match",
        "/v1/preview",
        "/v1/widget/matches",
        "/v1/algorithms",
    }


def test_every_write_says_what_to_ask_for(running: Running, client: TestClient) -> None:
    demand = client.post("/v1/demands", json=examples.DEMAND)
    key = demand.json()["id"]
    seen = [demand.headers[VERSION_HEADER]]
    for method, path, body in (
        ("PATCH", f"/v1/demands/{key}", {"version": demand.json()["version"], "urgent": True}),
        ("PUT", f"/v1/demands/{key}/tags", {**examples.TAGS, "version": 2}),
        ("DELETE", f"/v1/demands/{key}", None),
    ):
        response = client.request(method, path, json=body)
        assert response.is_success, response.text
        seen.append(response.headers[VERSION_HEADER])
    assert all(PLACE.fullmatch(place) for place in seen)
    assert sorted(seen, key=lambda place: int(place.split("-")[0])) == seen
    assert len(set(seen)) == len(seen)
    assert seen[-1].startswith(f"{running.last_seq()}-")


def test_reply_that_wrote_nothing_names_no_place(running: Running, client: TestClient) -> None:
    assert VERSION_HEADER not in client.get("/v1/demands").headers
    assert VERSION_HEADER not in client.post("/v1/demands", json={}).headers


def test_what_was_written_is_read(running: Running, client: TestClient) -> None:
    running.provider()
    demand = client.post("/v1/demands", json=examples.DEMAND)
    path = f"/v1/demands/{demand.json()['id']}/similar"
    place = demand.headers[VERSION_HEADER]
    answer = client.get(path, params={"min_version": place})
    assert answer.status_code == 200, answer.text
    assert int(place.split("-")[0]) <= int(re.split(r"[.-]", answer.json()["version"])[2])
    again = client.get(path, headers={MIN_VERSION_HEADER: answer.json()["version"]})
    assert again.json()["version"] == answer.json()["version"]


def test_question_the_index_is_too_old_for_is_told_to_come_back(
    running: Running, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running.service.follower, "wake", lambda: None)
    monkeypatch.setattr(Freshness.wait_for, "__defaults__", (0.0,))
    place = client.post("/v1/demands", json=examples.DEMAND).headers[VERSION_HEADER]
    response = client.get("/v1/algorithms", params={"min_version": place})
    assert response.status_code == 503
    assert response.json()["code"] == "version_not_yet"
    assert int(response.headers["retry-after"]) > 0
    running.index()
    assert client.get("/v1/algorithms", params={"min_version": place}).status_code == 200


@pytest.mark.parametrize("version", ["999999999-00000000", "gen-00000001.1-00000000", "999999999"])
def test_version_of_another_database_is_refused(
    running: Running, refused: Refused, version: str
) -> None:
    running.demand()
    problem = refused("GET", "/v1/algorithms", 422, params={"min_version": version})
    assert problem["code"] == "version_unknown"
    assert version not in str(problem)


@pytest.mark.parametrize("version", ["0", "gen-00000001.0"])
def test_version_before_the_first_change_is_always_there(running: Running, version: str) -> None:
    assert running.get("/v1/algorithms", min_version=version)


class AwayError(UnavailableError):
    """The database does not answer."""


def test_index_that_is_new_enough_answers_without_the_database(
    running: Running, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def be_away(seq: int) -> str:
        raise AwayError("away")

    running.demand()
    running.index()
    view = running.service.synchroniser.view
    service = running.service
    freshness = Freshness(service.synchroniser, service.source, service.follower)
    monkeypatch.setattr(service.source, "mark", be_away)
    anyio.run(freshness.wait_for, view.version)
    with pytest.raises(AwayError):
        anyio.run(freshness.wait_for, f"{view.seq + 1}-00000000")


def test_waiting_ends_when_the_index_has_come(running: Running) -> None:
    service = running.service
    follower = Follower(service.synchroniser, 600)
    follower.start()
    freshness = Freshness(service.synchroniser, service.source, follower)
    running.demand()
    seq = running.last_seq()
    place = str(Position(seq, service.source.mark(seq)))
    anyio.run(freshness.wait_for, place, 60.0)
    assert service.synchroniser.view.seq >= seq
    follower.stop()


def test_place_is_remembered_and_asked_for_once(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    running.demand()
    running.index()
    service = running.service
    asked: list[int] = []
    source = copy(service.source)  # the one that follows the log asks too, when it likes

    def note_and_mark(seq: int) -> str:
        asked.append(seq)
        return service.source.mark(seq)

    monkeypatch.setattr(source, "mark", note_and_mark)
    freshness = Freshness(service.synchroniser, source, service.follower)
    for _ in range(3):
        anyio.run(freshness.wait_for, service.synchroniser.view.version)
    assert len(asked) == 1


def test_notes_keep_the_last_place_of_all_threads() -> None:
    with noting() as written:
        note(Position(5, "5"))
        note(Position(3, "3"))
    note(Position(9, "9"))
    assert written.position == Position(5, "5")
