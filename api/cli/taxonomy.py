"""`navmatch taxonomy` and `navmatch retag`: the taxonomy changed while the service runs."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final

import typer

from api.cli.checked import checked
from api.cli.console import add_row, output, progress, say, table
from api.cli.wording import HELP_NAMES, ChineseCommand, ChineseGroup
from api.exchange.types import FileRefusedError
from api.schemas.taxonomy_change import ScenarioCreate
from api.taxonomies.report import report_unfit
from api.taxonomies.unfit import UnfitText
from models.errors import NotFoundError
from models.taxonomy import Scenario
from models.vocabulary.taxonomy import RetaggingState

app = typer.Typer(cls=ChineseGroup, no_args_is_help=True, context_settings=HELP_NAMES)

MAX_BYTES: Final = 5_000_000
SHOWN: Final = 5
_RETAG_NEXT: Final = (
    "正在运行的服务一两秒内就用上。已存的文本仍是旧标签：运行 navmatch retag 重新标注。"
)

_Code = Annotated[str, typer.Argument(help="场景代码，如 ENT.SEP。", metavar="代码")]


@app.command("list", cls=ChineseCommand, help="列出现行的场景，和做过的改动。")
def list_scenarios(ctx: typer.Context) -> int:
    """Show all scenarios and the versions made."""
    with ctx.obj.store() as service:
        live, versions = service.vocabularies.scenarios, service.taxonomies.versions()
        labels = service.vocabularies.labels
        names = service.identity.people.called(v.made_by for v in versions)
    shown = table(f"应用场景（版本 {live.version}）", "代码", "名称", "用语", "例句", "")
    for scenario in (*live.level2, live.reject):
        counts = str(len(scenario.triggers)), str(len(scenario.examples))
        note = "已停用" if scenario.retired else "本安装新增" if scenario.origin == "own" else ""
        add_row(shown, scenario.code, scenario.zh, *counts, note)
    output().print(shown)
    if versions:
        made = table("改动（新的在前）", "版本", "做了什么", "代码", "由谁", "时间（UTC）")
        for v in versions:
            when = v.made_at.strftime("%Y-%m-%d %H:%M")
            who = names.get(v.made_by or "", v.made_by or "")
            add_row(made, f"+{v.number}", labels.of(v.act), v.code or "", who, when)
        output().print(made)
    return 0


@app.command("show", cls=ChineseCommand, help="显示一个场景的定义、用语和例句。")
def show(ctx: typer.Context, code: _Code) -> int:
    """Show one scenario."""
    with ctx.obj.store() as service:
        scenario = service.vocabularies.scenarios.get(code)
    if scenario is None:
        raise NotFoundError(f"没有场景 {code}，可用 navmatch taxonomy list 查看。")
    shown = table(f"{scenario.code} {scenario.zh}", "项目", "内容")
    add_row(shown, "定义", scenario.definition)
    add_row(shown, "用语", "、".join(scenario.triggers))
    for number, example in enumerate(scenario.examples, start=1):
        add_row(shown, f"例句 {number}", example)
    if scenario.retired:
        add_row(shown, "状态", "已停用")
    output().print(shown)
    return 0


@app.command("add", cls=ChineseCommand, help="新增一个场景；不用改程序，也不用重启服务。")
def add(
    ctx: typer.Context,
    code: _Code,
    name: Annotated[str, typer.Option(help="中文名称。", metavar="名称")],
    definition: Annotated[
        str, typer.Option(help="定义：要支撑什么决策，10 至 500 字。", metavar="文字")
    ],
    word: Annotated[
        list[str] | None, typer.Option(help="常见的说法，可多次给出。", metavar="词")
    ] = None,
    example: Annotated[
        list[str] | None, typer.Option(help="例句，可多次给出。", metavar="句子")
    ] = None,
    english: Annotated[str, typer.Option(help="英文名称。", metavar="名称")] = "",
    change: Annotated[
        bool, typer.Option("--change", help="代码已有：整个换上新的名称、定义、用语和例句。")
    ] = False,
) -> int:
    """Add a scenario, or change one."""
    given = checked(
        ScenarioCreate,
        code=code,
        zh=name,
        en=english,
        definition=definition,
        triggers=word or [],
        examples=example or [],
    )
    scenario = Scenario(
        code=given.code,
        zh=given.zh,
        en=given.en,
        definition=given.definition,
        parent=given.code.partition(".")[0],
        origin="own",
        triggers=tuple(given.triggers),
        examples=tuple(given.examples),
    )
    with ctx.obj.store() as service:
        (service.taxonomies.change if change else service.taxonomies.add)(scenario)
        version = service.vocabularies.scenarios.version
    say(f"已{'修改' if change else '新增'} {code}，现行版本 {version}。{_RETAG_NEXT}")
    if not given.triggers or not given.examples:
        say("没有给用语（--word）或例句（--example）：程序只能凭定义识别，把握会小得多。")
    return 0


@app.command("retire", cls=ChineseCommand, help="停用一个场景；已经标上的保留。")
def retire(ctx: typer.Context, code: _Code) -> int:
    """Retire a scenario."""
    with ctx.obj.store() as service:
        service.taxonomies.retire(code)
        version = service.vocabularies.scenarios.version
    say(f"已停用 {code}，现行版本 {version}。{_RETAG_NEXT}")
    return 0


@app.command("export", cls=ChineseCommand, help="把整份场景分类写成 JSON 文件。")
def export(
    ctx: typer.Context,
    target: Annotated[Path, typer.Option("--out", help="写到哪个文件。", metavar="文件")],
) -> int:
    """Write the taxonomy."""
    with ctx.obj.store() as service:
        content = service.vocabularies.scenarios.to_json()
    target.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", "utf-8")
    say(f"已写到 {target}（版本 {content['version']}）。改好后可用 navmatch taxonomy import 导回。")
    return 0


@app.command("import", cls=ChineseCommand, help="换上整份场景分类；没有列出的代码记为停用。")
def import_file(
    ctx: typer.Context,
    source: Annotated[Path, typer.Option("--in", help="JSON 文件。", metavar="文件")],
) -> int:
    """Take a whole taxonomy over."""
    with ctx.obj.store() as service:
        service.taxonomies.take_over(_content_of(source))
        version = service.vocabularies.scenarios.version
    say(f"已换上 {source}，现行版本 {version}。{_RETAG_NEXT}")
    return 0


@app.command("unfit", cls=ChineseCommand, help="列出不合任何场景的需求，按共有的用语归成组。")
def unfit(ctx: typer.Context) -> int:
    """Show what fits no code."""
    with ctx.obj.store() as service:
        report = report_unfit(service.database, service.segmenter)
    say(
        f"看过最新的 {report.n_demands} 条需求：不属于专利导航（OTH）{report.n_rejected} 条，"
        f"没有把握、也无人确认 {report.n_unsure} 条。"
    )
    if not report.groups and not report.alone:
        return 0
    shown = table("按共有的用语归组", "条数", "共有的用语", "其中")
    for found in report.groups:
        add_row(shown, str(len(found.members)), "、".join(found.words), _titles(found.members))
    if report.alone:
        add_row(shown, str(len(report.alone)), "（与别的没有共同用语）", _titles(report.alone))
    output().print(shown)
    say("同一组里若是同一类事，可以新增一个场景。")
    return 0


def _titles(texts: Sequence[UnfitText]) -> str:
    return "\n".join(text.title for text in texts[:SHOWN])


def retag(
    ctx: typer.Context,
    status: Annotated[bool, typer.Option("--status", help="只看做到哪里，不做。")] = False,
) -> int:
    """Tag all stored texts by the taxonomy in force, or go on where it was interrupted."""
    if status:
        with ctx.obj.store() as service:
            newest = service.retagger.newest()
            labels = service.vocabularies.labels
        if newest is None:
            say("还没有重新标注过。")
        else:
            done = f"{newest.n_done}/{newest.n_total}"
            say(f"版本 {newest.taxonomy}：{labels.of(newest.state)}，{done} 条。")
        return 0
    with ctx.obj.readers() as service:
        service.retagger.begin()
        with progress("正在重新标注", 0) as told:
            done_round = service.retagger.work(told)
    if done_round is None or done_round.state != RetaggingState.DONE:
        say("已停下；再运行一次 navmatch retag 就从这里继续。")
        return 1
    say(
        f"看过 {done_round.n_done} 条：改了 {done_round.n_changed} 条，由人或导入指定而不动的 "
        f"{done_round.n_kept} 条，改标后不属于任何场景的需求 {done_round.n_rejected} 条。"
        "正在运行的服务随即跟上。"
    )
    return 0


def _content_of(path: Path) -> dict[str, object]:
    """Return the JSON object of a file."""
    if not path.is_file():
        raise FileRefusedError(f"找不到文件 {path}，请检查路径。")
    if path.stat().st_size > MAX_BYTES:
        raise FileRefusedError(f"文件 {path} 太大，场景分类不超过 5 MB。")
    try:
        content = json.loads(path.read_text("utf-8"))
    except (UnicodeDecodeError, ValueError) as error:
        raise FileRefusedError(f"文件 {path} 不是 UTF-8 的 JSON。") from error
    if not isinstance(content, dict):
        raise FileRefusedError(f"文件 {path} 的内容应是一个 JSON 对象。")
    return content
