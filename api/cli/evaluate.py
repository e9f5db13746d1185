"""`navmatch evaluate`: a labelled collection ranked with the whole pipeline, and measured."""

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from api.cli.console import add_row, output, progress, say, table
from api.cli.labelled import chosen_scoring, open_labelled
from api.rankers import Rankers
from matcher.evaluate import measure, rank_collection, write_run
from models.errors import InvalidInputError


def evaluate(
    ctx: typer.Context,
    collection: Annotated[Path, typer.Option(help="评测集目录。", metavar="目录")],
    split: Annotated[str, typer.Option(help="用哪一部分，例如 dev。", metavar="名称")],
    run: Annotated[Path, typer.Option(help="TREC 结果文件写到哪里。", metavar="文件")],
    json_file: Annotated[
        Path | None, typer.Option("--json", help="指标写到这个 JSON 文件。", metavar="文件")
    ] = None,
    weights: Annotated[
        Path | None,
        typer.Option(help="改用的特征权重：JSON 或 TOML 文件，特征名到数值。", metavar="文件"),
    ] = None,
    ranker: Annotated[
        str | None,
        typer.Option(
            help="用哪个排序器：版本，或 navmatch train 写出的 .json 文件；不写为正在使用的。",
            metavar="版本或文件",
        ),
    ] = None,
) -> int:
    """Rank a collection, write the run file and print the measures."""
    chosen = _read_weights(weights) if weights is not None else None
    version, scoring = chosen_scoring(Rankers(ctx.obj.settings.rankers_dir), ranker)
    opened = open_labelled(ctx.obj, collection, split, scoring)
    with progress("排序") as told:
        rankings = rank_collection(opened.collection, opened.matcher, opened.view, chosen, told)
    write_run(rankings, run)
    figures = {"ranker": version, **measure(rankings, opened.collection)}
    if json_file is not None:
        content = json.dumps(figures, ensure_ascii=False, indent=1)
        json_file.write_text(content + "\n", encoding="utf-8")
    about = f"{collection.name} · {split} · {figures['queries']} 个查询 · 排序器 {version}"
    shown = table(about, "指标", "平均值")
    for name, value in figures["means"].items():
        add_row(shown, name, f"{value:.4f}")
    output().print(shown)
    say(f"结果文件：{run}")
    return 0


def _read_weights(path: Path) -> Mapping[str, float]:
    try:
        text = path.read_text("utf-8")
        values: Any = tomllib.loads(text) if path.suffix == ".toml" else json.loads(text)
        return {str(name): float(value) for name, value in values.items()}
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise InvalidInputError(
            f'权重文件 {path} 无法读取。它应是 JSON 或 TOML，形如 {{"scenario": 0.2}}。'
        ) from error
