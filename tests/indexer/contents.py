"""What a segment holds, in a form that compares."""

import numpy as np
from numpy.typing import NDArray

from indexer.keywords import Postings
from indexer.segment import Segment


def contents(segment: Segment) -> dict[str, object]:
    """Everything a segment holds, in a form that compares."""
    found: dict[str, object] = {
        "documents": segment.documents,
        "spans": segment.spans,
        "titles": segment.titles.to_bytes(),
        "fulls": segment.fulls.to_bytes(),
        "sentences": plain(segment.sentences),
        "starts": plain(segment.sentence_starts),
        "any_industry": plain(segment.any_industry),
    }
    for name in ("words", "grams", "title_grams"):
        postings: Postings = getattr(segment, name)
        found[name] = list(postings.terms.items())
        for part in ("starts", "rows", "counts", "lengths"):
            found[f"{name}.{part}"] = plain(getattr(postings, part))
    for name, tags in segment.tags.items():
        codes = {code: tuple(map(plain, columns)) for code, columns in tags.by_code.items()}
        found[name] = (list(codes.items()), plain(tags.tagged))
    return found


def plain(array: NDArray[np.generic]) -> tuple[str, object]:
    return str(array.dtype), array.tolist()
