"""Real notices and listed companies as a set nobody graded: what people write, not what we wrote.

The texts are used for measuring only; nothing of them is kept in the project.
"""

import json
from collections import defaultdict
from pathlib import Path
from typing import Final, TypeVar

from bench.quality.sets import CACHE, LabelledSet, shared_data

NAME: Final = "procurement"
QUERY_CHARS: Final = 600
"""Of a notice: what it is about stands at its beginning, the rest tells how to bid."""

PRODUCTS: Final = 12
COMPANIES: Final = 400
NOTICES: Final = 60

RowT = TypeVar("RowT")


def prepare_real_texts() -> LabelledSet | None:
    """Return notices that ask and companies that answer; None where the texts are not there."""
    source = shared_data()
    if not (source / "procurement").is_dir() or not (source / "companies").is_dir():
        return None
    folder = CACHE / "collections" / NAME
    if not (folder / "qrels.dev.trec").exists():
        folder.mkdir(parents=True, exist_ok=True)
        _write_rows(folder / "documents.jsonl", _companies(source))
        _write_rows(folder / "queries.dev.jsonl", _notices(source))
        (folder / "qrels.dev.trec").write_text("", "utf-8")
    return LabelledSet(NAME, folder, "dev", None, ())


def _companies(source: Path) -> list[dict[str, str]]:
    """Return companies with what they make, one sentence a product, evenly spread."""
    products: dict[tuple[str, str], list[str]] = defaultdict(list)
    lines = (source / "companies" / "company_product.tsv").read_text("utf-8").splitlines()
    for line in lines[1:]:
        code, _, _, name, product, *_ = line.split("\t")
        products[code, name].append(product)
    broad = [(key, made) for key, made in products.items() if len(set(made)) >= 3]
    return [
        {
            "id": code,
            "title": name,
            "text": "".join(f"生产和销售{product}。" for product in dict.fromkeys(made[:PRODUCTS])),
        }
        for (code, name), made in _spread(broad, COMPANIES)
    ]


def _notices(source: Path) -> list[dict[str, str]]:
    rows = []
    for name in ("notices", "intentions"):
        lines = (source / "procurement" / f"{name}.jsonl").read_text("utf-8").splitlines()
        found = [json.loads(line) for line in lines]
        rows += [
            {
                "id": f"{name}-{n}",
                "title": row["title"],
                "text": (row.get("content") or row["need"])[:QUERY_CHARS],
            }
            for n, row in enumerate(_spread(found, NOTICES // 2))
        ]
    return rows


def _spread(rows: list[RowT], wanted: int) -> list[RowT]:
    """Return at most so many rows, evenly spread."""
    return rows[:: max(len(rows) // wanted, 1)][:wanted]


def _write_rows(path: Path, rows: list[dict[str, str]]) -> None:
    lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    path.write_text("".join(lines), "utf-8")
