"""The report of a run: Markdown for people, JSON for programs, a plot of all intervals."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape

import numpy as np

from bench.quality.measured import OURS, SetResult, SystemResult, as_json
from matcher.significance import RESAMPLES, bootstrap

ROW: Final = 22
LEFT: Final = 150
WIDTH: Final = 720
HEAD: Final = 40
WORST_SHOWN: Final = 5


def write_report(results: Sequence[SetResult], folder: Path, name: str, about: str) -> None:
    """Write `name.md`, `name.json` and `name.svg`."""
    folder.mkdir(parents=True, exist_ok=True)
    content = json.dumps(as_json(results), ensure_ascii=False)
    (folder / f"{name}.json").write_text(content + "\n", "utf-8")
    (folder / f"{name}.svg").write_text(plot(results), "utf-8")
    text = "\n".join(_page(results, name, about)) + "\n"
    (folder / f"{name}.md").write_text(text, "utf-8")


def _page(results: Sequence[SetResult], name: str, about: str) -> Iterable[str]:
    yield "# 排序质量：各系统并列\n"
    yield f"{about}\n"
    yield (
        f"区间为 95%，由 {RESAMPLES:,} 次对查询的重抽样得出；与 navmatch 的差逐个查询配对，"
        "p 为双侧。毫秒为每个查询的处理器时间，不含编码。\n"
    )
    yield f"![各系统的均值与区间]({name}.svg)\n"
    for result in results:
        yield f"## {result.name}（{len(result.ours.by_query)} 个查询）\n"
        for note in result.notes:
            yield f"{note}\n"
        for measure in result.measures:
            yield from _table(result, measure)
        yield from _ablation(result)
        yield from _differences(result)


def _table(result: SetResult, measure: str) -> Iterable[str]:
    yield f"| 系统 | {measure} | 区间 | navmatch 高出 | 区间 | p | 毫秒 | 与 navmatch 之比 |"
    yield "|---|---|---|---|---|---|---|---|"
    for system in result.systems:
        mean, gap = bootstrap(system.values(measure)), result.difference(system, measure)
        times = f"{system.per_query_ms:.1f} | {_ratio(system, result.ours)}"
        if system.name == OURS:
            compared = "— | — | —"
        else:
            compared = f"{gap.mean:+.3f} | {gap.low:+.3f} 至 {gap.high:+.3f} | {gap.p_value:.4f}"
        yield (
            f"| {system.name} | {mean.mean:.3f} | {mean.low:.3f} 至 {mean.high:.3f} "
            f"| {compared} | {times} |"
        )
    yield ""


def _ratio(system: SystemResult, ours: SystemResult) -> str:
    return f"{system.per_query_ms / ours.per_query_ms:.2f}" if ours.per_query_ms else "—"


def _ablation(result: SetResult) -> Iterable[str]:
    yield f"去掉一项特征（权重设为 0），{result.measures[0]} 少多少：\n"
    yield "| 特征 | 少 | 区间 |"
    yield "|---|---|---|"
    found = {feature: result.lost_without(feature) for feature in result.ablation}
    for feature in sorted(found, key=lambda name: -found[name].mean):
        lost = found[feature]
        yield f"| {feature} | {lost.mean:+.4f} | {lost.low:+.4f} 至 {lost.high:+.4f} |"
    yield ""


def _differences(result: SetResult) -> Iterable[str]:
    """Yield where the best of the others is furthest ahead: what to look at next."""
    measure = result.measures[0]
    others = [s for s in result.systems if not s.name.startswith(OURS)]
    if not others:
        return
    best = max(others, key=lambda s: float(np.mean(s.values(measure))))
    gaps = np.subtract(result.ours.values(measure), best.values(measure))
    queries = list(result.ours.by_query)
    yield (
        f"逐个查询与最好的对手（{best.name}）相比：{int((gaps > 0).sum())} 个更好，"
        f"{int((gaps < 0).sum())} 个更差。差得最多的："
        + "，".join(f"{queries[n]}（{gaps[n]:+.2f}）" for n in np.argsort(gaps)[:WORST_SHOWN])
        + "。\n"
    )


def plot(results: Sequence[SetResult]) -> str:
    """Return an SVG: for every set, mean and interval of each system on 0..1."""
    bottom = sum(HEAD + ROW * len(r.systems) for r in results)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {bottom + HEAD}" '
        'font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{bottom + HEAD}" fill="white"/>',
    ]
    for tenth in range(0, 11, 2):
        x = _x(tenth / 10)
        parts.append(f'<path d="M{x} {HEAD}V{bottom + 4}" stroke="#ddd"/>')
        parts.append(f'<text x="{x}" y="{bottom + 20}" text-anchor="middle">{tenth / 10}</text>')
    top = 0
    for result in results:
        top += HEAD
        title = f"{result.name} · {result.measures[0]}"
        parts.append(f'<text x="8" y="{top - 14}" font-weight="bold">{escape(title)}</text>')
        for system in result.systems:
            parts += _bar(system, result.measures[0], top)
            top += ROW
    return "\n".join([*parts, "</svg>"]) + "\n"


def _bar(system: SystemResult, measure: str, top: int) -> list[str]:
    mean, middle = bootstrap(system.values(measure)), top + ROW // 2
    colour = "#0b6e99" if system.name.startswith(OURS) else "#888"
    return [
        f'<text x="{LEFT - 8}" y="{middle + 4}" text-anchor="end">{escape(system.name)}</text>',
        f'<path d="M{_x(mean.low)} {middle}H{_x(mean.high)}" stroke="{colour}" stroke-width="2"/>',
        f'<circle cx="{_x(mean.mean)}" cy="{middle}" r="4" fill="{colour}"/>',
        f'<text x="{_x(mean.high) + 6}" y="{middle + 4}">{mean.mean:.3f}</text>',
    ]


def _x(value: float) -> float:
    return round(LEFT + value * (WIDTH - LEFT - 60), 1)
