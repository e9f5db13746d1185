"""Webhooks and mailboxes, as administrators and people set them."""

import pytest
from fastapi.testclient import TestClient

from api.schemas import examples
from models.notification import Delivery
from models.vocabulary.notification import DeliveryState
from tests.api.conftest import Running
from tests.api.parties import Parties, gather
from tests.security.acts import person


@pytest.fixture
def parties(running: Running) -> Parties:
    return gather(running)


def test_secret_is_shown_once(parties: Parties) -> None:
    made = parties.base.post("/v1/webhooks", examples.WEBHOOK)
    assert made["secret"].startswith("whsec_")
    listed = parties.base.get("/v1/webhooks")
    assert [hook["id"] for hook in listed] == [made["about"]["id"]]
    assert made["secret"] not in str(listed)
    assert parties.other.get("/v1/webhooks") == []


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example.org/",
        "https://127.0.0.1/",
        "https://169.254.169.254/latest",
        "https://localhost/",
        "https://user@hooks.example.org/",
    ],
)
def test_inner_address_is_refused_and_not_repeated(parties: Parties, url: str) -> None:
    problem = parties.base.post("/v1/webhooks", {"name": "内网", "url": url}, 422)
    assert problem["code"] == "webhook_address"
    assert url.partition("//")[2] not in str(problem)


def test_given_up_delivery_is_tried_again_by_its_owner(running: Running, parties: Parties) -> None:
    hook = parties.base.post("/v1/webhooks", examples.WEBHOOK)["about"]["id"]
    tested = parties.base.post(f"/v1/webhooks/{hook}/test", None, 202)
    again = f"/v1/deliveries/{tested['id']}/retry"
    assert parties.base.post(again, None, 409)["code"] == "state_not_allowed"
    with running.service.database.write() as session:
        session.get_one(Delivery, tested["id"]).state = DeliveryState.DEAD
    assert parties.other.send("POST", again).status_code == 404
    assert parties.base.post(again, None, 202)["state"] == "waiting"
    (shown,) = parties.base.get(f"/v1/webhooks/{hook}/deliveries")
    assert (shown["state"], shown["n_tries"]) == ("waiting", 0)


def test_webhooks_are_bounded(parties: Parties) -> None:
    for number in range(10):
        parties.base.post("/v1/webhooks", {**examples.WEBHOOK, "name": f"第{number}个"})
    assert parties.base.post("/v1/webhooks", examples.WEBHOOK, 409)["code"] == "conflict"


def test_mailbox_is_a_persons_own(running: Running) -> None:
    somebody, browser = person(running), TestClient(running.client.app)
    entry = {"login": somebody["login"], "password": somebody["password"]}
    assert browser.post("/v1/session", json=entry).status_code == 201
    change = {"old_password": somebody["password"], "new_password": "battery-staple-9"}
    assert browser.put("/v1/session/password", json=change).status_code == 204
    assert browser.get("/v1/mailbox").json()["address"] is None
    reply = browser.put("/v1/mailbox", json=examples.MAILBOX).json()
    assert reply == {"address": "contact@example.org", "cadence": "daily", "is_sent": False}
    for bad in ("a@example.org\r\nBcc: b@example.org", "a b@example.org", "@", "a@b"):
        assert browser.put("/v1/mailbox", json={"address": bad}).status_code == 422
    assert browser.delete("/v1/mailbox").status_code == 204
    assert browser.get("/v1/mailbox").json()["cadence"] is None
