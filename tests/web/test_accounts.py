"""Who gets in: signing in, and the organisations, accounts and keys operators look after."""

import json

import pytest
from playwright.sync_api import Dialog, Page, expect

from tests.web.conftest import LOGIN, PASSWORD, OpenPage, Watched
from tests.web.user import TEXT, cards, write

NEW_BASE = "新登记的导航服务基地"


def sign_in(page: Page, password: str = PASSWORD, login: str = LOGIN) -> None:
    page.get_by_label("登录名").fill(login)
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


def test_operator_registers_a_base_and_makes_its_account(
    open_page: OpenPage, watched: Watched
) -> None:
    page = open_page("/#/organisations")
    page.get_by_role("button", name="登记单位").click()
    drawer = page.get_by_role("dialog", name="登记单位")
    drawer.get_by_label("名称").fill(NEW_BASE)
    drawer.get_by_label("类型").select_option("park")
    drawer.get_by_label("基地级别").select_option("provincial")
    drawer.get_by_label("所在地").click()
    drawer.get_by_role("option", name="浙江省").click()
    drawer.get_by_role("button", name="登记", exact=True).click()
    main = page.locator("main")
    expect(main).to_contain_text(f"已登记：{NEW_BASE}。下一步到“账号”里为它建立管理员。")
    row = page.get_by_role("row").filter(has_text=NEW_BASE)
    expect(row).to_contain_text("浙江省")

    row.get_by_role("link", name="建立账号").click()
    page.get_by_role("button", name="建立账号").click()
    drawer = page.get_by_role("dialog", name="建立账号")
    drawer.get_by_label("登录名").fill("new-base")
    drawer.get_by_label("姓名").fill("新基地管理员")
    drawer.get_by_label("单位").fill("新登记")
    drawer.get_by_role("option", name=NEW_BASE).click()
    drawer.get_by_role("button", name="建立", exact=True).click()
    expect(page.get_by_role("row").filter(has_text="new-base")).to_contain_text(NEW_BASE)
    password = page.locator("main code.secret").inner_text()
    assert watched.complaints == []

    newcomer = open_page("/", signed_in=False)
    sign_in(newcomer, password, "new-base")
    newcomer.get_by_label("现在的密码").fill(password)
    chosen = newcomer.get_by_label("新密码", exact=True)
    chosen.fill(PASSWORD)
    expect(chosen).to_have_attribute("type", "password")
    newcomer.get_by_label("显示输入的密码").check()
    expect(chosen).to_have_attribute("type", "text")
    expect(chosen).to_have_value(PASSWORD)
    newcomer.get_by_role("button", name="修改").click()
    expect(newcomer.locator("#who")).to_contain_text(NEW_BASE)


@pytest.mark.nightly
def test_operator_gives_an_organisation_a_new_name(open_page: OpenPage) -> None:
    page = open_page("/#/organisations")
    body = {"name": "写错名字的单位", "org_type": "enterprise", "region_code": "320500"}
    assert page.request.post("/v1/organisations", data=body).ok
    page.reload()
    page.get_by_role("row").filter(has_text=body["name"]).get_by_role("button", name="修改").click()
    drawer = page.get_by_role("dialog", name="修改单位")
    expect(drawer.get_by_label("类型")).to_have_value("enterprise")
    expect(drawer.get_by_label("所在地")).to_have_value("江苏省苏州市")
    expect(drawer.get_by_text("登记什么")).to_have_count(0)
    drawer.get_by_label("名称").fill("改对名字的单位")
    with page.expect_request(lambda request: request.method == "PATCH") as changed:
        drawer.get_by_role("button", name="保存").click()
    sent = json.loads(changed.value.post_data or "")
    assert sent == {"name": "改对名字的单位", "version": 1}
    expect(page.get_by_text("修改已保存。")).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="改对名字的单位")).to_contain_text("苏州")


def test_operator_adds_a_person_and_hands_over_the_password(open_page: OpenPage) -> None:
    page = open_page("/#/people")
    page.get_by_role("button", name="建立账号").click()
    drawer = page.get_by_role("dialog", name="建立账号")
    drawer.get_by_label("登录名").fill("second-operator")
    drawer.get_by_label("姓名").fill("第二位管理员")
    drawer.get_by_label("角色").select_option("operator")
    drawer.get_by_role("button", name="建立", exact=True).click()

    expect(page.locator("main")).to_contain_text("second-operator 的初始密码，只显示这一次")
    row = page.get_by_role("row").filter(has_text="second-operator")
    page.on("dialog", lambda dialog: dialog.accept())
    row.get_by_role("button", name="停用").click()
    expect(row).to_contain_text("已停用")


def test_operator_issues_and_revokes_a_key(open_page: OpenPage) -> None:
    page = open_page("/#/keys")
    page.get_by_role("button", name="签发密钥").click()
    drawer = page.get_by_role("dialog", name="签发密钥")
    drawer.get_by_label("用途", exact=True).fill("园区业务系统")
    drawer.get_by_role("button", name="签发", exact=True).click()

    expect(page.locator("main code.secret")).to_be_visible()
    page.on("dialog", lambda dialog: dialog.accept())
    row = page.get_by_role("row").filter(has_text="园区业务系统")
    row.get_by_role("button", name="撤销").click()
    expect(row).to_contain_text("已撤销")


@pytest.mark.nightly
def test_operator_renews_a_key_of_an_organisation(open_page: OpenPage) -> None:
    page = open_page("/#/keys")
    asked: list[str] = []

    def agree(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.accept()

    page.on("dialog", agree)
    page.get_by_role("button", name="签发密钥").click()
    drawer = page.get_by_role("dialog", name="签发密钥")
    drawer.get_by_label("用途", exact=True).fill("机构业务系统")
    drawer.get_by_label("角色").select_option("provider_staff")
    drawer.get_by_label("单位").fill("甲子")
    drawer.get_by_role("option", name="苏州甲子知识产权服务有限公司").click()
    drawer.get_by_role("button", name="签发", exact=True).click()
    secret = page.locator("main code.secret")
    first = secret.inner_text()
    headers = {"Authorization": f"Bearer {first}"}
    assert page.request.get("/v1/demands?limit=1", headers=headers).ok

    rows = page.get_by_role("row").filter(has_text="机构业务系统")
    expect(rows).to_contain_text("苏州甲子知识产权服务有限公司")
    rows.get_by_role("button", name="换新").click()
    expect(secret).not_to_have_text(first)
    expect(rows).to_have_count(2)
    rows.nth(1).get_by_role("button", name="撤销").click()
    expect(rows.nth(1)).to_contain_text("已撤销")
    assert ["旧密钥继续有效" in asked[0], "不能恢复" in asked[1]] == [True, True]
