"""As an installation is run: who administers binds an authenticator and signs in with its code."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import OpenPage, Watched, serving
from tests.web.test_accounts import sign_in
from tests.web.test_authenticator import code_of, secret_shown

BASE = "凭验证码登记的服务基地"
NEEDS_A_CODE = ("账号", "接口密钥", "网站嵌入", "审计日志")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a service that asks for a code, as any but a trial does."""
    with serving(tmp_path_factory.mktemp("site"), second_factor=True) as address:
        yield address


def offered(page: Page) -> set[str]:
    """What the menu offers of what needs a code."""
    links = page.get_by_role("navigation").get_by_role("link").all_inner_texts()
    return set(links) & set(NEEDS_A_CODE)


def test_operator_binds_an_authenticator_and_registers_a_base_with_its_code(
    open_page: OpenPage, watched: Watched
) -> None:
    page = open_page("/", signed_in=False)
    sign_in(page)
    steps = page.get_by_role("region", name="头几步")
    expect(steps).to_contain_text("登记、修改、导出、生成报告、查看联系人")
    expect(page.get_by_role("button", name="登记单位")).to_have_count(0)
    assert offered(page) == set()

    page.get_by_role("link", name="我的账号").first.click()
    page.get_by_role("button", name="绑定身份验证器").click()
    secret = secret_shown(page)
    page.get_by_label("验证码").fill(code_of(secret))
    page.get_by_role("button", name="确认绑定").click()
    expect(page.get_by_role("status")).to_contain_text("已绑定。从下次登录起要填验证码。")
    expect(page.locator(".pairs")).to_contain_text("本次登录已使用")
    expect(page.get_by_role("navigation").get_by_role("link", name="接口密钥")).to_be_visible()
    assert offered(page) == set(NEEDS_A_CODE)

    page.get_by_role("button", name="退出登录").click()
    sign_in(page)
    expect(page.locator("#sign-in-problem")).to_contain_text("还需要验证码")
    expect(page.get_by_label("验证码")).to_be_focused()
    page.get_by_label("验证码").fill("000000")
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.locator("#sign-in-problem")).to_contain_text("登录失败")
    page.get_by_label("验证码").fill(code_of(secret, steps_ahead=1))
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.locator("#who")).to_contain_text("示例管理员（平台管理方）")

    register_base(page)
    assert [said for said in watched.complaints if "401" not in said] == []


def register_base(page: Page) -> None:
    """Register a base, which needs a code, and see it listed."""
    page.get_by_role("navigation").get_by_role("link", name="单位名录").click()
    page.get_by_role("button", name="登记单位").click()
    drawer = page.get_by_role("dialog", name="登记单位")
    drawer.get_by_label("名称").fill(BASE)
    drawer.get_by_label("类型").select_option("park")
    drawer.get_by_label("基地级别").select_option("provincial")
    drawer.get_by_label("所在地").click()
    drawer.get_by_role("option", name="浙江省").click()
    drawer.get_by_role("button", name="登记", exact=True).click()
    expect(page.get_by_role("row").filter(has_text=BASE)).to_contain_text("浙江省")
