"""Other ways to encode and to rank, beside the present way, on all labelled sets.

python -m bench.quality.variants [--sets demo,patents] [--variants pooling,csls]

Writes `bench/reports/variants.md` and `.json`; what was measured before with the same encoder
and is not measured now stays in them. `--encoder-folder NAME=DIR` measures a further encoder
too: any BERT folder whose vectors are the mean of its token states, without prompts; it may be
given several times. `cross-encoder` trains for minutes and is measured only where it is named.
Vectors are kept in `.cache/bench`: the first run encodes for many minutes, the next for none.
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
        note: How they are made, for the page.
        alone: Those measured by one score alone.
        inside: Those measured inside the whole pipeline.
        is_slow: Whether it trains, and is measured only where it is named.
    """

    title: str
    note: str
    alone: Alone | None = None
    inside: Inside | None = None
    is_slow: bool = False


def _cross_encoder(pipeline: Pipeline, encoders: Encoders) -> Iterator[Outcome]:
    from bench.quality.variants.pairs import cross_encoder  # takes torch along

    return cross_encoder(pipeline, encoders)


FAMILIES: Final[Mapping[str, Family]] = {
    "pooling": Family(
        "池化：怎样由各词元得到一个向量",
        "现在是最后一层各词元的平均，`query:` 问 `passage:`。idf 由被量的集自己的文本来。",
        encoding.pooling,
        added.idf_pooling,
    ),
    "prompts": Family(
        "提示：文本前面写什么",
        "现在是 `query:` 问 `passage:`。",
        encoding.prompts,
        added.passage_prompt,
    ),
    "title": Family(
        "标题与全文的比重",
        "单用一项是标题余弦与全文余弦的加权和；整套匹配里是“标题语义”与“全文语义”两项合计的"
        "权重怎样分，现在标题占 0.37。",
        geometry.title_weighting,
        added.title_weights,
    ),
    "whitening": Family(
        "去均值、去主方向、白化",
        "都由被搜索的文献的向量算出，需求的向量照样变换。整套匹配里标题和全文各自变换，"
        "每个查询的余弦的均值和标准差拉回原来的。",
        geometry.whitening,
        added.warped,
    ),
    "csls": Family(
        "减去文献的平均余弦（CSLS）",
        "近邻是库里最近的 10 篇。",
        geometry.hubs,
        added.hubs,
    ),
    "feedback": Family(
        "伪相关反馈：向量（Rocchio）",
        "需求的向量加上前几名的平均向量的 0.5 倍。整套匹配里前几名按总分取，标题和全文的向量都加。",
        geometry.feedback,
        added.feedback,
    ),
    "rm3": Family(
        "伪相关反馈：字组合（RM3）",
        "取 BM25 前几名里最能代表它们的字组合，占新查询的一份。",
        inside=added.relevance_model,
    ),
    "taxonomy": Family(
        "按行业分类扩展",
        "小类是 GB/T 4754 的，用语来自产业词表和类名。",
        inside=added.taxonomy,
    ),
    "soft-words": Family(
        "逐词的软匹配",
        "需求的每个词单独编码，取文献里最近的词，折算成高出全部词多少个标准差，按 idf 平均。",
        geometry.soft_words,
        added.soft_words,
    ),
    "nearest-pair": Family(
        "逐句的后期交互，只重排前几名",
        "双方最接近的一对句子的余弦，折算成高出前 50 名多少个标准差，六个算 1。",
        inside=added.nearest_pair,
    ),
    "encoders": Family(
        "别的编码器",
        "相加是把两个余弦各折算成标准差以后加。毫秒含另一个编码器编码一个需求的用时，"
        "“换成”的减去现在的；都在 torch 里量。",
        encoding.others,
        added.second_encoder,
    ),
    "cross-encoder": Family(
        "交叉编码器：两个标题一起读",
        "由默认编码器起步，两个标题连成一段（至多 40 个词元），上面四层全部训练，看两遍；"
        "三份轮流留出，每个需求由没有见过它的一个来排。只重排余弦的前 30 名，毫秒是这 30 对。"
        "比标题余弦好、区间高于 0，才有可以蒸馏的。",
        inside=_cross_encoder,
        is_slow=True,
    ),
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
            yield Measured(name, ground.name, ground.measure, today, fingerprint, rows, family.note)


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
