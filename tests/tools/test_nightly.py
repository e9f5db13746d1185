"""Every long form runs every night, and one that fails is told."""

import re
import shlex
from pathlib import Path

import pytest

from tools.nightly import ROOT, Ending, Run, main, read_plan, wanted

MARK = re.compile(r"pytest\.mark\.nightly")
PLAN = read_plan()


def test_every_test_marked_nightly_is_run() -> None:
    places = {
        ROOT / word
        for run in PLAN
        if "nightly" in run.command
        for word in shlex.split(run.command)
        if word.startswith("tests/")
    }
    marked = [p for p in (ROOT / "tests").rglob("test_*.py") if MARK.search(p.read_text("utf-8"))]
    missed = [p for p in marked if p != Path(__file__) and not places & {p, *p.parents}]
    assert missed == []


@pytest.mark.parametrize("run", PLAN, ids=lambda run: run.name)
def test_command_leads_somewhere(run: Run) -> None:
    words = run.words(seed=7)
    modules = [words[2]] if words[1] == "-m" else []
    files = [word for word in words if word.startswith(("tests/", "tools/"))]
    files += [_file_of(m) for m in modules if m != "pytest"]
    assert files
    assert [f for f in files if not (ROOT / f).exists()] == []


def _file_of(module: str) -> str:
    """Return where a module that is run lies; a package is run by its `__main__`."""
    path = module.replace(".", "/")
    return f"{path}/__main__.py" if (ROOT / path).is_dir() else f"{path}.py"


def test_names_are_told_apart() -> None:
    names = [run.name for run in PLAN]
    assert len(set(names)) == len(names)


def test_goal_or_name_chooses() -> None:
    assert {run.goals for run in wanted(PLAN, ["R15"])} == {("R15",)}
    assert [run.name for run in wanted(PLAN, ["soak"])] == ["soak"]
    assert wanted(PLAN, []) == PLAN


def test_failure_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan = tmp_path / "plan.toml"
    entry = '[[run]]\ngoals = ["R1"]\nname = "{}"\ncommand = """{{python}} -c "{}" """\n'
    good, bad = "print('seed {seed}')", "print('lost'); raise SystemExit(3)"
    plan.write_text(entry.format("good", good) + entry.format("bad", bad))
    code = main(["--seed", "7", "--plan", str(plan), "--logs", str(tmp_path / "logs")])
    told = capsys.readouterr().out
    assert code == 1
    assert "seed 7" in told
    assert "未通过（3） lost" in told
    assert "1 项通过，1 项未通过" in told
    assert (tmp_path / "logs" / "good.log").read_text() == "seed 7\n"


@pytest.mark.parametrize(
    ("said", "has_passed"),
    [("12 passed in 3.0s", True), ("11 passed, 1 skipped in 3.0s", False), ("", True)],
)
def test_what_was_skipped_shows_nothing(said: str, has_passed: bool) -> None:
    assert Ending(0, 3.0, said).has_passed is has_passed
