import re
from pathlib import Path

import pytest

from tools.lock import LOCKS, ROOT, Lock, declared_digest, pins

by_name = pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)


def write(folder: Path, text: str) -> Path:
    path = folder / "pyproject.toml"
    path.write_text(text, encoding="utf-8")
    return path


PROJECT = """
[project]
requires-python = ">=3.11"
dependencies = ["a>=1", "b"]
[dependency-groups]
dev = ["c"]
[tool.uv]
"""


@by_name
def test_lock_is_made_from_the_present_pyproject(lock: Lock) -> None:
    header = (ROOT / lock.name).read_text("utf-8").split("\n")[1]
    assert header.endswith(declared_digest(ROOT / "pyproject.toml")), "run make lock"


@by_name
def test_lock_has_a_hash_for_every_package(lock: Lock) -> None:
    text = (ROOT / lock.name).read_text("utf-8")
    entries = re.findall(r"^[a-z0-9][^\n]*\\\n    --hash=sha256:[0-9a-f]{64}", text, re.MULTILINE)
    assert len(entries) == len(pins(ROOT / lock.name)) > 0


@by_name
def test_lock_leaves_torch_and_cuda_out(lock: Lock) -> None:
    assert [
        name for name in pins(ROOT / lock.name) if re.match("torch$|nvidia|cuda|triton", name)
    ] == []


@by_name
def test_lock_names_no_package_index(lock: Lock) -> None:
    assert re.findall(r"https?://|--(?:extra-)?index", (ROOT / lock.name).read_text("utf-8")) == []


def test_dev_lock_holds_the_runtime_lock() -> None:
    runtime, dev = (pins(ROOT / lock.name) for lock in LOCKS)
    assert runtime.items() <= dev.items()


def test_digest_ignores_what_is_no_requirement(tmp_path: Path) -> None:
    before = declared_digest(write(tmp_path, PROJECT))
    assert declared_digest(write(tmp_path, PROJECT + "[tool.ruff]\nline-length = 90\n")) == before


@pytest.mark.parametrize(
    ("old", "new"),
    [('"a>=1"', '"a>=2"'), ('["c"]', '["c", "d"]'), (">=3.11", ">=3.12")],
    ids=["requirement", "group", "python"],
)
def test_digest_follows_what_is_required(tmp_path: Path, old: str, new: str) -> None:
    before = declared_digest(write(tmp_path, PROJECT))
    assert declared_digest(write(tmp_path, PROJECT.replace(old, new))) != before
