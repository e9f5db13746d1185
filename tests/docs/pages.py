"""The pages of the documentation and what stands in them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGES = tuple(sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]))

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """A fenced block of a page."""

    page: Path
    language: str
    text: str


def name_of(page: Path) -> str:
    """Return a page's path from the root of the checkout."""
    return page.relative_to(ROOT).as_posix()


def blocks(language: str) -> Iterator[Block]:
    """Yield the fenced blocks in a language, from all pages."""
    for page in PAGES:
        for match in _FENCE.finditer(page.read_text("utf-8")):
            if match.group(1) == language:
                yield Block(page, language, match.group(2))


def links(page: Path) -> list[str]:
    """Return the targets of a page's links, code left out."""
    return _LINK.findall(_without_code(page.read_text("utf-8")))


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as GitHub and most renderers make them."""
    headings = _HEADING.findall(_FENCE.sub("", page.read_text("utf-8")))
    return {re.sub(r"[^\w\- ]", "", h.strip().lower()).replace(" ", "-") for h in headings}


def _without_code(text: str) -> str:
    return re.sub(r"`[^`\n]*`", "", _FENCE.sub("", text))
