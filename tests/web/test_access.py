"""Who cannot use a mouse, sees little, or has a small screen can use the page as well."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page, expect

from tests.web.conftest import OpenPage, Watched
from tests.web.user import TEXT, TITLE, cards, status, write

_SERIOUS = ("serious", "critical")


def findings(page: Page) -> list[str]:
    """Rules of axe that the page breaks seriously, with the elements."""
    result: dict[str, Any] = Axe().run(page).response
    return [
        f"{rule['id']}: {[node['html'] for node in rule['nodes']]}"
        for rule in result["violations"]
        if rule["impact"] in _SERIOUS
    ]


def overflow(page: Page) -> int:
    """CSS pixels the page is wider than the window."""
    width = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return int(width)


def unfold(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_page_with_matches_has_no_serious_finding(open_page: OpenPage, scheme: str) -> None:
    page = open_page(color_scheme=scheme, bypass_csp=True)
    write(page)
    cards(page).first.wait_for()
    unfold(page)

    assert findings(page) == []


def test_open_choice_has_no_serious_finding(open_page: OpenPage) -> None:
    page = open_page(bypass_csp=True)
    write(page)
    page.get_by_role("group", name="产业", exact=True).get_by_role("button", name="添加").click()
    page.keyboard.type("电子")
    page.locator(".options:not([hidden]) [role=option]").first.wait_for()

    assert findings(page) == []


def test_stored_demand_and_problem_have_no_serious_finding(open_page: OpenPage) -> None:
    page = open_page(bypass_csp=True)
    page.get_by_role("button", name="发布并匹配").click()
    page.get_by_role("button", name="不属于导航的").click()
    page.get_by_role("button", name="发布并匹配").click()
    expect(page.locator("#subject")).to_contain_text("代码：not_navigation")

    assert findings(page) == []


def test_demand_is_posted_by_keyboard_alone(open_page: OpenPage, watched: Watched) -> None:
    page = open_page()

    tab_to(page, "text")
    page.keyboard.insert_text(TEXT)
    tab_to(page, "title")
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(TITLE)
    page.get_by_role("group", name="应用场景").get_by_role("button", name="移除").first.wait_for()
    tab_to(page, "publish")
    page.keyboard.press("Enter")

    expect(status(page)).to_contain_text("已发布。")
    expect(page.locator("#content")).to_be_focused()
    assert watched.complaints == []


def test_focus_is_visible_where_it_stands(open_page: OpenPage) -> None:
    page = open_page()

    tab_to(page, "title")

    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"


@pytest.mark.parametrize("width", [360, 640, 1280], ids=["phone", "zoom-200", "desktop"])
def test_page_needs_no_sideways_scrolling(open_page: OpenPage, width: int) -> None:
    page = open_page(width=width)
    write(page, f"{TEXT}\nhttps://example.org/{'a' * 120}", TITLE)
    page.locator("#results .card").first.wait_for(state="attached")
    unfold(page)

    assert overflow(page) == 0


def test_dark_scheme_is_dark(open_page: OpenPage) -> None:
    page = open_page(color_scheme="dark")

    colour = page.evaluate("getComputedStyle(document.body).backgroundColor")

    red, green, blue = (int(part) for part in colour.strip("rgb()").split(","))
    assert max(red, green, blue) < 64


def test_nothing_moves_for_who_wants_no_motion(open_page: OpenPage) -> None:
    page = open_page(reduced_motion="reduce")
    write(page)
    cards(page).first.wait_for()

    moving = page.evaluate(
        "[...document.querySelectorAll('*')].filter((node) => {"
        " const style = getComputedStyle(node);"
        " return style.animationName !== 'none' || parseFloat(style.transitionDuration) > 0;"
        "}).length"
    )
    assert moving == 0


def tab_to(page: Page, wanted: str) -> None:
    """Press Tab until the element with an id has the focus."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == wanted:
            return
    raise AssertionError(wanted)
