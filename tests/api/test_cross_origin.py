"""Which pages may read what: a matrix of origins, tokens, addresses and replies."""

from typing import Any

import httpx2
import pytest

from tests.api.conftest import Running
from tests.api.pages import LISTED, UNLISTED, new_token, without_key

HERE = "http://testserver"
PATHS = ("/v1/widget/demands", "/v1/widget/cases", "/v1/widget/matches?text=功率模块风险")
OTHER_PATHS = ("/v1/demands", "/v1/taxonomy", "/healthz", "/openapi.json", "/v1/session")
NEAR_MISSES = (
    "https://www.example.org.evil.net",
    "https://evil.net/https://www.example.org",
    "http://www.example.org",
    "https://www.example.org:8443",
    "https://example.org",
    "https://WWW.EXAMPLE.ORG/",
    "https://www.example.org,https://evil.net",
    "null",
    "file://",
    "*",
    "",
)
ALLOW = "access-control-allow-origin"


def ask(
    running: Running, path: str, origin: str | None, token: str | None, **headers: str
) -> httpx2.Response:
    sent = {**headers, **({} if origin is None else {"Origin": origin})}
    url = path if token is None else f"{path}{'&' if '?' in path else '?'}token={token}"
    with without_key(running):
        return running.client.get(url, headers=sent)


def preflight(
    running: Running, path: str, origin: str, token: str | None, **headers: str
) -> httpx2.Response:
    sent = {"Origin": origin, "Access-Control-Request-Method": "GET", **headers}
    url = path if token is None else f"{path}{'&' if '?' in path else '?'}token={token}"
    with without_key(running):
        return running.client.options(url, headers=sent)


@pytest.mark.parametrize("path", PATHS)
def test_listed_origin_may_read(running: Running, path: str) -> None:
    reply = ask(running, path, LISTED, new_token(running))
    assert reply.status_code == 200
    assert reply.headers[ALLOW] == LISTED
    assert reply.headers["cross-origin-resource-policy"] == "cross-origin"
    assert "Origin" in reply.headers["vary"]
    assert "access-control-allow-credentials" not in reply.headers


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("origin", [UNLISTED, *NEAR_MISSES])
def test_other_origins_may_not(running: Running, path: str, origin: str) -> None:
    reply = ask(running, path, origin, new_token(running))
    assert (reply.status_code, reply.json()["code"]) == (403, "origin_refused")
    assert ALLOW not in reply.headers
    assert "Origin" in reply.headers["vary"]


@pytest.mark.parametrize("origin", [LISTED, UNLISTED, "null"])
def test_page_without_a_token_may_not(running: Running, origin: str) -> None:
    reply = ask(running, PATHS[0], origin, None)
    assert (reply.status_code, reply.json()["code"]) == (403, "origin_refused")
    assert ALLOW not in reply.headers


def test_own_pages_need_no_token(running: Running) -> None:
    assert ask(running, PATHS[0], HERE, None).status_code == 200
    assert ask(running, PATHS[0], None, None).status_code == 200


def test_revoked_and_unknown_tokens_open_nothing(running: Running) -> None:
    revoked = new_token(running)
    (told,) = running.client.get("/v1/widget-tokens").json()["items"]
    assert ask(running, PATHS[0], LISTED, revoked).status_code == 200
    running.client.delete(f"/v1/widget-tokens/{told['id']}")
    for token in (revoked, "dmw_" + "0" * 32, "", "x" * 60):
        reply = ask(running, PATHS[0], LISTED, token)
        assert reply.status_code in (401, 403)
        assert ALLOW not in reply.headers


def test_refusals_can_be_read_by_the_page_they_are_for(running: Running) -> None:
    token = new_token(running, kinds=["cases"])
    reply = ask(running, PATHS[0], LISTED, token)
    assert (reply.status_code, reply.headers[ALLOW]) == (403, LISTED)
    missing = ask(
        running,
        "/v1/widget/matches?provider=pv_01JZX3V8Q4W6T2N9K7M5R1C0BD",
        LISTED,
        new_token(running),
    )
    assert (missing.status_code, missing.headers[ALLOW]) == (404, LISTED)


def test_nothing_but_the_widget_is_open_to_other_sites(running: Running) -> None:
    token = new_token(running)
    for path in OTHER_PATHS:
        for reply in (ask(running, path, LISTED, token), preflight(running, path, LISTED, token)):
            assert not [name for name in reply.headers if name.startswith("access-control")]


def test_key_of_a_program_opens_nothing_to_a_page(running: Running) -> None:
    url = f"{PATHS[0]}?token={new_token(running)}"
    reply = running.client.get(url, headers={"Origin": LISTED})
    assert ALLOW not in reply.headers


@pytest.mark.parametrize("path", PATHS)
def test_listed_origin_is_told_what_it_may_send(running: Running, path: str) -> None:
    reply = preflight(running, path, LISTED, new_token(running))
    assert (reply.status_code, reply.text) == (204, "")
    assert reply.headers[ALLOW] == LISTED
    assert reply.headers["access-control-allow-methods"] == "GET"
    assert "authorization" not in reply.headers["access-control-allow-headers"].lower()
    assert reply.headers["access-control-max-age"] == "600"
    assert "access-control-allow-private-network" not in reply.headers


def test_page_on_the_internet_may_ask_a_private_network(running: Running) -> None:
    asked: dict[str, Any] = {"Access-Control-Request-Private-Network": "true"}
    reply = preflight(running, PATHS[0], LISTED, new_token(running), **asked)
    assert reply.headers["access-control-allow-private-network"] == "true"
    refused = preflight(running, PATHS[0], UNLISTED, new_token(running), **asked)
    assert not [name for name in refused.headers if name.startswith("access-control")]


@pytest.mark.parametrize("origin", [UNLISTED, *filter(None, NEAR_MISSES)])
def test_other_origins_are_told_nothing(running: Running, origin: str) -> None:
    for token in (new_token(running), None, "dmw_" + "0" * 32):
        reply = preflight(running, PATHS[0], origin, token)
        assert reply.status_code in (401, 403)
        assert not [name for name in reply.headers if name.startswith("access-control")]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_page_changes_nothing(running: Running, method: str) -> None:
    url = f"{PATHS[0]}?token={new_token(running)}"
    with without_key(running):
        reply = running.client.request(method, url, headers={"Origin": LISTED})
    assert (reply.status_code, reply.json()["code"]) == (403, "origin_refused")
