"""The first steps on the start page follow what has been done, not what was clicked."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.web.conftest import BASE_LOGIN, LOGIN, OpenPage
from tests.web.pages import post_demand, wait_until_shown


def steps(page: Page) -> Locator:
    return page.get_by_role("region", name="头几步").get_by_role("listitem")


def test_step_is_ticked_off_once_it_was_taken(open_page: OpenPage) -> None:
    page = open_page("/#/start", login=BASE_LOGIN)
    posting = steps(page).filter(has_text="发布一条需求")
    expect(posting).to_contain_text("下一步")
    posting.get_by_role("link", name="发布需求").click()
    page.get_by_role("navigation").get_by_role("link", name="开始").click()
    expect(posting).to_contain_text("下一步")

    post_demand(page)
    page.reload()

    expect(posting).to_contain_text("已做")
    expect(steps(page).filter(has_text="看谁合适")).to_contain_text("下一步")
    expect(page.get_by_role("region", name="头几步")).to_contain_text("已做 1 步，共 5 步")


@pytest.mark.nightly
def test_page_somebody_is_to_see_counts_once_it_was_seen(open_page: OpenPage) -> None:
    page = open_page("/#/start", login=LOGIN)
    looking = steps(page).filter(has_text="看供需缺口")
    expect(looking).not_to_contain_text("已做")

    looking.get_by_role("link", name="供需统计").click()
    wait_until_shown(page)
    page.get_by_role("navigation").get_by_role("link", name="开始").click()

    expect(looking).to_contain_text("已做")
