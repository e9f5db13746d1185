import json
import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.web.conftest import OpenPage, Watched
from tests.web.providers import HOSTILE_NAME, HOSTILE_TITLE, PAYLOADS

TITLE = "碳化硅器件出口侵权风险排查"
TEXT = (
    "我公司要向欧洲出口碳化硅功率器件，请做专利侵权风险排查和海外风险预警，提出规避设计建议，"
    "并提交分析报告。公司在苏州，预算30-50万元，三个月内完成，服务团队不少于5人。"
)
OTHER_TEXT = (
    "公司有三件注册商标下半年到期，另有十二件专利要交年费，想找一家代理机构统一代办，请报价。"
)


def write(page: Page, text: str = TEXT, title: str = TITLE) -> None:
    page.get_by_label("标题").fill(title)
    page.get_by_label("需求描述").fill(text)


def group(page: Page, name: str) -> Locator:
    return page.get_by_role("group", name=name, exact=True)


def cards(page: Page) -> Locator:
    return page.locator("#results > ol > li > article")


def status(page: Page) -> Locator:
    return page.get_by_role("status")


def saved(page: Page) -> dict[str, Any]:
    """Save a draft and return what was sent."""
    with page.expect_request("**/v1/demands") as posted:
        page.get_by_role("button", name="存为草稿").click()
    sent: dict[str, Any] = json.loads(posted.value.post_data or "")
    return sent


def test_typing_shows_tags_facts_and_matches(open_page: OpenPage, watched: Watched) -> None:
    page = open_page()

    write(page)

    scenario = group(page, "应用场景")
    expect(scenario).to_contain_text("专利风险预警与海外风险")
    expect(scenario).to_contain_text("依据：“")
    expect(page.locator("#facts")).to_contain_text("30 万元 至 50 万元")
    expect(page.locator("#facts")).to_contain_text("苏州")
    expect(page.locator("#completeness")).to_contain_text("完整度")
    expect(status(page)).to_contain_text("预览（未保存）")
    first = cards(page).first
    expect(first).to_contain_text("苏州甲子知识产权服务有限公司")
    expect(first.locator(".band")).to_have_text(re.compile("强|较强|一般"))
    expect(first.locator(".for li").first).to_be_visible()
    assert watched.complaints == []


def test_score_is_never_a_percentage(open_page: OpenPage) -> None:
    page = open_page()

    write(page)
    cards(page).first.wait_for()

    assert "%" not in page.locator("#results").inner_text()


def test_contributions_shown_sum_to_the_total(open_page: OpenPage) -> None:
    page = open_page()
    write(page)
    cards(page).first.wait_for()

    numbers = cards(page).first.locator(".parts .number").all_inner_texts()

    *parts, total = map(float, numbers)
    assert abs(sum(parts) - total) <= 0.0005 * len(numbers)


def test_fast_typing_asks_once(open_page: OpenPage, watched: Watched) -> None:
    page = open_page()
    page.get_by_label("标题").fill(TITLE)

    page.get_by_label("需求描述").press_sequentially(TEXT[:40], delay=2)
    cards(page).first.wait_for()

    assert len(watched.previews) == 1
    assert json.loads(watched.previews[0])["description"] == TEXT[:40]


def test_title_follows_first_line_until_changed(open_page: OpenPage) -> None:
    page = open_page()
    text, title = page.get_by_label("需求描述"), page.get_by_label("标题")

    text.fill(f"量子传感器研发立项评议\n{TEXT}")
    expect(title).to_have_value("量子传感器研发立项评议")
    title.fill("另一个标题")
    text.fill(f"第三个标题在这里\n{TEXT}")

    expect(title).to_have_value("另一个标题")


def test_posting_publishes_and_ranks_with_reasons(open_page: OpenPage, watched: Watched) -> None:
    page = open_page()
    write(page)
    cards(page).first.wait_for()

    page.get_by_role("button", name="发布并匹配").click()

    expect(status(page)).to_contain_text("已发布。")
    expect(page.locator("#subject")).to_contain_text(TITLE)
    expect(page.locator("#subject")).to_contain_text("已发布")
    expect(page.locator("#demand-list [aria-current=true]")).to_contain_text(TITLE)
    expect(cards(page).first).to_contain_text("意思最接近的一处")
    expect(cards(page).first.locator("table")).to_contain_text("满足")
    expect(page.get_by_label("需求描述")).to_have_value("")
    assert re.search(r"#dm_\w+$", page.url)
    assert watched.complaints == []


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


def test_draft_can_be_published_later(open_page: OpenPage) -> None:
    page = open_page()
    write(page)
    page.get_by_role("button", name="存为草稿").click()

    page.locator("#subject").get_by_role("button", name="发布").click()

    expect(status(page)).to_contain_text("已发布。")


def test_text_that_is_no_navigation_demand_is_said_so(open_page: OpenPage) -> None:
    page = open_page()

    write(page, OTHER_TEXT, "委托办理商标续展和专利年费代缴")
    expect(page.locator("#notices")).to_contain_text("不像是专利导航需求")
    expect(cards(page)).to_have_count(0)
    expect(page.get_by_text("仍要查看最接近的")).to_be_visible()
    page.get_by_role("button", name="发布并匹配").click()

    expect(page.locator("#subject")).to_contain_text("代码：not_navigation")
    expect(page.locator("#subject")).to_contain_text("草稿")


def test_choosing_a_scenario_overrules_the_reject_class(open_page: OpenPage) -> None:
    page = open_page()
    write(page, OTHER_TEXT, "委托办理商标续展和专利年费代缴")
    expect(page.locator("#notices")).to_contain_text("不像是专利导航需求")
    scenario = group(page, "应用场景")

    scenario.get_by_role("button", name="添加").click()
    scenario.get_by_role("combobox").fill("ENT.RISK")
    page.keyboard.press("Enter")

    expect(scenario.get_by_role("button", name="移除")).to_have_count(1)
    expect(page.locator("#notices")).not_to_contain_text("不像是专利导航需求")
    page.get_by_role("button", name="发布并匹配").click()
    expect(status(page)).to_contain_text("已发布。")


def test_first_line_that_is_the_title_is_sent_once(open_page: OpenPage) -> None:
    page = open_page()
    page.get_by_label("需求描述").fill(f"{TITLE}\n{TEXT}")

    sent = saved(page)

    assert (sent["title"], sent["description"]) == (TITLE, TEXT)


def test_economic_class_is_stored_as_a_persons(open_page: OpenPage) -> None:
    page = open_page()
    write(page)
    classes = group(page, "国民经济行业")

    classes.get_by_role("button", name="添加").click()
    classes.get_by_role("combobox").fill("光电子器件")
    page.get_by_role("option", name=re.compile("光电子器件制造")).wait_for()
    page.keyboard.press("Enter")
    expect(classes).to_contain_text("人工指定")
    with page.expect_request("**/v1/demands/*/tags") as decided:
        page.get_by_role("button", name="存为草稿").click()

    assert "C3976" in json.loads(decided.value.post_data or "")["classes"]


def test_near_duplicate_of_stored_demand_is_named(open_page: OpenPage) -> None:
    page = open_page()
    write(page)
    page.get_by_role("button", name="发布并匹配").click()
    expect(status(page)).to_contain_text("已发布。")

    page.reload()
    page.get_by_text("共").first.wait_for()
    write(page)

    expect(page.locator("#notices")).to_contain_text("已有近乎相同的需求")
    expect(page.locator("#notices").get_by_role("link", name=TITLE).first).to_be_visible()


def test_stored_demand_opens_from_the_list(open_page: OpenPage) -> None:
    page = open_page()
    write(page)
    page.get_by_role("button", name="存为草稿").click()
    expect(status(page)).to_contain_text("已存为草稿。")
    page.goto("/")

    page.locator("#demand-list").get_by_role("link", name=TITLE).first.click()

    expect(page.locator("#subject")).to_contain_text(TITLE)
    cards(page).first.wait_for()


def test_form_says_what_is_missing_and_goes_there(open_page: OpenPage) -> None:
    page = open_page()
    write(page, "太短的描述，只有十几个字。", "")
    page.get_by_label("计法").evaluate("node => { document.getElementById('more').open = true; }")
    page.get_by_label("计法").select_option("range")

    page.get_by_role("button", name="发布并匹配").click()

    text = page.get_by_label("需求描述")
    expect(text).to_be_focused()
    expect(text).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#text-error")).to_contain_text("至少 30 字")
    expect(page.locator("#budget-error")).to_contain_text("请写数字")


def test_amounts_are_sent_in_fen(open_page: OpenPage) -> None:
    page = open_page()
    write(page)
    page.get_by_text("预算与期限（可选").click()
    page.get_by_label("计法").select_option("range")
    page.get_by_label("下限（万元）").fill("１２.5")
    page.get_by_label("上限（万元").fill("30")
    page.get_by_label("完成期限（天）").fill("60")

    sent = saved(page)

    assert sent["budget"] == {"kind": "range", "min_fen": 12_500_000, "max_fen": 30_000_000}
    assert sent["period_days"] == 60


def test_region_is_found_by_typing(open_page: OpenPage) -> None:
    page = open_page()
    write(page)
    region = page.get_by_label("需求所在地")

    region.fill("苏州")
    page.get_by_role("option", name=re.compile("苏州市")).first.wait_for()
    page.keyboard.press("Enter")
    expect(region).to_have_value("江苏省苏州市")

    assert saved(page)["region_code"] == "320500"


def test_problem_is_shown_with_title_and_code(open_page: OpenPage) -> None:
    page = open_page()
    problem = {"title": "服务正忙", "code": "busy", "detail": "请稍后重试。", "status": 503}
    page.route(
        "**/v1/preview",
        lambda route: route.fulfill(
            status=503, content_type="application/problem+json", body=json.dumps(problem)
        ),
    )

    write(page)

    expect(page.locator("#results")).to_contain_text("服务正忙")
    expect(page.locator("#results")).to_contain_text("代码：busy")
    page.unroute("**/v1/preview")
    page.get_by_role("button", name="重试").click()
    expect(cards(page).first).to_be_visible()


def test_lost_connection_keeps_what_was_typed(open_page: OpenPage) -> None:
    page = open_page()
    page.route("**/v1/demands", lambda route: route.abort())
    write(page)

    page.get_by_role("button", name="发布并匹配").click()

    expect(page.locator("#posting-problem")).to_contain_text("连不上服务")
    expect(page.get_by_label("需求描述")).to_have_value(TEXT)


def test_weak_matches_do_not_fill_the_list(open_page: OpenPage) -> None:
    page = open_page()

    def weaken(answer: dict[str, Any]) -> None:
        for match in answer["matches"]:
            match["band"] = "weak"

    change_preview(page, weaken)
    write(page)

    expect(page.locator("#results")).to_contain_text("没有达到阈值的匹配。可以这样做：")
    expect(cards(page)).to_have_count(0)
    expect(page.get_by_text("匹配程度为“弱”的结果")).to_be_visible()


def test_unknown_features_are_named(open_page: OpenPage) -> None:
    page = open_page()

    def forget(answer: dict[str, Any]) -> None:
        first = answer["matches"][0]
        first["coverage"] = 0.8
        first["parts"][0] |= {"title": "标题语义", "value": None, "contribution": 0.0}

    change_preview(page, forget)
    write(page)

    expect(cards(page).first).to_contain_text("没有依据、未计入：")
    expect(cards(page).first).to_contain_text("标题语义")


def test_shared_terms_are_marked_by_code_points(open_page: OpenPage) -> None:
    page = open_page()

    def mark(answer: dict[str, Any]) -> None:
        spans = [{"start": 13, "end": 15}]
        answer["matches"][0]["explanation"] |= {
            "sentence_pair": {
                "query": {"start": 10, "end": 17, "text": "𠮷😀的专利有风险"[:7]},
                "candidate": {"start": 0, "end": 4, "text": "专利检索"},
            },
            "shared_terms": [
                {
                    "text": "专利",
                    "weight": 1.0,
                    "query_spans": [*spans, {"start": 90, "end": 92}],
                    "candidate_spans": [{"start": 0, "end": 2}],
                }
            ],
        }

    change_preview(page, mark)
    write(page)

    expect(cards(page).first.locator("mark")).to_have_text(["专利", "专利"])


def test_hostile_texts_stay_text(open_page: OpenPage, watched: Watched) -> None:
    page = open_page()
    text = f"{TEXT}{''.join(PAYLOADS)}"

    write(page, text, f"量子传感器侵权排查{PAYLOADS[1]}")
    page.get_by_role("button", name="存为草稿").click()
    expect(status(page)).to_contain_text("已存为草稿。")
    for summary in page.locator("summary").all():
        summary.click()

    shown = page.locator("body").inner_text()
    assert HOSTILE_NAME in shown
    assert HOSTILE_TITLE in shown
    assert page.evaluate("typeof window.broken") == "undefined"
    assert page.locator("#results script, #results img, #subject img, #demands img").count() == 0
    assert watched.complaints == []


def change_preview(page: Page, change: Any) -> None:
    """Let the server answer a preview, then change the answer."""

    def answer(route: Any) -> None:
        response = route.fetch()
        content = response.json()
        change(content)
        route.fulfill(response=response, json=content)

    page.route("**/v1/preview", answer)
