"""The operator edits the scenario taxonomy; what changes is used at once, in every form."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.web.conftest import LOGIN, OpenPage, Watched
from tests.web.pages import wait_until_shown


def test_operator_adds_words_retires_and_tags_anew(open_page: OpenPage, watched: Watched) -> None:
    page = open_page("/#/taxonomy", login=LOGIN)
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="新增场景").click()
    drawer = page.get_by_role("dialog", name="新增场景")
    drawer.get_by_label("大类").select_option("ENT")
    drawer.get_by_label("二级代码").fill("sep")
    drawer.get_by_label("中文名称").fill("标准必要专利导航")
    drawer.get_by_label("定义").fill(
        "围绕技术标准识别标准必要专利，评估许可费率和参与标准制定的时机。"
    )
    drawer.get_by_label("常见的说法，一行一个").fill("标准必要专利\n标准提案\n\n")
    drawer.get_by_role("button", name="新增", exact=True).click()
    main = page.locator("main")
    expect(main).to_contain_text("已新增 ENT.SEP。")

    page.get_by_text("企业经营类（ENT）").click()
    row = page.get_by_role("row").filter(has_text="ENT.SEP")
    expect(row).to_contain_text("说法 2 个，例句 0 句")
    row.get_by_role("button", name="修改").click()
    drawer = page.get_by_role("dialog", name="修改场景")
    expect(drawer.get_by_label("常见的说法，一行一个")).to_have_value("标准必要专利\n标准提案")
    drawer.get_by_label("中文名称").fill("标准专利导航")
    drawer.get_by_role("button", name="保存").click()
    expect(main).to_contain_text("已修改 ENT.SEP。")

    page.get_by_role("navigation").get_by_role("link", name="全部需求").click()
    page.get_by_label("应用场景").fill("标准专利")
    expect(page.get_by_role("option", name="标准专利导航")).to_be_visible()
    page.get_by_role("navigation").get_by_role("link", name="场景分类").click()

    page.get_by_role("button", name="重新标注").click()
    expect(page.get_by_role("region", name="重新标注")).to_contain_text("已完成")
    page.get_by_text("企业经营类（ENT）").click()
    row.get_by_role("button", name="停用").click()
    expect(main).to_contain_text("已停用 ENT.SEP。")
    expect(row).to_have_count(0)
    page.get_by_label("连同已停用的").check()
    expect(row).to_contain_text("已停用")
    expect(page.get_by_role("region", name="改动记录").get_by_role("listitem")).to_have_count(3)
    assert watched.complaints == []


@pytest.mark.nightly
def test_imported_taxonomy_is_previewed_and_taken_over(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page("/#/taxonomy", login=LOGIN)
    wait_until_shown(page)
    with page.expect_download() as downloading:
        page.get_by_role("link", name="导出全部（JSON）").click()
    exported = json.loads(downloading.value.path().read_text("utf-8"))
    live = [entry for entry in exported["content"]["level2"] if not entry.get("retired")]
    reworded, *others, dropped = live
    reworded["definition"] = "为区域发展规划提供依据的专利导航，这句话在测试里改过。"
    exported["content"]["level2"] = [reworded, *others]
    changed = tmp_path / "分类.json"
    changed.write_text(json.dumps(exported), "utf-8")
    broken = tmp_path / "别的.json"
    broken.write_text("{}", "utf-8")

    section = page.get_by_role("region", name="导出与导入")
    section.get_by_label("导入").set_input_files(broken)
    expect(section).to_contain_text("读不出这个文件")
    section.get_by_label("导入").set_input_files(changed)
    expect(section.get_by_role("row").filter(has_text="修改")).to_contain_text(reworded["code"])
    expect(section.get_by_role("row").filter(has_text="停用")).to_contain_text(dropped["code"])
    section.get_by_role("button", name="换上", exact=True).click()

    expect(page.locator("main")).to_contain_text("已换上导入的分类。")
    expect(section.get_by_role("table")).to_have_count(0)
    log = page.get_by_role("region", name="改动记录").get_by_role("listitem")
    expect(log.first).to_contain_text("导入")
