"""Being told: subscriptions, the feed, webhooks and their deliveries, the digest by e-mail."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import BASE_LOGIN, LOGIN, PROVIDER_LOGIN, OpenPage, Watched
from tests.web.pages import post_demand, wait_until_shown
from tests.web.user import TEXT, TITLE, change_answer


def accept_questions(page: Page) -> None:
    page.on("dialog", lambda dialog: dialog.accept())


def test_manager_subscribes_by_meaning_and_renews_the_feed(
    open_page: OpenPage, watched: Watched
) -> None:
    page = open_page("/#/subscriptions", login=PROVIDER_LOGIN)
    accept_questions(page)
    page.get_by_role("button", name="新的订阅").click()
    drawer = page.get_by_role("dialog", name="新的订阅")
    drawer.get_by_label("像这段文字的", exact=True).fill(TEXT)
    drawer.get_by_label("所在地").click()
    drawer.get_by_role("option", name="江苏省").click()
    drawer.get_by_role("button", name="开始订阅").click()

    row = page.get_by_role("row").filter(has_text="像“我公司要向欧洲出口")
    expect(row).to_contain_text("像这段文字的　·　“较强”以上　·　江苏省")
    feed = page.locator("nm-once code")
    first = feed.inner_text()
    assert page.request.get(first).headers["content-type"].startswith("application/atom+xml")
    row.get_by_role("button", name="换新订阅源地址").click()
    expect(feed).not_to_have_text(first)
    row.get_by_role("button", name="0 条").click()
    expect(page.get_by_role("dialog")).to_contain_text("还没有找到。")
    page.keyboard.press("Escape")
    row.get_by_role("button", name="删除").click()
    expect(page.locator("main")).to_contain_text("还没有订阅。")
    assert watched.complaints == []


@pytest.mark.nightly
def test_clerk_subscribes_to_the_conditions_of_a_list(open_page: OpenPage) -> None:
    page = open_page("/#/demands", login=BASE_LOGIN)
    wish = page.get_by_role("button", name="订阅这些条件")
    page.get_by_label("状态").select_option("published")
    page.get_by_role("button", name="查询").click()
    wait_until_shown(page)
    expect(wish).to_have_count(0)

    page.get_by_label("关键词或编号").fill("碳化硅")
    page.get_by_label("应用场景").fill("海外风险")
    page.get_by_role("option", name="专利风险预警与海外风险").click()
    page.get_by_role("button", name="查询").click()
    wish.click()
    drawer = page.get_by_role("dialog", name="订阅这些条件")
    expect(drawer.get_by_label("应用场景")).to_have_value("专利风险预警与海外风险")
    expect(drawer.get_by_label("标题或正文里的词")).to_have_value("碳化硅")
    drawer.get_by_role("button", name="开始订阅").click()

    expect(page.locator("#demands")).to_contain_text("订阅源地址只显示这一次")
    page.locator("#demands").get_by_role("link", name="全部订阅").click()
    row = page.get_by_role("row").filter(has_text="专利风险预警与海外风险、碳化硅")
    expect(row).to_contain_text("保存的检索")
    row.get_by_role("link", name="打开检索").click()
    expect(page.get_by_label("应用场景")).to_have_value("专利风险预警与海外风险")
    expect(page.get_by_label("关键词或编号")).to_have_value("碳化硅")


@pytest.mark.nightly
def test_demand_is_what_a_subscription_is_like(open_page: OpenPage) -> None:
    page = open_page("/#/start", login=BASE_LOGIN)
    page.goto(f"/#/demands/{post_demand(page)}")
    page.get_by_role("button", name="订阅像这样的需求").click()
    drawer = page.get_by_role("dialog", name="订阅像这样的需求")

    expect(drawer.get_by_label("像这段文字的", exact=True)).to_have_value(f"{TITLE}\n{TEXT}")
    drawer.get_by_role("button", name="开始订阅").click()

    expect(page.locator("#subject")).to_contain_text(f"已订阅：像“{TITLE}”。")


def test_administrator_registers_a_webhook_and_tests_it(
    open_page: OpenPage, watched: Watched
) -> None:
    page = open_page("/#/webhooks", login=LOGIN)
    accept_questions(page)
    page.get_by_role("button", name="登记回调").click()
    drawer = page.get_by_role("dialog", name="登记回调")
    drawer.get_by_label("名称").fill("业务系统")
    drawer.get_by_label("地址").fill("https://192.168.0.1/hook")
    drawer.get_by_role("button", name="登记", exact=True).click()
    expect(drawer).to_contain_text("代码：webhook_address")
    drawer.get_by_label("地址").fill("https://hooks.example.org/navmatch")
    drawer.get_by_label("收到邀请").check()
    drawer.get_by_role("button", name="登记", exact=True).click()
    expect(page.locator("nm-once code")).to_contain_text("whsec_")

    def give_up(answer: list[dict[str, Any]]) -> None:
        answer[0] |= {"state": "dead", "n_tries": 8, "last_error": "status_503"}

    change_answer(page, "**/deliveries", give_up)
    row = page.get_by_role("row").filter(has_text="hooks.example.org")
    expect(row).to_contain_text("收到邀请")
    row.get_by_role("button", name="测试").click()
    sent = page.get_by_role("dialog", name="发送记录").get_by_role("row").filter(has_text="已放弃")
    expect(sent).to_contain_text("对方答复 503")
    with page.expect_request("**/v1/deliveries/*/retry"):
        sent.get_by_role("button", name="从头再试").click()
    page.keyboard.press("Escape")
    row.get_by_role("button", name="停用").click()
    expect(page.locator("main")).to_contain_text("还没有回调。")
    refused = [line for line in watched.complaints if "409" not in line and "422" not in line]
    assert refused == []


def test_clerk_gets_notifications_by_mail(open_page: OpenPage) -> None:
    page = open_page("/#/account", login=BASE_LOGIN)
    mailbox = page.get_by_role("region", name="邮件摘要")
    expect(mailbox).to_contain_text("本安装还发不了邮件")

    mailbox.get_by_label("电子邮箱").fill("没有这样的地址")
    mailbox.get_by_role("button", name="保存").click()
    expect(mailbox).to_contain_text("代码：invalid_input")
    mailbox.get_by_label("电子邮箱").fill("clerk@example.org")
    mailbox.get_by_label("最多多久一封").select_option("weekly")
    mailbox.get_by_role("button", name="保存").click()
    expect(mailbox).to_contain_text("已保存。")

    page.reload()
    expect(mailbox.get_by_label("电子邮箱")).to_have_value("clerk@example.org")
    expect(mailbox.get_by_label("最多多久一封")).to_have_value("weekly")
    mailbox.get_by_role("button", name="停发并删除地址").click()
    expect(mailbox.get_by_label("电子邮箱")).to_have_value("")


def test_conditions_of_a_list_stay_in_its_address(open_page: OpenPage) -> None:
    page = open_page("/#/demands?region=320000&text=碳化硅&state=published", login=BASE_LOGIN)
    post_demand(page)
    post_demand(page, "另外一条要筛掉的需求")
    page.reload()
    listed = page.locator("#demands tbody tr")
    expect(page.get_by_label("所在地")).to_have_value("江苏省")
    expect(page.get_by_label("状态")).to_have_value("published")
    expect(listed.filter(has_text=TITLE).first).to_be_visible()

    page.get_by_label("关键词或编号").fill("要筛掉的")
    page.evaluate("window.dispatchEvent(new Event('navmatch-language-changed'))")
    page.get_by_role("button", name="查询").click()
    expect(listed).to_have_count(1)
    expect(page.get_by_role("button", name="查询")).to_be_focused()
    expect(page).to_have_url(re.compile("region=320000"))
    page.go_back()
    expect(page.get_by_label("关键词或编号")).to_have_value("碳化硅")
    expect(listed.filter(has_text=TITLE).first).to_be_visible()
    page.get_by_role("button", name="重置").click()
    expect(page.get_by_label("所在地")).to_have_value("")
    expect(page).to_have_url(re.compile("#/demands$"))


def test_unread_notice_is_counted_and_leads_to_what_it_is_about(open_page: OpenPage) -> None:
    clerk = open_page("/#/start", login=BASE_LOGIN)
    manager = open_page("/#/start", login=PROVIDER_LOGIN)
    waiting = manager.locator("#waiting")
    before = manager.request.get("/v1/notifications?unread=true").json()["n_unread"]
    key = post_demand(clerk, "要邀请一家机构的需求")
    mine = manager.request.get("/v1/providers?own=true").json()["items"][0]["id"]
    act = {"act": "invite", "demand_id": key, "provider_id": mine}
    reply = clerk.request.post("/v1/interactions", data=act)
    assert reply.ok, reply.text()

    manager.get_by_role("navigation").get_by_role("link", name="通知").click()
    expect(waiting).to_have_accessible_name(f"通知，{before + 1} 条未读")
    manager.get_by_role("link", name=re.compile("要邀请一家机构的需求")).first.click()

    expect(manager.get_by_role("dialog", name="对接经过")).to_contain_text("要邀请一家机构的需求")
    expect(manager).to_have_url(re.compile(f"#/dealings/{reply.json()['id']}$"))
    expect(waiting.locator(".badge")).to_have_count(1 if before else 0)
    manager.keyboard.press("Escape")
    expect(manager).to_have_url(re.compile("#/dealings$"))
