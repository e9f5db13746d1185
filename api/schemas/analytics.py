"""Shapes of the figures for those who look after the platform."""

from datetime import datetime

from pydantic import Field

from api.schemas.base import Schema
from models.vocabulary.interaction import Side


class GapCell(Schema):
    """One place of the gap map."""

    scenario: str | None = Field(description="应用场景（二级代码）；不明的为空。")
    scenario_name: str | None = Field(description="应用场景的名称。")
    industry: str | None = Field(description="产业领域（一级代码）；不明的为空。")
    industry_name: str | None = Field(description="产业领域的名称。")
    region: str | None = Field(description="需求所在省级地区的代码；不明的为空。")
    region_name: str | None = Field(description="地区名称。")
    n_demands: int | None = Field(
        description="正在找机构的需求数；少于 k 条且您不是管理方时为空。", examples=[6]
    )
    n_providers: int = Field(
        description="做这一场景和产业、服务到当地的在服务机构数。", examples=[0]
    )
    is_gap: bool = Field(description="有需求而没有一家机构。")


class GapMap(Schema):
    """Where there is demand, and how much supply for it."""

    version: str = Field(description="作答的索引版本。", examples=["gen-1.42"])
    k: int = Field(description="少于这么多条的需求数不向管理方以外的人显示。", examples=[5])
    n_demands: int = Field(description="正在找机构的需求数；不显示数的格按 1 条计。")
    n_without_supply: int = Field(description="其中没有一家机构可供给的；不显示数的格按 1 条计。")
    is_at_least: bool = Field(description="有的格不显示数，所以上面两个数是至少的数。")
    cells: list[GapCell] = Field(description="有需求的各格，缺口在前，需求多的在前。")


class FunnelStep(Schema):
    """One step of the funnel."""

    name: str = Field(description="步骤。", examples=["invited"])
    label: str = Field(description="中文名。", examples=["已邀请"])
    n_demands: int = Field(description="到过这一步的需求数。")
    n_pairs: int = Field(description="到过这一步的需求与机构的对数；前两步不适用，为 0。")


class FunnelRead(Schema):
    """How far the demands posted in a time came."""

    since: datetime = Field(description="起（UTC）。")
    until: datetime = Field(description="止（UTC，不含）。")
    steps: list[FunnelStep] = Field(description="由登记到立项。")


class ResponseTimes(Schema):
    """How fast one side answers."""

    side: Side = Field(description="哪一方。", examples=["provider"])
    n_asked: int = Field(description="被邀请、被表示意向或被提问的次数。")
    n_answered: int = Field(description="其中答复了的。")
    n_in_time: int = Field(description="其中在 5 个工作日内答复的。")
    median_hours: float | None = Field(description="答复用时的中位数（小时）。")
    p90_hours: float | None = Field(description="九成的答复不超过（小时）。")


class ResponsesRead(Schema):
    """How fast both sides answer."""

    since: datetime = Field(description="起（UTC）。")
    until: datetime = Field(description="止（UTC，不含）。")
    sides: list[ResponseTimes] = Field(description="需求方和机构。")


class InactiveItem(Schema):
    """An organisation that has done nothing for a while."""

    id: str = Field(description="服务基地或服务机构的编号。")
    name: str = Field(description="名称。")
    region_name: str | None = Field(description="所在地。")
    last_at: datetime = Field(description="最近一次活动的时间（UTC）。")
    days: int = Field(description="距今天数。")


class InactiveRead(Schema):
    """Organisations that have done nothing for a while."""

    days: int = Field(description="多少天没有活动。", examples=[90])
    bases: list[InactiveItem] = Field(description="服务基地，最久的在前，最多 200 家。")
    providers: list[InactiveItem] = Field(description="服务机构，最久的在前，最多 200 家。")
