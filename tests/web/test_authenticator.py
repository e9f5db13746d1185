"""One's own authenticator: set up, and replaced only by who has the old one."""

import time

import pyotp
from playwright.sync_api import Page, expect

from api.identity.totp import PERIOD_S
from tests.web.conftest import BASE_LOGIN, PASSWORD, PROVIDER_LOGIN, OpenPage


def secret_shown(page: Page) -> str:
    return page.locator("code.secret").inner_text().replace(" ", "")


def code_of(secret: str, steps_ahead: int = 0) -> str:
    return pyotp.TOTP(secret).at(int(time.time()) + steps_ahead * PERIOD_S)


def test_authenticator_is_offered_and_a_wrong_code_refused(open_page: OpenPage) -> None:
    page = open_page("/#/account", login=BASE_LOGIN)
    page.get_by_role("button", name="绑定身份验证器").click()

    expect(page.locator("code.secret")).to_be_visible()
    page.get_by_label("验证码").fill("000000")
    page.get_by_role("button", name="确认绑定").click()
    expect(page.get_by_role("alert").filter(has_text="代码：")).to_have_count(1)


def test_bound_authenticator_is_replaced_by_who_has_it(open_page: OpenPage) -> None:
    page = open_page("/#/account", login=PROVIDER_LOGIN)
    elsewhere = open_page("/#/account", login=PROVIDER_LOGIN)
    page.get_by_role("button", name="绑定身份验证器").click()
    old = secret_shown(page)
    page.get_by_label("验证码").fill(code_of(old))
    page.get_by_role("button", name="确认绑定").click()
    expect(page.get_by_role("status")).to_contain_text("已绑定。")

    page.get_by_role("button", name="更换身份验证器").click()
    page.get_by_label("新验证器上的验证码").fill(code_of(secret_shown(page)))
    page.get_by_label("登录密码").fill(PASSWORD)
    page.get_by_label("原验证器上的验证码").fill(code_of(old, steps_ahead=1))
    page.get_by_role("button", name="确认更换").click()
    expect(page.get_by_role("status")).to_contain_text("已更换。")
    page.reload()
    expect(page.get_by_role("button", name="更换身份验证器")).to_be_visible()

    # Another stay began before one was bound, and learns of it by the refusal.
    elsewhere.get_by_role("button", name="绑定身份验证器").click()
    elsewhere.get_by_label("验证码").fill(code_of(secret_shown(elsewhere)))
    elsewhere.get_by_role("button", name="确认绑定").click()
    expect(elsewhere.get_by_label("原验证器上的验证码")).to_be_visible()
