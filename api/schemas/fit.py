"""Shapes of looking closer: one provider for one demand, or some side by side."""

from enum import StrEnum

from pydantic import Field

from api.schemas.base import Schema
from api.schemas.match import MatchRead
from api.schemas.provider import ProviderRead
from models.vocabulary.interaction import InteractionState


class Place(StrEnum):
    """Where a provider stands in the list of a demand's owner; never beside whom."""

    TOP = "top"
    LISTED = "listed"
    BEYOND = "beyond"
    EXCLUDED = "excluded"
    UNSEEN = "unseen"


class FitRead(Schema):
    """Why a provider is, or is not, recommended for a demand."""

    version: str = Field(description="作答的索引版本。", examples=["gen-1.42"])
    demand_id: str = Field(description="需求编号。")
    provider_id: str = Field(description="服务机构编号。")
    is_recommended: bool = Field(description="是否在需求方推荐列表的前 10 位，且档位不是“弱”。")
    place: Place = Field(
        description="在需求方的推荐列表中：top 前 10，listed 前 50，beyond 更后，"
        "excluded 因必须满足的条件不满足而排除，unseen 需求方看不到您的机构或能力。",
        examples=["top"],
    )
    summary: str = Field(description="一句话结论。")
    blockers: list[str] = Field(description="不满足、因而被排除或受影响的条件。")
    gaps: list[str] = Field(description="可以补充或改进的地方，影响大的在前。")
    match: MatchRead | None = Field(
        description="本机构与这条需求逐项比较的结果，名次不填（0）；没有在服务的能力时为空。"
    )


class ComparedProvider(Schema):
    """One provider of a comparison."""

    provider: ProviderRead = Field(description="机构资料。")
    match: MatchRead | None = Field(
        description="与需求逐项比较的结果；没有看得到的在服务能力时为空。"
    )
    is_excluded: bool = Field(description="是否因必须满足的条件不满足而不被推荐。")
    interaction_id: str | None = Field(description="已有的对接。")
    interaction_state: InteractionState | None = Field(description="对接的状态。")


class ComparisonRead(Schema):
    """Providers side by side for one demand."""

    version: str = Field(description="作答的索引版本。", examples=["gen-1.42"])
    demand_id: str = Field(description="需求编号。")
    providers: list[ComparedProvider] = Field(description="按提问的次序。")
