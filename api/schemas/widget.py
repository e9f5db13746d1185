"""Shapes of the public widget: public rows, public fields."""

from pydantic import Field

from api.schemas.base import Schema
from models.vocabulary import Band


class WidgetItem(Schema):
    """One result as anybody may see it."""

    rank: int = Field(description="名次。", examples=[1])
    band: Band = Field(description="匹配程度档位。", examples=["strong"])
    band_label: str = Field(description="档位的中文名。", examples=["强"])
    title: str = Field(description="标题。")
    organisation: str | None = Field(description="机构名称；需求不显示机构。")
    region_name: str | None = Field(description="所在地。")
    scenarios: list[str] = Field(description="应用场景名称。")
    reason: str | None = Field(description="最主要的一条理由。")


class WidgetAnswer(Schema):
    """Results for a page anywhere."""

    version: str = Field(description="索引版本。", examples=["gen-1.42"])
    degraded: bool = Field(
        description="数据库暂时不可用：结果来自内存中的索引，可能缺最近的改动。", examples=[False]
    )
    items: list[WidgetItem] = Field(description="结果，只含公开的内容。")
    message: str | None = Field(
        description="没有合适结果时的说明。", examples=["暂无达到一般以上的匹配。"]
    )
