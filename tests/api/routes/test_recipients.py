"""A base says whom a demand is for without being able to leaf through who is there."""

import pytest

from api.schemas import examples
from tests.api.conftest import SCENARIO, Running
from tests.api.parties import Parties, gather

NAME = examples.ORGANISATION["name"]
FOUND = "/v1/recipients"
DEMANDS = "/v1/demands"


@pytest.fixture
def parties(running: Running) -> Parties:
    return gather(running)


def test_only_the_very_name_or_code_finds_a_recipient(running: Running, parties: Parties) -> None:
    code = "91320200MA2DEM0X0D"
    body = {"name": "无锡示例材料有限公司", "org_type": "enterprise", "uscc": code}
    coded = running.post("/v1/organisations", body)
    for words, expected in {
        NAME: [{"id": parties.recipient.organisation_id, "name": NAME}],
        f" {NAME} ": [{"id": parties.recipient.organisation_id, "name": NAME}],
        code.lower(): [{"id": coded["id"], "name": "无锡示例材料有限公司"}],
        NAME[:-4]: [],
        NAME[:2]: [],
        "%%": [],
    }.items():
        assert parties.base.get(FOUND, name=words)["items"] == expected
    parties.provider.get(FOUND, 403, name=NAME)


def test_base_names_a_recipient_it_does_not_see(parties: Parties) -> None:
    seen = parties.base.get("/v1/organisations")["items"]
    assert NAME not in [organisation["name"] for organisation in seen]
    for_whom = {"recipient_id": parties.recipient.organisation_id}
    made = parties.base.post(DEMANDS, {**examples.DEMAND, **SCENARIO, **for_whom})
    path = f"{DEMANDS}/{made['id']}"

    assert made["recipient_name"] == NAME
    assert parties.recipient.get(path)["recipient_name"] == NAME
    stranger = parties.provider.get(path)
    assert (stranger["recipient_id"], stranger["recipient_name"]) == (None, None)
    changes = {"version": 1, "recipient_id": "og_01JZX3V8Q4W6T2N9K7M5R1C0BD"}
    refused = parties.base.send("PATCH", path, changes).json()
    assert [error["field"] for error in refused["errors"]] == ["recipient_id"]
    emptied = parties.base.send("PATCH", path, {"version": 1, "recipient_id": None}).json()
    assert (emptied["recipient_id"], emptied["recipient_name"]) == (None, None)


def test_masked_text_of_a_base_names_no_recipient_it_does_not_see(parties: Parties) -> None:
    told = {"description": f"为{NAME}排查出口风险。{examples.DEMAND['description']}"}
    wanted = {**examples.DEMAND, **told, "confidentiality": "masked"}
    wanted["recipient_id"] = parties.recipient.organisation_id
    refused = parties.base.post(DEMANDS, wanted, 422)
    assert [error["code"] for error in refused["errors"]] == ["names_recipient"]
