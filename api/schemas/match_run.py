"""Shapes of a recorded ranking and of making it again."""

from datetime import datetime
from typing import Any

from pydantic import Field

from api.schemas.base import Schema
from models.vocabulary.matching import Band, Direction, RuleOutcome


class BasisRead(Schema):
    """What a ranking rests on."""

    index_version: str = Field(description="索引版本。", examples=["gen-00000001.42-9f3a1c2b"])
    encoder: str = Field(description="编码器的指纹。")
    ranker: str = Field(description="排序器的版本。", examples=["shipped"])
    taxonomy: str = Field(description="应用场景分类的版本。")
    program: str = Field(description="程序的版本。")
    question: str = Field(description="提问的文字、标签和条件的散列值（SHA-256）。")
    day: str = Field(description="当天的日期。", examples=["2026-11-26"])


class RecordedMatchRead(Schema):
    """One result in numbers."""

    document_id: str = Field(description="记录编号。")
    group_id: str = Field(description="排名的单位：服务机构，或记录自身。")
    asked_by: str = Field(description="据以评分的提问记录。")
    score: float = Field(description="总分 0 到 1。")
    band: Band = Field(description="档位。")
    outcome: RuleOutcome = Field(description="必须满足的条件中最差的结果。")
    is_doubted: bool = Field(description="文字是否存疑。")
    is_newcomer: bool = Field(description="是否作为新近入驻的机构列在这一位。")
    values: list[float | None] = Field(description="各特征的取值，次序同 weights；未知为空。")
    second: float | None = Field(description="同一机构第二项能力的得分。")
    near_duplicates: list[str] = Field(description="并入这一条的近乎相同的记录。")


class MatchRunRead(Schema):
    """A ranking as it was shown, in numbers."""

    id: str = Field(description="排名记录的编号。", examples=["mr_01JD8Z3K9V7Q2M4N6P8R0S1T3W"])
    created_at: datetime = Field(description="什么时候展示的。")
    direction: Direction = Field(description="方向。")
    asked_id: str | None = Field(description="提问的记录；没有存储的文字为空。")
    basis: BasisRead = Field(description="依据。")
    request: dict[str, Any] = Field(description="当时的条数、过滤条件和权重。")
    weights: dict[str, float] = Field(description="各特征的权重。")
    thresholds: list[float | None] = Field(description="强、较强、一般三档的下限。")
    seed: int | None = Field(description="同分时和新机构轮流时抽签的种子。")
    matches: list[RecordedMatchRead] = Field(description="结果，最好的在前。")


class ReplayRead(Schema):
    """What came of making a ranking again."""

    run: MatchRunRead = Field(description="当时的排名。")
    is_same: bool | None = Field(description="重新排名的结果是否相同；不能重新排名时为空。")
    is_consistent: bool = Field(description="记录中的分数、档位和名次是否前后一致。")
    changes: list[str] = Field(description="当时的依据里，现在已经不同的。")
    differences: list[str] = Field(description="名次和分数的不同之处。")
    faults: list[str] = Field(description="对不上的地方；正常时没有。")
