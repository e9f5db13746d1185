"""What somebody is told in the console, and what they have read of it."""

import pytest

from models.audit import AuditEvent
from models.viewer import acting_as, system
from models.vocabulary.access import Role
from tests.api.conftest import Running
from tests.api.parties import Parties, gather, party


@pytest.fixture
def parties(running: Running) -> Parties:
    found = gather(running)
    for text in ("第一问。", "第二问。", "第三问。"):
        found.begin(found.provider, "ask", body=text)
    return found


def test_notifications_come_newest_first_with_their_count(parties: Parties) -> None:
    page = parties.base.get("/v1/notifications", limit=2)
    assert (page["total"]["value"], page["n_unread"], len(page["items"])) == (3, 3, 2)
    rest = parties.base.get("/v1/notifications", limit=2, cursor=page["next_cursor"])
    ids = [item["id"] for item in (*page["items"], *rest["items"])]
    assert ids == sorted(ids, reverse=True)
    assert {item["demand_id"] for item in page["items"]} == {parties.demand_id}


def test_everybody_reads_for_themselves(parties: Parties) -> None:
    newest = parties.base.get("/v1/notifications")["items"][0]["id"]
    left = parties.base.post("/v1/notifications/read", {"ids": [newest]}, 200)
    assert left == {"n_unread": 2}
    unread = parties.base.get("/v1/notifications", unread=True)
    assert newest not in {item["id"] for item in unread["items"]}
    assert unread["total"]["value"] == 2
    colleague = party(
        parties.base.running, Role.BASE_STAFF, str(parties.base.organisation_id), name="同事"
    )
    assert colleague.get("/v1/notifications")["n_unread"] == 3
    assert parties.base.post("/v1/notifications/read", {}, 200) == {"n_unread": 0}
    assert parties.base.get("/v1/notifications")["items"][0]["read_at"] is not None


def test_reading_what_is_read_leaves_no_trace(running: Running, parties: Parties) -> None:
    def n_audited() -> int:
        with running.service.database.read() as session, acting_as(system("test")):
            return session.query(AuditEvent).count()

    parties.base.post("/v1/notifications/read", {}, 200)
    n_before = n_audited()
    assert parties.base.post("/v1/notifications/read", {}, 200) == {"n_unread": 0}
    assert n_audited() == n_before


def test_notifications_of_others_are_neither_seen_nor_marked(parties: Parties) -> None:
    newest = parties.base.get("/v1/notifications")["items"][0]["id"]
    assert parties.other.get("/v1/notifications")["items"] == []
    assert parties.provider.get("/v1/notifications")["items"] == []
    assert parties.operator.get("/v1/notifications")["items"] == []
    parties.other.post("/v1/notifications/read", {"ids": [newest]}, 200)
    assert parties.base.get("/v1/notifications")["n_unread"] == 3
