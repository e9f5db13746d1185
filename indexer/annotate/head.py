"""A light classifier over texts: character n-grams and the encoder, both linear.

Trained elsewhere (`scenario_training.py`), stored as one file of arrays, applied with NumPy.
"""

import io
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import log
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

MAX_CHARS: Final = 2_000
"""Characters of a text that are looked at: the purpose of a notice stands at its beginning."""

MAX_TAGS: Final = 3

_GRAM_SIZES: Final = (1, 2, 3)
_LEAST: Final = 1e-9


class Given(StrEnum):
    """As what a class is given to a text."""

    SCENARIO = "scenario"
    REJECT = "reject"


@dataclass(frozen=True)
class Head:
    """Weights of the classifier.

    Attributes:
        codes: The classes, in the order of the columns.
        fingerprint: Encoder the semantic half was trained with.
        mean: Mean of the training vectors, float32 (dim,).
        semantic: float32 (dim + 1, n_codes), the last row is the bias.
        grams: Row of `lexical` by n-gram.
        idf: Inverse document frequencies, float32 (n_grams,).
        lexical: float32 (n_grams + 1, n_codes), the last row is the bias.
        share: Share of the semantic half in the geometric mean, 0..1.
        calibration: Slope and offset that turn the log-odds of a class into the probability
            that it is right. The reject class has its own: at equal odds it is wrong more often.
        threshold: Probability from which a further class is assigned, 0..1.
    """

    codes: tuple[str, ...]
    fingerprint: str
    mean: NDArray[np.float32]
    semantic: NDArray[np.float32]
    grams: Mapping[str, int]
    idf: NDArray[np.float32]
    lexical: NDArray[np.float32]
    share: float
    calibration: Mapping[Given, tuple[float, float]]
    threshold: float

    def distribution(self, text: str, vector: NDArray[np.float32] | None) -> NDArray[np.float64]:
        """Return the probability of each class, float64 (n_codes,), summing to 1.

        Args:
            text: Canonical text, title first.
            vector: Its vector under the encoder of `fingerprint`, float32 (dim,), unit
                length; None when that encoder is not in use, and the words decide alone.
        """
        rows, values = self.weights_of(text)
        lexical = _log_softmax(values @ self.lexical[rows] + self.lexical[-1])
        if vector is None:
            return np.asarray(np.exp(lexical))
        centred = (vector - self.mean) @ self.semantic[:-1] + self.semantic[-1]
        mixed = self.share * _log_softmax(centred) + (1 - self.share) * lexical
        return np.asarray(np.exp(_log_softmax(mixed)))

    def given(self, distribution: NDArray[np.float64], reject: str) -> list[tuple[int, Given]]:
        """Return the classes a text gets, the likeliest first, and as what.

        Args:
            distribution: Probability of each class, float64 (n_codes,).
            reject: Code of the reject class, which stands alone.
        """
        order = sorted(range(len(distribution)), key=lambda c: (-distribution[c], self.codes[c]))
        if self.codes[order[0]] == reject:
            return [(order[0], Given.REJECT)]
        further = [
            (c, Given.SCENARIO)
            for c in order[1:MAX_TAGS]
            if distribution[c] >= self.threshold and self.codes[c] != reject
        ]
        return [(order[0], Given.SCENARIO), *further]

    def confidence(self, probability: float, given: Given) -> float:
        """Return the calibrated probability that a class that is given is right, 0..1."""
        slope, offset = self.calibration[given]
        return float(1 / (1 + np.exp(-(slope * log_odds(probability) + offset))))

    def weights_of(self, text: str) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Return the known n-grams of a text and their weights (log tf, idf, unit length)."""
        counts = Counter(g for g in grams_of(text) if g in self.grams)
        rows = np.fromiter((self.grams[g] for g in counts), np.int64, len(counts))
        tf = 1 + np.log(np.fromiter(counts.values(), np.float32, len(counts)))
        values = tf * self.idf[rows]
        length = float(np.sqrt((values**2).sum())) or 1.0
        return rows, np.asarray(values / length, np.float32)

    def to_bytes(self) -> bytes:
        """Return the head as one file; n-gram weights in half precision."""
        buffer = io.BytesIO()
        np.savez_compressed(
            buffer,
            allow_pickle=False,
            codes=np.frombuffer("\n".join(self.codes).encode(), np.uint8),
            fingerprint=np.frombuffer(self.fingerprint.encode(), np.uint8),
            mean=self.mean,
            semantic=self.semantic,
            grams=np.frombuffer("\n".join(self.grams).encode(), np.uint8),
            idf=self.idf.astype(np.float16),
            lexical=self.lexical.astype(np.float16),
            numbers=np.array([self.share, self.threshold]),
            calibration=np.array([self.calibration[given] for given in Given]),
        )
        return buffer.getvalue()

    @classmethod
    def from_bytes(cls, content: bytes) -> Self:
        """Return the head read back."""
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            share, threshold = (float(n) for n in arrays["numbers"])
            curves = [(float(slope), float(offset)) for slope, offset in arrays["calibration"]]
            grams = _text(arrays["grams"]).split("\n")
            return cls(
                codes=tuple(_text(arrays["codes"]).split("\n")),
                fingerprint=_text(arrays["fingerprint"]),
                mean=arrays["mean"],
                semantic=arrays["semantic"],
                grams={gram: row for row, gram in enumerate(grams)},
                idf=arrays["idf"].astype(np.float32),
                lexical=arrays["lexical"].astype(np.float32),
                share=share,
                calibration=dict(zip(Given, curves, strict=True)),
                threshold=threshold,
            )


def grams_of(text: str) -> Sequence[str]:
    """Return every run of one to three characters of a text, lower-cased, line breaks as blanks."""
    text = text[:MAX_CHARS].lower().replace("\n", " ")
    return [text[i : i + n] for n in _GRAM_SIZES for i in range(len(text) - n + 1)]


def log_odds(probability: float) -> float:
    """Return the log-odds of a probability, those of certainty bounded."""
    clipped = min(max(probability, _LEAST), 1 - _LEAST)
    return log(clipped / (1 - clipped))


def _log_softmax(values: NDArray[Any]) -> NDArray[np.float64]:
    shifted = np.asarray(values, np.float64) - float(np.max(values))
    return np.asarray(shifted - np.log(np.exp(shifted).sum()))


def _text(array: NDArray[Any]) -> str:
    return bytes(array.tobytes()).decode()
