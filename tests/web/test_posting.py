import json
import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.web.conftest import BASE_LOGIN, PROVIDER_LOGIN, OpenPage, Watched
from tests.web.pages import wait_until_shown
from tests.web.providers import HOSTILE_NAME, HOSTILE_TITLE, PAYLOADS
from tests.web.user import TEXT, TITLE, cards, change_answer, saved, status, write


def test_posting_publishes_and_ranks_with_reasons(open_page: OpenPage, watched: Watched) -> None:
    page = open_page()
    write(page)
    cards(page).first.wait_for()

    page.get_by_role("button", name="发布并匹配").click()

    expect(status(page)).to_contain_text("已发布。")
    expect(page.locator("#subject")).to_contain_text(TITLE)
    expect(page.locator("#subject")).to_contain_text("已发布")
    expect(cards(page).first).to_contain_text("意思最接近的一处")
    expect(cards(page).first.locator("table")).to_contain_text("满足")
    assert re.search(r"#/demands/dm_\w+$", page.url)
    page.go_back()
    expect(page.get_by_label("需求描述")).to_have_value("")
    assert watched.complaints == []


def test_draft_can_be_published_later(open_page: OpenPage) -> None:
    page = open_page()
    write(page)
    page.get_by_role("button", name="存为草稿").click()

    page.locator("#subject").get_by_role("button", name="发布").click()

    expect(status(page)).to_contain_text("已发布。")


def test_near_duplicate_of_stored_demand_is_named(open_page: OpenPage) -> None:
    page = open_page()
    write(page)
    page.get_by_role("button", name="发布并匹配").click()
    expect(status(page)).to_contain_text("已发布。")

    page.get_by_role("navigation").get_by_role("link", name="发布需求").click()
    write(page)

    expect(page.locator("#notices")).to_contain_text("已有近乎相同的需求")
    expect(page.locator("#notices").get_by_role("link", name=TITLE).first).to_be_visible()


def test_stored_demand_opens_from_the_list(open_page: OpenPage) -> None:
    page = open_page()
    write(page)
    page.get_by_role("button", name="存为草稿").click()
    expect(status(page)).to_contain_text("已存为草稿。")
    page.get_by_role("navigation").get_by_role("link", name="全部需求", exact=True).click()

    page.locator("#demands").get_by_role("link", name=TITLE).first.click()

    expect(page.locator("#subject")).to_contain_text(TITLE)
    cards(page).first.wait_for()


def test_demonstration_rows_are_said_to_be_invented(open_page: OpenPage) -> None:
    page = open_page()
    write(page)
    page.get_by_role("button", name="存为草稿").click()
    expect(status(page)).to_contain_text("已存为草稿。")

    def mark(answer: dict[str, Any]) -> None:
        answer["items"][0]["source_ref"] = "demo:D-1"

    change_answer(page, "**/v1/demands?*", mark)
    page.get_by_role("navigation").get_by_role("link", name="全部需求", exact=True).click()

    expect(page.locator("#demands tbody tr").first).to_contain_text("演示")


@pytest.mark.parametrize("path", ["start", "recommended", "profile", "account"])
def test_every_page_says_that_there_is_demonstration_data(open_page: OpenPage, path: str) -> None:
    page = open_page(f"/#/{path}", login=PROVIDER_LOGIN)
    wait_until_shown(page)
    said = page.get_by_text("机构、需求和案例均为虚构")
    expect(said).to_have_count(0)

    change_answer(page, "**/v1/session", lambda answer: answer.update(has_demo_data=True))
    page.reload()

    expect(said).to_be_visible()


def test_form_says_what_is_missing_and_goes_there(open_page: OpenPage) -> None:
    page = open_page()
    write(page, "太短的描述，只有十几个字。", "")
    page.get_by_label("怎样写明").evaluate(
        "node => { document.getElementById('more').open = true; }"
    )
    page.get_by_label("怎样写明").select_option("range")

    page.get_by_role("button", name="发布并匹配").click()

    text = page.get_by_label("需求描述")
    expect(text).to_be_focused()
    expect(text).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#text-error")).to_contain_text("至少 30 字")
    expect(page.locator("#budget-error")).to_contain_text("请写数字")


def test_first_line_that_is_the_title_is_sent_once(open_page: OpenPage) -> None:
    page = open_page()
    page.get_by_label("需求描述").fill(f"{TITLE}\n{TEXT}")

    sent = saved(page)

    assert (sent["title"], sent["description"]) == (TITLE, TEXT)


def test_amounts_are_sent_in_fen(open_page: OpenPage) -> None:
    page = open_page()
    write(page)
    page.get_by_text("预算与期限（可选").click()
    page.get_by_label("怎样写明").select_option("range")
    page.get_by_label("下限（万元）").fill("１２.5")
    page.get_by_label("上限（万元").fill("30")
    page.get_by_label("完成期限（天）").fill("60")

    sent = saved(page)

    assert sent["budget"] == {"kind": "range", "min_fen": 12_500_000, "max_fen": 30_000_000}
    assert sent["period_days"] == 60


def test_who_sees_a_demand_is_chosen_and_changed(open_page: OpenPage) -> None:
    page = open_page(login=BASE_LOGIN)
    provider = open_page("/#/start", login=PROVIDER_LOGIN)
    write(page)
    page.get_by_text("谁看得到：平台内可见").click()
    levels = page.get_by_role("group", name="可见范围")
    expect(levels.get_by_role("radio")).to_have_count(6)
    expect(levels).to_contain_text("邀请了也看不到；可以先自己看匹配")
    levels.get_by_role("radio", name="公开").check()
    page.get_by_role("radio", name="限定范围").check()
    page.get_by_role("button", name="发布并匹配").click()
    expect(page.locator("#visibility-error")).to_contain_text("限定范围的需求不能公开")
    expect(levels.get_by_role("radio", name="公开")).to_be_focused()

    levels.get_by_role("radio", name="仅自己可见").check()
    page.get_by_role("radio", name="隐去服务对象").check()
    page.get_by_role("button", name="发布并匹配").click()
    expect(status(page)).to_contain_text("已发布。")
    address = f"/v1/demands/{page.url.rsplit('/', 1)[1]}"
    stored = page.request.get(address).json()
    assert (stored["visibility"], stored["confidentiality"]) == ("private", "masked")
    assert provider.request.get(address).status == 404

    page.get_by_role("button", name="修改需求").click()
    drawer = page.get_by_role("dialog", name="修改需求")
    drawer.get_by_text("谁看得到：仅自己可见；隐去服务对象").click()
    drawer.get_by_role("radio", name="平台内可见").check()
    drawer.get_by_text("预算与期限（可选").click()
    drawer.get_by_label("完成期限（天）").fill("75")
    with page.expect_request("**/v1/demands/*") as sent:
        drawer.get_by_role("button", name="保存").click()
    expect(status(page)).to_contain_text("修改已保存。")
    changed = sent.value.post_data_json
    assert changed == {"visibility": "platform", "period_days": 75, "version": stored["version"]}
    assert provider.request.get(address).ok


def test_region_is_found_by_typing(open_page: OpenPage) -> None:
    page = open_page()
    write(page)
    region = page.get_by_label("需求所在地")

    region.fill("苏州")
    page.get_by_role("option", name=re.compile("苏州市")).first.wait_for()
    page.keyboard.press("Enter")
    expect(region).to_have_value("江苏省苏州市")

    assert saved(page)["region_code"] == "320500"


def test_clerk_says_whom_a_demand_is_for_and_takes_it_back(open_page: OpenPage) -> None:
    name = "苏州示例使用单位有限公司"
    body = {"name": name, "org_type": "enterprise"}
    assert open_page("/#/start").request.post("/v1/organisations", data=body).ok
    page = open_page(login=BASE_LOGIN)
    write(page, title="碳化硅器件出口风险排查（有使用单位）")

    page.get_by_label("成果使用单位").fill("苏州示例")
    expect(page.get_by_role("option", name="没有相符的选项")).to_be_visible()
    page.get_by_label("成果使用单位").fill(name)
    page.get_by_role("option", name=name).click()
    assert "recipient_id" in saved(page)

    page.get_by_text("需求全文与各项事实").click()
    told = page.locator("#subject dl dt", has_text="使用单位").locator("+ dd")
    expect(told).to_have_text(name)
    page.get_by_role("button", name="修改需求").click()
    drawer = page.get_by_role("dialog", name="修改需求")
    expect(drawer.get_by_label("成果使用单位")).to_have_value(name)
    drawer.get_by_label("成果使用单位").fill("")
    with page.expect_request(lambda request: request.method == "PATCH") as changed:
        drawer.get_by_role("button", name="保存").click()
    assert json.loads(changed.value.post_data or "") == {"recipient_id": None, "version": 1}
    expect(status(page)).to_contain_text("修改已保存。")
    expect(told).to_have_count(0)


def test_lost_connection_keeps_what_was_typed(open_page: OpenPage) -> None:
    page = open_page()
    page.route("**/v1/demands", lambda route: route.abort())
    write(page)

    page.get_by_role("button", name="发布并匹配").click()

    expect(page.locator("#posting-problem")).to_contain_text("连不上服务")
    expect(page.get_by_label("需求描述")).to_have_value(TEXT)


def test_hostile_texts_stay_text(open_page: OpenPage, watched: Watched) -> None:
    page = open_page()
    text = f"{TEXT}{''.join(PAYLOADS)}"

    write(page, text, f"量子传感器侵权排查{PAYLOADS[1]}")
    page.get_by_role("button", name="存为草稿").click()
    expect(status(page)).to_contain_text("已存为草稿。")
    page.locator("#results .card").first.wait_for(state="attached")
    for summary in page.locator("summary").all():
        summary.click()

    shown = page.locator("body").inner_text()
    assert HOSTILE_NAME in shown
    assert HOSTILE_TITLE in shown
    assert page.evaluate("typeof window.broken") == "undefined"
    assert page.locator("#results script, #results img, #subject img, #demands img").count() == 0
    assert watched.complaints == []
