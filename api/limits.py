"""Every limit on what comes in and goes out, in one table.

The figures stand where they are used; here they are gathered, named in Chinese and given their
reason, for the page of limits and for the test that tries each at the limit and one past it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, get_args

from pydantic import AfterValidator

from api.exchange.limits import (
    ASKED_EXPORT_ROWS,
    EXPORT_ROWS,
    LINES_LIMITS,
    READING_LIMITS,
    SHEET_LIMITS,
)
from api.exchange.source_keys import MAX_OWN_KEY_CHARS
from api.exchange.uploading import MAX_OPEN
from api.exchange.writing import MAX_CELL_CHARS
from api.intake.codes import MAX_VALIDITY
from api.schemas import base, match, texts
from api.schemas.provider import MAX_CAPABILITIES
from api.schemas.widget import MAX_RESULTS, WidgetText
from api.settings import Settings
from api.strict_json import MAX_DEPTH, MAX_DIGITS, MAX_ITEMS, MAX_KEYS
from api.uploads import MAX_UPLOAD_BYTES
from indexer.text import MAX_COMBINING_RUN, MAX_RAW_CHARS


class LimitGroup(StrEnum):
    """What a limit is about; the value is its Chinese name."""

    TEXT = "文字"
    BODY = "请求正文"
    NUMBER = "数"
    QUESTION = "提问和列表"
    STOCK = "存储的记录"
    SHEET = "CSV 和 XLSX 文件"
    LINES = "JSONL 文件"
    EXPORT = "导出"


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit.

    Attributes:
        name: Stable name, under which a test tries it.
        group: What it is about.
        title: Chinese name.
        value: The most that is accepted; the least for names that end in `.min`.
        unit: Chinese unit.
        why: Chinese reason; empty when it is plain.
    """

    name: str
    group: LimitGroup
    title: str
    value: int
    unit: str
    why: str = ""

    @property
    def is_minimum(self) -> bool:
        """Whether less is refused instead of more."""
        return self.name.endswith(".min")


_TEXT_TITLES: Final = {
    "Title": "需求、案例标题",
    "ShortTitle": "能力标题、提问的标题",
    "Description": "需求描述",
    "Background": "背景",
    "DecisionQuestion": "要支撑的决策",
    "CapabilityText": "能力描述",
    "CaseSummary": "案例摘要",
    "Introduction": "机构介绍",
    "Message": "对接中的留言",
    "OrganisationName": "机构名称",
    "Keyword": "关键词、简称等短语",
    "Line": "一行文字",
    "QueryText": "自由文本匹配",
    "FilterText": "过滤用的文字",
    "SourceRef": "来源编号",
    "WidgetText": "公开组件的文字",
}
"""Chinese names of the text types; a test holds that none is missing."""


def text_types() -> dict[str, Any]:
    """Return the types of texts that pass the sanitiser, by name."""
    found = {**vars(texts), "WidgetText": WidgetText}
    return {name: kind for name, kind in found.items() if sanitiser_of(kind) is not None}


def sanitiser_of(kind: Any) -> texts.Sanitised | None:  # noqa: ANN401 - any type there is
    """Return the sanitiser a type runs its values through; None when it runs none."""
    for part in get_args(kind):
        if isinstance(part, AfterValidator) and isinstance(part.func, texts.Sanitised):
            return part.func
    return None


def _text_limits() -> Iterator[Limit]:
    for name, kind in text_types().items():
        bounds = sanitiser_of(kind)
        if bounds is None:
            continue
        title = _TEXT_TITLES[name]
        yield Limit(f"text.{name}.max", LimitGroup.TEXT, title, bounds.max_chars, "字")
        if bounds.min_chars:
            yield Limit(f"text.{name}.min", LimitGroup.TEXT, title, bounds.min_chars, "字")


_BODY = LimitGroup.BODY
_NUMBER = LimitGroup.NUMBER
_QUESTION = LimitGroup.QUESTION
_STOCK = LimitGroup.STOCK
_SHEET = LimitGroup.SHEET
_LINES = LimitGroup.LINES
_EXPORT = LimitGroup.EXPORT

LIMITS: Final[tuple[Limit, ...]] = (
    *_text_limits(),
    Limit(
        "text.raw",
        LimitGroup.TEXT,
        "任何文字，规范化之前",
        MAX_RAW_CHARS,
        "字",
        "Python 3.11 的 NFKC 对交替的组合符号是平方级的",
    ),
    Limit(
        "text.combining_run",
        LimitGroup.TEXT,
        "连续的组合符号",
        MAX_COMBINING_RUN,
        "个",
        "没有文字需要更多",
    ),
    Limit(
        "body.bytes",
        _BODY,
        "正文",
        Settings.model_fields["max_body_bytes"].default,
        "字节",
        "可用 NAVMATCH_MAX_BODY_BYTES 改",
    ),
    Limit("body.depth", _BODY, "JSON 嵌套", MAX_DEPTH, "层"),
    Limit("body.keys", _BODY, "一个 JSON 对象的键", MAX_KEYS, "个"),
    Limit("body.items", _BODY, "一个 JSON 列表", MAX_ITEMS, "项"),
    Limit("body.digits", _BODY, "JSON 整数", MAX_DIGITS, "位", "再长就要花时间去读"),
    Limit("number.count", _NUMBER, "人数、天数、页数等整数", base.MAX_INT, "", "数据库的整数列"),
    Limit("number.fen", _NUMBER, "金额", base.MAX_FEN, "分", "一万亿元"),
    Limit("question.queries", _QUESTION, "一次匹配的问题", match.MAX_QUERIES, "个"),
    Limit("question.k", _QUESTION, "一个问题的结果", match.MAX_K, "条"),
    Limit(
        "question.total_k",
        _QUESTION,
        "一次匹配的结果合计",
        match.MAX_TOTAL_K,
        "条",
        "每条结果都要核对和说明",
    ),
    Limit(
        "question.total_chars",
        _QUESTION,
        "一次匹配的文字合计",
        match.MAX_TOTAL_CHARS,
        "字",
        "编码 500 字约需 0.3 秒",
    ),
    Limit(
        "question.conditions",
        _QUESTION,
        "一个问题的过滤条件",
        match.MAX_CONDITIONS,
        "个",
        "各项代码和词合计",
    ),
    Limit("question.page", _QUESTION, "一页记录", base.MAX_LIST, "条", "翻页用游标，没有偏移量"),
    Limit("question.widget", _QUESTION, "公开组件的结果", MAX_RESULTS, "条"),
    Limit("stock.capabilities", _STOCK, "一家机构的能力", MAX_CAPABILITIES, "项"),
    Limit("stock.validity", _STOCK, "需求有效期", MAX_VALIDITY.days, "天", "不填时为 90 天"),
    Limit("sheet.bytes", _SHEET, "文件", SHEET_LIMITS.max_bytes, "字节"),
    Limit("sheet.rows", _SHEET, "数据", SHEET_LIMITS.max_rows, "行"),
    Limit("sheet.columns", _SHEET, "列", SHEET_LIMITS.max_columns, "列"),
    Limit("sheet.heading", _SHEET, "一个列名", SHEET_LIMITS.max_heading_chars, "字"),
    Limit("sheet.cells", _SHEET, "填了的单元格", SHEET_LIMITS.max_cells, "个"),
    Limit(
        "sheet.unpacked",
        _SHEET,
        "XLSX 解压后",
        SHEET_LIMITS.max_unpacked_bytes,
        "字节",
        "579 kB 的文件可以解出 141 MB，读它要 631 MB 内存",
    ),
    Limit("sheet.ratio", _SHEET, "XLSX 解压后与压缩前之比", SHEET_LIMITS.max_ratio, "倍"),
    Limit("sheet.entries", _SHEET, "XLSX 内部的条目", SHEET_LIMITS.max_entries, "个"),
    Limit(
        "sheet.memory",
        _SHEET,
        "读 XLSX 所用的内存",
        READING_LIMITS.max_bytes,
        "字节",
        "由单独的进程读，超过即拒绝",
    ),
    Limit("sheet.seconds", _SHEET, "读 XLSX 所用的处理器时间", READING_LIMITS.max_seconds, "秒"),
    Limit(
        "sheet.upload",
        _SHEET,
        "上传的文件",
        MAX_UPLOAD_BYTES,
        "字节",
        "不受 NAVMATCH_MAX_BODY_BYTES 限制；只收有密钥或登录的",
    ),
    Limit(
        "sheet.open", _SHEET, "一个单位同时处理的表格", MAX_OPEN, "份", "另保留最近 20 份、30 天"
    ),
    Limit(
        "sheet.own_key",
        _SHEET,
        "经接口导入的来源编号",
        MAX_OWN_KEY_CHARS,
        "字",
        "存储时前面加上单位的编号",
    ),
    Limit("lines.bytes", _LINES, "文件", LINES_LIMITS.max_bytes, "字节", "逐行读，不占内存"),
    Limit("lines.rows", _LINES, "数据", LINES_LIMITS.max_rows, "行"),
    Limit("lines.line_bytes", _LINES, "一行", LINES_LIMITS.max_line_bytes, "字节"),
    Limit(
        "export.asked",
        _EXPORT,
        "经接口导出的数据",
        ASKED_EXPORT_ROWS,
        "行",
        "更多请加条件，或用 navmatch export",
    ),
    Limit("export.rows", _EXPORT, "CSV 或 XLSX 的数据", EXPORT_ROWS, "行", "更多请用 JSONL"),
    Limit("export.cell_chars", _EXPORT, "XLSX 的一个单元格", MAX_CELL_CHARS, "字", "Excel 的上限"),
)
"""All of them; names are unique."""
