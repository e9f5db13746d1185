"""Lists of people, keys and widget tokens: pages of what one looks after, and of nothing else."""

from collections.abc import Iterator
from typing import Any

import pytest

from api.schemas import examples
from models.vocabulary.access import Role
from tests.api.conftest import Running
from tests.api.parties import Party, party

PATHS = ("/v1/people", "/v1/keys", "/v1/widget-tokens")


@pytest.fixture
def operator(running: Running) -> Party:
    return Party(running, dict(running.client.headers))


def organisation(running: Running, name: str, region: str) -> str:
    body = {**examples.ORGANISATION, "name": name, "region_code": region}
    key: str = running.post("/v1/organisations", {**body, "uscc": None})["id"]
    return key


def fill(operator: Party, path: str, organisation_id: str, n: int) -> None:
    bodies: dict[str, dict[str, Any]] = {
        "/v1/people": {**examples.PERSON, "role": "base_admin", "region_code": None},
        "/v1/keys": {**examples.KEY, "role": "base_admin", "region_code": None},
        "/v1/widget-tokens": examples.WIDGET_TOKEN,
    }
    for number in range(n):
        unique = f"{organisation_id[-6:]}{number}".lower()
        told = {"login": f"x{unique}"} if path == "/v1/people" else {"name": f"名 {unique}"}
        operator.post(path, {**bodies[path], **told, "organisation_id": organisation_id})


def all_of(who: Party, path: str, limit: int) -> Iterator[str]:
    """Every key, page by page; each page but the last is full and says how many there are."""
    cursor, totals = None, set()
    while True:
        page = who.get(path, limit=limit, **({"cursor": cursor} if cursor else {}))
        totals.add(page["total"]["value"])
        yield from (item["id"] for item in page["items"])
        cursor = page["next_cursor"]
        if cursor is None:
            break
        assert len(page["items"]) == limit
    assert len(totals) == 1


@pytest.mark.parametrize("path", PATHS)
def test_pages_hold_everything_once_newest_first(
    running: Running, operator: Party, path: str
) -> None:
    fill(operator, path, organisation(running, "甲园区管理委员会", "320500"), 5)
    found = list(all_of(operator, path, 2))
    assert found == sorted(set(found), reverse=True)
    assert len(found) >= 5
    assert list(all_of(operator, path, 50)) == found


@pytest.mark.parametrize("path", PATHS)
def test_administrators_are_shown_their_own(running: Running, operator: Party, path: str) -> None:
    ours = organisation(running, "甲园区管理委员会", "320500")
    theirs = organisation(running, "乙园区管理委员会", "440300")
    fill(operator, path, ours, 2)
    fill(operator, path, theirs, 3)
    own = list(all_of(party(running, Role.BASE_ADMIN, ours), path, 50))
    region = party(running, Role.REGIONAL_OPERATOR, None, region_code="440000")
    in_region = list(all_of(region, path, 2))

    of_own_key = path == "/v1/keys"  # the one it is asked with
    assert (len(own), len(in_region)) == (2 + of_own_key, 3)
    assert set(own).isdisjoint(in_region)
    assert {*own, *in_region} <= set(all_of(operator, path, 50))
