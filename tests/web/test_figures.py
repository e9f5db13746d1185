"""Figures of who looks after the platform."""

import re
from typing import Any

from playwright.sync_api import expect

from tests.web.conftest import BASE_LOGIN, LOGIN, OpenPage
from tests.web.pages import post_demand
from tests.web.user import change_answer


def test_operator_sees_gaps_funnel_and_response_times(open_page: OpenPage) -> None:
    post_demand(open_page("/#/start", login=BASE_LOGIN))
    page = open_page("/#/figures", login=LOGIN)

    page.get_by_label("只看缺口").uncheck()

    expect(page.locator(".gap-tiles li").first).to_contain_text(
        re.compile(r"需求 \d+ 条，机构 \d+ 家")
    )
    expect(page.get_by_role("region", name="对接漏斗")).to_contain_text("条")
    expect(page.get_by_role("region", name="答复快慢")).to_contain_text("服务机构")


def test_base_is_told_of_gaps_whose_numbers_it_does_not_see(open_page: OpenPage) -> None:
    page = open_page("/#/start", login=BASE_LOGIN)
    post_demand(page)
    page.goto(page.url.split("#")[0] + "#/figures")
    gaps = page.get_by_role("region", name="供需缺口")
    expect(gaps).to_contain_text(re.compile(r"需求至少 [1-9]\d* 条，都有机构可以供给"))

    def take_supply(answer: dict[str, Any]) -> None:
        answer["cells"][0] |= {"is_gap": True, "n_providers": 0}
        answer["n_without_supply"] = 1

    change_answer(page, "**/v1/analytics/gaps", take_supply)
    page.reload()
    expect(gaps).to_contain_text("没有一家机构可供给的至少 1 条（少于 5 条的格不显示数")
    expect(gaps.get_by_role("listitem")).to_contain_text("需求 少于 5 条，机构 0 家，缺口")


def test_sums_by_province_are_shown_only_where_no_number_is_hidden(open_page: OpenPage) -> None:
    post_demand(open_page("/#/start", login=BASE_LOGIN))
    page = open_page("/#/figures", login=LOGIN)
    gaps = page.get_by_role("region", name="供需缺口")
    expect(gaps.get_by_text("各省级地区的需求数", exact=True)).to_have_count(1)

    def hide(answer: dict[str, Any]) -> None:
        answer["cells"][0]["n_demands"] = None

    change_answer(page, "**/v1/analytics/gaps", hide)
    page.reload()

    expect(gaps).to_contain_text("因此不列各省级地区的需求数")
    expect(gaps.get_by_text("各省级地区的需求数", exact=True)).to_have_count(0)
