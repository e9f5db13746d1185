"""The plot of a report: for every set and measure, each system with its interval and the goal."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final
from xml.sax.saxutils import escape

from bench.quality.measured import SetResult, SystemResult

ROW: Final = 20
LEFT: Final = 150
WIDTH: Final = 720
HEAD: Final = 38
HALO: Final = 'paint-order="stroke" stroke="white" stroke-width="4"'
"""Keeps the figures readable where the line of a goal passes behind them."""

Wanted = Mapping[tuple[str, str], Sequence[float]]
"""Values to reach, by set and measure."""


def plot(results: Sequence[SetResult], wanted: Wanted) -> str:
    """Return an SVG: every system by every measure on 0..1, goals as dashed lines."""
    blocks = [(result, measure) for result in results for measure in result.measures]
    bottom = sum(HEAD + ROW * len(result.systems) for result, _ in blocks)
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
    for result, measure in blocks:
        top += HEAD
        title = escape(f"{result.name} · {measure}")
        parts.append(f'<text x="8" y="{top - 12}" font-weight="bold">{title}</text>')
        bars = [line for n, s in enumerate(result.systems) for line in _bar(s, measure, top, n)]
        end = top + ROW * len(result.systems)
        parts += _goals(wanted.get((result.name, measure), ()), top, end)
        parts += bars
        top = end
    return "\n".join([*parts, "</svg>"]) + "\n"


def _goals(values: Sequence[float], top: int, end: int) -> Iterator[str]:
    for value in values:
        x = _x(value)
        yield f'<path d="M{x} {top}V{end}" stroke="#b3261e" stroke-dasharray="4 3"/>'
        yield f'<text x="{x}" y="{top - 3}" fill="#b3261e" text-anchor="middle">{value:.2f}</text>'


def _bar(system: SystemResult, measure: str, top: int, number: int) -> list[str]:
    found, middle = system.ratios[measure].interval, top + ROW * number + ROW // 2
    colour = "#0b6e99" if system.is_ours else "#888"
    return [
        f'<text x="{LEFT - 8}" y="{middle + 4}" text-anchor="end">{escape(system.name)}</text>',
        f'<path d="M{_x(found.low)} {middle}H{_x(found.high)}" stroke="{colour}" '
        'stroke-width="2"/>',
        f'<circle cx="{_x(found.mean)}" cy="{middle}" r="4" fill="{colour}"/>',
        f'<text x="{_x(found.high) + 6}" y="{middle + 4}" {HALO}>{found.mean:.3f}</text>',
    ]


def _x(value: float) -> float:
    return round(LEFT + value * (WIDTH - LEFT - 60), 1)
