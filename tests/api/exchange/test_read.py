import io
import json
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from api.exchange.limits import FileLimits
from api.exchange.read import open_rows
from api.exchange.types import FileRefusedError, RowFile
from tests.hostile.written_sheets import Form, written

HEADER = ["标题", "内容"]


def workbook(path: Path, rows: list[list[object]], *more: str) -> Path:
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False}) as book:
        for name in ("第一", *more):
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return path


def repacked(path: Path, change: Callable[[bytes], bytes], target: Path) -> Path:
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.namelist():
            content = old.read(entry)
            new.writestr(entry, change(content) if "sheet1.xml" in entry else content)
    return target


def cells(file: RowFile) -> list[tuple[int, dict[str, object]]]:
    return [(row.number, dict(row.cells)) for row in file.rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_open_rows_csv_encoding_is_found_out(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("标题,内容\n碳化硅,模块\n".encode(encoding))
    assert cells(open_rows(path)) == [(2, {"标题": "碳化硅", "内容": "模块"})]


def test_open_rows_gb18030_file_says_so(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("标题,内容\n碳化硅,模块\n".encode("gb18030"))
    assert "GB18030" in open_rows(path).note


def test_open_rows_unknown_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"\xff\xffa,b\n\x80\x81\xff\n")
    with pytest.raises(FileRefusedError, match="编码"):
        open_rows(path)


@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_open_rows_csv_separator_is_found_out(tmp_path: Path, separator: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"标题{separator}内容\n一{separator}二\n", "utf-8")
    assert cells(open_rows(path)) == [(2, {"标题": "一", "内容": "二"})]


def test_open_rows_blank_rows_are_passed_over_and_counted(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("标题,内容\n,\n一,\n\n二,x\n", "utf-8")
    assert [number for number, _ in cells(open_rows(path))] == [3, 5]


@pytest.mark.parametrize("n_blank", [3, 4])
def test_open_rows_blank_rows_count_towards_the_limit(tmp_path: Path, n_blank: int) -> None:
    path = tmp_path / "a.csv"
    path.write_text("标题,内容\n" + "\n" * n_blank, "utf-8")
    limits = FileLimits(max_rows=3)
    if n_blank == 3:
        assert open_rows(path, limits=limits).n_rows == 0
    else:
        with pytest.raises(FileRefusedError, match="3 行"):
            open_rows(path, limits=limits)


def test_open_rows_overlong_line_is_never_held_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"a":1}\n{"a":"' + b"x" * 8_000_000 + b'"}\n{"a":2}\n')
    limits = FileLimits(max_bytes=10_000_000, max_line_bytes=1_000)
    tracemalloc.start()
    rows = list(open_rows(path, lines_limits=limits).rows)
    _, n_peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    codes = [(row.number, row.problem.code if row.problem else None) for row in rows]
    assert codes == [(1, None), (2, "line_too_long"), (3, None)]
    assert n_peak < 2_000_000


def test_open_rows_quote_never_closed_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('标题,内容\n"一,二\n' + "三,四\n" * 40_000, "utf-8")
    with pytest.raises(FileRefusedError, match="引号"):
        open_rows(path)


def test_open_rows_heading_is_told_without_control_characters(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("\x00标\x1b题\ufffe,内容\n一,二\n", "utf-8")
    opened = open_rows(path)
    assert opened.headings == ("标题", "内容")
    assert cells(opened) == [(2, {"标题": "一", "内容": "二"})]


@pytest.mark.parametrize(
    ("text", "reason"),
    [("", "列名"), (",,\n一,二,三\n", "列名"), ("标题,标题\n一,二\n", "不止一次")],
)
def test_open_rows_header_missing_or_double_is_refused(
    tmp_path: Path, text: str, reason: str
) -> None:
    path = tmp_path / "a.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(FileRefusedError, match=reason):
        open_rows(path)


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_open_rows_at_row_limit_passes_and_past_it_not(tmp_path: Path, suffix: str) -> None:
    limits = FileLimits(max_rows=3)
    for n_rows in (3, 4):
        path = tmp_path / f"{n_rows}.{suffix}"
        rows: list[list[object]] = [[*HEADER] for _ in range(n_rows + 1)]
        if suffix == "csv":
            path.write_text("\n".join(",".join(map(str, row)) for row in rows), "utf-8")
        else:
            workbook(path, rows)
        if n_rows == 3:
            assert open_rows(path, limits=limits).n_rows == 3
        else:
            with pytest.raises(FileRefusedError, match="3 行"):
                open_rows(path, limits=limits)


def test_open_rows_at_size_limit_passes_and_past_it_not(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"a,b\n1,2\n")
    assert open_rows(path, limits=FileLimits(max_bytes=8)).n_rows == 1
    with pytest.raises(FileRefusedError, match="超过"):
        open_rows(path, limits=FileLimits(max_bytes=7))


def test_open_rows_lines_at_limits_and_past_them(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"a":1}\n\n{"a":2}\n', "utf-8")
    assert open_rows(path, lines_limits=FileLimits(max_rows=2)).n_rows == 2
    with pytest.raises(FileRefusedError, match="上限为 1 行"):
        open_rows(path, lines_limits=FileLimits(max_rows=1))
    exact = list(open_rows(path, lines_limits=FileLimits(max_line_bytes=8)).rows)
    short = list(open_rows(path, lines_limits=FileLimits(max_line_bytes=7)).rows)
    assert [row.problem for row in exact] == [None, None]
    assert {row.problem.code for row in short if row.problem} == {"line_too_long"}


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b"{", "not_json"),
        (b"[1]", "not_object"),
        (b'{"a": NaN}', "not_json"),
        (b'{"a": [1e999]}', "not_json"),
        (b'{"a": ' + b"9" * 5_000 + b"}", "not_json"),
        (b"[" * 100_000, "not_json"),
        ("标题".encode("gb18030"), "not_utf8"),
    ],
    ids=["open", "list", "nan", "infinite", "digits", "deep", "gb18030"],
)
def test_open_rows_bad_line_is_one_problem_and_others_are_read(
    tmp_path: Path, line: bytes, code: str
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + b'{"a":1}\n' + line + b'\n{"a":2}\n')
    rows = list(open_rows(path).rows)
    assert [row.problem.code if row.problem else None for row in rows] == [None, code, None]
    assert [row.number for row in rows] == [1, 2, 3]


def test_open_rows_workbook_gives_typed_cells(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [[*HEADER, "预算"], ["一", "=1+1", 5]])
    assert cells(open_rows(path)) == [(2, {"标题": "一", "内容": "=1+1", "预算": 5.0})]


def test_open_rows_workbook_other_sheet_is_named(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [[*HEADER], ["一", "二"]], "第二")
    assert "第一" in open_rows(path).note
    assert open_rows(path, sheet="第二").n_rows == 1
    with pytest.raises(FileRefusedError, match="第一、第二"):
        open_rows(path, sheet="第三")


def test_open_rows_workbook_hostile_sheet_names_are_told_short_and_clean(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(written(Form.XLSX, [["标题"], ["一"]], "表\x1b" + "长" * 100_000))
    told = f"“表{'长' * 30}”"
    assert told in open_rows(path).note
    with pytest.raises(FileRefusedError) as refusal:
        open_rows(path, "没有的\x1b表")
    assert "没有名为“没有的表”的工作表，现有：表长" in refusal.value.message
    assert len(refusal.value.message) < 100


@pytest.mark.parametrize("content", [b"", b"garbage", b"PK\x03\x04" + b"0" * 60])
def test_open_rows_workbook_damaged_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    with pytest.raises(FileRefusedError, match="不是完好的"):
        open_rows(path)


def test_open_rows_workbook_cut_short_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [[*HEADER], ["一", "二"]])
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(FileRefusedError, match="不是完好的"):
        open_rows(path)


def test_open_rows_workbook_bomb_is_refused_by_its_directory(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<a/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (51 * 1024 * 1024))
    path = tmp_path / "a.xlsx"
    path.write_bytes(buffer.getvalue())
    with pytest.raises(FileRefusedError, match="解压后"):
        open_rows(path)


def test_open_rows_workbook_ratio_past_limit_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [[*HEADER], ["一", "二"]])
    padded = repacked(path, lambda xml: xml + b" " * 2_000_000, tmp_path / "b.xlsx")
    assert open_rows(path).n_rows == 1
    with pytest.raises(FileRefusedError, match="压缩比"):
        open_rows(padded)


def test_open_rows_workbook_many_entries_are_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [[*HEADER], ["一", "二"]])
    with zipfile.ZipFile(path, "a") as archive:
        for number in range(101):
            archive.writestr(f"x{number}", b"")
    with pytest.raises(FileRefusedError, match="条目过多"):
        open_rows(path)


@pytest.mark.parametrize(
    "cell",
    [
        b'<row r="1048576"><c r="A1048576"><v>1</v></c></row>',
        b'<row r="2"><c r="XFD2"><v>1</v></c></row>',
        b'<row r="1048576"><c><v>1</v></c></row>',
    ],
    ids=["last_row", "last_column", "row_without_place"],
)
def test_open_rows_workbook_far_cell_is_refused(tmp_path: Path, cell: bytes) -> None:
    path = workbook(tmp_path / "a.xlsx", [[*HEADER], ["一", "二"]])
    far = repacked(
        path, lambda xml: xml.replace(b"</sheetData>", cell + b"</sheetData>"), tmp_path / "b.xlsx"
    )
    with pytest.raises(FileRefusedError, match="上限"):
        open_rows(far)


@pytest.mark.parametrize("prefix", [b"", b"x:"], ids=["plain", "prefixed"])
def test_open_rows_workbook_far_cell_of_a_moved_sheet_is_refused(
    tmp_path: Path, prefix: bytes
) -> None:
    path = workbook(tmp_path / "a.xlsx", [[*HEADER], ["一", "二"]])
    far = b"<row r='30002'><c r='A30002'><v>1</v></c></row>"
    moved = tmp_path / "b.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(moved, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name).replace(b"worksheets/sheet1.xml", b"elsewhere/sheet1.xml")
            content = content.replace(b"</sheetData>", far + b"</sheetData>")
            if prefix:
                content = content.replace(b"<sheetData", b"<x:sheetData")
                content = content.replace(b"</sheetData", b"</x:sheetData")
            new.writestr(name.replace("worksheets/", "elsewhere/"), content)
    with pytest.raises(FileRefusedError, match="30002 行"):
        open_rows(moved)


def test_open_rows_workbook_blank_styled_far_cell_does_not_matter(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [[*HEADER], ["一", "二"]])
    cell = b'<row r="1048576"><c r="A1048576" s="1"/></row></sheetData>'
    far = repacked(path, lambda xml: xml.replace(b"</sheetData>", cell), tmp_path / "b.xlsx")
    assert open_rows(far).n_rows == 1


@pytest.mark.parametrize("name", ["a.xls", "a.docx", "a"])
def test_open_rows_unknown_ending_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(FileRefusedError, match="类型"):
        open_rows(tmp_path / name)


def test_open_rows_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRefusedError, match="找不到"):
        open_rows(tmp_path / "a.csv")


def test_open_rows_lines_null_counts_as_absent(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"a": None, "b": 0}), "utf-8")
    assert cells(open_rows(path)) == [(1, {"b": 0})]
