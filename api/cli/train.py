"""`navmatch train`: weights learned from judgements, kept as versions, installed if better."""

import hashlib
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any, Final

import numpy as np
import typer

from api.choices import stored_lists
from api.cli.console import add_row, output, progress, say, table, waiting
from api.cli.installation import Installation
from api.cli.labelled import open_labelled
from api.cli.train_encoder import train_encoder
from api.cli.trained import figures_of, origin_of, show_gain, show_versions
from api.cli.wording import HELP_NAMES, ChineseCommand, ChineseGroup
from api.kept_versions import SHIPPED
from api.matching import Matching
from api.rankers import Rankers
from api.wiring import Service, today_in_china
from indexer.types import Document
from matcher.evaluate import Collection, understood
from matcher.features import FEATURES
from matcher.learning.certainty import expected_calibration_error, fit_certainty
from matcher.learning.examples import Example, examples_of
from matcher.learning.interactions import (
    ShownList,
    gains_by_query,
    grades_of,
    position_bias,
    read_interactions,
)
from matcher.learning.trial import LEAST_GAIN, MIN_QUERIES, Trial, try_training
from matcher.ranker import Ranker
from models.checksums import write_with_checksum
from models.errors import InvalidInputError, NotFoundError
from models.vocabulary.matching import Direction
from models.vocabulary.row import Entity

_SHOWN: Final = 0.02
"""Change of a weight from which it is shown."""

app = typer.Typer(cls=ChineseGroup, invoke_without_command=True, context_settings=HELP_NAMES)
app.command(
    "encoder",
    cls=ChineseCommand,
    help="由有标注的评测集调整默认编码器，更好才装入；查看、改用、退回版本。",
)(train_encoder)


@app.callback()
def train(
    ctx: typer.Context,
    collection: Annotated[
        Path | None, typer.Option(help="有标注的评测集目录。", metavar="目录")
    ] = None,
    interactions: Annotated[
        Path | None,
        typer.Option(help="对接记录（JSONL）：在本机的索引上由使用者的选择训练。", metavar="文件"),
    ] = None,
    stored: Annotated[
        bool,
        typer.Option("--stored", help="由本机存储的排名记录和对接中使用者的选择训练。"),
    ] = False,
    split: Annotated[str, typer.Option(help="用哪一部分训练。", metavar="名称")] = "train",
    out: Annotated[
        Path | None,
        typer.Option(help="只把训练出的排序器写到这个文件，不装入。", metavar="文件"),
    ] = None,
    list_: Annotated[bool, typer.Option("--list", help="列出现有的版本。")] = False,
    use: Annotated[
        str | None,
        typer.Option(help=f"改用一个版本；{SHIPPED} 为随软件附带的权重。", metavar="版本"),
    ] = None,
    back: Annotated[bool, typer.Option("--back", help="退回上一个版本。")] = False,
) -> int:
    """Train a ranker, or choose among those there are."""
    if ctx.invoked_subcommand is not None:
        return 0
    learned_from = (collection is not None, interactions is not None, stored)
    if sum((*learned_from, list_, use is not None, back)) != 1:
        raise InvalidInputError(
            "请在 --collection、--interactions、--stored、--list、--use、--back 中恰好选一个。"
        )
    rankers = Rankers(ctx.obj.settings.rankers_dir)
    if any(learned_from) and out is None:
        rankers.kept.history()  # a damaged one is said before the training, not after
    if collection is not None:
        examples, origin = _judged(ctx.obj, collection, split)
        return learn(examples, rankers, origin, out)
    if interactions is not None:
        examples, origin = _chosen(ctx.obj, interactions)
        return learn(examples, rankers, origin, out, by_gain=True)
    if stored:
        examples, origin = _stored(ctx.obj)
        return learn(examples, rankers, origin, out, by_gain=True)
    if use is not None:
        rankers.use(use)
        say(f"现在使用 {use}。正在运行的服务重启后生效。")
    elif back:
        say(f"已退回 {rankers.back()}。正在运行的服务重启后生效。")
    else:
        show_versions("排序器", rankers.kept, lambda version: rankers.read(version).provenance)
    return 0


def _judged(
    installation: Installation, folder: Path, split: str
) -> tuple[list[Example], dict[str, Any]]:
    """Return the examples of a labelled collection, and what they are."""
    opened = open_labelled(installation, folder, split)
    with progress("比较") as told:
        found = examples_of(opened.collection, opened.matcher, opened.view, told)
    return found, {
        **origin_of(folder, split),
        "encoder": opened.embedder.encoder.fingerprint,
    }


def _chosen(installation: Installation, path: Path) -> tuple[list[Example], dict[str, Any]]:
    """Return the examples of what a file says was chosen from this index, and what they are."""
    lists = read_interactions(path)
    asked = {shown.query["id"]: {**shown.query, "group": shown.query["id"]} for shown in lists}
    with installation.service() as service:
        with progress("读取并理解文本") as told:
            queries = understood(list(asked.values()), Entity.DEMAND, service.annotator, told)
        examples, origin = _examples_of_choices(service, lists, queries)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return examples, {**origin, "collection": path.name, "collection_sha256": digest}


def _stored(installation: Installation) -> tuple[list[Example], dict[str, Any]]:
    """Return the examples of what was chosen from the rankings shown here, and what they are."""
    with installation.service() as service:
        service.runs.flush()
        lists = stored_lists(service.database)
        matching, queries = Matching(service), list[Document]()
        for demand_id in sorted({shown.query["id"] for shown in lists}):
            with suppress(NotFoundError):  # deleted since
                question = matching.ask_stored(demand_id, Direction.DEMAND_TO_PROVIDER)
                queries += question.documents
        asked = {query.id for query in queries}
        lists = [shown for shown in lists if shown.query["id"] in asked]
        examples, origin = _examples_of_choices(service, lists, queries)
    return examples, {**origin, "collection": "本机的对接", "lists": len(lists)}


def _examples_of_choices(
    service: Service, lists: Sequence[ShownList], queries: Sequence[Document]
) -> tuple[list[Example], dict[str, Any]]:
    """Return examples of what was shown alone, places evened out, and how."""
    bias = position_bias(lists)
    gains = gains_by_query(lists, bias)
    asked = Collection((), tuple(queries), {}, None)
    with progress("比较") as told:
        found = examples_of(asked, service.matcher, service.synchroniser.view, told)
    shown = [e.of_shown(gains[e.id], grades_of(gains[e.id])) for e in found]
    return [e for e in shown if e.keys], {
        "position_bias": round(bias, 3),
        "encoder": service.embedder.encoder.fingerprint,
    }


def learn(
    examples: Sequence[Example],
    rankers: Rankers,
    origin: dict[str, Any],
    out: Path | None,
    *,
    by_gain: bool = False,
) -> int:
    """Train on examples, say how it went, and install or write the ranker if it is better."""
    in_use, _ = rankers.usable_version()  # a damaged one must not stop what replaces it
    present = rankers.scoring(in_use).features
    with waiting("训练并检验…"):
        try:
            trial = try_training(examples, FEATURES, present, by_gain=by_gain)
        except ValueError as error:
            raise InvalidInputError(
                f"标注太少：至少要 {MIN_QUERIES} 个有合适结果的查询。"
            ) from error
    version = rankers.kept.next_version(today_in_china())
    ranker = _ranker(version, trial, {**origin, "compared_with": in_use})
    _show(ranker, trial)
    if out is not None:
        write_with_checksum(out, ranker.to_json().encode())
        say(f"排序器：{out}")
    if not trial.is_better:
        say(
            f"没有装入：在没有见过的查询上不比现在的（{in_use}）好。"
            f"要求 nDCG@10 平均至少高 {LEAST_GAIN}，且差的 95% 区间高于 0。"
        )
        return 1
    if out is None:
        rankers.install(ranker)
        say(f"已装入 {version}。正在运行的服务重启后生效；退回用 navmatch train --back。")
    return 0


def _ranker(version: str, trial: Trial, origin: dict[str, Any]) -> Ranker:
    certainty = fit_certainty(*trial.scores)
    scores, fits = trial.scores
    said = np.array([certainty.of(score) for score in scores])
    figures = {
        **figures_of(trial.before, trial.held_back, trial.difference),
        "strength": trial.strength if np.isfinite(trial.strength) else None,
        "calibration_error": round(expected_calibration_error(said, fits), 4),
    }
    return Ranker(version, trial.weights, certainty, {**origin, **figures})


def _show(ranker: Ranker, trial: Trial) -> None:
    shown = table("训练", "项目", "数值")
    show_gain(shown, trial.before, trial.held_back, trial.difference)
    add_row(shown, "校准误差", f"{ranker.provenance['calibration_error']:.3f}")
    for feature in FEATURES:
        weight = trial.weights[feature.name]
        if abs(weight - feature.weight) >= _SHOWN:
            add_row(shown, f"权重 · {feature.title}", f"{feature.weight:.3f} → {weight:.3f}")
    output().print(shown)
