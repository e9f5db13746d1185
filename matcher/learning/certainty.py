"""What a score is worth: the probability that a result with it fits (Platt 1999)."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from matcher.ranker import Certainty

STEPS: Final = 50
RIDGE: Final = 1e-3
"""Keeps the slope finite where scores part the fitting from the rest without an error."""

N_BINS: Final = 10


def fit_certainty(scores: NDArray[np.float64], fits: NDArray[np.bool_]) -> Certainty:
    """Return the logistic curve through scores and whether each fitted; scores held back."""
    rows = np.stack([scores, np.ones_like(scores)], axis=1)
    targets = _softened(fits)
    at = np.zeros(2)
    for _ in range(STEPS):
        said = 1 / (1 + np.exp(-(rows @ at)))
        slope = rows.T @ (said - targets) + RIDGE * at
        bend = (rows * (said * (1 - said))[:, None]).T @ rows + RIDGE * np.eye(2)
        at = at - np.linalg.solve(bend, slope)
    return Certainty(slope=float(max(at[0], 0.0)), offset=float(at[1]))


def expected_calibration_error(
    said: NDArray[np.float64], fits: NDArray[np.bool_], n_bins: int = N_BINS
) -> float:
    """Return the mean gap between said and found shares over bins of equal width, 0..1.

    Guo et al. 2017, eq. 3.
    """
    bins = np.minimum((said * n_bins).astype(np.int64), n_bins - 1)
    gaps = [
        np.mean(bins == b) * abs(said[bins == b].mean() - fits[bins == b].mean())
        for b in np.unique(bins)
    ]
    return float(sum(gaps))


def _softened(fits: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return Platt's targets, which keep few examples from claiming certainty."""
    n_fitting, n_other = int(fits.sum()), int((~fits).sum())
    return np.where(fits, (n_fitting + 1) / (n_fitting + 2), 1 / (n_other + 2))
