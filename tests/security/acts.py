"""One call of every operation that changes something, with what has to be there before.

Each act is a function that prepares and returns the call; the preparation's own entries in the
audit chain are not those of the call.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

import pyotp
from fastapi.testclient import TestClient
from httpx2 import Response

from api.schemas import examples
from models.notification import Delivery
from models.notifications import About, Telling, notify
from models.vocabulary.access import Role
from models.vocabulary.notification import Channel, DeliveryState, NotificationKind
from tests.api.conftest import Running
from tests.credentials import bearer, make_key

Call = Callable[[], Response]
Act = Callable[[Running], Call]

READ_ONLY: Final = frozenset({"match", "preview", "tag", "offer_authenticator"})
"""Operations that are asked by an unsafe method and change nothing."""

NAME: Final = "keys of these tests"
WORDING: Final = {name: v for name, v in examples.SCENARIO.items() if name != "code"}
OTHER_TAGS: Final = {"version": 1, "scenarios": ["ENT.PORT"]}


def _plain(method: str, path: str, body: Any = None) -> Act:
    """An act that needs nothing."""
    return lambda running: lambda: running.client.request(method, path, json=body)


def _on(
    make: Callable[[Running], str], method: str, path: str, body: Any = None, first: str = ""
) -> Act:
    """An act on a row that is made before; `first` is a step the row takes before."""

    def prepare(running: Running) -> Call:
        key = make(running)
        if first:
            done = running.client.post(path.rpartition("/")[0].format(id=key) + first)
            assert done.status_code == 200, done.text
        return lambda: running.client.request(method, path.format(id=key), json=body)

    return prepare


def demand(running: Running) -> str:
    return str(running.demand()["id"])


def draft(running: Running) -> str:
    return str(running.demand(publish=False)["id"])


def provider(running: Running) -> str:
    return str(running.provider()["id"])


def capability(running: Running) -> str:
    return str(
        running.post(f"/v1/providers/{provider(running)}/capabilities", examples.CAPABILITY)["id"]
    )


def case(running: Running) -> str:
    return str(running.case()["id"])


def case_draft(running: Running) -> str:
    return str(running.case(publish=False)["id"])


def organisation(running: Running) -> str:
    return str(running.post("/v1/organisations", examples.ORGANISATION)["id"])


def person(running: Running) -> dict[str, Any]:
    made = running.post("/v1/people", examples.PERSON)
    return {**made["person"], "password": made["password"]}


def _person_id(running: Running) -> str:
    return str(person(running)["id"])


def _locked(running: Running) -> str:
    key = _person_id(running)
    assert running.client.post(f"/v1/people/{key}/lock").status_code < 300
    return key


def key(running: Running) -> str:
    return str(running.post("/v1/keys", examples.KEY)["about"]["id"])


def token(running: Running) -> str:
    return str(running.post("/v1/widget-tokens", examples.WIDGET_TOKEN)["id"])


def invitation(running: Running) -> str:
    row = running.demand(visibility="invited")["id"]
    body = {"row_id": row, "invitee_id": provider(running)}
    return str(running.post("/v1/invitations", body)["id"])


def _invite(running: Running) -> Call:
    body = {
        "row_id": running.demand(visibility="invited")["id"],
        "invitee_id": provider(running),
    }
    return lambda: running.client.post("/v1/invitations", json=body)


def _accept(running: Running) -> Call:
    number = invitation(running)
    told = next(i for i in _list(running, "/v1/invitations") if i["id"] == number)
    headers = bearer(
        make_key(running.service.database, Role.PROVIDER_ADMIN, told["organisation_id"], name=NAME)
    )
    return lambda: running.client.post(f"/v1/invitations/{number}/accept", headers=headers)


def _with_contact(running: Running) -> str:
    row = demand(running)
    put = running.client.put(f"/v1/contacts/{row}", json=examples.CONTACT)
    assert put.status_code == 204, put.text
    return row


def _list(running: Running, path: str) -> list[dict[str, Any]]:
    told: Any = running.get(path)
    found: list[dict[str, Any]] = told["items"] if isinstance(told, dict) else told
    return found


def _begin(running: Running) -> Call:
    body = {**examples.INVITE, "demand_id": demand(running), "provider_id": provider(running)}
    return lambda: running.client.post("/v1/interactions", json=body)


def _act(running: Running) -> Call:
    seen = _begin(running)().json()
    body = {**examples.ASK, "version": seen["version"]}
    return lambda: running.client.post(f"/v1/interactions/{seen['id']}/acts", json=body)


def webhook(running: Running) -> str:
    return str(running.post("/v1/webhooks", examples.WEBHOOK)["about"]["id"])


def _dead(running: Running) -> str:
    """An errand that was given up."""
    key = webhook(running)
    row = Delivery(channel=Channel.WEBHOOK, target_id=key, state=DeliveryState.DEAD)
    with running.service.database.write() as session:
        session.add(row)
    return row.id


def subscription(running: Running) -> str:
    return str(running.post("/v1/subscriptions", examples.SAVED_SEARCH)["about"]["id"])


def _read_notifications(running: Running) -> Call:
    told = Telling(NotificationKind.ABUSE, "一条还没有读的通知。", About(), running.service.now())
    with running.service.database.write() as session:
        notify(session, None, told)
    return lambda: running.client.post("/v1/notifications/read", json={})


def _set_mailbox(running: Running) -> Call:
    browser, _ = _signed_in(running)
    return lambda: browser.put("/v1/mailbox", json=examples.MAILBOX)


def _remove_mailbox(running: Running) -> Call:
    browser, _ = _signed_in(running)
    assert browser.put("/v1/mailbox", json=examples.MAILBOX).status_code == 200
    return lambda: browser.delete("/v1/mailbox")


SHEET: Final = "标题,需求描述\n".encode()
"""It holds no rows: what is stored aside would stand in the audit chain as well."""


def _start_import(running: Running) -> Call:
    return lambda: running.client.post(
        "/v1/imports",
        params={"kind": "demands"},
        content=SHEET,
        headers={"content-type": "text/csv"},
    )


def uploaded(running: Running) -> str:
    """A sheet that was looked through."""
    key = str(_start_import(running)().json()["id"])
    app: Any = running.client.app
    assert app.state.parts.import_work.wait_idle(60)
    return key


def _import_taxonomy(running: Running) -> Call:
    body = {"content": running.get("/v1/taxonomy/export")["content"]}
    return lambda: running.client.post("/v1/taxonomy/import", json=body)


def _erase(running: Running) -> Call:
    body = {"kind": "demand", "id": demand(running)}
    return lambda: running.client.post("/v1/erasures", json=body)


def _signed_in(running: Running) -> tuple[TestClient, dict[str, Any]]:
    """A browser in which a person has signed in and changed the first password."""
    somebody = person(running)
    browser = TestClient(running.client.app)
    body = {"login": somebody["login"], "password": somebody["password"]}
    assert browser.post("/v1/session", json=body).status_code == 201
    change = {"old_password": somebody["password"], "new_password": "battery-staple-9"}
    assert browser.put("/v1/session/password", json=change).status_code == 204
    return browser, {**somebody, "password": "battery-staple-9"}


def _sign_in(running: Running) -> Call:
    somebody = person(running)
    body = {"login": somebody["login"], "password": somebody["password"]}
    return lambda: TestClient(running.client.app).post("/v1/session", json=body)


def _sign_out(running: Running) -> Call:
    browser, _ = _signed_in(running)
    return lambda: browser.delete("/v1/session")


def _change_password(running: Running) -> Call:
    browser, somebody = _signed_in(running)
    body = {"old_password": somebody["password"], "new_password": "correct-horse-77"}
    return lambda: browser.put("/v1/session/password", json=body)


def _set_authenticator(running: Running) -> Call:
    browser, _ = _signed_in(running)
    secret = browser.post("/v1/session/authenticator").json()["secret"]
    body = {"secret": secret, "code": pyotp.TOTP(secret).now()}
    return lambda: browser.put("/v1/session/authenticator", json=body)


def _base(running: Running) -> Call:
    return lambda: running.client.post("/v1/bases", json=examples.BASE)


ACTS: Final[Mapping[str, Act]] = {
    "sign_in": _sign_in,
    "sign_out": _sign_out,
    "change_password": _change_password,
    "set_authenticator": _set_authenticator,
    "create_organisation": _plain("POST", "/v1/organisations", examples.ORGANISATION),
    "change_organisation": _on(
        organisation, "PATCH", "/v1/organisations/{id}", examples.ORGANISATION_CHANGE
    ),
    "add_person": _plain("POST", "/v1/people", examples.PERSON),
    "lock_person": _on(_person_id, "POST", "/v1/people/{id}/lock"),
    "unlock_person": _on(_locked, "POST", "/v1/people/{id}/unlock"),
    "reset_password": _on(_person_id, "POST", "/v1/people/{id}/password"),
    "create_key": _plain("POST", "/v1/keys", examples.KEY),
    "rotate_key": _on(key, "POST", "/v1/keys/{id}/rotate", examples.KEY_ROTATE),
    "revoke_key": _on(key, "DELETE", "/v1/keys/{id}"),
    "create_widget_token": _plain("POST", "/v1/widget-tokens", examples.WIDGET_TOKEN),
    "revoke_widget_token": _on(token, "DELETE", "/v1/widget-tokens/{id}"),
    "invite": _invite,
    "accept_invitation": _accept,
    "withdraw_invitation": _on(invitation, "DELETE", "/v1/invitations/{id}"),
    "set_contact": _on(demand, "PUT", "/v1/contacts/{id}", examples.CONTACT),
    "remove_contact": _on(_with_contact, "DELETE", "/v1/contacts/{id}"),
    "begin_interaction": _begin,
    "act_in_interaction": _act,
    "mark_notifications_read": _read_notifications,
    "create_webhook": _plain("POST", "/v1/webhooks", examples.WEBHOOK),
    "revoke_webhook": _on(webhook, "DELETE", "/v1/webhooks/{id}"),
    "test_webhook": _on(webhook, "POST", "/v1/webhooks/{id}/test"),
    "retry_delivery": _on(_dead, "POST", "/v1/deliveries/{id}/retry"),
    "set_mailbox": _set_mailbox,
    "remove_mailbox": _remove_mailbox,
    "create_subscription": _plain("POST", "/v1/subscriptions", examples.SAVED_SEARCH),
    "remove_subscription": _on(subscription, "DELETE", "/v1/subscriptions/{id}"),
    "renew_feed": _on(subscription, "POST", "/v1/subscriptions/{id}/feed"),
    "import_taxonomy": _import_taxonomy,
    "add_scenario": _plain("POST", "/v1/taxonomy/scenarios", examples.SCENARIO),
    "change_scenario": _plain("PUT", "/v1/taxonomy/scenarios/ENT.RISK", WORDING),
    "retire_scenario": _plain("POST", "/v1/taxonomy/scenarios/ENT.PORT/retire"),
    "start_retagging": _plain("POST", "/v1/taxonomy/retagging"),
    "erase": _erase,
    "create_demand": _plain("POST", "/v1/demands", examples.DEMAND),
    "change_demand": _on(demand, "PATCH", "/v1/demands/{id}", {"version": 1, "urgent": True}),
    "delete_demand": _on(demand, "DELETE", "/v1/demands/{id}"),
    "publish_demand": _on(draft, "POST", "/v1/demands/{id}/publish"),
    "pause_demand": _on(demand, "POST", "/v1/demands/{id}/pause"),
    "withdraw_demand": _on(demand, "POST", "/v1/demands/{id}/withdraw"),
    "decide_demand_tags": _on(demand, "PUT", "/v1/demands/{id}/tags", OTHER_TAGS),
    "create_provider": _plain("POST", "/v1/providers", examples.PROVIDER),
    "change_provider": _on(
        provider, "PATCH", "/v1/providers/{id}", {"version": 1, "nda_ready": False}
    ),
    "delete_provider": _on(provider, "DELETE", "/v1/providers/{id}"),
    "publish_provider": _on(provider, "POST", "/v1/providers/{id}/publish", first="/pause"),
    "pause_provider": _on(provider, "POST", "/v1/providers/{id}/pause"),
    "withdraw_provider": _on(provider, "POST", "/v1/providers/{id}/withdraw"),
    "create_capability": _on(
        provider, "POST", "/v1/providers/{id}/capabilities", examples.CAPABILITY
    ),
    "change_capability": _on(
        capability, "PATCH", "/v1/capabilities/{id}", {"version": 1, "title": "另一个能力名称"}
    ),
    "delete_capability": _on(capability, "DELETE", "/v1/capabilities/{id}"),
    "decide_capability_tags": _on(capability, "PUT", "/v1/capabilities/{id}/tags", OTHER_TAGS),
    "create_case": _plain("POST", "/v1/cases", examples.CASE),
    "change_case": _on(case, "PATCH", "/v1/cases/{id}", {"version": 1, "year": 2020}),
    "delete_case": _on(case, "DELETE", "/v1/cases/{id}"),
    "publish_case": _on(case_draft, "POST", "/v1/cases/{id}/publish"),
    "withdraw_case": _on(case, "POST", "/v1/cases/{id}/withdraw"),
    "decide_case_tags": _on(case, "PUT", "/v1/cases/{id}/tags", OTHER_TAGS),
    "create_base": _base,
    "start_import": _start_import,
    "run_import": _on(uploaded, "POST", "/v1/imports/{id}/run"),
    "drop_import": _on(uploaded, "DELETE", "/v1/imports/{id}"),
}
