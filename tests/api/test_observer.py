import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.observer import mask_address
from api.schemas import examples
from tests.api.conftest import Running


@pytest.fixture
def requests_of(caplog: pytest.LogCaptureFixture) -> Iterator[list[dict[str, Any]]]:
    """What is logged of each request."""
    caplog.set_level(logging.DEBUG, "navmatch.request")
    told: list[dict[str, Any]] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            told.append({**record.__dict__})

    handler = Keep()
    logging.getLogger("navmatch.request").addHandler(handler)
    yield told
    logging.getLogger("navmatch.request").removeHandler(handler)


def test_each_request_has_one_line_with_its_stages(
    running: Running, requests_of: list[dict[str, Any]]
) -> None:
    running.provider()
    running.index()
    requests_of.clear()
    body = {"queries": {"q": {"direction": "d2p", "text": examples.TEXT}}}
    running.post("/v1/match", body, 200)
    (line,) = requests_of
    assert (line["operation"], line["status"], line["levelname"]) == ("match", 200, "INFO")
    assert line["ms"] > 0
    assert set(line["stages"]) == {
        "understand",
        "encode",
        "retrieve",
        "score",
        "check",
        "explain",
    }
    assert sum(line["stages"].values()) <= line["ms"] + 1


def test_line_holds_no_text_and_no_path(
    client: TestClient, requests_of: list[dict[str, Any]]
) -> None:
    client.get("/v1/demands", params={"text": "某客户的秘密"})
    client.get("/v1/%E6%9F%90%E5%AE%A2%E6%88%B7")
    client.post("/v1/tags", json={"text": "某客户的秘密"})
    told = json.dumps([{**line, "args": None} for line in requests_of], default=str)
    assert len(requests_of) == 3
    assert "某客户" not in told
    assert "%E6" not in told
    assert requests_of[1]["operation"] == "unrouted"


def test_looks_at_the_health_are_quiet(
    client: TestClient, requests_of: list[dict[str, Any]]
) -> None:
    client.get("/healthz")
    assert [line["levelname"] for line in requests_of] == ["DEBUG"]


@pytest.mark.parametrize(
    "wanted",
    ["13912345678", "110101199003077777", "dm_operator_a1B2c3D4_Zx9yW8vU7tS6rQ5pO4", "short"],
)
def test_number_that_tells_something_is_replaced(client: TestClient, wanted: str) -> None:
    reply = client.get("/v1/nowhere", headers={"X-Request-ID": wanted})
    assert wanted not in reply.text
    assert reply.headers["x-request-id"] == reply.json()["request_id"] != wanted


def test_harmless_number_is_kept(client: TestClient) -> None:
    reply = client.get("/healthz", headers={"X-Request-ID": "gateway-4711.a"})
    assert reply.headers["x-request-id"] == "gateway-4711.a"


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("203.0.113.77", "203.0.113.0"),
        ("2001:db8:1:2::9", "2001:db8:1::"),
        ("127.0.0.1", "127.0.0.1"),
        ("::1", "::1"),
        ("testclient", None),
    ],
)
def test_addresses_lose_their_last_part(address: str, shown: str | None) -> None:
    assert mask_address((address, 1)) == shown


def test_no_address_is_none() -> None:
    assert mask_address(None) is None
