"""`navmatch keys`: API keys made, shown, replaced and revoked on the machine itself."""

from typing import Annotated, Final

import typer

from api.cli.checked import checked
from api.cli.console import add_row, output, say, table
from api.cli.organisations import organisation_id_of
from api.cli.wording import HELP_NAMES, ChineseCommand, ChineseGroup
from api.identity.api_keys import DEFAULT_SCOPES, NewKey
from api.identity.principal import EVERY_SCOPE
from api.identity.secret_key import SecretKey
from api.schemas.accounts import DEFAULT_DAYS, MAX_DAYS, KeyCreate
from models.base import now_utc
from models.identity import ApiKey
from models.vocabulary.access import Role, Scope

app = typer.Typer(cls=ChineseGroup, no_args_is_help=True, context_settings=HELP_NAMES)

ROLE_HELP: Final = (
    "角色：operator 平台管理方、regional_operator 地方主管部门、base_admin 和 base_staff 服务基地、"
    "provider_admin 和 provider_staff 服务机构、recipient 成果使用单位。"
)
_Days = Annotated[int, typer.Option(help="有效天数。", metavar="天数", min=1, max=MAX_DAYS)]
_DaysAgain = Annotated[
    int | None,
    typer.Option(help="有效天数；不填时与旧密钥的相同。", metavar="天数", min=1, max=MAX_DAYS),
]
_KeyId = Annotated[str, typer.Argument(help="密钥编号，或密钥中的识别段。", metavar="编号")]


@app.command("create", cls=ChineseCommand, help="签发一个密钥，全文只显示这一次。")
def create(
    ctx: typer.Context,
    name: Annotated[str, typer.Option(help="用途，如“门户网站”。", metavar="名称")],
    role: Annotated[Role, typer.Option(help=ROLE_HELP, metavar="角色")] = Role.OPERATOR,
    organisation: Annotated[
        str | None, typer.Option(help="所属单位的名称或编号；管理方不填。", metavar="单位")
    ] = None,
    region: Annotated[
        str | None, typer.Option(help="所辖地区代码，只用于地方主管部门。", metavar="代码")
    ] = None,
    scope: Annotated[
        list[Scope] | None,
        typer.Option(
            help="用途范围 read、match、write、administer，可多次给出；默认前三种。", metavar="范围"
        ),
    ] = None,
    read_only: Annotated[bool, typer.Option("--read-only", help="只能读取和匹配。")] = False,
    days: _Days = DEFAULT_DAYS,
) -> int:
    """Make a key."""
    new = checked(
        KeyCreate,
        name=name,
        role=role,
        region_code=region,
        scopes=scope or list(DEFAULT_SCOPES),
        read_only=read_only,
        days=days,
    )
    with ctx.obj.store() as service:
        made = service.identity.keys.create(
            NewKey(
                name=new.name,
                role=new.role,
                organisation_id=organisation_id_of(service, organisation),
                region_code=new.region_code,
                scopes=frozenset(new.scopes),
                read_only=new.read_only,
                days=new.days,
            ),
            held=EVERY_SCOPE,
        )
    _show(made)
    return 0


@app.command("list", cls=ChineseCommand, help="列出全部密钥，不含全文。")
def list_keys(ctx: typer.Context) -> int:
    """Show all keys."""
    with ctx.obj.store() as service:
        found = service.identity.keys.list().rows
    shown = table(
        "API 密钥（新的在前，日期按 UTC）", "编号", "识别段", "用途", "角色", "范围", "状态"
    )
    for key in found:
        scopes = "、".join(key.scopes) + ("，只读" if key.read_only else "")
        add_row(shown, key.id, key.key_id, key.name, key.role.value, scopes, _state(key))
    output().print(shown)
    return 0


@app.command("revoke", cls=ChineseCommand, help="撤销一个密钥，从下一个请求起无效。")
def revoke(ctx: typer.Context, key: _KeyId) -> int:
    """Revoke a key."""
    with ctx.obj.store() as service:
        revoked = service.identity.keys.revoke(key)
    say(f"已撤销“{revoked.name}”（{revoked.key_id}）。")
    return 0


@app.command("rotate", cls=ChineseCommand, help="签发同名同权的新密钥；旧的仍有效，换好后请撤销。")
def rotate(ctx: typer.Context, key: _KeyId, days: _DaysAgain = None) -> int:
    """Make the successor of a key."""
    with ctx.obj.store() as service:
        made = service.identity.keys.rotate(key, days, held=EVERY_SCOPE)
    _show(made)
    say(f"旧的密钥仍然有效。换好后请运行：navmatch keys revoke {key}")
    return 0


def _show(made: tuple[ApiKey, SecretKey]) -> None:
    key, secret = made
    output().print(secret.text, soft_wrap=True)
    until = f"有效到 {key.expires_at:%Y-%m-%d %H:%M}（UTC）"
    say(f"“{key.name}”的密钥，{until}；只显示这一次，请立即保存。")


def _state(key: ApiKey) -> str:
    if key.revoked_at is not None:
        return f"已撤销 {key.revoked_at:%Y-%m-%d}"
    word = "有效到" if key.expires_at > now_utc() else "已过期"
    return f"{word} {key.expires_at:%Y-%m-%d}"
