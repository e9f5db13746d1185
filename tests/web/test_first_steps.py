"""The first steps on the start page follow what has been done, not what was clicked."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.web.conftest import BASE_LOGIN, LOGIN, PROVIDER_LOGIN, OpenPage
from tests.web.pages import post_demand, wait_until_shown
from tests.web.user import cards


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


def test_invitation_received_is_no_answer_given(open_page: OpenPage) -> None:
    clerk = open_page("/#/start", login=BASE_LOGIN)
    clerk.goto(f"/#/demands/{post_demand(clerk)}")
    card = cards(clerk).filter(has_text="苏州甲子知识产权服务有限公司").first
    card.get_by_role("button", name="邀请").click()
    expect(card.locator(".dealing-state")).to_contain_text("已邀请")
    expect(card.locator(".dealing .primary")).not_to_contain_text("答复")

    manager = open_page("/#/start", login=PROVIDER_LOGIN)
    answering = steps(manager).filter(has_text="答复一条推荐的需求")
    expect(answering).to_be_visible()
    expect(answering).not_to_contain_text("已做")
    manager.get_by_role("navigation").get_by_role("link", name="对接").click()
    manager.get_by_role("button", name="经过与答复").click()
    manager.get_by_role("dialog").get_by_role("button", name="接受").click()
    expect(manager.get_by_role("dialog")).to_contain_text("双方有意")
    manager.reload()
    manager.goto("/#/start")

    expect(answering).to_contain_text("已做")


@pytest.mark.nightly
def test_page_somebody_is_to_see_counts_once_it_was_seen(open_page: OpenPage) -> None:
    page = open_page("/#/start", login=LOGIN)
    looking = steps(page).filter(has_text="看供需缺口")
    expect(looking).not_to_contain_text("已做")

    looking.get_by_role("link", name="供需统计").click()
    wait_until_shown(page)
    page.get_by_role("navigation").get_by_role("link", name="开始").click()

    expect(looking).to_contain_text("已做")
