import socket

import pytest

from api.cli.app import run
from api.cli.installation import Installation
from api.cli.serve import listen
from models.errors import SetupError


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


def test_listen_gives_the_bound_socket() -> None:
    with listen("127.0.0.1", 0) as bound:
        assert bound.getsockname()[1] > 0
