"""The commands put together, and every error turned into one Chinese sentence."""

import errno
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from typer.exceptions import TyperException
from typer.main import get_command

from api.cli import (
    audit,
    backup,
    demo,
    doctor,
    erase,
    evaluate,
    index,
    ipc,
    keys,
    match,
    people,
    replay,
    serve,
    tag,
    taxonomy,
    train,
    transfer,
    verify,
)
from api.cli.console import complain, messages, output
from api.cli.installation import Installation, read_settings
from api.cli.wording import HELP_NAMES, ChineseCommand, ChineseGroup, sentence_of
from api.program import program_version
from api.settings import arm_failpoints
from models.errors import NavmatchError, SetupError
from models.occasion import Occasion, during, name_act
from models.viewer import acting_as, system

EXIT_FAILED: Final = 1
EXIT_USAGE: Final = 2
EXIT_SETUP: Final = 3
EXIT_INTERNAL: Final = 70
EXIT_INTERRUPTED: Final = 130

_EPILOG: Final = (
    "退出码：0 成功；1 未完成或全部被拒绝；2 用法不对；"
    "3 环境有问题（先运行 navmatch doctor）；130 被中断。"
)

app = typer.Typer(
    name="navmatch",
    cls=ChineseGroup,
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings=HELP_NAMES,
    epilog=_EPILOG,
)


def _show_version(wanted: bool) -> None:
    if wanted:
        output().print(f"navmatch {program_version()}")
        raise typer.Exit


@app.callback(help="专利导航需求匹配检索：导入需求和服务机构，排序匹配并说明理由。")
def choose(
    ctx: typer.Context,
    data_dir: Annotated[
        Path | None,
        typer.Option(help="数据目录，代替环境变量 NAVMATCH_DATA_DIR。", metavar="目录"),
    ] = None,
    encoder: Annotated[
        str | None,
        typer.Option(help="编码器，代替环境变量 NAVMATCH_ENCODER。", metavar="名称或目录"),
    ] = None,
    debug: Annotated[bool, typer.Option("--debug", help="出错时显示完整的调用过程。")] = False,
    show_version: Annotated[
        bool,
        typer.Option("--version", help="显示版本号。", is_eager=True, callback=_show_version),
    ] = False,
) -> None:
    """Read the settings every command needs."""
    name_act(f"navmatch {ctx.invoked_subcommand}")
    if ctx.obj is None:
        ctx.obj = Installation(read_settings(data_dir=data_dir, encoder=encoder))


for _name, _function, _help in (
    ("serve", serve.serve, "启动服务：接口、文档页和网页。"),
    ("import", transfer.import_file, "从 JSONL、CSV 或 XLSX 文件导入；默认只试运行，不写入。"),
    ("template", transfer.write_empty, "写出一张空白的 XLSX 表，带下拉列表、示例和填写说明。"),
    ("export", transfer.export_file, "导出为 JSONL、CSV 或 XLSX 文件，可以原样导回。"),
    ("match", match.match, "为一条需求、一段文字或全部需求排出最合适的服务机构。"),
    ("replay", replay.replay, "把展示过的一次排名重新排一遍，说明有没有不同、为什么。"),
    ("tag", tag.tag, "给文件中的文本标注应用场景、产业和地区。"),
    ("retag", taxonomy.retag, "按现行的场景分类重新标注全部文本；中断后再运行就接着做。"),
    ("reindex", index.reindex, "由数据库重建索引。"),
    ("erase", erase.erase, "彻底删除一家单位、一个人或一条记录，库、索引和文件中都不留。"),
    ("doctor", doctor.doctor, "检查运行环境，逐项说明怎样修复。"),
    ("verify", verify.verify, "核对数据库的每一行和索引的每一条，指出被改动、缺失和多余的。"),
    ("backup", backup.backup, "备份全部数据；服务不必停止。"),
    ("restore", backup.restore, "由备份恢复，也可以换一种数据库。"),
    ("evaluate", evaluate.evaluate, "在一个评测集上排序，写出 TREC 结果文件和指标。"),
    ("demo", demo.demo, "载入演示数据，打印三条需求的匹配结果，然后启动服务。"),
):
    app.command(_name, cls=ChineseCommand, help=_help, context_settings=HELP_NAMES)(_function)


app.add_typer(train.app, name="train", help="由标注训练排序器和编码器，更好才装入；管理版本。")
app.add_typer(audit.app, name="audit", help="核对、查看和导出审计记录。")

app.add_typer(people.app, name="people", help="管理能登录的人：建立、停用、重置密码。")
app.add_typer(keys.app, name="keys", help="管理 API 密钥：签发、换新、撤销。")
app.add_typer(ipc.app, name="ipc", help="用自己的 IPC 名称表给文本建议小类。")
app.add_typer(taxonomy.app, name="taxonomy", help="查看和改动应用场景分类，运行中即生效。")


def run(arguments: Sequence[str] | None = None, installation: Installation | None = None) -> int:
    """Run a command and return its exit code.

    Args:
        arguments: Words after the program's name; those of the process when None.
        installation: What commands work on; made from the settings when None.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        arm_failpoints()
        with acting_as(system("cli")), during(Occasion("navmatch")):
            code: Any = get_command(app).main(
                args=words, prog_name="navmatch", standalone_mode=False, obj=installation
            )
    except Exception as error:
        if "--debug" in words:
            raise
        return _explain(error)
    if code == EXIT_INTERRUPTED:
        complain("已中断。此前已写入的内容仍然有效，重新运行即可继续。")
    return code if isinstance(code, int) else 0


def _explain(error: Exception) -> int:
    """Say in one sentence what went wrong, and return the exit code for it."""
    if isinstance(error, NavmatchError):
        complain(error.message)
        return EXIT_SETUP if isinstance(error, SetupError) else EXIT_FAILED
    if type(error).__name__ == "NoArgsIsHelpError":
        messages().print(str(error))
        return EXIT_USAGE
    if isinstance(error, TyperException):
        complain(f"{sentence_of(error)}用法见 navmatch --help。")
        return EXIT_USAGE
    if isinstance(error, OSError):
        complain(_system_sentence(error))
        return EXIT_FAILED
    if type(error).__module__.startswith("sqlalchemy"):
        complain(
            "数据库无法使用：文件可能损坏、被锁住或不是本软件的数据库。请运行 navmatch doctor。"
        )
        return EXIT_SETUP
    complain(
        f"程序内部出错（{type(error).__name__}）。请加 --debug 重新运行，把输出交给维护者："
        f"navmatch --debug …"
    )
    return EXIT_INTERNAL


def _system_sentence(error: OSError) -> str:
    if error.errno == errno.ENOSPC:
        return "磁盘空间不足，请清理后重新运行。"
    where = f" {error.filename}" if error.filename else ""
    return f"系统拒绝了操作{where}：{error.strerror or error}。请检查路径和权限。"
