"""A clerk imports a sheet: looked through first, what is wrong given back, the rest imported."""

import csv
import io
from pathlib import Path

from playwright.sync_api import expect

from tests.web.conftest import BASE_LOGIN, OpenPage, Watched
from tests.web.pages import post_demand, wait_until_shown
from tests.web.user import TEXT

HEADINGS = ("项目名称", "采购需求", "预算（万元）", "没有这样的列")


def a_sheet(folder: Path) -> Path:
    """Write a sheet with a good row and one that cannot be taken."""
    rows = [
        HEADINGS,
        ("储能电池出口侵权风险排查", TEXT, "３０－５０", ""),
        ("没有写清楚的一条", "太短", "很多", ""),
    ]
    written = io.StringIO()
    csv.writer(written).writerows(rows)
    path = folder / "需求.csv"
    path.write_text(written.getvalue(), "utf-8-sig")
    return path


def test_clerk_imports_a_sheet_and_gets_back_what_is_wrong(
    open_page: OpenPage, watched: Watched, tmp_path: Path
) -> None:
    page = open_page("/#/imports", login=BASE_LOGIN)
    expect(page.locator("main")).to_contain_text("还没有上传过。")
    with page.expect_download() as template:
        page.get_by_role("link", name="下载空白表格（XLSX）").click()
    assert template.value.suggested_filename == "需求-空白表.xlsx"

    page.get_by_label("文件").set_input_files(a_sheet(tmp_path))
    page.get_by_role("button", name="上传并检查").click()
    drawer = page.get_by_role("dialog", name="导入表格")
    expect(drawer).to_contain_text("将新增 1 行，更新 0 行")
    problem = drawer.get_by_role("row").filter(has_text="B3")
    expect(problem).to_contain_text("采购需求")
    expect(drawer).to_contain_text("30-50万元")
    drawer.get_by_text("各列当作什么（4 列）").click()
    expect(drawer.get_by_role("row").filter(has_text="没有这样的列")).to_contain_text("不导入")
    with page.expect_download() as returned:
        drawer.get_by_role("link", name="下载退回的表格").click()
    assert "错误" in Path(returned.value.path()).read_text("utf-8-sig").splitlines()[0]
    drawer.get_by_role("button", name="确认导入 1 行").click()
    expect(drawer).to_contain_text("新增 1 行，更新 0 行；没有改动 0 行，有问题而没有导入 1 行。")

    page.keyboard.press("Escape")
    page.get_by_role("navigation").get_by_role("link", name="我的需求").click()
    expect(page.locator("#demands")).to_contain_text("储能电池出口侵权风险排查")
    assert watched.complaints == []


def test_list_on_the_screen_is_exported_as_it_is_filtered(open_page: OpenPage) -> None:
    page = open_page("/#/demands", login=BASE_LOGIN)
    post_demand(page, "要导出的一条需求")
    page.get_by_label("关键词或编号").fill("要导出的")
    page.get_by_role("button", name="查询").click()
    wait_until_shown(page)

    with page.expect_download() as downloading:
        page.get_by_role("button", name="导出 CSV").click()

    assert downloading.value.suggested_filename == "需求.csv"
    _, *rows = Path(downloading.value.path()).read_text("utf-8-sig").splitlines()
    assert len(rows) == 1
    assert "要导出的一条需求" in rows[0]
