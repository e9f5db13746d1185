"""Companies with their products as providers, in the form `navmatch import` reads.

    python examples/import_companies.py FOLDER providers.jsonl
    navmatch import providers.jsonl --kind providers --commit

FOLDER holds `company.jsonl` (`name`, `fullname`, `code`, `location`) and `company_product.tsv`
(`code`, `product`, `revenue_share`, …), joined by the digits of the code. A listed company
names up to a hundred products of two or three words, so the products of a company are put
together, largest share first, a few to a capability.
"""

import argparse
import csv
import json
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

PRODUCTS_PER_CAPABILITY = 8
TITLE_CHARS = 80
MAX_CAPABILITIES = 50

Product = tuple[str, float]


def digits(code: str) -> str:
    """Return the number of a code that may carry an exchange: `600933.SH` -> `600933`."""
    return code.partition(".")[0].strip()


def read_products(path: Path) -> dict[str, list[Product]]:
    """Return the products of each company with their share of revenue, largest first.

    Quotes in this file are part of a name, not marks around it.
    """
    found: dict[str, dict[str, float]] = defaultdict(dict)
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            name = row["product"].strip()
            if len(name) >= 2:
                products = found[digits(row["code"])]
                products[name] = max(products.get(name, 0.0), float(row["revenue_share"] or 0))
    return {
        code: sorted(products.items(), key=lambda product: (-product[1], product[0]))
        for code, products in found.items()
    }


def provider_of(company: Mapping[str, str], products: Sequence[Product]) -> dict[str, Any]:
    """Return the provider of a company."""
    groups = [
        products[start : start + PRODUCTS_PER_CAPABILITY]
        for start in range(0, len(products), PRODUCTS_PER_CAPABILITY)
    ][:MAX_CAPABILITIES]
    key = f"listed:{digits(company['code'])}:{company['fullname']}"
    return {
        "source_ref": key,
        "name": company["fullname"],
        "short_name": company["name"],
        "org_type": "enterprise",
        "intro": f"{company['fullname']}（{company['name']}），{company['location']}上市公司。",
        "capabilities": [
            capability_of(f"{key}:{place}", company["name"], group)
            for place, group in enumerate(groups, start=1)
        ],
    }


def capability_of(key: str, company: str, products: Sequence[Product]) -> dict[str, Any]:
    """Return the capability a few products make."""
    title = products[0][0][:TITLE_CHARS]
    for name, _ in products[1:]:
        if len(title) + len(name) + 1 > TITLE_CHARS:
            break
        title = f"{title}、{name}"
    listed = "；".join(f"{name}，占营业收入 {share:.1%}" for name, share in products)
    return {
        "source_ref": key,
        "title": title,
        "description": f"{company}研发、生产和销售以下产品与服务：{listed}。",
    }


def providers_of(folder: Path) -> Iterator[dict[str, Any]]:
    """Yield the provider of each company of a folder, also of those without products."""
    products = read_products(folder / "company_product.tsv")
    with (folder / "company.jsonl").open(encoding="utf-8") as file:
        for line in file:
            company = json.loads(line)
            yield provider_of(company, products.get(digits(company["code"]), []))


def main() -> int:
    """Write the providers of a folder to a file."""
    parser = argparse.ArgumentParser(description="把公司和产品转成 navmatch 服务机构。")
    parser.add_argument("folder", type=Path, help="company.jsonl 和 company_product.tsv 所在的目录")
    parser.add_argument("target", type=Path, help="写到哪个 JSONL 文件")
    arguments = parser.parse_args()
    n_companies = n_capabilities = 0
    with arguments.target.open("w", encoding="utf-8") as file:
        for provider in providers_of(arguments.folder):
            file.write(json.dumps(provider, ensure_ascii=False) + "\n")
            n_companies += 1
            n_capabilities += len(provider["capabilities"])
    print(f"已写出 {n_companies} 家机构、{n_capabilities} 项能力。", file=sys.stderr)
    return 0 if n_companies else 1


if __name__ == "__main__":
    sys.exit(main())
