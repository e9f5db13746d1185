"""Shapes of tags: what was assigned, by whom, and the words behind it."""

from datetime import datetime

from pydantic import Field

from api.schemas.base import Schema, UpdateSchema
from api.schemas.texts import ClassCode, IndustryCode, ScenarioCode
from models.vocabulary.taxonomy import IpcState, Scheme, TagSource


class EvidenceRead(Schema):
    """A stretch of the canonical text, counted in code points."""

    start: int = Field(description="起始位置（按字符计，从 0 起）。", examples=[0])
    end: int = Field(description="结束位置（不含）。", examples=[4])
    text: str = Field(description="原文片段。", examples=["侵权风险"])


class CodeRead(Schema):
    """A code that counts for a document, whoever gave it."""

    scheme: Scheme = Field(description="所属词表。", examples=["scenario"])
    code: str = Field(description="代码。", examples=["ENT.RISK"])
    name: str = Field(description="中文名称。", examples=["专利风险预警与海外风险"])
    confidence: float = Field(description="可信程度，0 到 1。", examples=[0.91])


class TagRead(Schema):
    """A code of a vocabulary given to a text."""

    scheme: Scheme = Field(description="所属词表。", examples=["scenario"])
    version: str = Field(description="词表版本。", examples=["draft-1"])
    code: str = Field(description="代码。", examples=["ENT.RISK"])
    name: str = Field(description="中文名称。", examples=["专利风险预警与海外风险"])
    confidence: float = Field(description="可信程度，0 到 1；人工指定为 1。", examples=[0.91])
    source: TagSource = Field(description="来源：自动、人工或导入。", examples=["auto"])
    evidence: list[EvidenceRead] = Field(description="依据：标题加换行加正文的规范化文本中的片段。")


class IpcTitleRead(Schema):
    """A row of the imported table."""

    code: str = Field(description="小类或主组。", examples=["H01M10/00"])
    title: str = Field(description="中文名称。", examples=["锂离子电池"])


class IpcSuggestionRead(Schema):
    """An IPC subclass a text likely belongs to."""

    code: str = Field(description="小类。", examples=["H01M"])
    title: str | None = Field(
        description="小类的中文名称，出自导入的名称表；表里没有小类这一行时为空。",
        examples=["电池"],
    )
    confidence: float = Field(
        description="可信程度，0.5 到 1：导入时用表里的名称校准，不是相似度；"
        "真实文本比名称长而杂，只当参考。",
        examples=[0.82],
    )
    nearest: IpcTitleRead = Field(description="表里与文本最接近的一行，供人判断。")
    evidence: list[EvidenceRead] = Field(
        description="文本里与这一行用词相同的片段，至多三处，少见的在前；只是意思接近时为空。"
    )


class IpcRead(Schema):
    """What the imported table of the IPC says about a text; nothing of it is stored."""

    state: IpcState = Field(
        description="有建议、没有把握，还是没有可用的名称表。", examples=["no_table"]
    )
    note: str | None = Field(description="没有建议时的说明；有建议时为空。")
    suggestions: list[IpcSuggestionRead] | None = Field(
        description="建议的小类，至多一个；空列表表示比较过、没有把握，"
        "null 表示没有可用的名称表，无从得知。"
    )


class StoredTagRead(TagRead):
    """A tag of a stored row."""

    assigned_by: str | None = Field(description="指定人；自动识别时为空。", examples=[None])
    assigned_at: datetime = Field(
        description="指定时间（UTC）。", examples=["2025-03-01T08:00:00Z"]
    )


class TagsUpdate(UpdateSchema):
    """A person's decision on the tags of a row, per vocabulary.

    A list puts the person's codes in the place of the automatic ones; an empty list says that
    no code of the vocabulary applies; null gives the vocabulary back to automatic tagging;
    what is left out stays as it is.
    """

    scenarios: list[ScenarioCode] | None = Field(
        default=None,
        max_length=3,
        description="应用场景的二级代码，第一个为主场景；OTH 表示不属于专利导航；"
        "空列表表示一个也不适用，null 交回自动识别，不传则不变。",
        examples=[["ENT.RISK"]],
    )
    industries: list[IndustryCode] | None = Field(
        default=None,
        max_length=5,
        description="战略性新兴产业代码；空列表表示一个也不适用，null 交回自动识别，不传则不变。",
        examples=[["1.2"]],
    )
    classes: list[ClassCode] | None = Field(
        default=None,
        max_length=5,
        description="国民经济行业代码（GB/T 4754-2017）；空列表和 null 的意思同上。",
        examples=[["C3973"]],
    )


class TagsRead(Schema):
    """The tags of a row that count now."""

    id: str = Field(description="记录编号。")
    version: int = Field(description="记录的版本号。", examples=[2])
    tags: list[StoredTagRead] = Field(description="现行标签：人工优先，其次导入，最后自动。")
