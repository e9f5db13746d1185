"""What can be said of the console's files without a browser."""

import gzip
import json
import os
import re
import shutil
import subprocess
from enum import StrEnum
from html.parser import HTMLParser
from pathlib import Path
from typing import get_args

import pytest

import api
from api.analytics import LABELS as FUNNEL
from api.schemas.texts import RowId
from matcher.features import FEATURES
from models.labels import Labels
from models.vocabulary.interaction import DeclineReason, InteractionAct

ROOT = Path(__file__).parents[2]
BUILT = Path(api.__file__).parent / "static" / "console"
CONSOLE = ROOT / "web" / "console"
SOURCES = sorted((CONSOLE / "src").rglob("*.ts"))
STYLES = sorted((CONSOLE / "src").rglob("*.css"))
MOST_FIRST_LOAD = 120 * 1024
"""Bytes of the first load, gzipped."""

TOO_NEW = {
    "structuredClone": r"\bstructuredClone\b",
    "Array.at": r"\.at\(",
    "Object.hasOwn": r"\bObject\.hasOwn\b",
    "randomUUID": r"\brandomUUID\b",
    "AbortSignal.timeout": r"\bAbortSignal\.(timeout|any)\b",
    "findLast": r"\.findLast(Index)?\(",
    "toSorted": r"\.to(Sorted|Reversed|Spliced)\(",
    "replaceChildren": r"\.replaceChildren\(",
}
"""What Chrome 86 does not know and no build adds to it."""

CSS_TOO_NEW = {
    ":has": r":has\(",
    ":is": r":(is|where)\(",
    "inset": r"\binset(-block|-inline)?:",
    "aspect-ratio": r"\baspect-ratio:",
    "range query": r"@media[^{]*[<>]",
    "container": r"@container",
    "color-mix": r"color-mix\(",
    "dynamic viewport": r"\d[dsl]v[hw]\b",
    "layers": r"@layer",
}


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_source_builds_nodes_from_text_only(source: Path) -> None:
    code = text_of(source)

    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write", code)
    assert not re.search(r"unsafe-?(HTML|SVG|Static)|\beval\(|new Function", code, re.IGNORECASE)


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_source_keeps_to_what_chrome_86_knows(source: Path) -> None:
    assert [name for name, use in TOO_NEW.items() if re.search(use, text_of(source))] == []


@pytest.mark.parametrize("style", STYLES, ids=lambda path: path.stem)
def test_style_keeps_to_what_chrome_86_knows(style: Path) -> None:
    assert [name for name, use in CSS_TOO_NEW.items() if re.search(use, text_of(style))] == []


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_source_stays_small(source: Path) -> None:
    if source.parent.name != "locale":
        assert len(text_of(source).splitlines()) <= 300


def test_built_files_load_nothing_from_another_host() -> None:
    files = [path for path in BUILT.rglob("*") if path.suffix in (".js", ".css", ".html")]

    named = {path.name: _loaded(text_of(path)) for path in files}

    assert len(files) >= 3
    assert {name: found for name, found in named.items() if found} == {}


def test_page_has_nothing_inline() -> None:
    page = _Page()
    page.feed(text_of(BUILT / "index.html"))

    assert page.language == "zh-CN"
    assert page.inline == []
    assert "default-src 'self'" in page.policy
    assert "unsafe" not in page.policy
    assert page.policy.endswith("trusted-types lit-html")


def test_form_of_an_id_is_that_of_the_service() -> None:
    _, form = get_args(RowId)

    assert f"/{form.pattern}/" in text_of(CONSOLE / "src" / "core" / "row-id.ts")


def test_first_load_is_light() -> None:
    page = _Page()
    page.feed(text_of(BUILT / "index.html"))
    loaded = [BUILT / "index.html", *(BUILT / address for address in page.loaded)]

    size = sum(len(gzip.compress(path.read_bytes(), 6)) for path in loaded)

    assert len(loaded) >= 4
    assert size <= MOST_FIRST_LOAD


def test_every_sentence_has_its_english() -> None:
    wanted = {found for source in SOURCES for found in _sentences(text_of(source))}

    assert sorted(wanted - _dictionary().keys()) == []


def test_every_value_of_a_closed_list_has_its_english() -> None:
    tables = Labels.load().tables
    wanted = {label for table in tables.values() for label in table.values()}
    wanted |= {feature.title for feature in FEATURES} | {*FUNNEL.values()}

    assert len(wanted) >= 200
    assert sorted(wanted - _dictionary().keys()) == []


def test_english_keeps_the_values_of_a_sentence() -> None:
    def values(sentence: str) -> list[str]:
        return sorted(re.findall(r"\{(\w+)\}", sentence))

    assert [zh for zh, en in _dictionary().items() if values(zh) != values(en)] == []


@pytest.mark.parametrize(
    ("function", "vocabulary"), [("actWords", InteractionAct), ("reasonWords", DeclineReason)]
)
def test_words_of_a_dealing_are_those_of_the_vocabulary(
    function: str, vocabulary: type[StrEnum]
) -> None:
    code = text_of(CONSOLE / "src" / "core" / "dealing.ts")
    body = code.split(f"export function {function}(")[1].split("\n}\n")[0]

    words = dict(re.findall(r'^    (\w+): t\("([^"]+)"\),$', body, re.MULTILINE))

    labels = Labels.load()
    assert len(words) >= 15
    assert words == {value: labels.of(vocabulary(value)) for value in words}


def test_journeys_named_in_the_documents_are_tested() -> None:
    here = Path(__file__).parent
    tested = {
        name
        for path in here.glob("test_*.py")
        for name in re.findall(r"^def (test_\w+)", text_of(path), re.MULTILINE)
    }
    page = text_of(ROOT / "docs" / "explanation" / "console-journeys.md")

    named = set(re.findall(r"`(test_\w+)`", page))

    assert len(named) >= 40
    assert sorted(named - tested) == []


def test_rebuilding_gives_the_committed_bytes(tmp_path: Path) -> None:
    vite = CONSOLE / "node_modules" / "vite" / "bin" / "vite.js"
    node = shutil.which("node")
    if node is None or not vite.is_file():
        pytest.skip("no Node, or its packages are not installed (make web)")
    rebuilt = tmp_path / "console"

    subprocess.run(  # noqa: S603 - the bundler of the lock file
        [node, str(vite), "build", "--logLevel", "error"],
        cwd=CONSOLE,
        env={**os.environ, "NAVMATCH_CONSOLE_OUT": str(rebuilt)},
        check=True,
    )

    assert _contents(rebuilt) == _contents(BUILT)


def _contents(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def _sentences(code: str) -> list[str]:
    """Texts handed to `t()` as they stand in the source."""
    return [json.loads(f'"{found}"') for found in re.findall(r'\bt\(\s*"((?:[^"\\]|\\.)*)"', code)]


def _dictionary() -> dict[str, str]:
    code = text_of(CONSOLE / "src" / "locale" / "en.ts")
    pairs = re.findall(r'^  "((?:[^"\\]|\\.)*)":\s*"((?:[^"\\]|\\.)*)",$', code, re.MULTILINE)
    return {json.loads(f'"{zh}"'): json.loads(f'"{en}"') for zh, en in pairs}


def _loaded(text: str) -> list[str]:
    return re.findall(
        r"(?:src|href)=[\"']?(?:https?:)?//\S+|url\([\"']?(?:https?:)?//[^)]*\)", text
    )


class _Page(HTMLParser):
    """Collects what a strict policy would refuse, and what the page loads."""

    def __init__(self) -> None:
        super().__init__()
        self.language: str | None = None
        self.policy = ""
        self.inline: list[str] = []
        self.loaded: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "html":
            self.language = given.get("lang")
        if given.get("http-equiv") == "Content-Security-Policy":
            self.policy = given.get("content") or ""
        if tag == "style" or (tag == "script" and "src" not in given):
            self.inline.append(tag)
        if tag in ("script", "link"):
            self.loaded.append(given.get("src") or given.get("href") or "")
        self.inline += [name for name in given if name == "style" or name.startswith("on")]
