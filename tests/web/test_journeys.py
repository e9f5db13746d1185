"""What a base clerk, a provider's manager and an operator do with the console."""

import re

from playwright.sync_api import expect

from models.deadline import OVERDUE
from tests.web.conftest import BASE_LOGIN, PROVIDER_LOGIN, OpenPage, Watched
from tests.web.pages import post_demand, wait_until_shown
from tests.web.user import TEXT, TITLE, cards, status, write


def test_clerk_starts_with_a_sample_text(open_page: OpenPage, watched: Watched) -> None:
    page = open_page("/#/start", login=BASE_LOGIN)

    page.get_by_role("button", name="企业：出口风险").click()

    expect(page.get_by_label("标题")).to_have_value("烧结钕铁硼磁体出口德国侵权风险排查")
    expect(status(page)).to_contain_text("预览（未保存）：")
    assert watched.complaints == []


def test_clerk_is_told_what_a_missing_fact_would_bring(open_page: OpenPage) -> None:
    page = open_page(login=BASE_LOGIN)

    write(page, "排查功率半导体出口欧洲的专利侵权风险，给出规避设计建议。")

    completeness = page.locator("#completeness")
    expect(completeness).to_contain_text(re.compile(r"补上加 \d+ 分；所列机构可多核对 \d+ 家"))
    completeness.get_by_role("button", name=re.compile("去填写.*预算|去填写.*经费")).click()
    expect(page.get_by_label("怎样写明")).to_be_focused()


def test_what_is_written_waits_while_another_page_is_read(open_page: OpenPage) -> None:
    page = open_page(login=BASE_LOGIN)
    write(page)
    cards(page).first.wait_for()

    page.get_by_role("link", name="我的需求").click()
    page.get_by_role("navigation").get_by_role("link", name="发布需求").click()

    expect(page.get_by_label("需求描述")).to_have_value(TEXT)
    cards(page).first.wait_for()


def test_clerk_finds_own_demand_reads_it_and_compares(open_page: OpenPage) -> None:
    page = open_page("/#/start", login=BASE_LOGIN)
    post_demand(page)
    page.get_by_role("navigation").get_by_role("link", name="我的需求").click()

    page.get_by_label("关键词或编号").fill("碳化硅")
    page.get_by_label("状态").select_option("published")
    page.get_by_role("button", name="查询").click()
    page.locator("#demands tbody").get_by_role("button", name=TITLE).first.click()
    drawer = page.get_by_role("dialog")
    expect(drawer).to_contain_text("30 至 50 万元")
    drawer.get_by_role("link", name="看匹配").click()

    expect(status(page)).to_contain_text("家匹配的服务机构")
    boxes = page.get_by_label("加入比较")
    boxes.nth(0).check()
    boxes.nth(1).check()
    page.get_by_role("button", name="比较", exact=True).click()
    table = page.get_by_role("dialog", name="并排比较").get_by_role("table")
    expect(table.get_by_role("columnheader")).to_have_count(2)
    expect(table).to_contain_text(re.compile("满足|待核实"))


def test_filters_that_fit_nothing_say_what_to_do(open_page: OpenPage) -> None:
    page = open_page("/#/demands", login=BASE_LOGIN)
    page.get_by_label("关键词或编号").fill("没有任何需求会写的词")
    page.get_by_role("button", name="查询").click()

    expect(page.locator("#demands")).to_contain_text("没有符合条件的需求。")
    page.get_by_role("button", name="重置").click()
    expect(page.locator("#demands")).not_to_contain_text("没有符合条件的需求。")


def test_draft_is_opened_and_not_matched(open_page: OpenPage) -> None:
    page = open_page("/#/start", login=BASE_LOGIN)
    for is_published in (False, True):
        title = "已发布的需求" if is_published else "没写完的需求"
        given = {"title": title, "description": TEXT, "publish": is_published}
        assert page.request.post("/v1/demands", data=given).ok
    page.get_by_role("navigation").get_by_role("link", name="我的需求").click()

    rows = page.locator("#demands tbody tr")
    expect(rows.filter(has_text="没写完的需求").get_by_role("link")).to_contain_text("查看")
    expect(rows.filter(has_text="已发布的需求").get_by_role("link")).to_contain_text("看匹配")


def test_clerk_takes_a_report_to_a_meeting(open_page: OpenPage) -> None:
    page = open_page("/#/start", login=BASE_LOGIN)
    page.goto(f"/#/demands/{post_demand(page)}")

    with page.expect_download() as downloading:
        page.get_by_role("link", name="会议报告（Word）").click()
    assert downloading.value.suggested_filename.endswith(".docx")
    with page.expect_popup() as opening:
        page.get_by_role("link", name="打印页").click()
    expect(opening.value.locator("body")).to_contain_text(TITLE)


def test_published_demand_is_paused_and_published_again(open_page: OpenPage) -> None:
    page = open_page("/#/start", login=BASE_LOGIN)
    key = post_demand(page)
    page.goto(f"/#/demands/{key}")

    page.get_by_role("button", name="暂停").click()
    expect(status(page)).to_contain_text("已暂停。")
    page.locator("#subject").get_by_role("button", name="发布").click()

    expect(status(page)).to_contain_text("已发布。")


def test_base_and_provider_come_together(open_page: OpenPage) -> None:
    clerk = open_page("/#/start", login=BASE_LOGIN)
    key = post_demand(clerk)
    clerk.goto(f"/#/demands/{key}")
    card = cards(clerk).filter(has_text="苏州甲子知识产权服务有限公司").first
    card.get_by_role("button", name="列入候选").click()
    expect(card.locator(".dealing-state")).to_contain_text("候选")
    card.get_by_role("button", name="邀请").click()
    expect(card.locator(".dealing-state")).to_contain_text("已邀请")

    manager = open_page("/#/dealings", login=PROVIDER_LOGIN)
    manager.get_by_role("button", name=re.compile("经过与答复")).first.click()
    drawer = manager.get_by_role("dialog")
    drawer.get_by_role("button", name="提问").click()
    drawer.get_by_label("内容").fill("请问能否在九月底前完成？")
    drawer.get_by_role("button", name="确定提问").click()
    expect(drawer.locator(".events")).to_contain_text("请问能否在九月底前完成？")
    drawer.get_by_role("button", name="接受").click()
    expect(drawer.locator(".events")).to_contain_text("接受")

    drawer.get_by_role("button", name="查看对方联系人").click()
    expect(drawer).to_contain_text("这条记录没有登记联系人。")
    clerk.get_by_text("联系人", exact=True).click()
    clerk.get_by_label("姓名").fill("示例联系人")
    clerk.get_by_label("电话").fill("0512-00000000")
    clerk.get_by_role("button", name="保存联系人").click()
    expect(clerk.locator("#subject")).to_contain_text("联系人已保存。")
    drawer.get_by_role("button", name="查看对方联系人").click()
    expect(drawer.get_by_text("0512-00000000")).to_be_visible()

    clerk.get_by_role("button", name="查看已登记的联系人").click()
    expect(clerk.locator("#subject").get_by_text("0512-00000000")).to_be_visible()
    clerk.once("dialog", lambda dialog: dialog.accept())
    clerk.get_by_role("button", name="删除联系人").click()
    expect(clerk.locator("#subject")).to_contain_text("联系人已删除。")
    expect(clerk.locator("#subject").get_by_text("0512-00000000")).to_have_count(0)
    drawer.get_by_role("button", name="查看对方联系人").click()
    expect(drawer).to_contain_text("这条记录没有登记联系人。")

    clerk.get_by_role("navigation").get_by_role("link", name="通知").click()
    expect(clerk.locator("main")).to_contain_text("未读")
    clerk.get_by_role("button", name="全部标为已读").click()
    expect(clerk.locator("main")).not_to_contain_text("未读")


def test_provider_is_hidden_with_a_reason_and_shown_again(open_page: OpenPage) -> None:
    page = open_page("/#/start", login=BASE_LOGIN)
    page.goto(f"/#/demands/{post_demand(page)}")
    wait_until_shown(page)
    name = cards(page).first.locator("h3").inner_text()

    cards(page).first.get_by_role("button", name="不再显示").click()
    cards(page).first.get_by_label("原因").select_option("price_high")
    cards(page).first.get_by_role("button", name="确定不再显示").click()

    page.get_by_text("查看 1 家不再显示的机构").click()
    hidden = page.locator("#results details ol article").filter(has_text=name)
    expect(hidden).to_contain_text("不再显示：报价过高")
    hidden.get_by_role("button", name="恢复显示").click()
    expect(page.get_by_text("不再显示的机构")).to_have_count(0)


def test_manager_declines_a_recommended_demand_with_a_reason(open_page: OpenPage) -> None:
    post_demand(open_page("/#/start", login=BASE_LOGIN))
    page = open_page("/#/recommended", login=PROVIDER_LOGIN)
    card = cards(page).first
    expect(card).to_contain_text("贵机构写道")

    card.get_by_role("button", name="谢绝").click()
    card.get_by_label("原因").select_option("period_short")
    card.get_by_role("button", name="确定谢绝").click()

    expect(card.locator(".dealing-state")).to_contain_text("谢绝")


def test_recommended_demands_that_come_too_late_ask_for_nothing_shorter(
    open_page: OpenPage,
) -> None:
    page = open_page("/#/start", login=PROVIDER_LOGIN)
    late = {"title": "没有在时限内完成", "code": "deadline", "detail": OVERDUE, "request_id": "r-1"}
    page.route("**/v1/providers/*/matches?*", lambda route: route.fulfill(status=503, json=late))
    page.goto("/#/recommended")

    said = page.get_by_role("region", name="推荐的需求")
    expect(said).to_contain_text("没有在时限内完成")
    expect(said).to_contain_text("请稍后重试")
    expect(said).to_contain_text("r-1")
    expect(said).not_to_contain_text("缩短")


def test_manager_asks_why_a_demand_is_recommended(open_page: OpenPage) -> None:
    clerk = open_page("/#/start", login=BASE_LOGIN)
    number = clerk.request.get(f"/v1/demands/{post_demand(clerk)}").json()["demand_no"]
    page = open_page("/#/recommended", login=PROVIDER_LOGIN)
    wait_until_shown(page)

    page.get_by_label("需求编号").fill(number)
    page.get_by_role("button", name="查看原因").click()
    why = page.get_by_role("region", name="为什么推荐（或不推荐）这条需求")
    expect(why.get_by_role("article")).to_contain_text("意思最接近的一处")
    expect(why).to_contain_text("推荐")

    page.get_by_label("需求编号").fill("XQ-00-2026-999999")
    page.get_by_role("button", name="查看原因").click()
    expect(page.locator("main")).to_contain_text("没有这条需求")


def test_manager_is_advised_while_writing_a_capability(open_page: OpenPage) -> None:
    page = open_page("/#/profile", login=PROVIDER_LOGIN)
    page.get_by_role("button", name="登记一项能力").click()
    drawer = page.get_by_role("dialog", name="登记一项能力")

    drawer.get_by_label("标题").fill("专利服务")
    drawer.get_by_label("能力描述").fill("我们团队经验丰富，可以做各类专利服务。")
    expect(drawer).to_contain_text("没有写明交付什么")
    drawer.get_by_label("标题").fill("储能电池出口侵权风险排查")
    drawer.get_by_label("能力描述").fill(
        "面向储能电池企业，逐项比对电芯、电池管理系统和热管理方面的专利权利要求，"
        "出具侵权风险排查报告、风险专利名单和规避设计建议，数据来自主要国家和地区的专利文献。"
    )
    expect(drawer).not_to_contain_text("没有写明交付什么")
    drawer.get_by_role("button", name="保存").click()

    expect(page.locator("main")).to_contain_text("已保存，匹配随即更新。")
    expect(page.get_by_role("table")).to_contain_text("储能电池出口侵权风险排查")


def test_operator_issues_a_widget_token(open_page: OpenPage) -> None:
    page = open_page("/#/widgets")
    page.get_by_role("button", name="签发令牌").click()
    drawer = page.get_by_role("dialog", name="签发令牌")
    drawer.get_by_label("用途", exact=True).fill("门户首页")
    drawer.get_by_label("许可的网站").fill("https://portal.example.gov.cn")
    drawer.get_by_role("button", name="签发", exact=True).click()

    row = page.get_by_role("row").filter(has_text="门户首页")
    expect(row).to_contain_text("https://portal.example.gov.cn")


def test_operator_copies_the_code_of_what_a_token_allows(open_page: OpenPage, site: str) -> None:
    page = open_page("/#/widgets")
    token = page.request.post(
        "/v1/widget-tokens",
        data={
            "name": "案例专栏",
            "origins": ["https://a.example"],
            "kinds": ["cases", "providers"],
        },
    ).json()["token"]
    page.reload()
    row = page.get_by_role("row").filter(has_text="案例专栏")
    row.get_by_role("button", name="嵌入代码").click()
    drawer = page.get_by_role("dialog", name="嵌入代码")

    expect(drawer.locator("pre")).to_have_count(3)
    element, frame, script = drawer.locator("pre").all_inner_texts()
    assert f'<navmatch-matches kind="cases" token="{token}">' in element
    assert "<iframe" in frame
    assert token in frame
    assert "navmatch-autosize.js" in script
    for line in (f"script-src {site}", f"connect-src {site}", f"frame-src {site}"):
        expect(drawer.get_by_role("listitem").filter(has_text=line)).to_have_count(1)
    preview = page.frame_locator("iframe[title='预览：案例']")
    expect(preview.get_by_role("heading", name="案例")).to_be_visible()
    expect(preview.locator("navmatch-matches")).to_contain_text("暂无公开的案例")
    assert drawer.get_by_role("option").all_inner_texts() == ["案例", "推荐的服务机构"]

    drawer.get_by_label("显示什么").select_option("推荐的服务机构")
    expect(drawer.locator("pre")).to_have_count(0)
    key = "dm_01J9Z3K7Q2W8X4Y6A5B1C0D9EF"
    drawer.get_by_label("给哪条需求推荐").fill(key)
    drawer.get_by_label("给哪条需求推荐").press("Enter")
    expect(drawer.locator("pre").first).to_contain_text(f'demand="{key}"')
