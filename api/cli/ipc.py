"""`navmatch ipc`: subclasses suggested by an IPC table the installation brought along."""

from pathlib import Path
from typing import Annotated, Any

import typer

from api.cli.console import add_row, output, progress, say, table, waiting
from api.cli.tag import Text, read_texts, tell_bad
from api.cli.wording import HELP_NAMES, ChineseCommand, ChineseGroup
from api.exchange.writing import write_lines
from api.ipc_tables import IpcSuggester, KeptTable, read_titles
from indexer.embed import Embedder, RecentVectors
from matcher.ipc import IpcSuggestion, IpcTable
from matcher.learning.ipc_trial import MIN_SAMPLE, try_table
from models.errors import InvalidInputError

app = typer.Typer(cls=ChineseGroup, no_args_is_help=True, context_settings=HELP_NAMES)


@app.command("import", cls=ChineseCommand, help="导入一份 IPC 名称表，量出它的建议有多准。")
def import_table(
    ctx: typer.Context,
    source: Annotated[
        Path, typer.Argument(help="TSV 或 CSV，有 code 和 title 两列。", metavar="文件")
    ],
) -> int:
    """Keep a table with its vectors, and say how often its suggestions are right."""
    entries = read_titles(source)
    encoder = ctx.obj.encoder()
    with progress("计算向量", len(entries)) as told:
        vectors = encoder.encode_documents([e.title for e in entries], told)
    with waiting("整理…"):
        made = IpcTable(entries, vectors)
    try:
        with progress("检验") as told:
            trial = try_table(made, encoder.encode_queries, told)
    except ValueError as error:
        raise InvalidInputError(
            f"表里可供检验的主组太少或互不相干：至少要 {MIN_SAMPLE} 个四字以上的主组名称。"
        ) from error
    KeptTable(entries, vectors, encoder.fingerprint, trial.judge).write(ctx.obj.settings.ipc_file)
    shown = table("IPC 表", "项目", "数值")
    add_row(shown, "小类和主组", str(len(entries)))
    add_row(shown, "拿掉名称、再问属于哪个小类的主组", str(trial.n))
    add_row(shown, "第一个正确", f"{trial.first:.1%}")
    add_row(shown, "前五个有正确的", f"{trial.among_five:.1%}")
    add_row(shown, "有把握、给出建议的", f"{trial.answered:.1%}")
    add_row(shown, "给出的建议正确", f"{trial.right:.1%}")
    add_row(shown, "可信程度的误差（ECE）", f"{trial.error:.3f}")
    output().print(shown)
    say("已导入。日常用语的需求多半得不到建议：只有用词接近分类表的才有把握。")
    return 0


@app.command("suggest", cls=ChineseCommand, help="给文件中的文本建议 IPC 小类；没有把握的不给。")
def suggest(
    ctx: typer.Context,
    source: Annotated[
        Path,
        typer.Option("--in", help='JSONL，每行 {"id","title","text"}。', metavar="文件"),
    ],
    target: Annotated[
        Path, typer.Option("--out", help="结果写到哪个 JSONL 文件。", metavar="文件")
    ],
) -> int:
    """Suggest a subclass for every text of a file, or none; nothing is stored."""
    bad: list[str] = []
    texts = read_texts(source, "正在比较", bad)
    encoder = ctx.obj.encoder()
    suggester = IpcSuggester(KeptTable.read(ctx.obj.settings.ipc_file, encoder.fingerprint))
    embedder = Embedder(encoder, RecentVectors())
    lines = [_line(text, suggester, embedder) for text in texts]
    n_read = write_lines(target, lines)
    n_answered = sum(line["ipc"] is not None for line in lines)
    say(f"已读 {n_read} 条，其中 {n_answered} 条有建议，写到 {target}。")
    return tell_bad(bad, "读取", n_read)


def _line(text: Text, suggester: IpcSuggester, embedder: Embedder) -> dict[str, Any]:
    found = suggester.suggest(text.title, text.body, embedder)
    return {"id": text.key, "ipc": None if found is None else _shown(found)}


def _shown(found: IpcSuggestion) -> dict[str, Any]:
    return {
        "code": found.code,
        "title": found.title,
        "confidence": found.confidence,
        "nearest": {"code": found.nearest.code, "title": found.nearest.title},
    }
