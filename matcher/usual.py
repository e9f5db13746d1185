"""What the encoder in use gives to texts that have nothing to do with each other."""

from importlib.resources import files

import numpy as np

from indexer.embed import Embedder
from indexer.types import Document
from matcher.compare.standing import Usual
from models.vocabulary.row import Entity


def usual_cosines(embedder: Embedder) -> Usual:
    """Return mean and deviation of the cosine between unrelated texts.

    The texts lie in `matcher/data/unrelated.txt`, one a line, each on another subject.
    """
    lines = (files("matcher") / "data" / "unrelated.txt").read_text(encoding="utf-8").splitlines()
    documents = [Document(str(n), Entity.DEMAND, str(n), "", line) for n, line in enumerate(lines)]
    vectors = np.stack([e.full for e in embedder.embed_documents(documents)])
    cosines = (vectors @ vectors.T)[np.triu_indices(len(lines), k=1)]
    return Usual(float(cosines.mean()), float(cosines.std()))
