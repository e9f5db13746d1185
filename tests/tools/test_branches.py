"""Which branches tests take is told as it is, and too few are refused."""

import subprocess
from pathlib import Path

import pytest

from tools import branches

MODULE = """
def sign(number):
    if number < 0:
        return "minus"
    return "plus"
"""
HALF = "from code_of_ours import sign\n\ndef test_plus():\n    assert sign(1) == 'plus'\n"
WHOLE = HALF + "\ndef test_minus():\n    assert sign(-1) == 'minus'\n"
WRONG = HALF + "\ndef test_wrong():\n    assert sign(0) == 'zero'\n"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "code_of_ours.py").write_text(MODULE)
    (tmp_path / "unused.py").write_text(MODULE)
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # they take longer than the rest
    monkeypatch.setattr(branches, "ROOT", tmp_path)
    monkeypatch.setattr(branches, "MODULES", ("code_of_ours.py",))
    monkeypatch.setattr(branches, "TESTS", ("test_ours.py",))
    return tmp_path


def test_branch_no_test_takes_is_named_and_refused(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / "test_ours.py").write_text(HALF)
    monkeypatch.setattr(branches, "MODULES", ("code_of_ours.py", "unused.py"))
    assert branches.main() == 1
    said = capsys.readouterr().out
    assert "3→4" in said
    assert "分支 1/3，33.3%" in said


def test_all_branches_taken_is_enough(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "test_ours.py").write_text(WHOLE)
    assert branches.main() == 0
    assert "分支 2/2，100.0%" in capsys.readouterr().out


def test_failed_test_is_no_measurement(root: Path) -> None:
    (root / "test_ours.py").write_text(WRONG)
    with pytest.raises(subprocess.CalledProcessError):
        branches.main()


def test_all_that_is_named_is_there() -> None:
    assert [name for name in (*branches.MODULES, *branches.TESTS) if not Path(name).exists()] == []
