"""Procurement notices and intentions as demands, in the form `navmatch import` reads.

    python examples/import_procurement.py FOLDER demands.jsonl
    navmatch import demands.jsonl --kind demands --commit

FOLDER holds `notices.jsonl` (`id`, `title`, `content`) and `intentions.jsonl` (`title`,
`need`, `org`, `region`, `budget_wan`); either may be missing. Texts longer than a demand may
be are cut, and how many were is said at the end. Most notices ask for works or goods: they
are stored as not belonging to patent navigation, which is for the tagger to say.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

TITLE_CHARS = 80
TEXT_CHARS = 5_000


def notice_demand(row: dict[str, Any]) -> dict[str, Any]:
    """Return the demand of a notice."""
    return {
        "source_ref": f"notice:{row['id']}",
        "title": row["title"][:TITLE_CHARS],
        "description": row["content"][:TEXT_CHARS],
        "public_funded": True,
        "publish": True,
    }


def intention_demand(row: dict[str, Any]) -> dict[str, Any]:
    """Return the demand of an intention; it has no number, so its content is its key."""
    content = "\n".join(str(row.get(name) or "") for name in ("org", "title", "need"))
    return {
        "source_ref": f"intention:{hashlib.sha256(content.encode()).hexdigest()[:32]}",
        "title": row["title"][:TITLE_CHARS],
        "description": f"{row['need']}\n采购单位：{row['org']}。"[:TEXT_CHARS],
        "region": row.get("region"),
        "budget_wan": row.get("budget_wan"),
        "public_funded": True,
        "publish": True,
    }


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the objects of a JSONL file, none when there is no such file."""
    if path.is_file():
        with path.open(encoding="utf-8") as file:
            yield from (json.loads(line) for line in file if line.strip())


def main() -> int:
    """Write the demands of a folder to a file."""
    parser = argparse.ArgumentParser(description="把采购公告和采购意向转成 navmatch 需求。")
    parser.add_argument("folder", type=Path, help="notices.jsonl 和 intentions.jsonl 所在的目录")
    parser.add_argument("target", type=Path, help="写到哪个 JSONL 文件")
    arguments = parser.parse_args()
    notices = list(read_lines(arguments.folder / "notices.jsonl"))
    intentions = list(read_lines(arguments.folder / "intentions.jsonl"))
    demands = [*map(notice_demand, notices), *map(intention_demand, intentions)]
    with arguments.target.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(demand, ensure_ascii=False) + "\n" for demand in demands)
    n_cut = sum(len(r["title"]) > TITLE_CHARS for r in (*notices, *intentions))
    n_cut += sum(len(r["content"]) > TEXT_CHARS for r in notices)
    n_cut += sum(len(r["need"]) > TEXT_CHARS for r in intentions)
    print(f"已写出 {len(demands)} 条需求，其中 {n_cut} 处超长文字被截短。", file=sys.stderr)
    return 0 if demands else 1


if __name__ == "__main__":
    sys.exit(main())
