"""What every reply has in common: a number, protective headers, problems instead of traces."""

import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.app import CONSOLE
from api.schemas import examples
from models.errors import UnavailableError
from tests.api.conftest import Running

Refused = Callable[..., dict[str, Any]]
JSON = {"content-type": "application/json"}


@pytest.mark.parametrize("number", ["abcdefgh", "01JZX3V8Q4W6T2N9K7M5R1C0BD", "a.b_c-" * 6])
def test_harmless_number_of_the_caller_is_kept(client: TestClient, number: str) -> None:
    reply = client.get("/healthz", headers={"X-Request-ID": number})
    assert reply.headers["x-request-id"] == number


@pytest.mark.parametrize("number", ["short", "x" * 37, "with blank in it", "<script>alert(1)"])
def test_odd_number_of_the_caller_is_replaced(client: TestClient, number: str) -> None:
    reply = client.get("/healthz", headers={"X-Request-ID": number})
    assert reply.headers["x-request-id"] != number
    assert len(reply.headers["x-request-id"]) == 26


def test_replies_carry_protective_headers(client: TestClient) -> None:
    headers = client.get("/docs/try").headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "default-src 'self'" in headers["content-security-policy"]
    assert "content-security-policy" not in client.get("/healthz").headers


def test_body_at_the_limit_is_read_and_beyond_is_not(running: Running, refused: Refused) -> None:
    limit = running.service.settings.max_body_bytes
    body = b'{"text": "' + b"a" * (limit - 12) + b'"}'
    assert len(body) == limit
    refused("POST", "/v1/tags", 422, content=body, headers=JSON)
    refused("POST", "/v1/tags", 413, content=body + b" ", headers=JSON)


def test_body_without_announced_length_is_counted(running: Running, refused: Refused) -> None:
    def chunks() -> Iterator[bytes]:
        for _ in range(17):
            yield b" " * 65_536

    problem = refused("POST", "/v1/tags", 413, content=chunks(), headers=JSON)
    assert problem["code"] == "body_too_large"


def test_large_body_to_nowhere_is_refused_alike(running: Running, refused: Refused) -> None:
    refused("POST", "/nowhere", 413, content=b"x" * 1_048_577)


@pytest.mark.parametrize(
    "kind",
    [
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/xml",
        "multipart/form-data",
        "application/json; charset=gbk",
        "application/merge-patch+json",
    ],
)
def test_body_of_another_type_is_refused(refused: Refused, kind: str) -> None:
    problem = refused("POST", "/v1/tags", 415, content=b"{}", headers={"content-type": kind})
    assert problem["code"] == "unsupported_media_type"


@pytest.mark.parametrize("kind", ["application/json", 'Application/JSON; Charset="UTF-8"'])
def test_json_in_utf8_is_taken(client: TestClient, kind: str) -> None:
    body = '{"text": "功率模块侵权风险排查"}'.encode()
    reply = client.post("/v1/tags", content=body, headers={"content-type": kind})
    assert reply.status_code == 200


def test_body_that_is_no_json_is_a_bad_request(refused: Refused) -> None:
    problem = refused("POST", "/v1/tags", 400, content=b"{'a': 1}", headers=JSON)
    assert problem["code"] == "json_invalid"


@pytest.mark.parametrize("path", ["/nowhere", "/v1", "/v1/", "/v1/nowhere", "/docs/assets/x.js"])
def test_unknown_place_is_not_found(refused: Refused, path: str) -> None:
    assert refused("GET", path, 404)["code"] == "not_found"


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/v1/demands", "GET, HEAD, POST"),
        ("POST", "/v1/demands/dm_01JZX3V8Q4W6T2N9K7M5R1C0BD", "DELETE, GET, HEAD, PATCH"),
        ("GET", "/v1/match", "POST"),
        ("DELETE", "/healthz", "GET, HEAD"),
        ("POST", "/docs", "GET, HEAD"),
    ],
)
def test_other_method_is_not_allowed(
    running: Running, refused: Refused, method: str, path: str, allowed: str
) -> None:
    assert refused(method, path, 405)["code"] == "method_not_allowed"
    assert running.client.request(method, path).headers["allow"] == allowed


def test_word_beside_keys_has_the_methods_declared_for_it_and_no_others(running: Running) -> None:
    paths = running.client.get("/openapi.json").json()["paths"]
    collections = {path.rpartition("/{id}")[0] for path in paths if path.endswith("/{id}")}
    words = [path for path in paths if path.rpartition("/")[0] in collections and "{" not in path]
    assert len(words) > 4
    for path in words:
        declared = {method.upper() for method in paths[path]}
        declared |= {"HEAD"} if "GET" in declared else set()
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE"} - declared:
            reply = running.client.request(method, path, json={})
            assert (path, method, reply.status_code) == (path, method, 405)
            assert reply.headers["allow"] == ", ".join(sorted(declared))


@pytest.mark.parametrize("path", ["/healthz", "/v1/demands", "/docs"])
def test_head_is_answered_like_get_without_body(client: TestClient, path: str) -> None:
    head, get = client.head(path), client.get(path)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == get.headers["content-length"]


def test_unforeseen_error_says_its_number_and_nothing_else(
    running: Running,
    refused: Refused,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(*_: object, **__: object) -> None:
        message = "secret of the inside"
        raise RuntimeError(message)

    monkeypatch.setattr(running.service.annotator, "annotate_many", fail)
    with caplog.at_level(logging.ERROR, "navmatch.api"):
        problem = refused("POST", "/v1/tags", 500, json=examples.TEXT)
    assert problem["code"] == "internal"
    assert "secret" not in str(problem)
    assert problem["request_id"] in caplog.text


def test_database_that_does_not_answer_is_said_so(
    running: Running, refused: Refused, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise UnavailableError("数据库暂时没有响应。")

    monkeypatch.setattr(running.service.database, "read", fail)
    problem = refused("GET", "/v1/demands", 503)
    assert problem["code"] == "unavailable"


def test_long_input_is_never_sent_back(client: TestClient) -> None:
    secret = "身份证号110101199003077777" * 5_000
    reply = client.post("/v1/demands", json={"title": secret, "description": secret, "x": secret})
    assert reply.status_code == 422
    assert len(reply.content) < 4_096
    assert "110101199003077777" not in reply.text


def test_many_faults_give_a_short_reply(client: TestClient) -> None:
    reply = client.post("/v1/demands", json={f"unknown{n}": n for n in range(60)})
    assert len(reply.json()["errors"]) == 20
    assert len(reply.content) < 4_096


def test_console_is_served_where_it_exists(client: TestClient) -> None:
    expected = 200 if (CONSOLE / "index.html").is_file() else 404
    assert client.get("/").status_code == expected


def test_request_by_a_foreign_name_is_refused(refused: Refused) -> None:
    problem = refused("GET", "/v1/demands", 403, headers={"host": "evil.example:8000"})
    assert problem["code"] == "host_refused"


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost", "[::1]:8000", "testserver"])
def test_request_by_a_name_of_our_own_is_served(client: TestClient, host: str) -> None:
    assert client.get("/healthz", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://testserver:81"},
    ],
    ids=str,
)
def test_change_sent_by_a_foreign_page_is_refused(
    running: Running, refused: Refused, headers: dict[str, str]
) -> None:
    path = f"/v1/demands/{running.demand()['id']}"
    problem = refused("POST", f"{path}/withdraw", 403, headers=headers)
    assert problem["code"] == "origin_refused"
    assert running.get(path)["state"] == "published"


def test_change_sent_by_our_own_page_is_made(running: Running) -> None:
    path = f"/v1/demands/{running.demand()['id']}/withdraw"
    own = {"origin": "http://testserver", "sec-fetch-site": "same-origin"}
    assert running.client.post(path, headers=own).status_code == 200
