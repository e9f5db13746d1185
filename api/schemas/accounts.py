"""Shapes of organisations, people, API keys and widget tokens, for administrators."""

import re
from datetime import datetime
from typing import Annotated, Final

from pydantic import AfterValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from api.schemas.base import Schema, Unique, UpdateSchema, absent
from api.schemas.session import Login
from api.schemas.texts import Keyword, OrganisationName, RegionCode, RowId, Uscc
from models.vocabulary.access import Role, Scope, WidgetKind
from models.vocabulary.organisation import OrganisationType

DEFAULT_DAYS: Final = 365
MAX_DAYS: Final = 730
"""How long an API key opens anything."""

DEFAULT_PER_MINUTE: Final = 600
MAX_PER_MINUTE: Final = 6_000
"""Requests a minute with one widget token."""

_ORIGIN: Final = re.compile(r"https?://[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?(:[0-9]{1,5})?")


def _origin(text: str) -> str:
    """Return an origin in the form browsers send it."""
    lowered = text.lower()
    if _ORIGIN.fullmatch(lowered) is None:
        raise PydanticCustomError(
            "text_origin", "应为网站的来源，如 https://www.example.org，不含路径。"
        )
    return lowered


Origin = Annotated[str, StringConstraints(min_length=8, max_length=270), AfterValidator(_origin)]


class OrganisationCreate(Schema):
    """An organisation for which accounts are to be made."""

    name: OrganisationName = Field(description="名称。", examples=["苏州示例知识产权咨询有限公司"])
    org_type: OrganisationType = Field(description="类型。", examples=["consultancy"])
    uscc: Uscc | None = absent("统一社会信用代码。")
    region_code: RegionCode | None = absent("所在地，GB/T 2260 代码。", "320500")


class OrganisationUpdate(UpdateSchema):
    """A change of an organisation."""

    never_null = frozenset({"name", "org_type"})

    name: OrganisationName | None = absent("名称。", "苏州示例知识产权咨询有限公司")
    org_type: OrganisationType | None = absent("类型。", "consultancy")
    uscc: Uscc | None = absent("统一社会信用代码。")
    region_code: RegionCode | None = absent("所在地，GB/T 2260 代码。", "320500")


class OrganisationRead(Schema):
    """An organisation as administrators see it."""

    id: str = Field(description="单位编号。")
    version: int = Field(description="版本号，修改时带上。", examples=[1])
    name: str = Field(description="名称。")
    org_type: OrganisationType = Field(description="类型。")
    uscc: str | None = Field(description="统一社会信用代码。")
    region_code: str | None = Field(description="所在地代码。")
    region_name: str | None = Field(description="所在地名称。")


class RecipientRead(Schema):
    """An organisation a demand can be for, as somebody finds it who already knows its name."""

    id: str = Field(description="单位编号；填在需求的 recipient_id。")
    name: str = Field(description="登记的名称。", examples=["苏州示例功率半导体有限公司"])


class PersonCreate(Schema):
    """Somebody who is to sign in."""

    login: Login = Field(description="登录名，3 至 64 个字符，不分大小写。", examples=["zhang.san"])
    name: Keyword = Field(description="姓名，用于显示。", examples=["示例人员"])
    role: Role = Field(description="角色；只能授予自己有权授予的。", examples=["provider_staff"])
    organisation_id: RowId | None = absent("所属单位；不填时为授予者的单位。")
    region_code: RegionCode | None = absent("所辖地区；只有地方主管部门要填。", "440000")


class PersonRead(Schema):
    """An account as administrators see it."""

    id: str = Field(description="账号编号。")
    login: str = Field(description="登录名。")
    name: str = Field(description="姓名。")
    role: Role | None = Field(description="角色。")
    organisation_id: str | None = Field(description="所属单位编号。")
    organisation_name: str | None = Field(description="所属单位名称。")
    region_code: str | None = Field(description="所辖地区代码。")
    is_locked: bool = Field(description="是否被停用或暂时锁定。")
    has_authenticator: bool = Field(description="是否绑定了身份验证器。")
    must_change_password: bool = Field(description="是否须先修改初始密码。")
    created_at: datetime = Field(description="建立时间（UTC）。")


class PasswordRead(Schema):
    """A first or new password; shown this once."""

    person: PersonRead = Field(description="账号。")
    password: str = Field(description="初始密码，只在这次答复中出现；登录后须先修改。")


class KeyCreate(Schema):
    """An API key that is to be made."""

    name: Keyword = Field(description="用途；换新的密钥同名。", examples=["门户网站"])
    role: Role = Field(description="角色；只能授予自己有权授予的。", examples=["base_staff"])
    organisation_id: RowId | None = absent("所属单位；不填时为签发者的单位。")
    region_code: RegionCode | None = absent("所辖地区；只有地方主管部门要填。", "440000")
    scopes: Annotated[list[Scope], Unique] = Field(
        default=[Scope.READ, Scope.MATCH, Scope.WRITE],
        min_length=1,
        max_length=len(Scope),
        description="用途范围：read 读取、match 匹配、write 写入、administer 管理账号和密钥。",
        examples=[["read", "match"]],
    )
    read_only: bool = Field(default=False, strict=True, description="是否只能读取和匹配。")
    days: Annotated[int, Field(strict=True, ge=1, le=MAX_DAYS)] = Field(
        default=DEFAULT_DAYS, description=f"有效天数，最长 {MAX_DAYS} 天。", examples=[90]
    )


class KeyRotate(Schema):
    """How long the successor of a key is to open anything."""

    days: Annotated[int, Field(strict=True, ge=1, le=MAX_DAYS)] | None = absent(
        "新密钥的有效天数；不填时与旧密钥的相同。", 90
    )


class KeyRead(Schema):
    """An API key without its secret."""

    id: str = Field(description="密钥编号。")
    key_id: str = Field(description="密钥中的识别段，可用来认出密钥。")
    name: str = Field(description="用途。")
    role: Role = Field(description="角色。")
    organisation_id: str | None = Field(description="所属单位编号。")
    region_code: str | None = Field(description="所辖地区代码。")
    scopes: list[Scope] = Field(description="用途范围。")
    read_only: bool = Field(description="是否只能读取。")
    created_at: datetime = Field(description="签发时间（UTC）。")
    expires_at: datetime = Field(description="失效时间（UTC）。")
    revoked_at: datetime | None = Field(description="撤销时间（UTC）；未撤销为空。")


class KeyMade(Schema):
    """A new API key; its text is shown this once."""

    key: str = Field(description="密钥全文，只在这次答复中出现，请立即保存。")
    about: KeyRead = Field(description="密钥的情况。")


class WidgetTokenCreate(Schema):
    """A public token for pages that show results."""

    name: Keyword = Field(description="用途。", examples=["园区门户"])
    origins: Annotated[list[Origin], Unique] = Field(
        min_length=1,
        max_length=20,
        description="许可使用的网站来源。",
        examples=[["https://www.example.org"]],
    )
    kinds: Annotated[list[WidgetKind], Unique] = Field(
        default=list(WidgetKind),
        min_length=1,
        max_length=len(WidgetKind),
        description="显示什么：providers 服务机构，demands 需求，cases 案例。",
    )
    per_minute: Annotated[int, Field(strict=True, ge=1, le=MAX_PER_MINUTE)] = Field(
        default=DEFAULT_PER_MINUTE,
        description="全部网页合计每分钟最多请求的次数。",
        examples=[DEFAULT_PER_MINUTE],
    )
    organisation_id: RowId | None = absent("所属单位；不填时为签发者的单位。")


class WidgetTokenRead(Schema):
    """A widget token; it is public."""

    id: str = Field(description="令牌编号。")
    token: str = Field(description="令牌，写在网页里，不是秘密。")
    name: str = Field(description="用途。")
    organisation_id: str | None = Field(description="所属单位编号。")
    origins: list[str] = Field(description="许可使用的网站来源。")
    kinds: list[WidgetKind] = Field(description="显示什么。")
    per_minute: int = Field(description="全部网页合计每分钟最多请求的次数。")
    created_at: datetime = Field(description="签发时间（UTC）。")
    revoked_at: datetime | None = Field(description="撤销时间（UTC）；未撤销为空。")
