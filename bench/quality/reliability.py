"""How far what was said agrees with what was found: bins, errors, recalibration, a diagram."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import escape

import numpy as np
from numpy.typing import NDArray

from matcher.learning.certainty import expected_calibration_error, fit_certainty

N_BINS: Final = 10
N_FOLDS: Final = 5
SIDE: Final = 240
PAD: Final = 46

Said = NDArray[np.float64]
Curve = Callable[[Said], Said]
"""Turns what was said into what it was worth."""


@dataclass(frozen=True)
class Judged:
    """Probabilities that were said, and whether each came true.

    Attributes:
        name: What was said, for people.
        said: float64 (n,), 0..1.
        true: bool (n,).
        groups: int64 (n,): what belongs to one text or query stays in one fold.
    """

    name: str
    said: Said
    true: NDArray[np.bool_]
    groups: NDArray[np.int64]

    @property
    def error(self) -> float:
        """Expected calibration error over ten bins, 0..1."""
        return expected_calibration_error(self.said, self.true, N_BINS)


@dataclass(frozen=True, slots=True)
class Bin:
    """What was said about equally surely.

    Attributes:
        said: Mean of what was said.
        found: Share that came true.
        n: How many.
    """

    said: float
    found: float
    n: int


def bins_of(judged: Judged) -> list[Bin]:
    """Return the bins that hold anything, the least sure first."""
    numbers = np.minimum((judged.said * N_BINS).astype(np.int64), N_BINS - 1)
    return [
        Bin(
            float(judged.said[numbers == number].mean()),
            float(judged.true[numbers == number].mean()),
            int((numbers == number).sum()),
        )
        for number in np.unique(numbers)
    ]


def recalibrated(judged: Judged, fit: Callable[[Said, NDArray[np.bool_]], Curve]) -> Judged:
    """Return what would have been said by a curve that never saw the text, in five folds."""
    folds = np.unique(judged.groups, return_inverse=True)[1] % N_FOLDS
    said = np.empty(len(judged.said))
    for fold in range(N_FOLDS):
        here = folds == fold
        said[here] = fit(judged.said[~here], judged.true[~here])(judged.said[here])
    return Judged(judged.name, said, judged.true, judged.groups)


def platt(said: Said, true: NDArray[np.bool_]) -> Curve:
    """Return a logistic curve through log-odds (Platt 1999)."""
    certainty = fit_certainty(_log_odds(said), true)
    return lambda asked: np.array([certainty.of(value) for value in _log_odds(asked)])


def isotonic(said: Said, true: NDArray[np.bool_]) -> Curve:
    """Return a rising step curve by pooling neighbours that fall (Barlow et al. 1972)."""
    values, places = np.unique(said, return_inverse=True)
    sums: list[float] = []
    sizes: list[int] = []
    widths: list[int] = []
    for number in range(len(values)):
        here = true[places == number]
        sums.append(float(here.sum()))
        sizes.append(len(here))
        widths.append(1)
        while len(sums) > 1 and sums[-2] / sizes[-2] >= sums[-1] / sizes[-1]:
            sums[-2:] = [sums[-2] + sums[-1]]
            sizes[-2:] = [sizes[-2] + sizes[-1]]
            widths[-2:] = [widths[-2] + widths[-1]]
    heights = np.repeat(np.divide(sums, sizes), widths)
    return lambda asked: np.interp(asked, values, heights)


def diagram(all_judged: Sequence[Judged]) -> str:
    """Return the reliability diagrams side by side, as SVG: on the line is honest."""
    width = len(all_judged) * (SIDE + PAD) + PAD
    height = SIDE + 2 * PAD
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        'font-family="sans-serif" font-size="11">',
        f'<rect width="{width}" height="{height}" fill="white"/>',
    ]
    for number, judged in enumerate(all_judged):
        parts += _panel(judged, PAD + number * (SIDE + PAD), PAD)
    return "\n".join([*parts, "</svg>"]) + "\n"


def _panel(judged: Judged, left: int, top: int) -> list[str]:
    bottom = top + SIDE
    title = escape(f"{judged.name}（ECE {judged.error:.3f}）")
    parts = [
        f'<text x="{left}" y="{top - 12}">{title}</text>',
        f'<rect x="{left}" y="{top}" width="{SIDE}" height="{SIDE}" fill="none" stroke="#999"/>',
        f'<line x1="{left}" y1="{bottom}" x2="{left + SIDE}" y2="{top}" stroke="#bbb" '
        'stroke-dasharray="4"/>',
        f'<text x="{left}" y="{bottom + 16}">0</text>',
        f'<text x="{left + SIDE - 40}" y="{bottom + 16}">说的 1</text>',
        f'<text x="{left - 30}" y="{top + 10}">对的</text>',
    ]
    most = max(b.n for b in bins_of(judged))
    for found in bins_of(judged):
        x, y = left + SIDE * found.said, bottom - SIDE * found.found
        radius = 3 + 7 * (found.n / most) ** 0.5
        parts.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="#1f6feb" opacity="0.7">'
            f"<title>{found.n} 个：说 {found.said:.2f}，对 {found.found:.2f}</title></circle>"
        )
    return parts


def _log_odds(said: Said) -> Said:
    clipped = np.clip(said, 1e-6, 1 - 1e-6)
    return np.asarray(np.log(clipped / (1 - clipped)))
