"""The whole command on real data; run by `make test-nightly`."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from indexer.e5_folder import ensure_e5_folder

ROOT = Path(__file__).resolve().parents[2]

Command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data beside the checkout."""
    folder = Path(os.environ.get("NAVMATCH_SHARED_DATA") or ROOT.parent / "shared" / "data")
    if not folder.is_dir():
        pytest.skip(f"no real data: {folder} does not exist (set NAVMATCH_SHARED_DATA)")
    return folder


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh data directory that shares the encoder's files with other runs."""
    kept = Path(os.environ.get("NAVMATCH_TEST_DATA") or ROOT / ".cache" / "test-data")
    ensure_e5_folder(kept / "encoders")
    folder = tmp_path_factory.mktemp("data")
    (folder / "encoders").symlink_to((kept / "encoders").resolve(), target_is_directory=True)
    return folder


@pytest.fixture(scope="module")
def run(data_dir: Path) -> Command:
    """Runs a Python program or module on the data directory; it must succeed."""

    def start(*words: str | Path) -> subprocess.CompletedProcess[str]:
        environment = os.environ | {"NAVMATCH_DATA_DIR": str(data_dir), "PYTHONPATH": str(ROOT)}
        done = subprocess.run(
            [sys.executable, *map(str, words)],
            cwd=data_dir,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
        return done

    return start


@pytest.fixture(scope="module")
def navmatch(run: Command) -> Command:
    """Runs the `navmatch` command."""
    start = "import sys; from api.cli import main; sys.exit(main())"
    return lambda *words: run("-c", start, *words)
