"""`navmatch audit`: whether the chain is whole, what stands in it, and a key when it is lost."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from api.cli.console import add_row, harmless, output, progress, say, table
from api.cli.wording import HELP_NAMES, ChineseCommand, ChineseGroup
from api.exchange.writing import write_lines
from api.lost_key import NewKey, check_lost, take_new_key
from models import audit_reading
from models.audit import AuditEvent
from models.audit_check import Fault, FaultKind
from models.audit_points import Unprovable
from models.audit_reading import AuditQuestion
from models.audit_trail import record
from models.notification import Webhook
from models.vocabulary.access import AuditAction

MAX_SHOWN = 50

_FAULTS = {
    FaultKind.CHANGED: "被改动，或与前一条接不上",
    FaultKind.MISSING: "缺失",
    FaultKind.INSERTED: "是插入的",
    FaultKind.CUT: "被截去（链头曾写到这里）",
    FaultKind.CHECKPOINT: "处的清理标记没有有效签名",
    FaultKind.MARK: "处的密钥丢失标记没有有效签名",
}
_WHAT_IS_LOST = (
    "换用新的审计密钥，只用于原来的密钥确实找不回来的时候：\n"
    "- 此前的审计记录一条不删、一条不改，但再也不能核对，以后找回原来的密钥也不能退回；\n"
    "- 身份验证器全部解除，本人下次登录后重新绑定；\n"
    "- 回调的签名密钥全部更换，要逐个转交给接收方；\n"
    "- 几台机器共用一个数据库的，先停止每台上的服务，再把新的密钥文件放到每台机器上。"
)

app = typer.Typer(cls=ChineseGroup, no_args_is_help=True, context_settings=HELP_NAMES)


@app.command(
    "verify", cls=ChineseCommand, help="逐条核对审计链，指出被改动、删除、插入或截去的地方。"
)
def verify(ctx: typer.Context) -> int:
    """Check every entry; exit code 1 when something is wrong."""
    with ctx.obj.store() as service:
        verdict = service.auditing.verify(service.database)
    for found in verdict.unprovable[:MAX_SHOWN]:
        output().print(_about_lost(found))
    for fault in verdict.faults[:MAX_SHOWN]:
        output().print(_sentence(fault))
    if verdict.faulty_lines:
        shown = "、".join(map(str, verdict.faulty_lines[:MAX_SHOWN]))
        output().print(f"链头文件第 {shown} 行不是程序写的，或与前一行接不上。")
    if not verdict.is_end_known:
        output().print(_about_heads(verdict.heads_at))
    if verdict.is_whole and verdict.unprovable:
        say(
            f"密钥丢失以后的 {verdict.n_entries - verdict.n_unprovable} 条全部核对无误；"
            f"以前的 {verdict.n_unprovable} 条不能核对。"
        )
        return 0
    if verdict.is_whole:
        say(f"审计链完好：{verdict.n_entries} 条全部核对无误。")
        return 0
    say(
        f"审计链不能说是完好：{verdict.n_entries} 条中有 {len(verdict.faults)} 处问题。"
        "请保留现场，先备份。"
    )
    return 1


@app.command("list", cls=ChineseCommand, help="列出最近的审计记录。")
def list_entries(
    ctx: typer.Context,
    limit: Annotated[int, typer.Option(help="最多多少条。", metavar="条数", min=1, max=1_000)] = 20,
    actor: Annotated[str | None, typer.Option(help="只看这个人或密钥的。", metavar="编号")] = None,
    entity: Annotated[str | None, typer.Option(help="只看这条记录的。", metavar="编号")] = None,
    chain: Annotated[
        str | None, typer.Option(help="只看这条链：单位编号，或 platform。", metavar="链")
    ] = None,
) -> int:
    """Show the newest entries."""
    question = AuditQuestion(chain=chain, actor=actor, entity_id=entity)
    with ctx.obj.store() as service:
        with service.database.write() as session:
            record(session, AuditAction.READ_AUDIT, "audit", chain)
        with service.database.read() as session:
            found = audit_reading.newest_entries(session, question, before=None, limit=limit)
        names = service.identity.people.called(entry.actor for entry in found)
    shown = table("审计记录（新的在前）", "时间（UTC）", "谁", "操作", "对象", "结果")
    for entry in found:
        called = names.get(entry.actor or "", "")
        who = f"{called} {entry.actor or '未登录'}（{entry.role.value}）".lstrip()
        what = f"{entry.act} {entry.action.value}"
        target = " ".join(filter(None, (entry.entity, entry.entity_id)))
        add_row(shown, f"{entry.at:%Y-%m-%d %H:%M:%S}", who, what, target, entry.result.value)
    output().print(shown)
    return 0


@app.command("export", cls=ChineseCommand, help="把全部审计记录写成 JSONL 文件，旧的在前。")
def export(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="写到哪个文件。", metavar="文件")],
) -> int:
    """Write all entries to a file."""
    with ctx.obj.store() as service:
        with service.database.write() as session:
            record(session, AuditAction.EXPORT, "audit")
        with service.database.read(unhurried=True) as session:
            total = audit_reading.count_entries(session, AuditQuestion())
            with progress("正在导出", total) as told:

                def entries() -> Iterator[dict[str, Any]]:
                    found = audit_reading.all_entries(session, AuditQuestion())
                    for number, entry in enumerate(found, start=1):
                        told(number, max(total, number))
                        yield _plain(entry)

                n_written = write_lines(file, entries())
    say(f"已导出 {n_written} 条到 {file}。")
    return 0


@app.command(
    "new-key", cls=ChineseCommand, help="审计密钥找不回来时换用新的：此前的记录不能再核对。"
)
def new_key(
    ctx: typer.Context,
    yes: Annotated[bool, typer.Option("--yes", help="不再询问。")] = False,
) -> int:
    """Go on under a new key; everything is as it was unless somebody says so."""
    check_lost(ctx.obj.settings)
    say(_WHAT_IS_LOST)
    if not yes and not typer.confirm("确定原来的密钥找不回来，换用新的吗？"):
        say("没有改动任何内容。")
        return 1
    show_new_key(take_new_key(ctx.obj.settings, show_secrets))
    return 0


def show_secrets(webhooks: Sequence[tuple[Webhook, str]]) -> None:
    """Print the secrets that have to be handed on."""
    for webhook, secret in webhooks:
        output().print(harmless(f"{webhook.name} {webhook.url} {secret}"), soft_wrap=True)


def show_new_key(made: NewKey) -> None:
    """Say what came of a new key."""
    if made.webhooks:
        say(
            f"以上 {len(made.webhooks)} 个回调的签名密钥只显示这一次，请转交给各接收方："
            "在那边换好以前，发去的通知会被拒收。"
        )
    for path in made.kept:
        say(f"原来的文件改名留着：{path}")
    say(
        f"已换用新的审计密钥 {made.key_file}，请立即另行备份。此前的 {made.n_unprovable} 条"
        f"审计记录不能再核对；解除了 {made.n_authenticators} 个身份验证器，本人下次登录后重新绑定。"
    )


def _about_lost(found: Unprovable) -> str:
    left = "" if found.n_entries else "，现在一条也不在"
    return (
        f"链 {found.chain}：{_place(found)}写于密钥丢失以前，不能核对{left}"
        f"（{found.at:%Y-%m-%d} 换用新密钥）。"
    )


def _sentence(fault: Fault) -> str:
    return f"链 {fault.chain}：{_place(fault)}{_FAULTS[fault.kind]}。"


def _place(found: Fault | Unprovable) -> str:
    if found.first == found.last:
        return f"第 {found.first} 条"
    return f"第 {found.first} 至 {found.last} 条"


def _about_heads(at: datetime | None) -> str:
    if at is None:
        return "没有记下任何链头：末尾是否被截去，看不出来。链头文件可能被移走或删除。"
    return (
        f"链头最近一次记于 {at:%Y-%m-%d %H:%M}（UTC），已超过两小时：此后的末尾是否被截去，"
        "看不出来。服务停着时属正常，启动后再核对；服务开着则链头文件可能被截短，或写不进去。"
    )


def _plain(entry: AuditEvent) -> dict[str, Any]:
    columns = AuditEvent.__table__.columns
    values = {column.name: getattr(entry, column.name) for column in columns}
    return {**values, "at": entry.at.isoformat()}
