import json
import re
from typing import Any

from playwright.sync_api import expect

from tests.web.conftest import OpenPage, Watched
from tests.web.user import TEXT, TITLE, cards, change_preview, group, status, write


def test_typing_shows_tags_facts_and_matches(open_page: OpenPage, watched: Watched) -> None:
    page = open_page()

    write(page)

    scenario = group(page, "应用场景")
    expect(scenario).to_contain_text("专利风险预警与海外风险")
    expect(scenario).to_contain_text("依据：“")
    expect(page.locator("#facts")).to_contain_text("30 至 50 万元")
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
    page.clock.install(time=0)
    page.clock.pause_at(60_000)
    page.get_by_label("标题").fill(TITLE)

    page.get_by_label("需求描述").press_sequentially(TEXT[:40])
    assert watched.previews == []
    page.clock.run_for(300)
    cards(page).first.wait_for()

    assert len(watched.previews) == 1
    assert json.loads(watched.previews[0])["description"] == TEXT[:40]


def test_emptied_text_takes_its_tags_along(open_page: OpenPage) -> None:
    page = open_page()
    write(page)
    cards(page).first.wait_for()

    page.get_by_label("需求描述").fill("")

    expect(page.locator("#tags")).to_be_hidden()
    expect(page.locator("#results")).to_contain_text("粘贴或写下需求")


def test_too_long_text_is_said_so_and_not_sent(open_page: OpenPage, watched: Watched) -> None:
    page = open_page()

    write(page, "长" * 5001)

    expect(page.locator("#text-error")).to_contain_text("最多 5000 字，现在 5001 字。")
    assert watched.previews == []


def test_title_follows_first_line_until_changed(open_page: OpenPage) -> None:
    page = open_page()
    text, title = page.get_by_label("需求描述"), page.get_by_label("标题")

    text.fill(f"量子传感器研发立项评议\n{TEXT}")
    expect(title).to_have_value("量子传感器研发立项评议")
    title.fill("另一个标题")
    text.fill(f"第三个标题在这里\n{TEXT}")

    expect(title).to_have_value("另一个标题")


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


def test_weak_matches_do_not_fill_the_list(open_page: OpenPage) -> None:
    page = open_page()

    def weaken(answer: dict[str, Any]) -> None:
        for match in answer["matches"]:
            match["band"] = "weak"

    change_preview(page, weaken)
    write(page)

    expect(page.locator("#results")).to_contain_text("没有达到阈值的匹配。")
    expect(cards(page)).to_have_count(0)
    expect(page.get_by_text("匹配程度为“弱”的结果")).to_be_visible()


def test_near_copies_folded_into_a_result_are_named(open_page: OpenPage) -> None:
    page = open_page()

    def fold(answer: dict[str, Any]) -> None:
        answer["matches"][0]["near_duplicates"] = ["cp_01JZX3V8Q4W6T2N9K7M5R1C0BD"]

    change_preview(page, fold)
    write(page)

    expect(cards(page).first).to_contain_text(
        "另有 1 条内容近乎相同的结果并入了这一条：cp_01JZX3V8"
    )
    expect(cards(page).nth(1)).not_to_contain_text("近乎相同")


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
