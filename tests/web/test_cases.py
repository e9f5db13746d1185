"""Cases are registered, changed and hidden by whose work they are, and read by everybody."""

import json
import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.web.conftest import BASE_LOGIN, PROVIDER_LOGIN, OpenPage, Watched
from tests.web.pages import wait_until_shown
from tests.web.test_access import findings, overflow

TITLE = "某市功率半导体产业专利导航"
SUMMARY = (
    "面向某市功率半导体产业，采集全球碳化硅、氮化镓器件专利约四万件，从衬底外延、器件结构到模块封装"
    "逐段分析专利布局，给出产业方向、本地定位和发展路径建议，列出可引进企业和可合作团队名单，"
    "提交分析报告。成果写入该市半导体产业三年行动计划。"
)


def rows(page: Page) -> list[str]:
    wait_until_shown(page)
    return page.locator("#cases tbody th").all_inner_texts()


def add_a_second_use(form: Locator) -> None:
    form.get_by_role("button", name="再加一条应用情况").click()
    second = form.get_by_role("group", name="第 2 条应用情况")
    expect(second.get_by_label("成果怎样应用")).to_be_focused()
    second.get_by_label("成果怎样应用").select_option("plan_text")
    second.get_by_label("采用日期").fill("2024-06-30")


def test_manager_registers_and_changes_a_case(open_page: OpenPage, watched: Watched) -> None:
    page = open_page("/#/cases", login=PROVIDER_LOGIN)
    expect(page.get_by_text("点“登记案例”，写一件做完的导航和它的用处")).to_be_visible()

    page.get_by_role("button", name="登记案例").click()
    form = page.get_by_role("dialog", name="登记案例")
    form.get_by_label("标题").fill(TITLE)
    form.get_by_label("摘要").fill(SUMMARY)
    form.get_by_label("完成年份").fill("去年")
    form.get_by_label("采用单位").fill("某市工业和信息化局")
    form.get_by_role("button", name="登记并发布").click()
    expect(form.get_by_text("完成年份请写四位数字")).to_be_visible()
    expect(form.get_by_label("完成年份")).to_be_focused()
    form.get_by_label("完成年份").fill("2024")
    form.get_by_label("成果怎样应用").select_option("product_decision")
    add_a_second_use(form)
    form.get_by_label("数据量（件）").fill("40000")
    form.get_by_label("专利导航分析报告").check()
    with page.expect_request("**/v1/cases") as posted:
        form.get_by_role("button", name="登记并发布").click()
    sent = json.loads(posted.value.post_data or "")
    assert re.fullmatch("pv_.+", sent["provider_id"])
    assert (sent["year"], sent["data_volume"], "award" in sent) == (2024, 40_000, False)
    assert sent["deliverables"] == ["report"]
    assert [use["form"] for use in sent["application"]] == ["product_decision", "plan_text"]
    expect(page.get_by_text("案例已登记并发布。")).to_be_visible()

    page.get_by_role("button", name=TITLE, exact=True).click()
    whole = page.get_by_role("dialog", name=TITLE)
    expect(whole).to_contain_text("未核验，自行填报")
    uses = whole.locator("dl.pairs li")
    expect(uses).to_contain_text(["；某市工业和信息化局", "；2024-06-30"])
    whole.get_by_role("button", name="修改").click()
    form = page.get_by_role("dialog", name="修改案例")
    form.get_by_label("所获奖励").fill("某省优秀导航项目")
    with page.expect_request(lambda request: request.method == "PATCH") as changed:
        form.get_by_role("button", name="保存").click()
    assert json.loads(changed.value.post_data or "") == {"award": "某省优秀导航项目", "version": 1}
    expect(page.get_by_text("修改已保存。")).to_be_visible()

    assert watched.complaints == []


@pytest.mark.nightly
def test_manager_corrects_the_tags_of_a_case_and_deletes_it(open_page: OpenPage) -> None:
    page = open_page("/#/cases", login=PROVIDER_LOGIN)
    title = f"{TITLE}（四）"
    assert page.request.post("/v1/cases", data={"title": title, "summary": SUMMARY}).ok
    page.reload()
    page.get_by_role("button", name=title).click()
    whole = page.get_by_role("dialog", name=title)

    scenarios = whole.get_by_role("group", name="应用场景")
    scenarios.get_by_role("button", name="添加").click()
    scenarios.get_by_role("combobox").fill("ENT.RISK")
    scenarios.get_by_role("option").first.click()
    chosen = scenarios.locator(".chip").last.inner_text()
    with page.expect_request("**/tags") as decided:
        whole.get_by_role("button", name="保存标签").click()
    sent = json.loads(decided.value.post_data or "")
    assert "ENT.RISK" in sent["scenarios"]
    expect(scenarios).to_contain_text("人工指定")
    expect(scenarios.locator(".chip").filter(has_text=chosen.rstrip("×"))).to_be_visible()

    page.once("dialog", lambda asked: asked.dismiss())
    whole.get_by_role("button", name="删除", exact=True).click()
    expect(whole).to_be_visible()
    page.once("dialog", lambda asked: asked.accept())
    whole.get_by_role("button", name="删除", exact=True).click()
    expect(page.get_by_text("已删除。")).to_be_visible()
    assert title not in rows(page)


@pytest.mark.nightly
def test_form_of_a_case_has_no_barrier(open_page: OpenPage) -> None:
    page = open_page("/#/cases", login=PROVIDER_LOGIN, bypass_csp=True)
    page.get_by_role("button", name="登记案例").click()
    add_a_second_use(page.get_by_role("dialog", name="登记案例"))
    assert findings(page) == []
    page.emulate_media(color_scheme="dark")
    assert findings(page) == []
    page.set_viewport_size({"width": 360, "height": 800})
    assert overflow(page) == 0


@pytest.mark.nightly
def test_case_is_read_by_others_until_it_is_hidden(open_page: OpenPage) -> None:
    page = open_page("/#/cases", login=PROVIDER_LOGIN)
    title = f"{TITLE}（二）"
    body = {"title": title, "summary": SUMMARY, "publish": True}
    assert page.request.post("/v1/cases", data=body).ok
    page.reload()

    clerk = open_page("/#/cases", login=BASE_LOGIN)
    clerk.get_by_role("button", name=title).click()
    seen = clerk.get_by_role("dialog", name=title)
    expect(seen).to_contain_text("三年行动计划")
    expect(seen.get_by_role("button")).to_have_text(["关闭"])

    page.get_by_role("button", name=title).click()
    page.get_by_role("dialog", name=title).get_by_role("button", name="隐藏").click()
    expect(page.get_by_text("已隐藏，再发布即恢复。")).to_be_visible()
    clerk.reload()
    assert title not in rows(clerk)


@pytest.mark.nightly
def test_case_that_is_too_short_says_so_at_its_field(open_page: OpenPage) -> None:
    page = open_page("/#/cases", login=BASE_LOGIN)
    page.get_by_role("button", name="登记案例").click()
    form = page.get_by_role("dialog", name="登记案例")
    form.get_by_label("标题").fill(f"{TITLE}（三）")
    form.get_by_label("摘要").fill("太短。")
    form.get_by_role("button", name="存为草稿").click()
    expect(form.get_by_label("摘要")).to_be_focused()
    expect(form.locator("#case-summary-error")).not_to_be_empty()

    form.get_by_label("摘要").fill(SUMMARY)
    with page.expect_request("**/v1/cases") as posted:
        form.get_by_role("button", name="存为草稿").click()
    sent = json.loads(posted.value.post_data or "")
    assert (sent["base_id"][:3], sent["publish"]) == ("bs_", False)
    expect(page.get_by_role("row").filter(has_text="（三）")).to_contain_text("草稿")

    page.get_by_label("标题或摘要中的词").fill("没有这样的词")
    page.get_by_role("button", name="查询").click()
    expect(page.get_by_text("没有符合条件的案例。")).to_be_visible()
