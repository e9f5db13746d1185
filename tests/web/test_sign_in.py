"""Nobody uses the page who did not sign in."""

from playwright.sync_api import Page, expect

from tests.web.conftest import LOGIN, PASSWORD, OpenPage, Watched
from tests.web.user import TEXT, cards, write


def sign_in(page: Page, password: str = PASSWORD) -> None:
    page.get_by_label("登录名").fill(LOGIN)
    page.get_by_label("密码", exact=True).fill(password)
    page.get_by_role("button", name="登录", exact=True).click()


def test_stranger_sees_nothing_but_the_way_in(open_page: OpenPage) -> None:
    page = open_page(signed_in=False)
    expect(page.get_by_role("navigation")).to_have_count(0)
    expect(page.get_by_label("需求描述")).to_have_count(0)
    expect(page.get_by_role("button", name="退出登录")).to_have_count(0)


def test_wrong_password_says_so_and_the_right_one_lets_in(open_page: OpenPage) -> None:
    page = open_page(signed_in=False)
    sign_in(page, "not-the-password")
    expect(page.locator("#sign-in-problem")).to_contain_text("登录失败")
    sign_in(page)
    expect(page.locator("#who")).to_contain_text("示例管理员（平台管理方）")
    write(page, TEXT)
    expect(cards(page).first).to_be_visible()


def test_signing_out_leaves_nothing_behind(open_page: OpenPage, watched: Watched) -> None:
    page = open_page()
    write(page, TEXT)
    page.get_by_role("button", name="退出登录").click()
    expect(page.get_by_role("button", name="登录", exact=True)).to_be_visible()
    assert page.context.cookies() == []
    page.go_back()
    page.reload()
    expect(page.get_by_role("button", name="登录", exact=True)).to_be_visible()
    expect(page.get_by_label("需求描述")).to_have_count(0)


def test_stay_that_ended_asks_to_sign_in_and_keeps_the_text(open_page: OpenPage) -> None:
    page = open_page()
    page.context.clear_cookies()
    write(page, TEXT)
    expect(page.get_by_role("button", name="登录", exact=True)).to_be_visible()
    sign_in(page)
    expect(page.get_by_label("需求描述")).to_have_value(TEXT)
