"""Entry point: `python -m tools.reference`, from the root of the checkout."""

import sys
from pathlib import Path

from tools.reference.pages import PAGES, renewed

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "reference"


def main() -> int:
    """Renew every page and say which ones changed."""
    for name, render in PAGES.items():
        path = FOLDER / name
        before = path.read_text("utf-8")
        after = renewed(before, render())
        if after != before:
            path.write_text(after, "utf-8")
            print(f"已更新 docs/reference/{name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
