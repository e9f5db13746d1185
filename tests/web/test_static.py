"""What can be said of the page's files without a browser."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

import api

STATIC = Path(api.__file__).parent / "static"
SCRIPTS = sorted(STATIC.glob("*.js"))
TOO_NEW = {
    "structuredClone": r"\bstructuredClone\b",
    "Array.at": r"\.at\(",
    "Object.hasOwn": r"\bObject\.hasOwn\b",
    "randomUUID": r"\brandomUUID\b",
    "AbortSignal.timeout": r"\bAbortSignal\.(timeout|any)\b",
    "findLast": r"\.findLast(Index)?\(",
    "toSorted": r"\.to(Sorted|Reversed|Spliced)\(",
    "static block": r"\bstatic\s*\{",
    "top-level await": r"^await\b",
    "error cause": r"\bcause\s*:",
}
"""What Chrome 86 does not know."""

CSS_TOO_NEW = {
    ":has": r":has\(",
    ":is": r":(is|where)\(",
    "inset": r"\binset(-block|-inline)?:",
    "aspect-ratio": r"\baspect-ratio:",
    "range query": r"@media[^{]*[<>]",
    "container": r"@container",
    "color-mix": r"color-mix\(",
    "dynamic viewport": r"\d[dsl]v[hw]\b",
}


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_script_builds_nodes_from_text_only(script: Path) -> None:
    code = script.read_text(encoding="utf-8")

    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write", code)
    assert not re.search(r"\beval\(|new Function|setTimeout\([\"']", code)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_script_keeps_to_what_chrome_86_knows(script: Path) -> None:
    code = script.read_text(encoding="utf-8")

    assert [name for name, use in TOO_NEW.items() if re.search(use, code, re.MULTILINE)] == []


def test_styles_keep_to_what_chrome_86_knows() -> None:
    styles = (STATIC / "app.css").read_text(encoding="utf-8")

    assert [name for name, use in CSS_TOO_NEW.items() if re.search(use, styles)] == []


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_script_stays_small(script: Path) -> None:
    assert len(script.read_text(encoding="utf-8").splitlines()) <= 300


def test_files_name_no_other_host() -> None:
    files = [*SCRIPTS, STATIC / "app.css", STATIC / "index.html"]

    named = [path.name for path in files if "//" in _addresses(path.read_text(encoding="utf-8"))]

    assert named == []


def test_page_has_nothing_inline() -> None:
    page = _Page()
    page.feed((STATIC / "index.html").read_text(encoding="utf-8"))

    assert page.language == "zh-CN"
    assert page.inline == []
    assert "default-src 'self'" in page.policy
    assert "trusted-types 'none'" in page.policy


def _addresses(text: str) -> str:
    return " ".join(re.findall(r"(?:https?|wss?):?//\S+|url\([^)]*\)|[\"']//\S+", text))


class _Page(HTMLParser):
    """Collects what a strict policy would refuse."""

    def __init__(self) -> None:
        super().__init__()
        self.language: str | None = None
        self.policy = ""
        self.inline: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "html":
            self.language = given.get("lang")
        if given.get("http-equiv") == "Content-Security-Policy":
            self.policy = given.get("content") or ""
        if tag == "style" or (tag == "script" and "src" not in given):
            self.inline.append(tag)
        self.inline += [name for name in given if name == "style" or name.startswith("on")]
