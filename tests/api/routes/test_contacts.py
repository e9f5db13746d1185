"""Whom to speak to: seen by both sides once an invitation is accepted, by nobody else."""

import pytest
from sqlalchemy import select

from api.schemas import examples
from models.audit import AuditEvent
from models.vocabulary.access import AuditAction
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


def _together(parties: Parties) -> str:
    """The address of the demand's contact, once the provider may see it."""
    path = f"/v1/contacts/{parties.demand_id}"
    assert parties.base.send("PUT", path, examples.CONTACT).status_code == 204
    body = {"row_id": parties.demand_id, "invitee_id": parties.provider_id}
    invitation = parties.base.post("/v1/invitations", body)
    parties.provider.post(f"/v1/invitations/{invitation['id']}/accept", None, 200)
    assert parties.provider.get(path)["name"] == examples.CONTACT["name"]
    return path


def test_removed_contact_is_seen_by_neither_side(parties: Parties) -> None:
    path = _together(parties)
    assert parties.base.send("DELETE", path).status_code == 204
    for party in (parties.base, parties.provider, parties.operator):
        assert party.get(path, 404)["detail"] == "这条记录没有登记联系人。"
    again = parties.base.send("DELETE", path)
    assert (again.status_code, again.json()["detail"]) == (404, "这条记录没有登记联系人。")
    assert parties.base.send("PUT", path, examples.CONTACT).status_code == 204
    assert parties.provider.get(path)["name"] == examples.CONTACT["name"]


def test_contact_is_removed_by_nobody_who_may_not_set_it(parties: Parties) -> None:
    path = _together(parties)
    for party in (parties.provider, parties.other, parties.recipient):
        assert party.send("DELETE", path).status_code == 403
    assert parties.base.get(path)["name"] == examples.CONTACT["name"]


def test_contact_of_no_row_is_not_found(parties: Parties) -> None:
    hidden = "dm_01M8A97D1YXVP49R0FBGW50MGE"
    reply = parties.base.send("DELETE", f"/v1/contacts/{hidden}")
    assert (reply.status_code, reply.json()["detail"]) == (
        404,
        "没有找到这条记录，可能已被删除。",
    )
    of_a_case = parties.base.send("DELETE", f"/v1/contacts/{hidden.replace('dm', 'cs')}")
    assert of_a_case.status_code == 422


def test_removing_a_contact_is_one_entry(running: Running, parties: Parties) -> None:
    path = _together(parties)
    reply = parties.base.send("DELETE", path)
    with running.service.database.read() as session:
        wanted = select(AuditEvent).where(
            AuditEvent.request_id == reply.headers["x-request-id"],
        )
        (entry,) = session.scalars(wanted)
    assert (entry.action, entry.entity, entry.entity_id) == (
        AuditAction.DELETE,
        "contact",
        parties.demand_id,
    )
    assert entry.chain == parties.base.organisation_id
