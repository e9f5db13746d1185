"""Shapes of the public widget: public rows, public fields."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Final

from pydantic import AfterValidator, Field, StringConstraints

from api.schemas.base import Schema
from api.schemas.texts import RowId, Sanitised
from models.vocabulary.matching import Band
from models.vocabulary.row import Entity

TEXT_CHARS: Final = 500
MAX_RESULTS: Final = 10

WidgetText = Annotated[
    str,
    StringConstraints(min_length=2, max_length=TEXT_CHARS),
    AfterValidator(Sanitised(2, TEXT_CHARS)),
]


class WidgetItem(Schema):
    """One result as anybody may see it."""

    rank: int = Field(description="名次；最新需求和案例按时间从新到旧。", examples=[1])
    kind: Entity = Field(description="是什么：provider 服务机构，demand 需求，case 案例。")
    id: str = Field(description="记录编号。")
    band: Band | None = Field(description="匹配程度档位；不是匹配结果时为空。", examples=["strong"])
    band_label: str | None = Field(description="档位的中文名。", examples=["强"])
    title: str = Field(description="标题。")
    organisation: str | None = Field(description="机构名称；需求不显示机构。")
    region_name: str | None = Field(description="所在地。")
    scenarios: list[str] = Field(description="应用场景名称。")
    reason: str | None = Field(description="最主要的一条理由；不是匹配结果时为空。")
    posted_on: date | None = Field(description="登记的日期；匹配结果为空。")


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


class WidgetSort(StrEnum):
    """What an element in a page shows."""

    PROVIDERS = "providers"
    DEMANDS = "demands"
    LATEST = "latest"
    CASES = "cases"


class WidgetTheme(StrEnum):
    """Colours of an element in a page."""

    AUTO = "auto"
    LIGHT = "light"
    DARK = "dark"


class WidgetLanguage(StrEnum):
    """Language of what an element says itself."""

    CHINESE = "zh-CN"
    ENGLISH = "en"


class WidgetLook(Schema):
    """What an element in a page shows, and how: each field is one of its attributes."""

    kind: WidgetSort = Field(
        default=WidgetSort.LATEST,
        description="显示什么：providers 推荐的服务机构（要 demand 或 text），"
        "demands 推荐的需求（要 provider），latest 最新需求，cases 案例。",
    )
    demand: RowId | None = Field(default=None, description="公开需求的编号。")
    provider: RowId | None = Field(default=None, description="公开机构的编号。")
    text: WidgetText | None = Field(default=None, description="一段文字。")
    limit: Annotated[int, Field(ge=1, le=MAX_RESULTS)] | None = Field(
        default=None, description="条数，最多 10；不填为 5。"
    )
    lang: WidgetLanguage | None = Field(default=None, description="界面语言；不填时随网页。")
    theme: WidgetTheme | None = Field(default=None, description="配色；不填时随系统。")


class WidgetSnippet(Schema):
    """What is copied into a page."""

    version: str = Field(description="组件的版本。", examples=["v1.0.0"])
    script: str = Field(description="脚本的地址；这个地址的内容永不改变。")
    integrity: str = Field(description="脚本的 SRI 散列。", examples=["sha384-…"])
    html: str = Field(description="自定义元素的写法，整段复制到网页里。")
    policy: list[str] = Field(description="网页设了内容安全策略（CSP）时要加上的来源。")
    frame_html: str = Field(description="iframe 的写法，供不许外来脚本的网站使用。")
    frame_policy: list[str] = Field(description="用 iframe 时 CSP 要加上的来源。")
    autosize_html: str = Field(description="让 iframe 随内容调整高度的脚本，可不用。")
