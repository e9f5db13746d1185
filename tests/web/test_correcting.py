import json
import re

import pytest
from playwright.sync_api import expect

from tests.web.conftest import PROVIDER_LOGIN, OpenPage
from tests.web.user import OTHER_TEXT, OTHER_TITLE, TEXT, cards, group, saved, status, write


def test_corrected_tags_are_stored_as_a_persons(open_page: OpenPage, site: str) -> None:
    page = open_page()
    write(page)
    scenario = group(page, "应用场景")
    scenario.get_by_role("button", name="移除应用场景“专利风险预警与海外风险”").click()

    scenario.get_by_role("combobox").fill("海外布局")
    scenario.get_by_role("combobox").fill("研发立项")
    page.keyboard.press("Enter")
    expect(scenario).to_contain_text("人工指定")
    with page.expect_response("**/v1/demands") as posted:
        page.get_by_role("button", name="存为草稿").click()

    expect(status(page)).to_contain_text("已存为草稿。")
    tags = [tag for tag in posted.value.json()["tags"] if tag["scheme"] == "scenario"]
    assert [(tag["code"], tag["source"]) for tag in tags] == [("RND.INIT", "human")]


def test_removing_every_scenario_asks_for_another(open_page: OpenPage) -> None:
    page = open_page()
    write(page)
    scenario = group(page, "应用场景")

    expect(scenario).to_contain_text("专利风险预警与海外风险")
    remove = scenario.get_by_role("button", name="移除")
    for _ in range(remove.count()):
        remove.first.click()

    expect(scenario).to_contain_text("请另选一个；不选则仍按自动识别")
    expect(scenario.get_by_role("combobox")).to_be_focused()
    scenario.get_by_role("button", name="恢复自动识别").click()
    expect(scenario).to_contain_text("专利风险预警与海外风险")


def test_economic_class_is_stored_as_a_persons(open_page: OpenPage) -> None:
    page = open_page()
    write(page)
    classes = group(page, "国民经济行业")

    classes.get_by_role("button", name="添加").click()
    classes.get_by_role("combobox").fill("光电子器件")
    page.get_by_role("option", name=re.compile("光电子器件制造")).wait_for()
    page.keyboard.press("Enter")
    expect(classes).to_contain_text("人工指定")

    assert "C3976" in saved(page)["class_tags"]


def test_choosing_a_scenario_overrules_the_reject_class(open_page: OpenPage) -> None:
    page = open_page()
    write(page, OTHER_TEXT, OTHER_TITLE)
    expect(page.locator("#notices")).to_contain_text("不像是专利导航需求")
    scenario = group(page, "应用场景")

    scenario.get_by_role("button", name="添加").click()
    scenario.get_by_role("combobox").fill("ENT.RISK")
    page.keyboard.press("Enter")

    expect(scenario.get_by_role("button", name="移除")).to_have_count(1)
    expect(page.locator("#notices")).not_to_contain_text("不像是专利导航需求")
    page.get_by_role("button", name="发布并匹配").click()
    expect(status(page)).to_contain_text("已发布。")


def test_stored_tags_can_be_corrected(open_page: OpenPage) -> None:
    page = open_page()
    write(page)
    page.get_by_role("button", name="存为草稿").click()
    stored = page.locator("#stored-industries")

    stored.get_by_role("button", name="添加").click()
    stored.get_by_role("combobox").fill("生物医药")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="保存标签并重新匹配").click()

    expect(status(page)).to_contain_text("标签已保存。")
    expect(stored).to_contain_text("人工指定")
    expect(stored).to_contain_text("生物医药")
    page.get_by_role("button", name="恢复自动标签").click()
    expect(stored).to_contain_text("自动识别")


def test_economic_class_is_shown_and_corrected_after_saving(open_page: OpenPage) -> None:
    page = open_page()
    write(page)
    page.get_by_role("button", name="存为草稿").click()
    stored = page.locator("#stored-classes")
    expect(stored).to_contain_text("自动识别")

    stored.get_by_role("button", name="添加").click()
    stored.get_by_role("combobox").fill("光电子器件")
    page.get_by_role("option", name=re.compile("光电子器件制造")).wait_for()
    page.keyboard.press("Enter")
    with page.expect_request("**/tags") as sent:
        page.get_by_role("button", name="保存标签并重新匹配").click()

    assert "C3976" in json.loads(sent.value.post_data or "")["classes"]
    expect(status(page)).to_contain_text("标签已保存。")
    expect(stored).to_contain_text("人工指定")
    page.get_by_text("需求全文与各项事实").click()
    facts = page.locator("#subject dt:text-is('国民经济行业') + dd")
    expect(facts).to_contain_text("光电子器件制造")
    page.get_by_role("button", name="恢复自动标签").click()
    expect(stored).to_contain_text("自动识别")
    expect(facts).not_to_contain_text("光电子器件制造")


def test_text_that_is_no_navigation_demand_is_said_so(open_page: OpenPage) -> None:
    page = open_page()

    write(page, OTHER_TEXT, OTHER_TITLE)
    expect(page.locator("#notices")).to_contain_text("不像是专利导航需求")
    expect(cards(page)).to_have_count(0)
    expect(page.get_by_text("仍要查看最接近的")).to_be_visible()
    page.get_by_role("button", name="发布并匹配").click()

    expect(page.locator("#subject")).to_contain_text("代码：not_navigation")
    expect(page.locator("#subject")).to_contain_text("草稿")


def test_what_the_form_says_counts_like_what_the_text_says(open_page: OpenPage) -> None:
    page = open_page()
    write(page, TEXT.replace("，三个月内完成", ""))
    completeness, facts = page.locator("#completeness"), page.locator("#facts")
    expect(completeness).to_contain_text("大约需要多长时间")
    before = score(completeness.inner_text())

    completeness.get_by_role("button", name=re.compile("大约需要多长时间")).click()
    page.get_by_label("完成期限（天）").fill("两个月")
    page.get_by_role("button", name="发布并匹配").click()
    expect(page.locator("#period-error")).to_contain_text("完成期限请写天数")
    page.get_by_label("完成期限（天）").fill("60")

    expect(page.locator("#period-error")).to_be_empty()
    expect(facts).to_contain_text("60 天")
    expect(completeness).not_to_contain_text("大约需要多长时间")
    assert score(completeness.inner_text()) > before


def score(words: str) -> int:
    found = re.search(r"完整度 (\d+) 分", words)
    assert found
    return int(found[1])


def test_manager_says_of_a_capability_what_its_text_does_not(open_page: OpenPage) -> None:
    page = open_page("/#/profile", login=PROVIDER_LOGIN)
    page.get_by_role("button", name="登记一项能力").click()
    drawer = page.get_by_role("dialog", name="登记一项能力")
    drawer.get_by_label("标题").fill("面向园区的专利服务")
    drawer.get_by_label("能力描述").fill(
        "我们可以为园区提供各类专利服务，团队经验丰富，随时响应需要。"
    )
    expect(drawer).to_contain_text("没有看出服务于哪种决策")
    expect(drawer).to_contain_text("没有填通常工期")

    scenario = group(page, "应用场景")
    scenario.get_by_role("button", name="添加").click()
    scenario.get_by_role("combobox").fill("研发立项")
    page.keyboard.press("Enter")
    expect(scenario).to_contain_text("人工指定")
    expect(drawer).not_to_contain_text("没有看出服务于哪种决策")
    drawer.get_by_label("最短（天）").fill("60")
    drawer.get_by_label("最长（天）").fill("30")
    drawer.get_by_role("button", name="保存").click()
    expect(drawer).to_contain_text("最短天数不能大于最长天数。")
    drawer.get_by_label("最长（天）").fill("90")
    expect(drawer).not_to_contain_text("没有填通常工期")
    drawer.get_by_role("radio", name="服务基地可见").check()
    drawer.get_by_role("button", name="保存").click()

    row = page.get_by_role("row").filter(has_text="面向园区的专利服务")
    expect(row).to_contain_text("60 至 90 天")
    expect(row).to_contain_text("服务基地可见")
    expect(row).to_contain_text("研发立项")
    row.get_by_role("button", name="查看与修改").click()
    expect(scenario).to_contain_text("人工指定")
    page.get_by_role("button", name="全部恢复自动识别").click()
    expect(page.get_by_role("dialog")).to_contain_text("没有看出服务于哪种决策")
    page.get_by_role("dialog").get_by_role("button", name="保存").click()
    expect(row).not_to_contain_text("研发立项")


@pytest.mark.nightly
def test_manager_says_the_least_a_provider_takes_on(open_page: OpenPage) -> None:
    page = open_page("/#/profile", login=PROVIDER_LOGIN)
    facts = page.get_by_role("region", name="苏州甲子知识产权服务有限公司")
    facts.get_by_role("button", name="修改", exact=True).click()
    drawer = page.get_by_role("dialog", name="修改机构信息")
    drawer.get_by_label("最低承接金额（万元）").fill("12.5")
    drawer.get_by_label("最短承接周期（天）").fill("20")
    drawer.get_by_label("能驻场或本地部署").select_option("不能")
    served = drawer.get_by_role("group", name="服务区域")
    expect(served).to_contain_text("全国")
    served.get_by_role("combobox").click()
    served.get_by_role("option", name="江苏省").click()
    expect(served.get_by_role("listitem")).to_have_text(["江苏省×"])
    drawer.get_by_role("button", name="添加一项资质").click()
    credential = drawer.get_by_role("group", name="第 1 项资质")
    credential.get_by_label("种类").select_option("保密资质")
    credential.get_by_label("有效期至（可不填）").fill("2028-12-31")
    drawer.get_by_role("button", name="保存").click()

    expect(facts).to_contain_text("12.5 万元")
    expect(facts).to_contain_text("20 天")
    expect(facts.locator("dt:has-text('服务区域') + dd")).to_have_text("江苏省")
    expect(facts.locator("dt:has-text('资质') + dd")).to_have_text("保密资质（自行填报）")
    expect(facts.locator("dt:has-text('能驻场或本地部署') + dd")).to_have_text("否")
