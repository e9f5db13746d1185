"""Training of the scenario head; needs scikit-learn, which serving does not.

    python -m bench.quality.train_scenarios      writes indexer/annotate/data/scenario_head.npz

Trained on the project's own texts only: `scenario_texts_*.jsonl` beside the head and the
examples of the taxonomy. The labelled development set is kept for measuring.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from indexer.annotate.head import Given, Head, grams_of, log_odds
from indexer.embed import Embedder
from indexer.text import canonicalise
from models.taxonomy import ScenarioTaxonomy

TEXT_FILES: Final = tuple(f"scenario_texts_{part}.jsonl" for part in "abcd")
MIN_TEXTS: Final = 3
"""Texts an n-gram must stand in to be a feature."""

SEMANTIC_SCALE: Final = 10.0
SEMANTIC_C: Final = 3.0
LEXICAL_C: Final = 20.0
SHARE: Final = 0.4
N_FOLDS: Final = 5
SEED: Final = 20261125
UNCALIBRATED: Final = (1.0, 0.0)
"""Slope and offset that leave log-odds as they are."""


@dataclass(frozen=True, slots=True)
class Example:
    """A labelled text: canonical, title first; the first label is the primary one."""

    text: str
    labels: tuple[str, ...]


def own_examples(taxonomy: ScenarioTaxonomy) -> list[Example]:
    """Return the project's own labelled texts, those of a taxonomy included."""
    return [*own_texts(), *taxonomy_texts(taxonomy)]


def own_texts() -> list[Example]:
    """Return the texts written to train on."""
    examples: list[Example] = []
    for name in TEXT_FILES:
        lines = (files("indexer.annotate") / "data" / name).read_text("utf-8").splitlines()
        for row in map(json.loads, lines):
            text = f"{canonicalise(row['title'])}\n{canonicalise(row['text'])}"
            examples.append(Example(text, tuple(row["scenarios"])))
    return examples


def taxonomy_texts(taxonomy: ScenarioTaxonomy) -> list[Example]:
    """Return the definitions and examples of a taxonomy, retired scenarios included."""
    examples: list[Example] = []
    for scenario in (*taxonomy.level2, taxonomy.reject):
        texts = (f"{scenario.zh}\n{scenario.definition}", *scenario.examples)
        examples.extend(Example(canonicalise(t), (scenario.code,)) for t in texts)
    return examples


def train_head(examples: Sequence[Example], embedder: Embedder, reject: str) -> Head:
    """Return a head trained on these texts, calibrated by cross-validation over them.

    Args:
        examples: The texts.
        embedder: Their vectors.
        reject: Code of the reject class.
    """
    from sklearn.model_selection import StratifiedKFold

    vectors = embedder.query_vectors([e.text for e in examples])
    primary = np.array([e.labels[0] for e in examples])
    held_out = np.zeros((len(examples), len(set(primary))))
    folds = StratifiedKFold(N_FOLDS, shuffle=True, random_state=SEED)
    for train, test in folds.split(vectors, primary):
        head = _fit([examples[i] for i in train], vectors[train], embedder.encoder.fingerprint)
        for i in test:
            held_out[i] = head.distribution(examples[i].text, vectors[i])
    head = _fit(examples, vectors, embedder.encoder.fingerprint)
    truth = np.array([[code in e.labels for code in head.codes] for e in examples])
    return calibrated(head, held_out, truth, reject)


def _fit(examples: Sequence[Example], vectors: NDArray[np.float32], fingerprint: str) -> Head:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    primary = [e.labels[0] for e in examples]
    vectoriser = TfidfVectorizer(analyzer=grams_of, min_df=MIN_TEXTS, sublinear_tf=True)
    matrix = vectoriser.fit_transform([e.text for e in examples])
    lexical = LogisticRegression(C=LEXICAL_C, max_iter=1_000).fit(matrix, primary)
    mean = vectors.mean(axis=0)
    semantic = LogisticRegression(C=SEMANTIC_C, max_iter=2_000).fit(
        (vectors - mean) * SEMANTIC_SCALE, primary
    )
    return Head(
        codes=tuple(str(c) for c in lexical.classes_),
        fingerprint=fingerprint,
        mean=mean.astype(np.float32),
        semantic=_with_bias(semantic, SEMANTIC_SCALE),
        grams={gram: row for row, gram in enumerate(vectoriser.get_feature_names_out())},
        idf=vectoriser.idf_.astype(np.float32),
        lexical=_with_bias(lexical, 1.0),
        share=SHARE,
        calibration=dict.fromkeys(Given, UNCALIBRATED),
        threshold=0.15,
    )


def _with_bias(model: Any, scale: float) -> NDArray[np.float32]:  # noqa: ANN401 - scikit-learn has no types
    weights = np.vstack([model.coef_.T * scale, model.intercept_[None, :]])
    return np.asarray(weights, np.float32)


def calibrated(
    head: Head, held_out: NDArray[np.float64], truth: NDArray[np.bool_], reject: str
) -> Head:
    """Return the head with the threshold of the best micro-F1 and its calibration (Platt 1999).

    Scenarios learn from all classes of all texts. The reject class learns from the texts that got
    it: by the curve of the scenarios it said 0.92 on average and was right in 0.77
    (docs/adr/0008).

    Args:
        head: The head, fitted on all texts.
        held_out: What heads that never saw the text said, float64 (n_texts, n_codes).
        truth: bool (n_texts, n_codes).
        reject: Code of the reject class.
    """
    best = max(
        (round(t, 2) for t in np.arange(0.05, 0.5, 0.01)),
        key=lambda t: _micro_f1(held_out, truth, t),
    )
    head = replace(head, threshold=best)
    judged: dict[Given, list[tuple[float, bool]]] = {given: [] for given in Given}
    for said, right in zip(held_out.tolist(), truth.tolist(), strict=True):
        judged[Given.SCENARIO].extend(zip(said, right, strict=True))
        column, given = head.given(np.array(said), reject)[0]
        if given is Given.REJECT:
            judged[given].append((said[column], right[column]))
    return replace(head, calibration={given: _platt(judged[given]) for given in Given})


def _platt(judged: Sequence[tuple[float, bool]]) -> tuple[float, float]:
    """Return slope and offset for probabilities that were or were not right.

    Those that change nothing where there is nothing to learn from.
    """
    from sklearn.linear_model import LogisticRegression

    if len({right for _, right in judged}) < 2:
        return UNCALIBRATED
    odds = np.array([[log_odds(probability)] for probability, _ in judged])
    fitted = LogisticRegression(C=1e6).fit(odds, [right for _, right in judged])
    return float(fitted.coef_[0, 0]), float(fitted.intercept_[0])


def _micro_f1(held_out: NDArray[np.float64], truth: NDArray[np.bool_], threshold: float) -> float:
    given = held_out >= threshold
    given[np.arange(len(given)), held_out.argmax(axis=1)] = True
    hits = int((given & truth).sum())
    return 2 * hits / (int(given.sum()) + int(truth.sum()))
