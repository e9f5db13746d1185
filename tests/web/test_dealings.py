"""A base, a provider and the recipient from first interest to a project, each seeing their part."""

import re

import pytest
from playwright.sync_api import Dialog, Locator, Page, expect

from tests.web.conftest import BASE_LOGIN, LOGIN, PASSWORD, PROVIDER_LOGIN, OpenPage
from tests.web.pages import post_demand, wait_until_shown
from tests.web.user import cards

pytestmark = pytest.mark.nightly

RECIPIENT = "示例成果使用单位"
RECIPIENT_LOGIN = "recipient-reader"
REGIONAL_LOGIN = "regional-reader"
TITLE = "从意向到立项的一条需求"
NUMBER = "苏导航〔2026〕17 号"
CHOOSING = re.compile("^(邀请|提问|列入候选|移出候选|不再显示)")


def dealing(page: Page) -> Locator:
    return page.get_by_role("dialog", name="对接经过")


def open_newest(page: Page, title: str = TITLE) -> None:
    """Open the dealing that changed last."""
    page.goto("/#/start")
    page.goto("/#/dealings")
    page.get_by_role("row").filter(has_text=title).get_by_role("button").click()


def say(page: Page, act: str, words: str) -> None:
    dealing(page).get_by_role("button", name=act, exact=True).or_(
        dealing(page).get_by_role("button", name=re.compile(f"^{act}"))
    ).first.click()
    dealing(page).get_by_label("内容").fill(words)
    dealing(page).get_by_role("button", name=f"确定{act}").click()
    expect(dealing(page).locator(".events")).to_contain_text(words)


def answer_questions(page: Page, *answers: bool) -> list[str]:
    """Answer the questions to come, one after the other; return where what they say is kept."""
    asked: list[str] = []
    left = iter(answers)

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.message)
        if next(left):
            dialog.accept()
        else:
            dialog.dismiss()

    page.on("dialog", answer)
    return asked


def confirm(clerk: Page, asked: list[str]) -> None:
    """Say no to the question once, then yes."""
    confirming = dealing(clerk).get_by_role("button", name=re.compile("^确认合作"))
    confirming.click()
    expect(dealing(clerk)).not_to_contain_text("已确认")
    assert "不能再修改、暂停或撤回，也不能取消确认" in asked.pop()
    confirming.click()
    expect(dealing(clerk)).to_contain_text("已确认")
    expect(dealing(clerk).get_by_role("button", name=CHOOSING)).to_have_count(0)


def rate(clerk: Page) -> None:
    dealing(clerk).get_by_role("button", name=re.compile("^评价")).click()
    dealing(clerk).get_by_label("完成质量").select_option("4")
    dealing(clerk).get_by_role("button", name="确定评价").click()
    expect(dealing(clerk).locator(".events")).to_contain_text("评价")


def convert(clerk: Page, asked: list[str]) -> None:
    dealing(clerk).get_by_role("button", name=re.compile("^立项")).click()
    dealing(clerk).get_by_label("立项号").fill(NUMBER)
    dealing(clerk).get_by_role("button", name="确定立项").click()
    expect(dealing(clerk)).to_contain_text("已立项")
    expect(dealing(clerk).locator(".events")).to_contain_text(NUMBER)
    assert "不能取消" in asked.pop()
    expect(dealing(clerk).get_by_role("button", name=CHOOSING)).to_have_count(0)


def assert_nothing_is_left_to_choose(clerk: Page, key: str) -> None:
    clerk.goto(f"/#/demands/{key}")
    expect(clerk.locator("#subject")).to_contain_text("已立项")
    wait_until_shown(clerk)
    expect(cards(clerk).first).to_be_visible()
    expect(clerk.get_by_role("button", name=CHOOSING)).to_have_count(0)
    expect(clerk.locator("nm-stored-tags")).to_have_count(0)
    expect(clerk.locator("#inviting")).to_have_count(0)


def add_recipient(operator: Page) -> str:
    """Register a recipient with an account as the operator; return its key."""
    body = {"name": RECIPIENT, "org_type": "enterprise"}
    made = operator.request.post("/v1/organisations", data=body)
    assert made.ok, made.text()
    key: str = made.json()["id"]
    add_person(operator, RECIPIENT_LOGIN, "示例使用人", role="recipient", organisation_id=key)
    return key


def add_person(operator: Page, login: str, name: str, **more: str) -> None:
    """Make an account as the operator, with the password every account of the tests has."""
    made = operator.request.post("/v1/people", data={"login": login, "name": name, **more})
    assert made.ok, made.text()
    first = made.json()["password"]
    credentials = {"login": login, "password": first}
    context = operator.context.browser.new_context(base_url=operator.url.split("/#")[0])  # type: ignore[union-attr]
    assert context.request.post("/v1/session", data=credentials).ok
    body = {"old_password": first, "new_password": PASSWORD}
    changed = context.request.put("/v1/session/password", data=body)
    assert changed.ok, changed.text()
    context.close()


def test_interest_becomes_a_project_and_each_side_sees_its_part(open_page: OpenPage) -> None:
    operator = open_page("/#/start", login=LOGIN)
    clerk = open_page("/#/start", login=BASE_LOGIN)
    manager = open_page("/#/start", login=PROVIDER_LOGIN)
    key = post_demand(clerk, TITLE)
    version = clerk.request.get(f"/v1/demands/{key}").json()["version"]
    change = {"version": version, "recipient_id": add_recipient(operator)}
    assert operator.request.patch(f"/v1/demands/{key}", data=change).ok

    manager.goto("/#/recommended")
    card = cards(manager).filter(has_text=TITLE).first
    card.get_by_role("button", name="表示意向").click()
    expect(card.locator(".dealing-state")).to_contain_text("机构有意，待基地答复")

    clerk.goto(f"/#/demands/{key}")
    card = cards(clerk).filter(has_text="苏州甲子知识产权服务有限公司").first
    expect(card.locator(".dealing-state")).to_contain_text(re.compile("请在 .* 前答复"))
    card.get_by_role("button", name="接受").click()
    expect(card.locator(".dealing-state")).to_contain_text("双方有意")

    open_newest(manager)
    expect(dealing(manager)).to_contain_text(RECIPIENT)
    say(manager, "约谈", "九月一日上午面谈。")
    say(manager, "提交方案和报价", "报价四十万元，九十天完成。")

    recipient = open_page("/#/dealings", login=RECIPIENT_LOGIN)
    recipient.get_by_role("row").filter(has_text=TITLE).get_by_role("button").click()
    expect(dealing(recipient)).to_contain_text("报价四十万元，九十天完成。")
    expect(dealing(recipient).get_by_role("button", name=re.compile("确认合作"))).to_have_count(0)

    open_newest(clerk)
    asked = answer_questions(clerk, False, True, True)
    confirm(clerk, asked)
    rate(clerk)
    convert(clerk, asked)
    assert_nothing_is_left_to_choose(clerk, key)

    manager.goto("/#/notices")
    expect(manager.locator("main")).to_contain_text(TITLE)
    operator.goto("/#/dealings")
    expect(operator.get_by_role("row").filter(has_text=TITLE)).to_contain_text("已立项")


def test_report_of_abuse_is_seen_by_who_made_it_and_the_authorities_alone(
    open_page: OpenPage,
) -> None:
    title, words = "被举报的一条需求", "要求先付中介费。"
    clerk = open_page("/#/start", login=BASE_LOGIN)
    manager = open_page("/#/start", login=PROVIDER_LOGIN)
    post_demand(clerk, title)
    manager.goto("/#/recommended")
    card = cards(manager).filter(has_text=title).first
    expect(card.get_by_role("button", name=re.compile("^举报"))).to_have_count(0)
    card.get_by_role("button", name="表示意向").click()
    expect(card.locator(".dealing-state")).to_contain_text("机构有意，待基地答复")

    open_newest(manager, title)
    dealing(manager).get_by_role("button", name=re.compile("^举报")).click()
    expect(dealing(manager)).to_contain_text(
        "只有平台管理方和服务基地所在地的主管部门看得到，对方看不到。"
    )
    dealing(manager).get_by_label("内容").fill(words)
    dealing(manager).get_by_role("button", name="确定举报").click()
    expect(dealing(manager).locator(".events")).to_contain_text(words)

    open_newest(clerk, title)
    expect(dealing(clerk).locator(".events")).to_contain_text("表示意向")
    expect(dealing(clerk).locator(".events")).not_to_contain_text(words)
    operator = open_page("/#/notices", login=LOGIN)
    expect(operator.locator("main")).to_contain_text(f"举报了需求“{title}”的对接，请核查。")
    open_newest(operator, title)
    expect(dealing(operator).locator(".events")).to_contain_text(words)
    role = "regional_operator"
    add_person(operator, REGIONAL_LOGIN, "示例省局", role=role, region_code="320000")
    regional = open_page("/#/start", login=REGIONAL_LOGIN)
    open_newest(regional, title)
    expect(dealing(regional).locator(".events")).to_contain_text(words)
