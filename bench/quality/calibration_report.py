"""The page, figures and diagram of how honest confidence and bands are."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bench.quality.curve import FittedCurve
from bench.quality.reliability import Judged, bins_of, diagram, isotonic, platt, recalibrated
from matcher.bands import BandThresholds
from matcher.calibrate import floors_of
from matcher.ranker import Certainty
from models.vocabulary.matching import Band


@dataclass(frozen=True)
class Report:
    """What was measured.

    Attributes:
        judged: What was said and whether it came true.
        bands: Share that fits and number, by set and band.
        shipped: The curve that ships.
        curve: The curve as it comes out when it is fitted again.
        foreign: Counts of the texts that want something else.
    """

    judged: tuple[Judged, ...]
    bands: Mapping[str, Mapping[Band, tuple[float, int]]]
    shipped: Certainty
    curve: FittedCurve
    foreign: Mapping[str, int]


def write_report(report: Report, folder: Path) -> None:
    """Write `calibration.md`, `.json` and `.svg`."""
    folder.mkdir(parents=True, exist_ok=True)
    figures = {
        "judged": {j.name: _figures(j) for j in report.judged},
        "bands": {
            name: {band.value: {"fits": share, "n": n} for band, (share, n) in shares.items()}
            for name, shares in report.bands.items()
        },
        "shipped": asdict(report.shipped),
        "curve": _curve_figures(report.curve),
        "foreign": dict(report.foreign),
    }
    text = json.dumps(figures, ensure_ascii=False, indent=1)
    (folder / "calibration.json").write_text(text + "\n", "utf-8")
    (folder / "calibration.svg").write_text(diagram(report.judged), "utf-8")
    (folder / "calibration.md").write_text("\n".join(_page(report)) + "\n", "utf-8")


def _figures(judged: Judged) -> dict[str, Any]:
    return {
        "n": len(judged.said),
        "error": judged.error,
        "error_platt": recalibrated(judged, platt).error,
        "error_isotonic": recalibrated(judged, isotonic).error,
        "bins": [{"said": b.said, "found": b.found, "n": b.n} for b in bins_of(judged)],
    }


def _page(report: Report) -> Iterable[str]:
    yield "# 说的和对的差多少\n"
    yield (
        "“可信程度 0.8”应当十次有八次对。误差（ECE，Guo 等 2017）是十个区间里两者之差的加权平均。"
        "“Platt”“保序”是在没有见过的文本上（五折）重新校准之后的误差。\n"
    )
    yield "![可靠性图：点在虚线上为准，点越大个数越多](calibration.svg)\n"
    yield "| 说的是 | 个数 | 误差 | Platt | 保序 |\n|---|---|---|---|---|"
    for judged in report.judged:
        f = _figures(judged)
        errors = " | ".join(f"{f[k]:.3f}" for k in ("error", "error_platt", "error_isotonic"))
        yield f"| {judged.name} | {f['n']} | {errors} |"
    yield "\n档位中合适（等级 2 以上）的比例：\n"
    yield "| 集 | 强 | 较强 | 一般 | 弱 |\n|---|---|---|---|---|"
    for name, shares in report.bands.items():
        cells = " | ".join(f"{share:.3f}（{n}）" for share, n in shares.values())
        yield f"| {name} | {cells} |"
    yield from _curve_page(report)
    if report.foreign:
        yield from _foreign_page(report.foreign)


def _curve_figures(curve: FittedCurve) -> dict[str, Any]:
    return {
        **asdict(curve.certainty),
        "low": asdict(curve.low),
        "high": asdict(curve.high),
        "pairs": curve.n_pairs,
        "queries": curve.n_queries,
        "crossed": {f"{a} -> {b}": error for (a, b), error in curve.crossed.items()},
    }


def _curve_page(report: Report) -> Iterable[str]:
    curve = report.curve
    yield (
        f"\n总分的曲线：随附的斜率 {report.shipped.slope:.3f}、截距 {report.shipped.offset:.3f}；"
        f"现在由 {curve.n_queries} 条需求的 {curve.n_pairs} 对重新拟合，斜率 "
        f"{curve.certainty.slope:.3f}、截距 {curve.certainty.offset:.3f}。由它定的各档最低总分，"
        "区间为 95%，由对需求的重抽样得出：\n"
    )
    yield "| | 强 | 较强 | 一般 |\n|---|---|---|---|"
    rows = {
        "随附": floors_of(report.shipped),
        "重新拟合": floors_of(curve.certainty),
        "区间下限": curve.low,
        "区间上限": curve.high,
    }
    for name, floors in rows.items():
        yield f"| {name} | {_cells(floors)} |"
    yield "\n在一个集上拟合，用到另一个集上的误差（ECE）：\n"
    yield from (f"- {a} → {b}：{error:.3f}" for (a, b), error in curve.crossed.items())


def _cells(floors: BandThresholds) -> str:
    return f"{floors.strong:.3f} | {floors.good:.3f} | {floors.fair:.3f}"


def _foreign_page(counts: Mapping[str, int]) -> Iterable[str]:
    n = counts["texts"]
    yield (
        f"\n{n} 段采购公告（要的不是专利导航）在演示数据中找机构，第一名的档位；识别为 OTH 的 "
        f"{counts['rejected']} 段：\n\n| | 强 | 较强 | 一般 | 弱 |\n|---|---|---|---|---|"
    )
    for name, label in (("before", "只看相对位置"), ("after", "加上限")):
        cells = " | ".join(f"{counts[f'{name}_{band.value}'] / n:.3f}" for band in Band)
        yield f"| {label} | {cells} |"
