"""An organisation that is renamed or moves: what is its own follows it."""

from typing import Any

import pytest

from api.schemas import examples
from models.vocabulary import Role
from tests.api.conftest import Running
from tests.api.parties import Parties, Party, gather, party

PATH = "/v1/organisations"


@pytest.fixture
def parties(running: Running) -> Parties:
    return gather(running)


def stored(parties: Parties, organisation_id: str | None) -> dict[str, Any]:
    items = parties.operator.get(PATH, limit=50)["items"]
    found: dict[str, Any] = next(item for item in items if item["id"] == organisation_id)
    return found


def test_what_belongs_to_an_organisation_follows_its_new_name(parties: Parties) -> None:
    before = stored(parties, parties.base.organisation_id)
    change = {"version": before["version"], "name": "更名后的服务基地", "region_code": "440300"}

    renamed = parties.operator.send("PATCH", f"{PATH}/{before['id']}", change).json()

    assert (renamed["name"], renamed["region_name"]) == ("更名后的服务基地", "广东省深圳市")
    assert renamed["version"] == before["version"] + 1
    assert renamed["org_type"] == before["org_type"]
    bases = parties.provider.get("/v1/bases", text="更名后的")["items"]
    assert [base["organisation_id"] for base in bases] == [before["id"]]
    stale = parties.operator.send("PATCH", f"{PATH}/{before['id']}", change)
    assert (stale.status_code, stale.json()["code"]) == (409, "conflict")


def test_name_or_code_of_another_organisation_is_refused(parties: Parties) -> None:
    recipient = stored(parties, parties.recipient.organisation_id)
    base = stored(parties, parties.base.organisation_id)
    path = f"{PATH}/{recipient['id']}"

    taken = parties.operator.send("PATCH", path, {"version": 1, "name": base["name"]})
    wrong = parties.operator.send("PATCH", path, {"version": 1, "uscc": "91320200MA2DEM0X00"})
    empty = parties.operator.send("PATCH", path, {"version": 1, "name": None})
    same = parties.operator.send("PATCH", path, {"version": 1, "name": recipient["name"]})

    assert [reply.status_code for reply in (taken, wrong, empty, same)] == [409, 422, 422, 200]
    assert [error["field"] for error in wrong.json()["errors"]] == ["uscc"]


def test_organisation_elsewhere_is_not_there_for_a_regional_operator(
    running: Running, parties: Parties
) -> None:
    official = party(running, Role.REGIONAL_OPERATOR, None, region_code="440000")
    path = f"{PATH}/{parties.recipient.organisation_id}"

    answers = [
        who.send("PATCH", path, examples.ORGANISATION_CHANGE)
        for who in (official, *members(parties))
    ]

    assert [answer.status_code for answer in answers] == [404, 403, 403, 403]


def members(parties: Parties) -> tuple[Party, ...]:
    return parties.base, parties.provider, parties.recipient
