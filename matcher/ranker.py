"""A trained ranker: the weights of the features and what its scores are worth, as JSON.

The form is linear, so every explanation still adds up to the score. Boosted trees were measured
and left out (docs/adr/0020): on real labelled needs they were no better.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, Self

import numpy as np

from matcher.features import FEATURES, Feature, weighted
from models.errors import InvalidInputError

FORMAT: Final = 1
WEIGHT_DIGITS: Final = 6


@dataclass(frozen=True, slots=True)
class Certainty:
    """How likely a score means a fitting result: 1 / (1 + exp(-(slope * score + offset))).

    Attributes:
        slope: Above 0: a higher score is never less likely to fit.
        offset: Log odds at score 0.
    """

    slope: float
    offset: float

    def of(self, score: float) -> float:
        """Return the probability that a result with this score fits, 0..1."""
        return float(1.0 / (1.0 + np.exp(-(self.slope * score + self.offset))))

    def score_at(self, probability: float) -> float:
        """Return the least score from which a result fits with this probability, 0..1."""
        if self.slope <= 0:
            return 1.0
        odds = np.log(probability / (1 - probability))
        return float(np.clip((odds - self.offset) / self.slope, 0.0, 1.0))


@dataclass(frozen=True, slots=True)
class Scoring:
    """Features with the weights in use, and what scores by just these weights are worth.

    Attributes:
        features: The features.
        certainty: Where a demand seeks a provider; None when nobody measured it.
    """

    features: tuple[Feature, ...]
    certainty: Certainty | None


def shipped_curve() -> dict[str, Any]:
    """Return what `python -m bench.quality.calibration --write` wrote of the shipped weights."""
    text = (files("matcher") / "data" / "certainty.json").read_text("utf-8")
    content: dict[str, Any] = json.loads(text)
    return content


def _shipped_certainty() -> Certainty:
    curve = shipped_curve()
    return Certainty(curve["slope"], curve["offset"])


SHIPPED_SCORING: Final = Scoring(FEATURES, _shipped_certainty())


@dataclass(frozen=True, slots=True)
class Ranker:
    """Weights learned from judgements.

    Attributes:
        version: Name, unique in an installation.
        weights: Weight of each feature, 0..1, summing to 1.
        certainty: What its scores are worth; None when nobody measured it.
        provenance: What it was trained on and how it did, for people.
    """

    version: str
    weights: Mapping[str, float]
    certainty: Certainty | None = None
    provenance: Mapping[str, Any] = field(default_factory=dict)

    def apply(self, features: tuple[Feature, ...]) -> tuple[Feature, ...]:
        """Return the features with the learned weights; a feature it does not know counts 0.

        Raises:
            InvalidInputError: it weighs a feature that does not exist any more.
        """
        try:
            return weighted(features, {f.name: 0.0 for f in features} | dict(self.weights))
        except ValueError as error:
            raise InvalidInputError(
                f"排序器 {self.version} 与本版程序的特征不合（{error}）。请重新训练。"
            ) from error

    def scoring(self, features: tuple[Feature, ...]) -> Scoring:
        """Return the features with the learned weights and what these scores are worth.

        Raises:
            InvalidInputError: it weighs a feature that does not exist any more.
        """
        return Scoring(self.apply(features), self.certainty)

    def to_json(self) -> str:
        """Return the content of its file."""
        content = {
            "format": FORMAT,
            "version": self.version,
            "weights": {name: round(w, WEIGHT_DIGITS) for name, w in self.weights.items()},
            "certainty": asdict(self.certainty) if self.certainty else None,
            "provenance": dict(self.provenance),
        }
        return json.dumps(content, ensure_ascii=False, indent=1) + "\n"

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """Return the ranker a file holds.

        Raises:
            InvalidInputError: the text is no ranker of this format.
        """
        try:
            content = json.loads(text)
            if content["format"] != FORMAT:
                raise ValueError(content["format"])
            certainty = content.get("certainty")
            return cls(
                version=str(content["version"]),
                weights={str(name): float(w) for name, w in content["weights"].items()},
                certainty=Certainty(**certainty) if certainty else None,
                provenance=dict(content.get("provenance") or {}),
            )
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise InvalidInputError(
                "排序器文件无法读取：它应是 navmatch train 写出的 JSON 文件。"
            ) from error

    @classmethod
    def read(cls, path: Path) -> Self:
        """Return the ranker of a file.

        Raises:
            InvalidInputError: the file is missing or no ranker.
        """
        try:
            return cls.from_json(path.read_text("utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            raise InvalidInputError(f"排序器文件 {path} 无法打开。") from error
