"""The real server: another process, the real encoder, a database on disk."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import httpx2
import pytest

from api.settings import DATABASE_FILE
from indexer.e5_folder import ensure_e5_folder
from tests.credentials import operator_of

ROOT = Path(__file__).resolve().parents[2]
START_LIMIT_S = 600.0
STOP_LIMIT_S = 120.0


@pytest.fixture(scope="session")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh data directory that shares the encoder's files with other runs."""
    kept = Path(os.environ.get("NAVMATCH_TEST_DATA") or ROOT / ".cache" / "test-data")
    ensure_e5_folder(kept / "encoders")
    folder = tmp_path_factory.mktemp("server")
    (folder / "encoders").symlink_to((kept / "encoders").resolve(), target_is_directory=True)
    return folder


@pytest.fixture
def serving(data_dir: Path) -> Callable[[], AbstractContextManager[httpx2.Client]]:
    """Starts the server on the data directory; leaving the context stops it."""

    @contextmanager
    def start() -> Iterator[httpx2.Client]:
        port = _free_port()
        command = [sys.executable, "-m", "uvicorn", "--factory", "api.app:create_app"]
        command += ["--host", "127.0.0.1", "--port", str(port), "--log-level", "warning"]
        environment = {
            **os.environ,
            "NAVMATCH_DATA_DIR": str(data_dir),
            "OMP_NUM_THREADS": "1",
            "NAVMATCH_SEARCH_DEADLINE_S": "60",  # the machine may be busy with other tests
            "NAVMATCH_WRITE_DEADLINE_S": "60",
            "HF_HUB_OFFLINE": "1",
            "PYTHONPATH": str(ROOT),
        }
        with subprocess.Popen(command, cwd=data_dir, env=environment) as process:  # noqa: S603
            try:
                with httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
                    _wait_until_ready(process, client)
                    client.headers.update(operator_of(f"sqlite:///{data_dir / DATABASE_FILE}"))
                    yield client
            finally:
                process.terminate()
                process.wait(STOP_LIMIT_S)

    return start


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_ready(process: "subprocess.Popen[bytes]", client: httpx2.Client) -> None:
    deadline = time.monotonic() + START_LIMIT_S
    while time.monotonic() < deadline:
        assert process.poll() is None, "the server stopped before it was ready"
        try:
            if client.get("/readyz").status_code == 200:
                return
        except httpx2.TransportError:
            time.sleep(0.1)
    raise AssertionError(f"not ready after {START_LIMIT_S} s")
