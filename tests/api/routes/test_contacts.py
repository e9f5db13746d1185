"""Whom to speak to: seen by both sides once an invitation is accepted, by nobody else."""

import pytest

from api.schemas import examples
from tests.api.conftest import Running
from tests.api.parties import Parties, gather


@pytest.fixture
def parties(running: Running) -> Parties:
    return gather(running)


def test_accepted_invitation_opens_contacts_to_both_sides(parties: Parties) -> None:
    demand, row = f"/v1/contacts/{parties.demand_id}", f"/v1/contacts/{parties.provider_id}"
    assert parties.base.send("PUT", demand, examples.CONTACT).status_code == 204
    assert parties.provider.send("PUT", row, examples.CONTACT).status_code == 204
    body = {"row_id": parties.demand_id, "invitee_id": parties.provider_id}
    invitation = parties.base.post("/v1/invitations", body)
    for party, path in ((parties.provider, demand), (parties.base, row)):
        assert party.send("GET", path).status_code == 403
    parties.provider.post(f"/v1/invitations/{invitation['id']}/accept", None, 200)
    for party, path in ((parties.provider, demand), (parties.base, row)):
        assert party.get(path)["name"] == examples.CONTACT["name"]
    for path in (demand, row):
        assert parties.other.send("GET", path).status_code == 403
