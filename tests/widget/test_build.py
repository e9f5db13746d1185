"""The scripts that ship are those the sources give, and the documentation names their hashes."""

import hashlib
import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Final

import pytest

from api.embedding import AUTOSIZE, FOLDER, SCRIPT, Embedding

ROOT: Final = Path(__file__).resolve().parents[2]
SOURCES: Final = ROOT / "web" / "widget"
REFERENCE: Final = ROOT / "docs" / "reference" / "widget.md"
NAMES: Final = ("build.js", "package.json", "package-lock.json", "tsconfig.json")
TOO_NEW: Final = r"\.at\(|structuredClone|Object\.hasOwn\b|replaceAll|static\{|AbortSignal\.timeout"


def version() -> str:
    return "v" + str(json.loads((SOURCES / "package.json").read_text("utf-8"))["version"])


def test_nothing_was_changed_since_it_was_built() -> None:
    digest = hashlib.sha256()
    for name in [*NAMES, *(f"src/{p.name}" for p in sorted((SOURCES / "src").iterdir()))]:
        digest.update(f"{name}\n".encode())
        digest.update((SOURCES / name).read_bytes())
    stated = (FOLDER / version() / "sources.sha256").read_text("utf-8").strip()
    assert stated == digest.hexdigest(), "run make web-widget"
    assert Embedding.load().version == version()


def test_rebuild_gives_the_committed_bytes(tmp_path: Path) -> None:
    node = shutil.which("node")
    if node is None or not (SOURCES / "node_modules").is_dir():
        pytest.skip("no Node here, or make web-widget was never run")
    environment = {**os.environ, "NAVMATCH_WIDGET_OUT": str(tmp_path)}
    subprocess.run([node, "build.js"], cwd=SOURCES, env=environment, check=True)  # noqa: S603
    committed = {p.name: p.read_bytes() for p in (FOLDER / version()).iterdir()}
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == committed


@pytest.mark.parametrize("path", sorted(FOLDER.glob("v*/*.js")), ids=lambda path: path.name)
def test_script_makes_nodes_from_text_in_an_old_browser(path: Path) -> None:
    code = path.read_text("utf-8")
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(", code)
    assert not re.search(TOO_NEW, code)
    assert not re.search(r"https?://", code)


@pytest.mark.parametrize("name", [SCRIPT, AUTOSIZE])
def test_reference_names_the_hash(name: str) -> None:
    line = f"`/widget/{version()}/{name}` | `{Embedding.load().integrity(name)}`"
    assert line in REFERENCE.read_text("utf-8")


def test_reference_names_everything_a_page_can_use() -> None:
    reference = REFERENCE.read_text("utf-8")
    sources = "\n".join(p.read_text("utf-8") for p in sorted((SOURCES / "src").iterdir()))
    attributes = re.findall(r"^const (?:ASKING|LOOKING) = \[(.*)\];", sources, re.MULTILINE)
    names = {name for line in attributes for name in re.findall(r'"(\w+)"', line)}
    names |= set(re.findall(r"--navmatch-\w+", sources))
    names |= {f"navmatch-{name}" for name in re.findall(r'_send\("(\w+)"', sources)}
    names |= set(re.findall(r'element\("\w+", "(\w+)"', sources))
    assert len(names) > 40
    assert [name for name in sorted(names) if f"`{name}`" not in reference] == []
