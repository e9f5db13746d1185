"""Every page: no serious barrier, no sideways scrolling, no complaint, no other host."""

import re

import pytest
from playwright.sync_api import expect

from tests.web.conftest import BASE_LOGIN, LOGIN, PROVIDER_LOGIN, OpenPage, Watched
from tests.web.pages import NAMES, PAGES, post_demand, wait_until_shown
from tests.web.test_access import findings, overflow, unfold

PHONE = 360
ZOOMED = 640
"""What is left of 1280 pixels at 200 % zoom."""


@pytest.fixture(scope="module")
def demand(browser: object, site: str) -> str:
    """A published demand of the base."""
    context = browser.new_context(base_url=site)  # type: ignore[attr-defined]
    page = context.new_page()
    credentials = {"login": BASE_LOGIN, "password": "correct-horse-7"}
    context.request.post("/v1/session", data=credentials)
    key = post_demand(page)
    context.close()
    return key


@pytest.mark.parametrize(("login", "name"), PAGES, ids=NAMES)
def test_page_has_no_barrier_in_either_scheme_or_size(
    open_page: OpenPage, watched: Watched, demand: str, login: str, name: str
) -> None:
    page = open_page(f"/#/{name}", login=login, bypass_csp=True)
    wait_until_shown(page)
    unfold(page)

    assert page.title().endswith(" - 专利导航需求匹配")
    assert findings(page) == []
    page.emulate_media(color_scheme="dark")
    assert findings(page) == []
    for width in (ZOOMED, PHONE):
        page.set_viewport_size({"width": width, "height": 800})
        assert overflow(page) == 0
    assert watched.complaints == []


def test_match_page_and_comparison_have_no_barrier(open_page: OpenPage, demand: str) -> None:
    page = open_page(f"/#/demands/{demand}", login=BASE_LOGIN, bypass_csp=True)
    page.locator("#results .card").first.wait_for()
    unfold(page)
    assert findings(page) == []

    for box in page.get_by_label("加入比较").all():
        box.check()
    page.get_by_role("button", name="比较", exact=True).click()

    expect(page.get_by_role("dialog", name="并排比较")).to_be_visible()
    assert findings(page) == []
    page.set_viewport_size({"width": PHONE, "height": 800})
    assert overflow(page) == 0


def test_drawer_keeps_the_focus_and_gives_it_back(open_page: OpenPage, demand: str) -> None:
    page = open_page("/#/mine", login=BASE_LOGIN)
    opener = page.locator("#demands tbody button.link").first
    opener.focus()
    page.keyboard.press("Enter")
    drawer = page.get_by_role("dialog")
    expect(drawer.get_by_role("button", name="关闭")).to_be_focused()

    page.keyboard.press("Escape")

    expect(drawer).to_be_hidden()
    expect(opener).to_be_focused()


@pytest.mark.parametrize(
    ("login", "there", "missing"),
    [
        (BASE_LOGIN, "我的需求", "推荐的需求"),
        (PROVIDER_LOGIN, "推荐的需求", "发布需求"),
        (LOGIN, "审计日志", "机构与能力"),
    ],
    ids=["base", "provider", "operator"],
)
def test_menu_shows_what_the_role_uses(
    open_page: OpenPage, login: str, there: str, missing: str
) -> None:
    menu = open_page("/#/start", login=login).get_by_role("navigation", name="主菜单")

    expect(menu.get_by_role("link", name=there)).to_be_visible()
    expect(menu.get_by_role("link", name=missing)).to_have_count(0)


def test_page_of_another_role_is_not_there(open_page: OpenPage) -> None:
    page = open_page("/#/post", login=PROVIDER_LOGIN)

    expect(page.get_by_role("heading", level=1)).to_have_text("没有这一页")


def test_english_is_a_click_away_and_stays(open_page: OpenPage) -> None:
    page = open_page("/#/demands")

    page.get_by_role("button", name="English").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("All demands")
    assert page.evaluate("document.documentElement.lang") == "en"
    page.reload()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    main = page.locator("nav.menu").inner_text()
    assert not re.search(r"[\u4e00-\u9fff]", main)


def test_phone_opens_the_menu_by_a_button(open_page: OpenPage) -> None:
    page = open_page("/#/start", width=PHONE, login=BASE_LOGIN)
    menu = page.locator("nav.menu")
    expect(menu).to_be_hidden()

    page.get_by_role("button", name="菜单").click()
    menu.get_by_role("link", name="发布需求").click()

    expect(page.get_by_label("需求描述")).to_be_visible()
    expect(menu).to_be_hidden()
