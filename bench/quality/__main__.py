"""Every system on every labelled set side by side, against the goals, and what a request costs.

python -m bench.quality [--collections bdci2019,scenarios,request] [--systems navmatch,rrf]

Writes `bench/reports/quality.md`, `.json` and `.svg`; a run of a part writes `part` instead. Sets
come from the folder in `NAVMATCH_SHARED_DATA` (default `../shared/data` beside the checkout);
those that are not there, and peers that are not installed, are named and left out. Vectors are
kept in `.cache/bench`: the first run encodes for many minutes, the next ones for few.
"""

import argparse
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from bench.quality.compare import SYSTEMS, compare
from bench.quality.goals import Goals
from bench.quality.measured import OURS, SetResult
from bench.quality.peers import NEEDS, missing
from bench.quality.report import Report, write_report
from bench.quality.request import REQUEST, measure_requests
from bench.quality.sets import CACHE, CHECKOUT, MEASURES, prepare
from bench.quality.tags import PRODUCTS, SCENARIOS, WAYS, tag_set
from bench.quality.vectors import RememberingEncoder
from indexer.encoder import Encoder, open_encoder
from matcher.features import FEATURES

COLLECTIONS: Final = (*MEASURES, SCENARIOS, PRODUCTS, REQUEST)
EVERY_SYSTEM: Final = (*SYSTEMS, *WAYS)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print and write the report."""
    options = _options(arguments)
    encoder = open_encoder(options.encoder, options.data_dir, options.threads)
    remembering = RememberingEncoder(encoder, CACHE / "vectors")
    left_out = [
        f"{name}：没有安装 {'、'.join(lacking)}，略过（pip install {' '.join(lacking)}）。"
        for name in options.systems
        if name in NEEDS and (lacking := missing(name))
    ]
    request = None
    if REQUEST in options.collections:
        request = measure_requests(encoder, remembering)
        parts = (f"{name} {ms:.1f} ms" for name, ms, _ in request.rows())
        print(f"{REQUEST:11} {'，'.join(parts)}", flush=True)
    results = []
    for name in options.collections:
        if name == REQUEST:
            continue
        result = measured(name, options.systems, encoder, remembering)
        if result is None:
            left_out.append(f"{name}：没有这个集的数据（NAVMATCH_SHARED_DATA），略过。")
        else:
            results.append(result)
            _say(result)
    remembering.close()
    about = f"编码器 {encoder.fingerprint[:12]}，{len(FEATURES)} 项特征，随软件附带的权重。"
    write_report(Report(about, results, request, left_out), Goals.load(), options.out, options.name)
    print(*left_out, f"报告：{options.out / options.name}.md", sep="\n")


def measured(
    name: str, systems: Sequence[str], encoder: Encoder, remembering: RememberingEncoder
) -> SetResult | None:
    """Return what the systems do on one set; None where its data is not there."""
    if name not in MEASURES:
        return tag_set(name, systems, encoder)
    labelled = prepare(name)
    return compare(labelled, systems, remembering) if labelled else None


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench.quality",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--collections", default=",".join(COLLECTIONS))
    parser.add_argument("--systems", default=",".join(EVERY_SYSTEM))
    parser.add_argument("--data-dir", type=Path, default=CHECKOUT / "data")
    parser.add_argument("--encoder", default=os.environ.get("NAVMATCH_ENCODER"))
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--out", type=Path, default=CHECKOUT / "bench" / "reports")
    parser.add_argument("--name", help="name of the files; quality for a whole run, else part")
    options = parser.parse_args(arguments)
    options.collections = options.collections.split(",")
    options.systems = options.systems.split(",")
    for chosen, known in ((options.collections, COLLECTIONS), (options.systems, EVERY_SYSTEM)):
        if unknown := set(chosen) - set(known):
            parser.error(f"没有 {'、'.join(sorted(unknown))}；有 {'、'.join(known)}。")
    is_whole = set(options.collections) == set(COLLECTIONS)
    is_whole = is_whole and set(options.systems) == set(EVERY_SYSTEM)
    options.name = options.name or ("quality" if is_whole else "part")
    return options


def _say(result: SetResult) -> None:
    for system in result.systems:
        values = ", ".join(f"{m} {system.ratios[m].value:.4f}" for m in result.measures)
        mark = "" if system.name == OURS else "  "
        print(f"{result.name:11} {mark}{system.name:20} {values}  {system.ms:.1f} ms", flush=True)


if __name__ == "__main__":
    main()
