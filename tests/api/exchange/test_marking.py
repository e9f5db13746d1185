"""The sender's own sheet comes back as it was, with one column more."""

import csv
import io
import re
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from api.exchange import workbook_patch
from api.exchange.columns import ImportKind
from api.exchange.confined import read_sheet
from api.exchange.marking import ERROR_HEADING, mark_delimited, mark_workbook
from api.exchange.read import open_rows
from api.exchange.templates import template_of
from api.exchange.types import FileRefusedError
from api.exchange.writing import template_bytes
from api.vocabularies import Vocabularies

HEADINGS = ("标题", "内容", "日期", "金额")
ERRORS = {2: "B2 内容：文本过短。", 4: "A4 标题：<缺>&“引号”。"}


def workbook() -> bytes:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        first = book.add_worksheet("别的")
        first.write(0, 0, "与此无关")
        first.hide()
        sheet = book.add_worksheet("数据")
        sheet.activate()
        book.worksheets_objs[0].hide()
        sheet.write_row(0, 0, HEADINGS)
        day = book.add_format({"num_format": "yyyy-mm-dd", "bg_color": "#FFEE00"})
        sheet.write_row(1, 0, ["一", "短"])
        sheet.write_datetime(1, 2, date(2026, 12, 31), day)
        sheet.write_formula(1, 3, "=SUM(1,2)", None, 3)
        sheet.write_string(3, 0, "=1+1")
        sheet.write_number(3, 5, 7)
        sheet.data_validation(1, 0, 9, 0, {"validate": "list", "source": ["一", "二"]})
    return made.getvalue()


def read(content: bytes, folder: Path, sheet: str | None = None) -> list[list[Any]]:
    path = folder / "back.xlsx"
    path.write_bytes(content)
    return [list(record) for record in read_sheet(path, sheet).records]


def entries(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_workbook_keeps_everything_and_gains_a_column(tmp_path: Path) -> None:
    sent = workbook()
    back = mark_workbook(sent, "数据", HEADINGS, ERRORS)
    before, after = read(sent, tmp_path), read(back, tmp_path)
    assert [row[: len(before[0])] for row in after] == before
    assert [row[len(before[0])] for row in after] == [ERROR_HEADING, ERRORS[2], "", ERRORS[4]]
    old, new = entries(sent), entries(back)
    assert {name for name in old if old[name] != new[name]} == {"xl/worksheets/sheet2.xml"}
    xml = new["xl/worksheets/sheet2.xml"]
    assert b"<f>SUM(1,2)</f>" in xml
    assert b"dataValidation " in xml
    assert b's="' in xml


def test_formats_up_to_the_last_column_do_not_push_the_errors_out(tmp_path: Path) -> None:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        sheet, yellow = book.add_worksheet("数据"), book.add_format({"bg_color": "#FFEE00"})
        sheet.write_row(0, 0, HEADINGS)
        sheet.write_row(1, 0, ["一", "短"])
        for row in (1, 2):
            for column in (len(HEADINGS), 16_383):
                sheet.write_blank(row, column, None, yellow)
    back = mark_workbook(made.getvalue(), "数据", HEADINGS, {2: ERRORS[2]})
    assert read(back, tmp_path) == [[*HEADINGS, ERROR_HEADING], ["一", "短", "", "", ERRORS[2]]]


def test_corrected_sheet_is_read_again_and_its_old_errors_go(tmp_path: Path) -> None:
    once = mark_workbook(workbook(), "数据", HEADINGS, ERRORS)
    headings = tuple(str(cell) for cell in read(once, tmp_path)[0])
    again = mark_workbook(once, "数据", headings, {4: "新的问题"})
    column = [row[headings.index(ERROR_HEADING)] for row in read(again, tmp_path)]
    assert column == [ERROR_HEADING, "", "", "新的问题"]
    assert read(again, tmp_path)[0].count(ERROR_HEADING) == 1


def test_template_keeps_its_drop_downs(tmp_path: Path) -> None:
    template = template_of(ImportKind.DEMANDS, Vocabularies.load(), date(2026, 11, 26))
    sent = template_bytes(template)
    headings = tuple(column.header for column in template.columns)
    back = mark_workbook(sent, template.title, headings, {})
    xml = entries(back)["xl/worksheets/sheet1.xml"]
    assert xml.count(b'type="list"') == entries(sent)["xl/worksheets/sheet1.xml"].count(
        b'type="list"'
    )
    assert read(back, tmp_path)[0] == [*headings, ERROR_HEADING]


@pytest.mark.parametrize(
    "change",
    [
        (rb' r="[A-Z]+\d+"', b""),  # cells that do not say where they are
        (rb'(<row) r="\d"', rb"\1"),  # rows that do not either
        (rb"<(/?)(row|c|v|sheetData|worksheet|f)\b", rb"<\1x:\2"),  # names with a prefix
        (rb"<row ", b"<row\n  "),
    ],
)
def test_sheets_of_other_programs_are_marked_too(
    tmp_path: Path, change: tuple[bytes, bytes]
) -> None:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        sheet = book.add_worksheet("数据")
        for number in range(4):
            sheet.write_row(number, 0, ["a", number, number])
    sent = made.getvalue()
    changed = io.BytesIO()
    with zipfile.ZipFile(changed, "w") as new:
        for name, content in entries(sent).items():
            is_sheet = name.endswith("sheet1.xml")
            new.writestr(name, re.sub(*change, content) if is_sheet else content)
    plain = changed.getvalue().replace(b'xmlns="', b'xmlns="')
    back = mark_workbook(plain, "数据", ("a", "0", "0 "), {3: "错"})
    xml = entries(back)["xl/worksheets/sheet1.xml"]
    assert b'r="D3" t="inlineStr"' in xml
    assert xml.count(b"inlineStr") == 2


def test_rows_left_open_cost_no_more_than_others(tmp_path: Path) -> None:
    """A parser that forgives lets such a sheet through; were each to go through the rest of it
    again, this would take hours."""
    sent = entries(workbook())
    name = "xl/worksheets/sheet2.xml"
    open_ones = b"<row><c>" * 200_000
    sent[name] = sent[name].replace(b"</sheetData>", b"</sheetData>" + open_ones)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for entry, content in sent.items():
            new.writestr(entry, content)
    back = entries(mark_workbook(made.getvalue(), "数据", HEADINGS, ERRORS))
    assert open_ones in back[name]


def test_sheet_that_is_not_where_sheets_are_is_said() -> None:
    with pytest.raises(FileRefusedError, match="不能在上面标注"):
        mark_workbook(workbook(), "没有这张", HEADINGS, {})


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_csv_keeps_encoding_separator_and_texts(
    tmp_path: Path, encoding: str, separator: str
) -> None:
    rows = [["标题", "内容"], ["一", '说“a,b;c"d'], [], ["二\n行", "'=1", "多"]]
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator).writerows(rows)
    back = mark_delimited(text.getvalue().encode(encoding), {2: "B2 内容：错。", 4: "没有"})
    wanted = "utf-8-sig" if encoding == "utf-8" else encoding
    read_back = list(csv.reader(io.StringIO(back.decode(wanted), newline=""), delimiter=separator))
    assert read_back == [
        ["标题", "内容", "", ERROR_HEADING],
        ["一", '说“a,b;c"d', "", "B2 内容：错。"],
        [],
        ["二\n行", "'=1", "多", "没有"],
    ]
    again = mark_delimited(back, {})
    path = tmp_path / "again.csv"
    path.write_bytes(again)
    assert [dict(r.cells) for r in open_rows(path).rows] == [
        {"标题": "一", "内容": '说“a,b;c"d'},
        {"标题": "二\n行", "内容": "=1"},
    ]


def test_csv_that_comes_back_holds_no_live_formula() -> None:
    back = mark_delimited('标题\n=1+1\n"@SUM(1)"\n-5\n'.encode(), {}).decode("utf-8-sig")
    assert [row[0] for row in csv.reader(io.StringIO(back))] == [
        *("标题", "'=1+1", "'@SUM(1)", "'-5"),
    ]


def test_one_long_row_of_a_csv_file_does_not_widen_all_others() -> None:
    commas = b"," * 150_000
    blank = mark_delimited("标题\n甲\n".encode() + commas + b"\n", {2: "太短"})
    rows = list(csv.reader(io.StringIO(blank.decode("utf-8-sig"))))
    assert rows == [["标题", ERROR_HEADING], ["甲", "太短"], []]
    with pytest.raises(FileRefusedError, match="256 列"):
        mark_delimited("标题\n甲\n".encode() + commas + "乙\n".encode(), {2: "太短"})


@pytest.mark.parametrize("limit", ["MAX_ROW_CELLS", "MAX_OPENED"])
def test_cells_beyond_measure_are_not_gone_through(
    limit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook_patch, limit, 8)
    sent = entries(workbook())
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in sent.items():
            more = b'<row r="9">' + b"<c/>" * 17 + b"</row></sheetData>"
            archive.writestr(name, content.replace(b"</sheetData>", more))
    with pytest.raises(FileRefusedError, match="内部写法特殊"):
        mark_workbook(made.getvalue(), "数据", HEADINGS, ERRORS)


def test_row_that_comes_again_and_again_is_marked_once() -> None:
    sent = entries(workbook())
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in sent.items():
            again = b'<row r="2"/>' * 50 + b"</sheetData>"
            archive.writestr(name, content.replace(b"</sheetData>", again))
    back = mark_workbook(made.getvalue(), "数据", HEADINGS, ERRORS)
    assert entries(back)["xl/worksheets/sheet2.xml"].count(b'r="G2"') == 1
