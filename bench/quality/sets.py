"""The labelled sets the bench knows, written as collections beside the checkout's cache."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

CHECKOUT: Final = Path(__file__).resolve().parents[2]
CACHE: Final = CHECKOUT / ".cache" / "bench"
DEMO: Final = CHECKOUT / "api" / "demo"


@dataclass(frozen=True, slots=True)
class LabelledSet:
    """A set with the part that is measured.

    Attributes:
        name: Its name.
        folder: A collection (`matcher.evaluate`).
        split: The part measured.
        train_split: The part a ranker may be trained on; None when there is none.
        measures: What is reported of it, the deciding one first.
    """

    name: str
    folder: Path
    split: str
    train_split: str | None
    measures: tuple[str, ...]


MEASURES: Final[Mapping[str, tuple[str, ...]]] = {
    "bdci2019": ("ndcg@10",),
    "patents": ("mrr", "hit@10"),
    "collection": ("ndcg@10", "recall@10"),
    "demo": ("ndcg@10", "recall@10"),
}
OUTSIDE: Final = frozenset(MEASURES) - {"demo"}
"""Sets made from the folder in `NAVMATCH_SHARED_DATA`; the demonstration data is our own."""


def shared_data() -> Path:
    """Return the folder of development data."""
    return Path(os.environ.get("NAVMATCH_SHARED_DATA", CHECKOUT.parent / "shared" / "data"))


def prepare(name: str) -> LabelledSet | None:
    """Return a set in collection format; None where its data is not there."""
    folder = CACHE / "collections" / name
    if name in OUTSIDE:
        script = shared_data() / "prepare.py"
        if not script.exists():
            return None
        if not folder.exists():
            command = [sys.executable, str(script), name, str(folder)]
            subprocess.run(command, check=True, stdout=sys.stderr)  # noqa: S603 - beside the data
    else:
        write_demo(folder)
    train = "train" if (folder / "queries.train.jsonl").exists() else None
    return LabelledSet(name, folder, "dev", train, MEASURES[name])


def write_demo(folder: Path) -> None:
    """Write the demonstration data as a collection, graded by the facts it was written from."""
    folder.mkdir(parents=True, exist_ok=True)
    providers = list(_rows("providers"))
    topics = _topics()
    documents, queries, grades = [], [], []
    for provider in providers:
        for item in provider["capabilities"]:
            text = {"id": item["key"], "title": item["title"], "text": item["description"]}
            documents.append({**text, "group": provider["key"]})
    for demand in _rows("demands"):
        if demand["state"] != "published" or demand["facts"]["scenarios"][0] == "OTH":
            continue
        body = f"{demand['description']}\n{demand.get('decision_question') or ''}"
        queries.append({"id": demand["key"], "title": demand["title"], "text": body})
        for provider in providers:
            facts = [item["facts"] for item in provider["capabilities"]]
            grade = max(grade_of(demand["facts"], offered, topics) for offered in facts)
            if grade:
                grades.append(f"{demand['key']} 0 {provider['key']} {grade}\n")
    _write_rows(folder / "documents.jsonl", documents)
    _write_rows(folder / "queries.dev.jsonl", queries)
    (folder / "qrels.dev.trec").write_text("".join(grades), "utf-8")


def grade_of(
    asked: Mapping[str, Any], offered: Mapping[str, Any], related: Mapping[str, set[str]]
) -> int:
    """Return how well a capability fits a demand by their facts alone, 0..3.

    3: same purpose, same topic (or no topic asked and any industry offered). 2: same purpose
    and a related topic or any industry; or same topic and a neighbouring purpose. 1: same topic.
    """
    purpose, topic = asked["scenarios"][0], asked.get("topic")
    same = purpose in offered["scenarios"]
    near = any(code.split(".")[0] == purpose.split(".")[0] for code in offered["scenarios"])
    on_topic = topic is not None and topic in offered["topics"]
    is_open = bool(offered.get("any_industry"))
    if same and (on_topic or (topic is None and is_open)):
        return 3
    if same and (is_open or related.get(str(topic), set()) & set(offered["topics"])):
        return 2
    if on_topic:
        return 2 if near else 1
    return 0


def _topics() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for path in sorted(DEMO.glob("topics_*.json")):
        topics = json.loads(path.read_text("utf-8"))
        found.update({name: set(about.get("related", ())) for name, about in topics.items()})
    return found


def _rows(kind: str) -> Iterator[dict[str, Any]]:
    for path in sorted(DEMO.glob(f"{kind}_*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            yield json.loads(line)


def _write_rows(path: Path, rows: list[dict[str, Any]]) -> None:
    lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    path.write_text("".join(lines), "utf-8")
