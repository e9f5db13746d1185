"""Who did what, as the console shows it to an operator."""

import re

from playwright.sync_api import expect

from tests.rounds import join_retagging
from tests.web.conftest import BASE_LOGIN, LOGIN, OpenPage
from tests.web.pages import wait_until_shown

WHO = "谁（姓名或密钥的用途）"
NO_LONGER_LISTED = "us_01JZX3V8Q4W6T2N9K7M5R1C0BD"


def test_operator_filters_the_audit_log(open_page: OpenPage) -> None:
    page = open_page("/#/audit", login=LOGIN)
    page.get_by_label("做了什么").select_option("sign_in")
    page.get_by_role("button", name="查询").click()

    rows = page.get_by_role("table").locator("tbody tr")
    expect(rows.first).to_contain_text("登录")
    expect(page.get_by_role("table")).not_to_contain_text("查看审计记录")
    assert not re.search("[a-z]", rows.first.locator("td").nth(1).inner_text())

    page.get_by_role("button", name="重置").click()
    rows.filter(has_text="登录").first.get_by_role("button", name="示例管理员").click()
    expect(page.get_by_label(WHO)).to_have_value("示例管理员")
    expect(rows.filter(has_not_text="示例管理员")).to_have_count(0)
    page.get_by_role("button", name="重置").click()
    page.get_by_label(WHO).fill("第一次来的")
    expect(page.get_by_text("没有相符的选项")).to_be_visible()
    page.get_by_label(WHO).fill("示例管")
    page.get_by_role("option", name="示例管理员").click()
    with page.expect_request("**/v1/audit?*") as asked:
        page.get_by_role("button", name="查询").click()
    assert "actor=us_" in asked.value.url


def test_operator_reads_by_name_who_did_what_and_what_came_of_it(open_page: OpenPage) -> None:
    page = open_page("/#/audit", login=LOGIN)
    assert page.request.post("/v1/taxonomy/retagging").status == 202
    join_retagging()
    page.reload()

    signed_in = page.get_by_role("row").filter(has_text="登录").first
    who = signed_in.get_by_role("cell").first
    assert who.inner_text().split("\n")[:2] == ["示例管理员", "平台管理方"]
    assert re.fullmatch("us_.+", who.locator(".because").last.inner_text())
    told = page.get_by_role("row").filter(has_text="重新标注：共")
    expect(told.first).to_contain_text(re.compile(r"看过 \d+ 条，改动 \d+ 条"))
    expect(told.first.get_by_role("cell").first).to_contain_text("系统")
    expect(told.first.get_by_role("cell").first.get_by_role("button")).to_have_count(0)
    expect(page.get_by_role("table")).not_to_contain_text("null")


def test_operator_looks_by_id_for_somebody_on_no_list(open_page: OpenPage) -> None:
    page = open_page("/#/audit", login=LOGIN)
    wait_until_shown(page)
    page.get_by_label(WHO).fill(f" {NO_LONGER_LISTED}")
    with page.expect_response("**/v1/audit?*") as answered:
        page.get_by_role("button", name="查询").click()
    assert f"actor={NO_LONGER_LISTED}" in answered.value.url
    assert answered.value.ok
    expect(page.get_by_text("没有符合条件的记录。")).to_be_visible()
    expect(page.get_by_label(WHO)).to_have_value(NO_LONGER_LISTED)


def test_operator_is_told_when_nobody_can_be_looked_for_by_name(open_page: OpenPage) -> None:
    page = open_page("/#/audit", login=LOGIN)
    page.route("**/v1/keys?*", lambda route: route.abort())
    page.get_by_label(WHO).fill("示例")
    expect(page.get_by_text("没有查成：连不上服务")).to_be_visible()

    page.unroute("**/v1/keys?*")
    page.get_by_label(WHO).fill("示例管")
    expect(page.get_by_role("option", name="示例管理员")).to_be_visible()


def test_refusal_says_which_operation_was_asked_for(open_page: OpenPage) -> None:
    clerk = open_page("/#/start", login=BASE_LOGIN)
    assert clerk.request.post("/v1/taxonomy/retagging").status == 403
    page = open_page("/#/audit", login=LOGIN)
    page.get_by_label("结果").select_option("denied")
    page.get_by_role("button", name="查询").click()

    refused = page.get_by_role("table").locator("tbody tr").first
    expect(refused).to_contain_text("拒绝")
    expect(refused).to_contain_text("操作：start_retagging")
