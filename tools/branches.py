"""Measures which branches of storage, change feed and generations their tests take.

    make coverage

What R1 to R6 rest on has a floor (docs/reliability.md). Only branches count, not lines: a line is
taken as soon as anything works, a branch when what it is for was tried.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[1]

FLOOR: Final = 95.0
"""Least share of all branches, in percent."""

MODULES: Final = (
    "indexer/building.py",
    "indexer/follow.py",
    "indexer/generations.py",
    "indexer/locks.py",
    "indexer/manifest.py",
    "indexer/segment_files.py",
    "indexer/snapshot.py",
    "indexer/state.py",
    "indexer/sync.py",
    "models/change.py",
    "models/database.py",
    "models/durable.py",
    "models/feed.py",
    "models/postgresql.py",
    "models/repository.py",
    "models/sqlite.py",
    "models/turns.py",
)
"""The paths of R1 to R6."""

TESTS: Final = (
    "tests/faults/test_commit.py",
    "tests/faults/test_power.py",
    "tests/indexer/test_document_changes.py",
    "tests/indexer/test_erasing_generations.py",
    "tests/indexer/test_follower.py",
    "tests/indexer/test_locks.py",
    "tests/indexer/test_manifest.py",
    "tests/indexer/test_segment_files.py",
    "tests/indexer/test_snapshot.py",
    "tests/indexer/test_sync.py",
    "tests/indexer/test_sync_faults.py",
    "tests/indexer/test_sync_left_out.py",
    "tests/indexer/test_trimming.py",
    "tests/indexer/test_workers.py",
    "tests/models/test_change.py",
    "tests/models/test_database.py",
    "tests/models/test_erasure.py",
    "tests/models/test_failures.py",
    "tests/models/test_feed.py",
    "tests/models/test_mounts.py",
    "tests/models/test_postgresql.py",
    "tests/models/test_repository.py",
    "tests/models/test_trimming.py",
    "tests/models/test_turns.py",
    "tests/models/test_unit.py",
    "tests/privacy/test_concurrent.py",
)
"""Their own tests. Only this process is measured: one that is killed writes nothing down."""


@dataclass(frozen=True, slots=True)
class Share:
    """How much of a module was taken.

    Attributes:
        n_branches: Branches it has.
        n_taken: Those some test took.
        left: Those none took, as pairs of lines.
    """

    n_branches: int
    n_taken: int
    left: Sequence[Sequence[int]]

    @property
    def percent(self) -> float:
        """Its share; what has no branches is taken whole."""
        return 100.0 * self.n_taken / self.n_branches if self.n_branches else 100.0


def measure(root: Path, modules: Sequence[str], tests: Sequence[str]) -> dict[str, Share]:
    """Run tests and return what they took of each module.

    Args:
        root: Folder that modules and tests are in.
        modules: What is measured.
        tests: What is run; one that fails ends it.

    Raises:
        subprocess.CalledProcessError: a test failed.
    """
    with tempfile.TemporaryDirectory() as folder:
        data, found = Path(folder) / "data", Path(folder) / "found.json"
        include = f"--include={','.join(modules)}"
        options = ["--branch", include, f"--data-file={data}"]
        _coverage(root, "run", *options, "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests)
        _coverage(root, "json", "--quiet", f"--data-file={data}", "-o", str(found))
        files = json.loads(found.read_text("utf-8"))["files"]
    return {module: _share(files.get(module)) for module in modules}


def _coverage(root: Path, *words: str) -> None:
    subprocess.run([sys.executable, "-m", "coverage", *words], cwd=root, check=True)


def _share(found: Mapping[str, Any] | None) -> Share:
    if found is None:  # nothing imported it
        return Share(1, 0, ())
    summary = found["summary"]
    return Share(summary["num_branches"], summary["covered_branches"], found["missing_branches"])


def told(shares: Mapping[str, Share]) -> str:
    """Return the share of each module and which branches none took, for people to read."""
    return "\n".join(
        f"{module:28} {share.n_taken:4}/{share.n_branches:<4} {share.percent:5.1f}%  "
        + " ".join(f"{start}→{end if end > 0 else '返回'}" for start, end in share.left)
        for module, share in shares.items()
    )


def main() -> int:
    """Measure, print what was found and return 0 when the floor holds."""
    shares = measure(ROOT, MODULES, TESTS)
    n_branches = sum(share.n_branches for share in shares.values())
    whole = Share(n_branches, sum(share.n_taken for share in shares.values()), ())
    print(told(shares))
    print(f"分支 {whole.n_taken}/{whole.n_branches}，{whole.percent:.1f}%，至少 {FLOOR:g}%")
    return 0 if whole.percent >= FLOOR else 1


if __name__ == "__main__":
    sys.exit(main())
