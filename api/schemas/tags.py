"""Shapes of tags: what was assigned, by whom, and the words behind it."""

from datetime import datetime

from pydantic import Field

from api.schemas.base import Schema, UpdateSchema
from api.schemas.texts import ClassCode, IndustryCode, ScenarioCode
from models.vocabulary import Scheme, TagSource


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
