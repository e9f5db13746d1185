"""S5: what pages of other sites can do with the cookie of somebody signed in: nothing."""

from collections.abc import Iterator
from itertools import product
from typing import Any, Final

import httpx2
import pytest
from fastapi.testclient import TestClient

from api.authentication import COOKIE
from api.identity.people import NewPerson
from api.origins import SAFE_METHODS
from models.vocabulary.access import Role
from tests.api.conftest import Running

LOGIN: Final = "operator"
PASSWORD: Final = "correct-horse-7"  # noqa: S105 - opens nothing but the test's own application
HERE: Final = "https://testserver"
NOWHERE: Final = "dm_01JZX3V8Q4W6T2N9K7M5R1C0BD"

OWN_ORIGINS: Final = (None, HERE)
FOREIGN_ORIGINS: Final = (
    "https://evil.example",
    "https://sub.testserver",
    "https://testserver.evil.example",
    "https://testserver:8443",
    "null",
)
OWN_SITES: Final = (None, "same-origin", "none")
FOREIGN_SITES: Final = ("cross-site", "same-site")
ATTACKS: Final = (
    {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"},
    {"Origin": "https://evil.example"},
    {"Origin": "https://sub.testserver", "Sec-Fetch-Site": "same-site"},
    {"Origin": "null"},
    {"Sec-Fetch-Site": "cross-site"},
)
"""What a browser says of a form or script of another site; old ones send no Sec-Fetch-Site."""

BODIES: Final = (
    ("application/x-www-form-urlencoded", "name=x"),
    ("text/plain", '{"name": "x"}'),
    ("multipart/form-data; boundary=b", "--b--"),
    ("application/json", "{}"),
)
"""What another site can send without asking first, and what it cannot."""


@pytest.fixture
def signed_in(running: Running) -> Iterator[TestClient]:
    """A browser in which somebody who may do everything is signed in."""
    running.service.identity.people.add(
        NewPerson(LOGIN, "示例管理员", Role.OPERATOR, password=PASSWORD)
    )
    client = TestClient(running.client.app, base_url=HERE)
    reply = client.post("/v1/session", json={"login": LOGIN, "password": PASSWORD})
    assert reply.status_code == 201
    yield client
    client.close()


def changes(client: TestClient) -> list[tuple[str, str]]:
    """Every operation that can change something, with an address it can be called at."""
    document: dict[str, Any] = client.get("/openapi.json").json()
    return [
        (method.upper(), path.replace("{id}", NOWHERE))
        for path, methods in document["paths"].items()
        for method in methods
        if method.upper() not in SAFE_METHODS
    ]


def is_refused(reply: httpx2.Response) -> bool:
    return reply.status_code == 403 and reply.json()["code"] == "origin_refused"


def test_no_operation_is_done_for_another_site(signed_in: TestClient) -> None:
    done = [
        (method, path, headers)
        for method, path in changes(signed_in)
        for headers in ATTACKS
        if not is_refused(signed_in.request(method, path, headers=headers))
    ]
    assert done == []
    assert len(changes(signed_in)) >= 40
    assert signed_in.get("/v1/session").json()["role"] == "operator"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_method_is_judged_by_origin_and_site(signed_in: TestClient, method: str) -> None:
    path = next(path for known, path in changes(signed_in) if known == method and NOWHERE in path)
    wrong = []
    for origin, site in product(OWN_ORIGINS + FOREIGN_ORIGINS, OWN_SITES + FOREIGN_SITES):
        given = {"Origin": origin, "Sec-Fetch-Site": site}
        headers = {name: value for name, value in given.items() if value is not None}
        reply = signed_in.request(method, path, headers=headers)
        is_own = origin in OWN_ORIGINS and site in OWN_SITES
        if is_refused(reply) == is_own:
            wrong.append((origin, site, reply.status_code))
    assert wrong == []


@pytest.mark.parametrize(("kind", "body"), BODIES, ids=[kind for kind, _ in BODIES])
def test_form_of_another_site_does_nothing(signed_in: TestClient, kind: str, body: str) -> None:
    headers = {**ATTACKS[0], "Content-Type": kind}
    for path in ("/v1/demands", "/v1/people", "/v1/keys", "/v1/widget-tokens"):
        assert is_refused(signed_in.post(path, content=body, headers=headers))
    own = signed_in.post("/v1/keys", content=body, headers={"Content-Type": kind})
    assert own.status_code in (403, 415, 422)


def test_other_sites_can_read_nothing_with_the_cookie(signed_in: TestClient) -> None:
    for path in ("/v1/session", "/v1/demands", "/v1/widget/demands"):
        reply = signed_in.get(path, headers=ATTACKS[0])
        assert not [name for name in reply.headers if name.startswith("access-control")]


def test_cookie_opens_nothing_in_the_widget(signed_in: TestClient) -> None:
    told = {"Origin": "https://evil.example"}
    assert signed_in.get("/v1/widget/demands", headers=told).status_code == 403


def test_token_somebody_planted_is_not_taken_over(signed_in: TestClient) -> None:
    planted = "planted-by-another-site-000000000000000000000"
    signed_in.cookies.clear()
    headers = {"Cookie": f"{COOKIE}={planted}"}
    body = {"login": LOGIN, "password": PASSWORD}
    reply = signed_in.post("/v1/session", json=body, headers=headers)
    assert reply.status_code == 201
    assert planted not in reply.headers["set-cookie"]
    signed_in.cookies.clear()
    assert signed_in.get("/v1/session", headers=headers).status_code == 401


@pytest.mark.parametrize("path", ["/", "/docs", "/v1/widget/frame"])
def test_own_pages_are_framed_by_nobody_else(signed_in: TestClient, path: str) -> None:
    reply = signed_in.get(path)
    assert reply.status_code == 200
    policy = reply.headers["content-security-policy"]
    assert "frame-ancestors 'self'" in policy
    assert policy.rpartition("frame-ancestors ")[2].strip() == "'self'"
    assert reply.headers["x-content-type-options"] == "nosniff"
