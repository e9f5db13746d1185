"""`navmatch people`: accounts made and mended on the machine itself."""

from typing import Annotated

import typer

from api.cli.checked import checked
from api.cli.console import add_row, output, say, table
from api.cli.keys import ROLE_HELP
from api.cli.organisations import organisation_for
from api.cli.wording import HELP_NAMES, ChineseCommand, ChineseGroup
from api.identity.people import Account, NewPerson
from api.schemas.accounts import PersonCreate
from models.base import now_utc
from models.sight import MEMBER_ROLES
from models.vocabulary.access import Role
from models.vocabulary.organisation import OrganisationType

app = typer.Typer(cls=ChineseGroup, no_args_is_help=True, context_settings=HELP_NAMES)

_Login = Annotated[str, typer.Argument(help="登录名。", metavar="登录名")]


@app.command("add", cls=ChineseCommand, help="建立一个账号，打印初始密码；首次登录须修改。")
def add(
    ctx: typer.Context,
    login: _Login,
    name: Annotated[str | None, typer.Option(help="姓名；不填时同登录名。", metavar="姓名")] = None,
    role: Annotated[Role, typer.Option(help=ROLE_HELP, metavar="角色")] = Role.OPERATOR,
    organisation: Annotated[
        str | None, typer.Option(help="所属单位的名称或编号；管理方不填。", metavar="单位")
    ] = None,
    org_type: Annotated[
        OrganisationType | None,
        typer.Option(help="单位尚未登记时的类型，如 consultancy、park。", metavar="类型"),
    ] = None,
    region: Annotated[
        str | None, typer.Option(help="新单位的所在地，或地方主管部门所辖的地区。", metavar="代码")
    ] = None,
) -> int:
    """Add somebody."""
    is_member = role in MEMBER_ROLES
    new = checked(
        PersonCreate,
        login=login,
        name=name or login,
        role=role,
        region_code=None if is_member else region,
    )
    with ctx.obj.store() as service:
        organisation_id = organisation_for(service, organisation, org_type, region)
        account, password = service.identity.people.add(
            NewPerson(
                login=new.login,
                name=new.name,
                role=new.role,
                organisation_id=organisation_id,
                region_code=new.region_code,
            )
        )
    _show_password(account, password)
    return 0


@app.command("list", cls=ChineseCommand, help="列出全部账号。")
def list_people(ctx: typer.Context) -> int:
    """Show everybody."""
    with ctx.obj.store() as service:
        found, _ = service.identity.people.list()
    shown = table("账号", "登录名", "姓名", "角色", "单位", "状态")
    for account in found:
        person, membership = account.person, account.membership
        of = account.organisation.name if account.organisation else ""
        role = membership.role.value if membership else ""
        add_row(shown, person.login, person.name, role, of, _state(account))
    output().print(shown)
    return 0


@app.command("lock", cls=ChineseCommand, help="停用账号，立即结束其全部登录。")
def lock(ctx: typer.Context, login: _Login) -> int:
    """Keep somebody out."""
    with ctx.obj.store() as service:
        people = service.identity.people
        people.lock(people.find(login).person.id)
    say(f"已停用 {login}。")
    return 0


@app.command("unlock", cls=ChineseCommand, help="恢复停用或因密码不对而锁定的账号。")
def unlock(ctx: typer.Context, login: _Login) -> int:
    """Let somebody in again."""
    with ctx.obj.store() as service:
        people = service.identity.people
        people.unlock(people.find(login).person.id)
    say(f"已恢复 {login}。")
    return 0


@app.command(
    "reset-password", cls=ChineseCommand, help="打印新的初始密码，解除身份验证器，结束其全部登录。"
)
def reset_password(ctx: typer.Context, login: _Login) -> int:
    """Give somebody a new first password."""
    with ctx.obj.store() as service:
        people = service.identity.people
        account, password = people.reset_password(people.find(login).person.id)
    _show_password(account, password)
    return 0


@app.command(
    "totp", cls=ChineseCommand, help="绑定新的身份验证器，打印供扫描的地址，结束其全部登录。"
)
def totp(ctx: typer.Context, login: _Login) -> int:
    """Give somebody a new authenticator."""
    with ctx.obj.store() as service:
        account, address = service.identity.authenticators.enrol(login)
    output().print(address, soft_wrap=True)
    say(
        f"{account.person.login} 的身份验证器地址，只显示这一次：转成二维码扫描，"
        "或把 secret= 后面的密钥手工输入。此后登录要填验证码。"
    )
    return 0


def _show_password(account: Account, password: str) -> None:
    output().print(password, soft_wrap=True)
    say(f"{account.person.login} 的初始密码，只显示这一次；首次登录须修改。")


def _state(account: Account) -> str:
    if account.person.disabled_at is not None:
        return "已停用"
    if account.is_locked(now_utc()):
        return "暂时锁定"
    return "待改初始密码" if account.person.must_change_password else "正常"
