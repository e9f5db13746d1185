"""Train the scenario head on the project's own texts and say how it does on the dev set.

python -m bench.quality.train_scenarios [--data-dir DIR] [--dev scenario_dev.jsonl]
"""

import argparse
import json
from pathlib import Path

import numpy as np

from indexer.annotate import scenario, scenario_training
from indexer.embed import Embedder, RecentVectors
from indexer.encoder import open_encoder
from indexer.text import canonicalise
from models.taxonomy import ScenarioTaxonomy

TARGET = Path(scenario.__file__).parent / "data" / scenario.HEAD_FILE


def main() -> None:
    """Train, write, measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data-dir", type=Path, default=Path("data"))
    parser.add_argument("--dev", type=Path, help="labelled texts to measure on")
    arguments = parser.parse_args()
    taxonomy = ScenarioTaxonomy.load()
    embedder = Embedder(open_encoder(None, arguments.data_dir, threads=2), RecentVectors())
    examples = scenario_training.own_examples(taxonomy)
    head = scenario_training.train_head(examples, embedder, taxonomy.reject.code)
    TARGET.write_bytes(head.to_bytes())
    print(f"{TARGET.name}: {TARGET.stat().st_size} bytes, {len(head.grams)} n-grams")
    print(f"calibration {head.calibration}, threshold {head.threshold}")
    if arguments.dev:
        measure(scenario.ScenarioTagger(taxonomy, embedder), arguments.dev, taxonomy)


def measure(tagger: scenario.ScenarioTagger, path: Path, taxonomy: ScenarioTaxonomy) -> None:
    """Print primary accuracy, micro-F1 and the precision and recall of the reject class."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    texts = [(canonicalise(r["title"]), canonicalise(r["text"])) for r in rows]
    found = [[t.code for t in result.tags] for result in tagger.tag_scenarios_many(texts)]
    right = np.mean([f[0] == r["primary"] for f, r in zip(found, rows, strict=True)])
    hits = sum(len(set(f) & set(r["scenarios"])) for f, r in zip(found, rows, strict=True))
    n = sum(len(f) for f in found) + sum(len(r["scenarios"]) for r in rows)
    reject = taxonomy.reject.code
    given, true = [f[0] == reject for f in found], [r["primary"] == reject for r in rows]
    both = sum(g and t for g, t in zip(given, true, strict=True))
    print(f"primary {right:.3f}  micro-F1 {2 * hits / n:.3f}")
    print(f"{reject} precision {both / max(sum(given), 1):.3f} recall {both / sum(true):.3f}")


if __name__ == "__main__":
    main()
