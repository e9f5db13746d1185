"""The shell script that finds a Python, and the command it hands over to."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


def run(python: str, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603
        ["/bin/sh", str(ROOT / "tools" / "setup.sh"), *arguments],
        env={"PATH": "/usr/bin:/bin", "PYTHON": python, "LC_ALL": "C.UTF-8"} | variables,
        capture_output=True,
        text=True,
        check=False,
    )


def fake_python(folder: Path, code: int) -> str:
    path = folder / "python3"
    path.write_text(f"#!/bin/sh\nexit {code}\n")
    path.chmod(0o755)
    return str(path)


@pytest.mark.parametrize(
    ("code", "said"),
    [(3, "需要 Python 3.11 至 3.14"), (4, "缺少 venv 模块")],
    ids=["too-old", "no-venv"],
)
def test_script_with_a_python_that_will_not_do_says_so(
    tmp_path: Path, code: int, said: str
) -> None:
    done = run(fake_python(tmp_path, code), "runtime")
    assert done.returncode == 1
    assert done.stderr.startswith("安装失败：")
    assert said in done.stderr
    assert done.stderr.count("\n") == 1


def test_script_with_no_python_at_all_says_so(tmp_path: Path) -> None:
    dirname = shutil.which("dirname")
    assert dirname
    (tmp_path / "dirname").symlink_to(dirname)
    done = run("", "runtime", PATH=str(tmp_path))
    assert done.returncode == 1
    assert done.stderr.startswith("安装失败：没有找到 Python 3.11 至 3.14")


def test_script_hands_over_to_a_good_python() -> None:
    done = run(sys.executable, "--help")
    assert done.returncode == 0
    assert "runtime" in done.stdout
