"""Runs every long form of the tests, one after the other (`make test-nightly`).

    python -m tools.nightly --seed 7
    python -m tools.nightly R1 crash-sqlite

Keeps what each said in `nightly/`, prints one line for each, and ends with 1 when one failed.
"""

import argparse
import re
import shlex
import subprocess
import sys
import time
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
PLAN: Final = Path(__file__).with_suffix(".toml")
LONGEST_LINE: Final = 200
_SKIPPED: Final = re.compile(r"\b\d+ skipped\b")


@dataclass(frozen=True, slots=True)
class Run:
    """One long form.

    Attributes:
        name: Its name.
        goals: Goals it shows.
        command: How it is run, with places for seed and interpreter.
    """

    name: str
    goals: tuple[str, ...]
    command: str

    def words(self, seed: int) -> list[str]:
        """Return the words of its command."""
        return shlex.split(self.command.format(python=sys.executable, seed=seed))


@dataclass(frozen=True, slots=True)
class Ending:
    """How one ended.

    Attributes:
        code: Its exit code.
        took_s: Seconds it took.
        last_line: The last thing it said.
    """

    code: int
    took_s: float
    last_line: str

    @property
    def has_passed(self) -> bool:
        """Whether everything was run and went well: what was skipped shows nothing."""
        return self.code == 0 and not _SKIPPED.search(self.last_line)


def read_plan(file: Path = PLAN) -> list[Run]:
    """Return what there is to run."""
    entries = tomllib.loads(file.read_text("utf-8"))["run"]
    return [Run(entry["name"], tuple(entry["goals"]), entry["command"]) for entry in entries]


def wanted(plan: Sequence[Run], words: Sequence[str]) -> list[Run]:
    """Return the runs of these goals or names; all of them when none is named."""
    return [run for run in plan if not words or {run.name, *run.goals} & set(words)]


def perform(run: Run, seed: int, folder: Path) -> Ending:
    """Run one and keep what it says."""
    log = folder / f"{run.name}.log"
    begun = time.monotonic()
    with log.open("wb") as output:
        done = subprocess.run(
            run.words(seed), cwd=ROOT, stdout=output, stderr=subprocess.STDOUT, check=False
        )
    said = [line for line in log.read_text("utf-8", "replace").splitlines() if line.strip()]
    return Ending(done.returncode, time.monotonic() - begun, said[-1] if said else "")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run all that is wanted and return the exit code."""
    parser = argparse.ArgumentParser(description="逐项运行耗时的测试")
    parser.add_argument("words", nargs="*", metavar="目标或名称", help="只运行这些；不填为全部")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="随机种子")
    parser.add_argument("--logs", type=Path, default=ROOT / "nightly", help="输出放在哪个目录")
    parser.add_argument("--plan", type=Path, default=PLAN, help=argparse.SUPPRESS)
    chosen = parser.parse_args(arguments)
    runs = wanted(read_plan(chosen.plan), chosen.words)
    if not runs:
        parser.error("没有这样的目标或名称")
    chosen.logs.mkdir(parents=True, exist_ok=True)
    print(f"随机种子 {chosen.seed}，共 {len(runs)} 项，输出在 {chosen.logs}", flush=True)
    n_failed = 0
    for run in runs:
        ending = perform(run, chosen.seed, chosen.logs)
        n_failed += not ending.has_passed
        word = "通过" if ending.has_passed else f"未通过（{ending.code or '有跳过'}）"
        goals = " ".join(run.goals) or "—"
        line = ending.last_line[:LONGEST_LINE]
        print(f"{goals:8} {run.name:26} {ending.took_s:7.0f} 秒 {word} {line}", flush=True)
    print(f"{len(runs) - n_failed} 项通过，{n_failed} 项未通过")
    return 1 if n_failed else 0


if __name__ == "__main__":
    sys.exit(main())
