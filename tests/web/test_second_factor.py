"""Operators who signed in without a code are offered nothing that would be refused."""

from typing import Any

from playwright.sync_api import Page, expect

from tests.web.conftest import BASE_LOGIN, LOGIN, PROVIDER_LOGIN, OpenPage
from tests.web.pages import post_demand
from tests.web.user import change_answer

CONTACT = "查看对方联系人"


def come_together(clerk: Page, manager: Page) -> str:
    """Have a provider accept an invitation; return the key of the dealing."""
    provider = manager.request.get("/v1/providers", params={"own": True}).json()["items"][0]["id"]
    invitation = {"demand_id": post_demand(clerk), "provider_id": provider, "act": "invite"}
    begun = clerk.request.post("/v1/interactions", data=invitation).json()
    key: str = begun["id"]
    acceptance = {"act": "accept", "version": begun["version"]}
    accepted = manager.request.post(f"/v1/interactions/{key}/acts", data=acceptance)
    assert accepted.ok, accepted.text()
    return key


def test_operator_without_a_code_is_not_offered_the_contact(open_page: OpenPage) -> None:
    def take_away(session: Any) -> None:
        session["has_authenticator"] = False
        session["may"].remove("read_contact")

    clerk, manager = (open_page("/#/start", login=login) for login in (BASE_LOGIN, PROVIDER_LOGIN))
    operator = open_page("/#/start", login=LOGIN)
    path = f"/#/dealings/{come_together(clerk, manager)}"
    operator.goto(path)
    drawer = operator.get_by_role("dialog", name="对接经过")
    expect(drawer.get_by_role("button", name=CONTACT)).to_be_visible()

    change_answer(operator, "**/v1/session", take_away)
    operator.reload()
    expect(drawer.locator(".events")).to_contain_text("接受")
    expect(drawer.get_by_role("button", name=CONTACT)).to_have_count(0)

    operator.goto("/#/start")
    steps = operator.get_by_role("region", name="头几步")
    expect(steps).to_contain_text("登记、修改、导出、生成报告、查看联系人")
