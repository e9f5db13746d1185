"""The report of a run: Markdown for people, JSON for programs, a plot of all intervals."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from bench.quality.goals import Goals, Verdict, goals_table, verdicts
from bench.quality.measured import OURS, SetResult, SystemResult, as_json
from bench.quality.plot import plot
from bench.quality.request import RequestCost
from matcher.significance import RESAMPLES

WORST_SHOWN: Final = 5


@dataclass(frozen=True)
class Report:
    """All that a run found.

    Attributes:
        about: What was measured: encoder, weights.
        results: Every set.
        request: What a whole request costs; None where it was not measured.
        left_out: Sentences on what could not be measured.
    """

    about: str
    results: Sequence[SetResult]
    request: RequestCost | None = None
    left_out: Sequence[str] = ()


def write_report(report: Report, goals: Goals, folder: Path, name: str) -> None:
    """Write `name.md`, `name.json` and `name.svg`."""
    folder.mkdir(parents=True, exist_ok=True)
    judged = verdicts(goals, report.results)
    content = {
        "goals": [verdict.as_json() for verdict in judged],
        "sets": as_json(report.results),
        "request": report.request.as_json() if report.request else None,
    }
    text = json.dumps(content, ensure_ascii=False)
    (folder / f"{name}.json").write_text(text + "\n", "utf-8")
    wanted: dict[tuple[str, str], list[float]] = {}
    for verdict in judged:
        wanted.setdefault((verdict.goal.set, verdict.goal.measure), []).append(verdict.wanted)
    (folder / f"{name}.svg").write_text(plot(report.results, wanted), "utf-8")
    page = "\n".join(_page(report, goals, judged, name)) + "\n"
    (folder / f"{name}.md").write_text(page, "utf-8")


def _page(report: Report, goals: Goals, judged: Sequence[Verdict], name: str) -> Iterable[str]:
    yield "# 质量：各系统在各集上并列\n"
    yield f"由 `python -m bench.quality` 写出。{report.about}\n"
    yield (
        f"区间为 95%，由 {RESAMPLES:,} 次对查询或文本的重抽样得出（全对或全错时是精确的二项区间，"
        "Clopper、Pearson 1934）；与 navmatch 的差逐个配对，p 为双侧。毫秒为一次的处理器时间，"
        "一个线程。\n"
    )
    for sentence in report.left_out:
        yield f"- {sentence}"
    if report.left_out:
        yield ""
    yield from goals_table(goals, judged)
    if report.request is not None:
        yield from _request(report.request)
    yield f"![各系统的值与区间，虚线为目标]({name}.svg)\n"
    for result in report.results:
        yield f"## {result.name}（{len(result.keys)} {result.counted}）\n"
        for note in result.notes:
            yield f"{note}\n"
        for measure in result.measures:
            yield from _table(result, measure)
        yield from _ablation(result)
        yield from _differences(result)


def _request(cost: RequestCost) -> Iterable[str]:
    yield "## 一次请求\n"
    yield (
        f"演示数据（索引里 {cost.n_texts} 条文本）的 {len(cost.total)} 条需求，各作为没有存过的"
        f"文字（中位数 {cost.chars} 字）经 HTTP 提问，要 10 条结果和理由。处理器毫秒，一个线程，"
        "编码在同一进程。合计含发问的一方；各段由同一文字不经 HTTP 另问一次得出，合计的其余归"
        "“收发”。各段的中位数加起来不等于合计的中位数。\n"
    )
    yield "| 段 | 中位数 | 95 分位 |"
    yield "|---|---|---|"
    for name, median, high in cost.rows():
        yield f"| {name} | {median:.1f} | {high:.1f} |"
    yield ""


def _table(result: SetResult, measure: str) -> Iterable[str]:
    yield (
        f"| 系统 | {measure} | 区间 | navmatch 高出 | 区间 | p | 毫秒（{result.costs}） "
        "| 与 navmatch 之比 |"
    )
    yield "|---|---|---|---|---|---|---|---|"
    for system in result.systems:
        found, gap = system.ratios[measure].interval, result.difference(system, measure)
        times = f"{system.ms:.1f} | {_times(system, result.ours)}"
        if system.name == OURS:
            compared = "— | — | —"
        else:
            compared = f"{gap.mean:+.3f} | {gap.low:+.3f} 至 {gap.high:+.3f} | {gap.p_value:.4f}"
        yield (
            f"| {system.name} | {found.mean:.3f} | {found.low:.3f} 至 {found.high:.3f} "
            f"| {compared} | {times} |"
        )
    yield ""


def _times(system: SystemResult, ours: SystemResult) -> str:
    return f"{system.ms / ours.ms:.2f}" if ours.ms else "—"


def _ablation(result: SetResult) -> Iterable[str]:
    found = {feature: result.lost_without(feature) for feature in result.ablation}
    if not found:
        return
    yield f"去掉一项特征（权重设为 0），{result.measures[0]} 少多少：\n"
    yield "| 特征 | 少 | 区间 |"
    yield "|---|---|---|"
    for feature in sorted(found, key=lambda name: -found[name].mean):
        lost = found[feature]
        yield f"| {feature} | {lost.mean:+.4f} | {lost.low:+.4f} 至 {lost.high:+.4f} |"
    yield ""


def _differences(result: SetResult) -> Iterable[str]:
    """Yield where the best of the others is furthest ahead: what to look at next."""
    measure = result.measures[0]
    best = result.best_other(measure)
    if best is None:
        return
    gaps = np.subtract(result.ours.ratios[measure].over, best.ratios[measure].over)
    worst = [n for n in np.argsort(gaps, kind="stable")[:WORST_SHOWN] if gaps[n] < 0]
    named = "，".join(f"{result.keys[n]}（{gaps[n]:+.2f}）" for n in worst)
    yield (
        f"逐个与最好的对手（{best.name}）相比：{int((gaps > 0).sum())} 个更好，"
        f"{int((gaps < 0).sum())} 个更差。" + (f"差得最多的：{named}。\n" if named else "\n")
    )
