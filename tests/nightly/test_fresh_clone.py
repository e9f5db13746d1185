"""A fresh clone with only Python, pip and make sets itself up."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.nightly.conftest import ROOT

pytestmark = pytest.mark.nightly


def make(clone: Path, target: str) -> str:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("NAVMATCH", "VIRTUAL_ENV"))}
    done = subprocess.run(
        ["make", "--no-print-directory", target],  # noqa: S607
        cwd=clone,
        env=kept,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def test_fresh_clone_sets_up_once(tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "--quiet", ROOT, clone], check=True)  # noqa: S607
    assert "环境已就绪" in make(clone, "setup")
    command = clone / ".venv" / "bin" / "navmatch"
    said = subprocess.run([command, "--version"], capture_output=True, text=True, check=True)
    assert said.stdout.strip()
    assert make(clone, "setup") == ""
