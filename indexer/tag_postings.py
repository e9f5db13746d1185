"""Which rows carry which code, so that agreement of tags is computed for all rows at once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.types import Document

TAG_PARTS = ("scenarios", "industries", "classes")
"""The tags of a document that are compared, by the name they have there."""


@dataclass(frozen=True, slots=True)
class TagPostings:
    """Rows and confidences of each code of one vocabulary, for one immutable part.

    Attributes:
        by_code: Rows (int32, ascending) and confidences (float32, 0..1) of each code.
        tagged: Which rows carry any code; bool (n_rows,).
    """

    by_code: Mapping[str, tuple[NDArray[np.int32], NDArray[np.float32]]]
    tagged: NDArray[np.bool_]

    def agreement(
        self, asked: Mapping[str, float], nearness: Callable[[str, str], float]
    ) -> NDArray[np.float32]:
        """Return how much of what is asked each row offers, 0..1; NaN for rows without tags.

        Args:
            asked: Weight of each code, > 0.
            nearness: How much an offered code counts for an asked one, 0..1.
        """
        met = np.zeros(len(self.tagged), np.float32)
        for code, weight in asked.items():
            best = np.zeros(len(self.tagged), np.float32)
            for offered, (rows, confidences) in self.by_code.items():
                near = nearness(code, offered)
                if near > 0:
                    best[rows] = np.maximum(best[rows], near * confidences)
            met += weight * best
        met /= sum(asked.values())
        return np.where(self.tagged, met, np.float32(np.nan))


def build_tag_postings(documents: Sequence[Document], part: str) -> TagPostings:
    """Return the postings of one kind of tags, one of `TAG_PARTS`."""
    gathered: dict[str, tuple[list[int], list[float]]] = {}
    tagged = np.zeros(len(documents), np.bool_)
    for row, document in enumerate(documents):
        for code, confidence in getattr(document, part):
            rows, confidences = gathered.setdefault(code, ([], []))
            rows.append(row)
            confidences.append(confidence)
            tagged[row] = True
    by_code = {
        code: (np.array(rows, np.int32), np.array(confidences, np.float32))
        for code, (rows, confidences) in sorted(gathered.items())
    }
    return TagPostings(by_code, tagged)
