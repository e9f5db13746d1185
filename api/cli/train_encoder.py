"""`navmatch train encoder`: the default encoder adapted to judgements, installed if better."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import numpy as np
import typer
from numpy.typing import NDArray

from api.adapters import kept_adapters
from api.cli.console import output, progress, say, table, waiting
from api.cli.installation import Installation
from api.cli.labelled import Labelled, keeping_all, open_labelled, understood_with
from api.cli.trained import figures_of, origin_of, show_gain, show_versions
from api.kept_versions import SHIPPED, KeptVersions
from api.rankers import Rankers
from api.wiring import today_in_china
from indexer.adapter import Adapter
from indexer.e5_folder import ensure_e5_folder
from indexer.embed import Progress
from indexer.encoder import Encoder
from matcher.evaluate import measure, rank_collection
from matcher.learning.supervision import (
    Source,
    Supply,
    industry_supply,
    scenario_supply,
    title_supply,
)
from matcher.learning.trial import LEAST_GAIN, MIN_QUERIES
from matcher.ranker import Scoring
from models.checksums import write_with_checksum
from models.errors import InvalidInputError
from models.industries import IndustryTable

if TYPE_CHECKING:
    from indexer.adapting.training import Regime
    from matcher.learning.adapting import AdapterTrial

_RESTART: Final = "正在运行的服务重启后生效，届时全部文本重新编码一次。"


@dataclass(frozen=True)
class _Wanted:
    """How the encoder is to be adapted.

    Attributes:
        epochs: How often each judgement is looked at, on average.
        layers: How many layers, from the top, are adapted.
        is_full: Whether all their parameters are trained.
        also: What is learned from besides the judgements.
    """

    epochs: float
    layers: int
    is_full: bool
    also: tuple[Source, ...]

    def regime(self) -> "Regime":
        """Return how to train."""
        from indexer.adapting.training import Regime  # takes torch along

        regime = Regime(epochs=self.epochs, n_adapted=self.layers)
        return regime.of_whole_layers() if self.is_full else regime

    def provenance(self) -> dict[str, Any]:
        """Return what of it is kept with what was trained."""
        return {"epochs": self.epochs, "layers": self.layers, "full": self.is_full}


def train_encoder(
    ctx: typer.Context,
    collection: Annotated[
        Path | None, typer.Option(help="有标注的评测集目录。", metavar="目录")
    ] = None,
    split: Annotated[str, typer.Option(help="用哪一部分训练。", metavar="名称")] = "train",
    epochs: Annotated[
        float, typer.Option(help="每条标注平均看几遍。", min=0.01, max=100, metavar="数")
    ] = 1.0,
    also: Annotated[
        list[Source] | None,
        typer.Option(
            help="另外还从什么学，可多次给出：scenarios 为应用场景的定义、例句和训练文本，"
            "industries 为产品名与 GB/T 4754 小类，titles 为评测集各条的标题与正文。",
            metavar="来源",
        ),
    ] = None,
    layers: Annotated[int, typer.Option(help="调整上面几层。", min=1, max=12, metavar="数")] = 4,
    full: Annotated[
        bool,
        typer.Option("--full", help="训练这几层的全部参数，不只是低秩的改动；文件大得多。"),
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option(help="只把训练出的调整写到这个 .npz 文件，不装入。", metavar="文件"),
    ] = None,
    list_: Annotated[bool, typer.Option("--list", help="列出现有的版本。")] = False,
    use: Annotated[
        str | None,
        typer.Option(help=f"改用一个版本；{SHIPPED} 为随软件附带的编码器。", metavar="版本"),
    ] = None,
    back: Annotated[bool, typer.Option("--back", help="退回上一个版本。")] = False,
) -> int:
    """Adapt the encoder, or choose among those there are."""
    if sum((collection is not None, list_, use is not None, back)) != 1:
        raise InvalidInputError("请在 --collection、--list、--use、--back 中恰好选一个。")
    kept = kept_adapters(ctx.obj.settings)
    if collection is not None:
        wanted = _Wanted(epochs, layers, is_full=full, also=tuple(dict.fromkeys(also or ())))
        return _learn(ctx.obj, collection, split, wanted, out)
    if use is not None:
        if use != SHIPPED:
            Adapter.read(kept.path(use))
        kept.use(use)
        say(f"现在使用 {use}。{_RESTART}")
    elif back:
        say(f"已退回 {kept.back()}。{_RESTART}")
    else:
        _show_versions(kept)
    return 0


def _learn(
    installation: Installation, folder: Path, split: str, wanted: _Wanted, out: Path | None
) -> int:
    """Train, say how it went, and install or write the adapter if it is better."""
    _refuse_other_encoder(installation)
    kept = kept_adapters(installation.settings)
    rankers = Rankers(installation.settings.rankers_dir)
    scoring = rankers.scoring(rankers.usable_version()[0])
    opened = open_labelled(installation, folder, split, scoring)
    further = _further(installation, opened, wanted.also)
    trial = _try(installation, opened, scoring, wanted.regime(), further)
    provenance = {
        **origin_of(folder, split),
        "compared_with": kept.in_use,
        **wanted.provenance(),
        "also": {source: len(supply.lessons()) for source, supply in further.items()},
        **figures_of(trial.before, trial.held_back, trial.difference),
    }
    _show(trial)
    adapter = replace(trial.adapter, provenance=provenance)
    return _keep(adapter, kept, out, is_better=trial.is_better)


def _try(
    installation: Installation,
    opened: Labelled,
    scoring: Scoring,
    regime: "Regime",
    further: Mapping[Source, Supply],
) -> "AdapterTrial":
    """Return what adapting to a collection is good for."""
    from matcher.learning.adapting import lessons_of, try_adapting

    with progress("选取对比的文本") as told:
        lessons = lessons_of(opened.collection, opened.matcher, opened.view, told)
    base = ensure_e5_folder(installation.settings.data_dir / "encoders")

    def measured(ids: Sequence[str], encoder: Encoder | None) -> NDArray[np.float64]:
        part = opened.collection.part(frozenset(ids))
        embedder = opened.embedder if encoder is None else keeping_all(encoder)
        tried = understood_with(embedder, part, scoring)
        with progress("排序") as told:
            rankings = rank_collection(tried.collection, tried.matcher, tried.view, None, told)
        found = measure(rankings, tried.collection)["by_query"]
        return np.array([found[key]["ndcg@10"] for key in ids])

    try:
        return try_adapting(base, lessons, regime, measured, _told, list(further.values()))
    except ValueError as error:
        raise InvalidInputError(f"标注太少：至少要 {MIN_QUERIES} 个有合适结果的查询。") from error


def _further(
    installation: Installation, opened: Labelled, sources: Sequence[Source]
) -> dict[Source, Supply]:
    """Return what is learned from besides the judgements, by source.

    The scenarios are those in force in the installation.

    Raises:
        InvalidInputError: a source holds nothing to learn from, or a wrong label.
    """
    collection, embedder = opened.collection, opened.embedder

    def made(source: Source) -> Supply:
        if source is Source.SCENARIOS:
            with installation.store() as service:
                taxonomy = service.vocabularies.scenarios
            return scenario_supply(taxonomy, embedder)
        if source is Source.INDUSTRIES:
            return industry_supply(IndustryTable.load(), embedder)
        return title_supply(collection.documents, collection.queries, embedder)

    with waiting("选取其他来源的文本…"):
        return {source: made(source) for source in sources}


def _told(name: str) -> AbstractContextManager[Progress]:
    return progress(f"训练 {name}")


def _keep(adapter: Adapter, kept: KeptVersions, out: Path | None, *, is_better: bool) -> int:
    """Write or install an adapter, unless it is not better; return the exit code."""
    content = adapter.to_bytes()
    size = f"{len(content) / 1e6:.1f} MB"
    if out is not None:
        write_with_checksum(out, content)
        say(f"调整：{out}（{size}）")
    if not is_better:
        say(
            f"没有装入：在没有见过的查询上不比现在的（{kept.in_use}）好。"
            f"要求 nDCG@10 平均至少高 {LEAST_GAIN}，且差的 95% 区间高于 0。"
        )
        return 1
    if out is None:
        version = kept.next_version(today_in_china())
        kept.install(version, content)
        say(f"已装入 {version}（{size}）。{_RESTART}退回用 navmatch train encoder --back。")
    return 0


def _refuse_other_encoder(installation: Installation) -> None:
    if installation.settings.encoder:
        raise InvalidInputError(
            "只能调整默认编码器，而 NAVMATCH_ENCODER（或 --encoder）指定了 "
            f"{installation.settings.encoder}。去掉这项设置再训练。"
        )


def _show(trial: "AdapterTrial") -> None:
    shown = table("调整编码器", "项目", "数值")
    show_gain(shown, trial.before, trial.held_back, trial.difference)
    output().print(shown)


def _show_versions(kept: KeptVersions) -> None:
    """Print every version with what it was trained on."""
    show_versions("编码器", kept, lambda version: Adapter.read(kept.path(version)).provenance)
