import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx2
import pytest

from api.cli.app import run
from api.cli.installation import Installation
from api.cli.serve import listen
from indexer.locks import WriterLock
from models import repository
from models.errors import SetupError
from models.organisation import Base
from tests.rows import add_organisation


def test_serve_taken_port_is_one_chinese_sentence(
    fresh: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        assert run(["serve", "--port", str(port)], fresh) == 3
    error = capsys.readouterr().err
    assert f"端口 {port} 已被占用" in error
    assert not fresh.settings.data_dir.exists()


def test_listen_unknown_address_says_what_to_do() -> None:
    with pytest.raises(SetupError, match="--host"):
        listen("203.0.113.1", 8000)


def test_demo_on_a_taken_port_says_what_to_type(
    fresh: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        assert run(["demo", "--port", str(port)], fresh) == 3
    assert f"NAVMATCH_PORT={port + 1} make demo" in capsys.readouterr().err.replace("\n", "")


def test_demo_beside_a_service_changes_nothing(
    fresh: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    fresh.make_data_dir()
    with WriterLock(fresh.settings.index_dir) as running:
        assert running.acquire()
        assert run(["demo", "--no-serve"], fresh) == 3
    assert "已有服务在运行" in capsys.readouterr().err
    assert not (fresh.settings.data_dir / "navmatch.db").exists()


def administrator(installation: Installation) -> None:
    assert run(["people", "add", "admin"], installation) == 0


def organisation(installation: Installation) -> None:
    with installation.store() as service, service.database.write() as session:
        add_organisation(session)


@pytest.mark.parametrize("begin", [administrator, organisation])
def test_demo_leaves_an_installation_in_use_as_it_is(
    fresh: Installation,
    capsys: pytest.CaptureFixture[str],
    begin: Callable[[Installation], None],
) -> None:
    begin(fresh)
    assert run(["demo", "--no-serve"], fresh) == 3
    said = capsys.readouterr().err.replace("\n", "")
    assert "已有账号或数据" in said
    assert "NAVMATCH_DATA_DIR=data-demo" in said
    with fresh.store() as service, service.database.read() as session:
        assert repository.count(session, Base) == 0


def test_listen_gives_the_bound_socket() -> None:
    with listen("127.0.0.1", 0) as bound:
        assert bound.getsockname()[1] > 0


SERVE = """
import sys
import time
from pathlib import Path
from api.cli.app import run
from api.cli.installation import Installation
from api.settings import Settings
from indexer.encoder import HashEncoder

settings = Settings(data_dir=Path(sys.argv[1]))
sys.exit(run(["serve", "--port", sys.argv[2]], Installation(settings, lambda _: HashEncoder())))
"""


HALF = b"POST /v1/match HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9\r\n\r\n{"


@pytest.mark.parametrize("is_hurried", [False, True], ids=["once", "twice"])
def test_serve_answers_until_it_is_told_to_stop(tmp_path: Path, is_hurried: bool) -> None:
    with listen("127.0.0.1", 0) as bound:
        port = bound.getsockname()[1]
    command = [sys.executable, "-c", SERVE, str(tmp_path), str(port)]
    root = Path(__file__).resolve().parents[3]
    with subprocess.Popen(  # noqa: S603 - our own program
        command, cwd=root, env={**os.environ, "PYTHONUTF8": "1"}, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        try:
            said = next(line for line in process.stderr if "服务地址" in line)
            assert f"http://127.0.0.1:{port}/docs" in said
            ready = httpx2.get(f"http://127.0.0.1:{port}/readyz", timeout=60)
            assert ready.json()["status"] == "ready"
            with socket.create_connection(("127.0.0.1", port)) as waiting:
                if is_hurried:
                    waiting.sendall(HALF)
                    time.sleep(0.5)
                    process.send_signal(signal.SIGINT)
                    with pytest.raises(subprocess.TimeoutExpired):
                        process.wait(timeout=1.0)
                process.send_signal(signal.SIGINT)
                assert process.wait(timeout=60) == 0
            said = process.stderr.read()
            assert said.splitlines()[-1] == "服务已停止。"
            assert "Traceback" not in said
        finally:
            process.kill()
