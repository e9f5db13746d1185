"""Shapes of providers."""

from datetime import datetime
from typing import Annotated, Final

from pydantic import Field

from api.schemas.base import Count, Schema, Unique, UpdateSchema, absent
from api.schemas.capability import CapabilityCreate
from api.schemas.facts import Capacity, Credential, CredentialRead, Preferences, Resource, Team
from api.schemas.texts import (
    Introduction,
    Keyword,
    LanguageCode,
    OrganisationName,
    RegionCode,
    SourceRef,
    Uscc,
)
from indexer.types import NATION
from models.vocabulary.access import Visibility
from models.vocabulary.organisation import OrganisationType, ProviderState

MAX_CAPABILITIES: Final = 50
"""Capabilities one provider may register."""

NAME_EXAMPLE = "苏州示例知识产权咨询有限公司"

ServedRegion = Annotated[str, Field(pattern=rf"^([0-9]{{2}}([0-9]{{2}}){{0,2}}|{NATION})$")]


class ProviderCreate(Schema):
    """A provider as it is registered; what is left out counts as never said."""

    name: OrganisationName = Field(description="机构名称。", examples=[NAME_EXAMPLE])
    short_name: Keyword | None = absent("简称。")
    uscc: Uscc | None = absent("统一社会信用代码。")
    org_type: OrganisationType = Field(description="机构类型。", examples=["consultancy"])
    region_code: RegionCode | None = absent("所在地，GB/T 2260 代码。", "320500")
    intro: Introduction | None = absent("机构介绍，不超过 3000 字。")
    service_regions: Annotated[list[ServedRegion], Field(max_length=40), Unique] = Field(
        default_factory=list,
        description="服务区域代码；服务全国填 nation。",
        examples=[["32", "31"]],
    )
    team: Team | None = absent("团队人数。")
    analysts_stability_3y: Count | None = absent(
        "3 年以上专利稳定性和侵权风险分析经验的人数；未知时不填。", 4
    )
    credentials: list[Credential] = Field(default_factory=list, max_length=30, description="资质。")
    data_resources: list[Resource] = Field(
        default_factory=list, max_length=30, description="数据资源。"
    )
    tools: list[Resource] = Field(default_factory=list, max_length=30, description="工具。")
    nda_ready: bool | None = absent("能否作出保密承诺；未知时不填。", True, strict=True)
    on_prem_ok: bool | None = absent("能否驻场或本地部署；未知时不填。", None, strict=True)
    languages: Annotated[list[LanguageCode], Field(max_length=20), Unique] = Field(
        default_factory=list, description="工作语言。", examples=[["zh", "en"]]
    )
    capacity: Capacity | None = absent("承接余力。")
    preferences: Preferences | None = absent("承接偏好。")
    visibility: Visibility = Field(
        default=Visibility.PLATFORM, description="可见范围。", examples=["platform"]
    )
    source_ref: SourceRef | None = absent("来源系统中的编号，全库唯一。")
    capabilities: list[CapabilityCreate] = Field(
        default_factory=list,
        max_length=MAX_CAPABILITIES,
        description="服务能力，最多 50 项；也可以之后逐项登记。",
    )


class ProviderUpdate(UpdateSchema):
    """A change of a provider."""

    never_null = frozenset(
        {"name", "org_type", "service_regions", "credentials", "data_resources", "tools"}
        | {"languages", "visibility"}
    )

    name: OrganisationName | None = absent("机构名称。", NAME_EXAMPLE)
    short_name: Keyword | None = absent("简称。")
    uscc: Uscc | None = absent("统一社会信用代码。")
    org_type: OrganisationType | None = absent("机构类型。", "consultancy")
    region_code: RegionCode | None = absent("所在地。", "320500")
    intro: Introduction | None = absent("机构介绍。")
    service_regions: Annotated[list[ServedRegion], Field(max_length=40), Unique] | None = absent(
        "服务区域。", ["nation"]
    )
    team: Team | None = absent("团队人数。")
    analysts_stability_3y: Count | None = absent("3 年以上经验的分析人员数。", 4)
    credentials: list[Credential] | None = absent("资质。", [], max_length=30)
    data_resources: list[Resource] | None = absent("数据资源。", [], max_length=30)
    tools: list[Resource] | None = absent("工具。", [], max_length=30)
    nda_ready: bool | None = absent("能否作出保密承诺。", True, strict=True)
    on_prem_ok: bool | None = absent("能否驻场或本地部署。", None, strict=True)
    languages: Annotated[list[LanguageCode], Field(max_length=20), Unique] | None = absent(
        "工作语言。", ["zh"]
    )
    capacity: Capacity | None = absent("承接余力。")
    preferences: Preferences | None = absent("承接偏好。")
    visibility: Visibility | None = absent("可见范围。", "public")


class ProviderRead(Schema):
    """A stored provider."""

    id: str = Field(description="服务机构编号。", examples=["pv_01JZX3V8Q4W6T2N9K7M5R1C0BD"])
    organisation_id: str = Field(description="机构编号。")
    version: int = Field(description="版本号，修改时带上。", examples=[1])
    state: ProviderState = Field(description="状态。", examples=["active"])
    name: str = Field(description="机构名称。", examples=[NAME_EXAMPLE])
    short_name: str | None = Field(description="简称。")
    uscc: str | None = Field(description="统一社会信用代码。")
    org_type: OrganisationType = Field(description="机构类型。")
    region_code: str | None = Field(description="所在地代码。", examples=["320500"])
    region_name: str | None = Field(description="所在地名称。", examples=["苏州市"])
    intro: str | None = Field(description="机构介绍。")
    service_regions: list[str] = Field(description="服务区域。")
    team: Team = Field(description="团队人数。")
    analysts_stability_3y: int | None = Field(description="3 年以上经验的分析人员数。")
    credentials: list[CredentialRead] = Field(description="资质。")
    data_resources: list[Resource] = Field(description="数据资源。")
    tools: list[Resource] = Field(description="工具。")
    nda_ready: bool | None = Field(description="能否作出保密承诺。")
    on_prem_ok: bool | None = Field(description="能否驻场或本地部署。")
    languages: list[str] = Field(description="工作语言。")
    capacity: Capacity | None = Field(description="承接余力。")
    preferences: Preferences = Field(description="承接偏好。")
    visibility: Visibility = Field(description="可见范围。")
    source_ref: str | None = Field(description="来源系统中的编号。")
    n_capabilities: int = Field(description="已登记的能力数。", examples=[1])
    created_at: datetime = Field(description="创建时间（UTC）。")
    updated_at: datetime = Field(description="修改时间（UTC）。")
