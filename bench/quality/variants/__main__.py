"""Other ways to encode and to rank, beside the present way, on all labelled sets.

python -m bench.quality.variants [--sets demo,patents] [--variants pooling,csls]

Writes `bench/reports/variants.md` and `.json`; what was measured before with the same encoder
and is not measured now stays in them. `--encoder-folder NAME=DIR` measures a further encoder
too: any BERT folder whose vectors are the mean of its token states; it may be given several
times. `cross-encoder` trains for minutes and is measured only where it is named. Vectors are
kept in `.cache/bench`: the first run encodes for many minutes, the next ones for none.
"""

import argparse
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from bench.quality.sets import CACHE, CHECKOUT
from bench.quality.variants import added, encoding, geometry
from bench.quality.variants.encoding import Encoders
from bench.quality.variants.ground import SETS, Ground, Outcome, open_ground
from bench.quality.variants.pipeline import Pipeline
from bench.quality.variants.report import Measured, Row, read, write
from bench.quality.vectors import RememberingEncoder
from indexer.e5_folder import FOLDER_NAME
from indexer.encoder import DEFAULT_ENCODER, open_encoder

Alone = Callable[[Ground, Encoders], Iterator[Outcome]]
Inside = Callable[[Pipeline, Encoders], Iterator[Outcome]]


@dataclass(frozen=True)
class Family:
    """Variants of one kind.

    Attributes:
        title: What the page says above them.
        alone: Those measured by one score alone.
        inside: Those measured inside the whole pipeline.
        is_slow: Whether it trains, and is measured only where it is named.
    """

    title: str
    alone: Alone | None = None
    inside: Inside | None = None
    is_slow: bool = False


def _cross_encoder(pipeline: Pipeline, encoders: Encoders) -> Iterator[Outcome]:
    from bench.quality.variants.pairs import cross_encoder  # takes torch along

    return cross_encoder(pipeline, encoders)


FAMILIES: Final[Mapping[str, Family]] = {
    "pooling": Family("池化：怎样由各词元得到一个向量", encoding.pooling, added.idf_pooling),
    "prompts": Family("提示：文本前面写什么", encoding.prompts, added.passage_prompt),
    "title": Family("标题与全文的比重", geometry.title_weighting, added.title_weights),
    "whitening": Family("去均值、去主方向、白化", geometry.whitening, added.warped),
    "csls": Family("减去文献的平均余弦（CSLS）", geometry.hubs, added.hubs),
    "feedback": Family("伪相关反馈：向量（Rocchio）", geometry.feedback, added.feedback),
    "rm3": Family("伪相关反馈：字组合（RM3）", inside=added.relevance_model),
    "taxonomy": Family("按行业分类扩展", inside=added.taxonomy),
    "soft-words": Family("逐词的软匹配", geometry.soft_words, added.soft_words),
    "nearest-pair": Family("逐句的后期交互，只重排前几名", inside=added.nearest_pair),
    "encoders": Family("别的编码器", encoding.others, added.second_encoder),
    "cross-encoder": Family("交叉编码器：两个标题一起读", inside=_cross_encoder, is_slow=True),
}


def main() -> None:
    """Measure, print and write the report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=_Plain)
    parser.add_argument("--sets", default=",".join(SETS))
    parser.add_argument(
        "--variants", default=",".join(n for n, f in FAMILIES.items() if not f.is_slow)
    )
    parser.add_argument("--encoder-folder", action="append", default=[], metavar="NAME=DIR")
    parser.add_argument("--data-dir", type=Path, default=CHECKOUT / "data")
    parser.add_argument("--encoder", default=os.environ.get("NAVMATCH_ENCODER"))
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--out", type=Path, default=CHECKOUT / "bench" / "reports")
    options = parser.parse_args()
    opened = open_encoder(options.encoder, options.data_dir, options.threads)
    is_default = (options.encoder or DEFAULT_ENCODER) == DEFAULT_ENCODER
    named = (pair.partition("=") for pair in options.encoder_folder)
    encoders = Encoders(
        present=RememberingEncoder(opened, CACHE / "vectors"),
        folder=options.data_dir / "encoders" / FOLDER_NAME if is_default else None,
        others={name: Path(folder) for name, _, folder in named},
        cache=CACHE / "vectors",
        threads=options.threads,
    )
    for name in options.sets.split(","):
        ground = open_ground(name, encoders.present)
        if ground is None:
            print(f"{name}: 没有这个集的数据（NAVMATCH_SHARED_DATA），略过")
            continue
        for measured in measure(ground, encoders, options.variants.split(",")):
            keep(measured, options.out)
    encoders.present.close()
    print(f"报告：{options.out / 'variants.md'}")


def measure(ground: Ground, encoders: Encoders, wanted: Sequence[str]) -> Iterator[Measured]:
    """Yield what the wanted families do on one set, those without an outcome left out."""
    pipeline: Pipeline | None = None
    for name in wanted:
        family, outcomes = FAMILIES[name], list[Outcome]()
        if family.alone is not None:
            outcomes += family.alone(ground, encoders)
        if family.inside is not None and (name != "encoders" or encoders.others):
            pipeline = pipeline or Pipeline(ground)
            outcomes += family.inside(pipeline, encoders)
        rows = tuple(Row.of(outcome) for outcome in outcomes)
        for row in rows:
            told = f"{row.gain:+.4f} ({row.low:+.4f} {row.high:+.4f}) {row.added_ms:.1f} ms"
            print(f"{ground.name:15s} {name:12s} {row.base:9s} {row.name}  {told}", flush=True)
        if rows:
            today = datetime.now(UTC).date().isoformat()
            fingerprint = encoders.present.fingerprint
            yield Measured(name, ground.name, ground.measure, today, fingerprint, rows)


def keep(measured: Measured, folder: Path) -> None:
    """Write the report with one more part, in the place of what it held of that part."""
    known = [
        other
        for other in read(folder, measured.encoder)
        if (other.family, other.set_name) != (measured.family, measured.set_name)
    ]
    titles = {name: family.title for name, family in FAMILIES.items()}
    write(folder, [*known, measured], titles, SETS)


class _Plain(argparse.RawDescriptionHelpFormatter):
    """Leaves the description as it is written."""


if __name__ == "__main__":
    main()
