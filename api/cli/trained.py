"""What the commands that train have in common: where examples came from, and how it went."""

import hashlib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.table import Table

from api.cli.console import add_row, output, table
from api.kept_versions import SHIPPED, KeptVersions
from matcher.significance import Interval
from models.errors import NavmatchError


def origin_of(folder: Path, split: str) -> dict[str, Any]:
    """Return what identifies the part of a collection that something was trained on."""
    digest = hashlib.sha256()
    names = ("documents.jsonl", f"queries.{split}.jsonl", f"qrels.{split}.trec")
    for name in (*names, f"candidates.{split}.tsv"):
        path = folder / name
        if path.exists():
            digest.update(f"{name}\n".encode() + path.read_bytes())
    return {
        "collection": folder.resolve().name,
        "split": split,
        "collection_sha256": digest.hexdigest(),
    }


def figures_of(
    before: NDArray[np.float64], held_back: NDArray[np.float64], gain: Interval
) -> dict[str, Any]:
    """Return how training did on queries it had not seen, as it is kept with what was trained."""
    return {
        "trained_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "queries": len(before),
        "ndcg_before": round(float(before.mean()), 4),
        "ndcg_held_back": round(float(held_back.mean()), 4),
        "gain": [round(gain.mean, 4), round(gain.low, 4), round(gain.high, 4)],
        "not_better_share": round(gain.p_not_above, 4),
    }


def show_gain(
    shown: Table, before: NDArray[np.float64], held_back: NDArray[np.float64], gain: Interval
) -> None:
    """Add how training did on queries it had not seen to a table."""
    add_row(shown, "查询", str(len(before)))
    add_row(shown, "现在的 nDCG@10", f"{before.mean():.4f}")
    add_row(shown, "未见过的查询上的 nDCG@10", f"{held_back.mean():.4f}")
    add_row(shown, "差（95% 区间）", f"{gain.mean:+.4f}（{gain.low:+.4f} 至 {gain.high:+.4f}）")


def show_versions(
    subject: str, kept: KeptVersions, provenance_of: Callable[[str], Mapping[str, Any]]
) -> None:
    """Print every version with what it was trained on."""
    shown = table(subject, "版本", "训练用", "查询", "之前", "未见过的查询上", "使用中")
    in_use = kept.in_use
    add_row(shown, SHIPPED, "随软件附带", "", "", "", "是" if in_use == SHIPPED else "")
    for version in kept.names():
        try:
            known = provenance_of(version)
        except NavmatchError:
            known = {"collection": "文件已损坏或读不出"}
        add_row(
            shown,
            version,
            _learned_from(known),
            str(known.get("queries", "")),
            _figure(known.get("ndcg_before")),
            _figure(known.get("ndcg_held_back")),
            "是" if in_use == version else "",
        )
    output().print(shown)


def _learned_from(known: Mapping[str, Any]) -> str:
    """Return the collection and whatever else something was trained on."""
    parts = (known.get("collection"), known.get("split"), *known.get("also", ()))
    return " ".join(part for part in parts if part)


def _figure(value: object) -> str:
    return f"{value:.4f}" if isinstance(value, float) else ""
