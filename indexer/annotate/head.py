"""A light classifier over texts: character n-grams and the encoder, both linear.

Trained elsewhere (`scenario_training.py`), stored as one file of arrays, applied with NumPy.
"""

import io
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

MAX_CHARS: Final = 2_000
"""Characters of a text that are looked at: the purpose of a notice stands at its beginning."""

_GRAM_SIZES: Final = (1, 2, 3)


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
        calibration: Slope and offset that turn the log-odds of a class into a probability.
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
    calibration: tuple[float, float]
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

    def confidence(self, probability: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the calibrated probability that a class applies, 0..1, one a class."""
        clipped = np.clip(probability, 1e-9, 1 - 1e-9)
        slope, offset = self.calibration
        log_odds = slope * np.log(clipped / (1 - clipped)) + offset
        return np.asarray(1 / (1 + np.exp(-log_odds)))

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
            numbers=np.array([self.share, *self.calibration, self.threshold]),
        )
        return buffer.getvalue()

    @classmethod
    def from_bytes(cls, content: bytes) -> Self:
        """Return the head read back."""
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            share, slope, offset, threshold = (float(n) for n in arrays["numbers"])
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
                calibration=(slope, offset),
                threshold=threshold,
            )


def grams_of(text: str) -> Sequence[str]:
    """Return every run of one to three characters of a text, lower-cased, line breaks as blanks."""
    text = text[:MAX_CHARS].lower().replace("\n", " ")
    return [text[i : i + n] for n in _GRAM_SIZES for i in range(len(text) - n + 1)]


def _log_softmax(values: NDArray[Any]) -> NDArray[np.float64]:
    shifted = np.asarray(values, np.float64) - float(np.max(values))
    return np.asarray(shifted - np.log(np.exp(shifted).sum()))


def _text(array: NDArray[Any]) -> str:
    return bytes(array.tobytes()).decode()
