"""Shapes of signing in and of whoever is signed in."""

from datetime import datetime
from typing import Annotated, Final

from pydantic import AfterValidator, Field, StringConstraints

from api.schemas.base import Schema, absent
from api.schemas.texts import Sanitised
from models.lengths import LOGIN_CHARS
from models.vocabulary.access import Role, Scope

MIN_PASSWORD_CHARS: Final = 10
MAX_PASSWORD_CHARS: Final = 128
"""Longer ones only cost time."""

Login = Annotated[
    str,
    StringConstraints(min_length=3, max_length=LOGIN_CHARS, pattern=r"^[\w.@-]+$"),
    AfterValidator(Sanitised(3, LOGIN_CHARS, one_line=True)),
]
Password = Annotated[
    str,
    StringConstraints(min_length=1, max_length=MAX_PASSWORD_CHARS, pattern=r"^[^\x00-\x1f\x7f]+$"),
]
"""Any characters somebody can type; nothing is trimmed or changed."""

Code = Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]
TotpSecret = Annotated[str, StringConstraints(pattern=r"^[A-Z2-7]{32}$")]


class SignInCreate(Schema):
    """What somebody types to sign in."""

    login: Login = Field(description="登录名，不分大小写。", examples=["operator"])
    password: Password = Field(description="密码。", examples=["correct-horse-7"])
    code: Code | None = absent("身份验证器上的 6 位验证码；绑定了验证器的账号要填。", "123456")


class SessionRead(Schema):
    """Who is asking."""

    login: str | None = Field(description="登录名；用密钥时为空。", examples=["operator"])
    name: str | None = Field(description="姓名；用密钥时为空。", examples=["示例管理员"])
    role: Role = Field(description="角色。", examples=["operator"])
    role_label: str = Field(description="角色的中文名。", examples=["平台管理方"])
    organisation_id: str | None = Field(description="所属单位编号；管理方为空。")
    organisation_name: str | None = Field(description="所属单位名称。")
    region_code: str | None = Field(description="所在或所辖地区代码。")
    read_only: bool = Field(description="是否只能读取。")
    scopes: list[Scope] = Field(description="可以用来做什么。")
    must_change_password: bool = Field(description="是否须先修改初始密码。")
    has_authenticator: bool = Field(description="本次登录是否用了身份验证器。")
    expires_at: datetime | None = Field(description="最迟何时失效（UTC）；用密钥时为空。")
    has_demo_data: bool = Field(
        description="是否载有演示数据：随软件附带的机构、需求和案例，均为虚构。", examples=[False]
    )
    may: list[str] = Field(
        description="这个角色可以调用的操作，按名称；对具体记录还要看是否可见、是否属于本单位。"
    )


class PasswordChange(Schema):
    """A new password of one's own."""

    old_password: Password = Field(description="现在的密码。", examples=["correct-horse-7"])
    new_password: Password = Field(
        description=f"新密码，{MIN_PASSWORD_CHARS} 至 {MAX_PASSWORD_CHARS} 字，不含登录名。",
        examples=["battery-staple-9"],
    )


class AuthenticatorOffer(Schema):
    """A secret for an authenticator; it counts once a code proved it."""

    secret: str = Field(description="密钥（base32），只在这次答复中出现。")
    address: str = Field(description="otpauth 地址，可做成二维码供身份验证器扫描。")


class AuthenticatorIn(Schema):
    """A secret an authenticator has taken in, and a code it shows."""

    secret: TotpSecret = Field(
        description="刚才得到的密钥。", examples=["JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"]
    )
    code: Code = Field(description="身份验证器现在显示的 6 位数字。", examples=["123456"])
    password: Password | None = absent("现在的密码；更换已绑定的验证器时要填。", "correct-horse-7")
    old_code: Code | None = absent("原验证器上的 6 位数字；更换时要填。", "654321")
