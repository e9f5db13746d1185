"""Unsound bytes on a socket are refused, and the real process lives."""

import socket
import threading
from collections.abc import Iterator

import pytest

from tests.hostile.sockets import WRONG, attack, server, throw


def test_unsound_bytes_are_refused_and_the_process_lives() -> None:
    with server("sqlite") as target:
        fates = attack(target)
        assert target.is_running
        with target.client() as client:
            assert client.get("/healthz").status_code == 200
    assert [fate for fate in fates if fate.problem] == []
    assert len(fates) == len(WRONG) >= 60
    refused = [fate for fate in fates if fate.status == 0 or fate.status >= 400]
    assert len(refused) > len(fates) * 0.7


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (b"HTTP/1.1 500 Oh\r\n\r\n", "answered 500"),
        (b"HTTP/1.1 400 No\r\n\r\n" + b"x" * 5_000, "an error of"),
        ("HTTP/1.1 400 No\r\n\r\nQxZ7回声".encode(), "what was sent comes back"),
        (b"HTTP/1.1 200 Yes\r\nX-Injected: 1\r\n\r\n", "a header was injected"),
        (b"HTTP/1.1 400 No\r\n\r\n", ""),
    ],
)
def test_bad_answer_is_found(answering: "Answering", answer: bytes, problem: str) -> None:
    answering.answer = answer
    found = throw(answering.port, "x", b"GET / HTTP/1.1\r\n\r\n").problem
    assert found.startswith(problem)
    assert bool(found) == bool(problem)


class Answering:
    """Answers one connection with given bytes."""

    def __init__(self) -> None:
        self.answer = b""
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        connection, _ = self._listening.accept()
        with connection:
            while connection.recv(65_536):
                pass
            connection.sendall(self.answer)

    def close(self) -> None:
        self._thread.join()
        self._listening.close()


@pytest.fixture
def answering() -> Iterator[Answering]:
    made = Answering()
    yield made
    made.close()
