"""Shapes of uploaded sheets: how far they are, what was understood, what is wrong."""

from datetime import datetime
from enum import StrEnum

from pydantic import Field

from api.schemas.base import Schema
from models.vocabulary.row import ImportState


class SheetFormat(StrEnum):
    """How a sheet is written."""

    XLSX = "xlsx"
    CSV = "csv"


class ColumnMeaning(Schema):
    """A column of the sheet as it is understood."""

    column: str = Field(description="列的字母。", examples=["C"])
    heading: str = Field(description="表中的列名。", examples=["采购需求"])
    meaning: str = Field(description="当作哪一项；不认识的列为空，不导入。", examples=["需求描述"])


class PreviewValue(Schema):
    """One value as it is understood."""

    title: str = Field(description="哪一项。", examples=["预算"])
    text: str = Field(description="读出来的值。", examples=["30-50万元"])


class PreviewRow(Schema):
    """One of the first rows as it is understood."""

    row: int = Field(description="表中的行号，表头是第 1 行。", examples=[2])
    values: list[PreviewValue] = Field(description="填了的各项。")


class ImportRead(Schema):
    """An uploaded sheet."""

    id: str = Field(description="编号。", examples=["im_01JZX3V8Q4W6T2N9K7M5R1C0BD"])
    kind: str = Field(description="内容的种类。", examples=["demands"])
    kind_label: str = Field(description="种类的中文名。", examples=["需求"])
    name: str = Field(description="文件名。", examples=["需求.xlsx"])
    state: ImportState = Field(description="进行到哪一步。", examples=["checked"])
    state_label: str = Field(description="状态的中文名。", examples=["已检查，待确认"])
    n_rows: int = Field(description="数据行数；还没有读出来时为 0。", examples=[5000])
    n_done: int = Field(description="已处理的行数。", examples=[1280])
    n_created: int = Field(description="新增（检查时：将新增）的行数。")
    n_updated: int = Field(description="更新（检查时：将更新）的行数。")
    n_unchanged: int = Field(description="与已有内容相同、没有改动的行数。")
    n_refused: int = Field(description="拒绝的行数。")
    note: str = Field(description="读取时需要知道的事；没有时为空。")
    fault: str | None = Field(description="没有完成的原因。")
    columns: list[ColumnMeaning] = Field(description="各列当作哪一项。")
    unknown: list[str] = Field(description="不认识、没有导入的列名；检查完才有。")
    preview: list[PreviewRow] = Field(description="前几行读出来的样子；检查完才有。")
    created_at: datetime = Field(description="上传的时间（UTC）。")
    begun_at: datetime | None = Field(description="开始导入的时间（UTC）。")
    ended_at: datetime | None = Field(description="检查完或导入完的时间（UTC）。")


class RowProblemRead(Schema):
    """One thing that is wrong with a row."""

    row: int = Field(description="表中的行号，表头是第 1 行。", examples=[17])
    cell: str | None = Field(description="哪个单元格；表中没有这一列时为空。", examples=["C17"])
    heading: str | None = Field(description="表中的列名。", examples=["采购需求"])
    title: str = Field(description="哪一项。", examples=["需求描述"])
    field: str = Field(description="字段名。", examples=["description"])
    code: str = Field(description="稳定的代码。", examples=["string_too_short"])
    message: str = Field(description="怎样改。", examples=["文本过短，至少 30 个字符。"])


class RowProblemPage(Schema):
    """The problems of some refused rows."""

    items: list[RowProblemRead] = Field(description="各行的问题，按行号。")
    next_after: int | None = Field(description="下一页的 after；没有下一页时为空。")
    n_refused: int = Field(description="被拒绝的行数。", examples=[300])
