import json
import socket
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress

import pytest

from api.serving.connections import Phase
from tests.api.serving.conftest import Running

GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
Start = Callable[..., Running]


def _read(connection: socket.socket) -> bytes:
    """Everything until the other side closes."""
    parts = []
    while part := connection.recv(65_536):
        parts.append(part)
    return b"".join(parts)


def _answer(connection: socket.socket) -> tuple[bytes, bytes]:
    """One answer: its head and its body."""
    received = b""
    while b"\r\n\r\n" not in received:
        received += connection.recv(4_096)
    head, _, body = received.partition(b"\r\n\r\n")
    return head, body


def _problem(answer: bytes) -> dict[str, object]:
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"content-type: application/problem+json" in head
    assert b"connection: close" in head
    problem: dict[str, object] = json.loads(body)
    return problem


@pytest.mark.parametrize(
    "sent", [b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: a\r\n"], ids=["nothing", "line", "head"]
)
def test_headers_that_do_not_end_are_given_up(start: Start, sent: bytes) -> None:
    with start(head_s=0.3).connect() as connection:
        connection.sendall(sent)
        assert _problem(_read(connection))["code"] == "request_timeout"


def test_headers_that_trickle_are_given_up(start: Start) -> None:
    running = start(head_s=0.5)
    with running.connect() as connection:
        stop = threading.Event()

        def trickle() -> None:
            while not stop.wait(0.05):
                try:
                    connection.sendall(b"X")
                except OSError:
                    return

        feeding = threading.Thread(target=trickle)
        feeding.start()
        answer = connection.recv(4_096)
        stop.set()
        feeding.join()
    assert answer.startswith(b"HTTP/1.1 408")


def test_body_that_does_not_end_is_given_up(start: Start) -> None:
    with start(body_s=0.3).connect() as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc")
        assert _problem(_read(connection))["code"] == "request_timeout"


def _upload(running: Running, parts: list[bytes], pause_s: float) -> bytes:
    """What is answered to a body of 1,000 bytes sent in parts, or the beginning of it."""
    with running.connect() as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n")
        with suppress(OSError):
            for part in parts:
                time.sleep(pause_s)
                connection.sendall(part)
        return connection.recv(4_096)


def test_body_that_comes_steadily_has_longer(start: Start) -> None:
    running = start(body_s=0.3, body_bytes_per_s=100)

    assert _upload(running, [b"x" * 50] * 20, 0.05).startswith(b"HTTP/1.1 200")


def test_burst_of_a_body_buys_no_silence(start: Start) -> None:
    running = start(body_s=0.3, body_bytes_per_s=100)

    assert _upload(running, [b"x" * 900], 0).startswith(b"HTTP/1.1 408")


def test_rest_of_a_body_that_was_answered_has_no_longer(start: Start) -> None:
    running = start(body_s=0.3, body_bytes_per_s=10)
    with running.connect() as connection:
        connection.sendall(b"POST /early HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n")
        assert connection.recv(4_096).startswith(b"HTTP/1.1 413")
        until = time.monotonic() + 10
        with suppress(OSError):  # reset or broken, as it happens
            while time.monotonic() < until:
                time.sleep(0.05)
                connection.sendall(b"x")
        assert time.monotonic() < until


def test_body_may_not_come_for_ever(start: Start) -> None:
    running = start(body_s=0.3, body_bytes_per_s=10, body_most_s=0.8)

    assert _upload(running, [b"x" * 10] * 60, 0.05).startswith(b"HTTP/1.1 408")


@pytest.mark.parametrize("path", [b"/large", b"/medium"], ids=["waits here", "waits in the system"])
def test_answer_nobody_takes_is_cut(start: Start, path: bytes) -> None:
    running = start(stall_s=0.5)
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    connection.settimeout(30)
    connection.connect(("127.0.0.1", running.port))
    with connection:
        connection.sendall(GET.replace(b"/ ", path + b" "))
        until = time.monotonic() + 30
        while len(running.server.keeper) and time.monotonic() < until:
            time.sleep(0.05)
        assert len(running.server.keeper) == 0


def test_headers_past_the_limit_are_refused(start: Start) -> None:
    with start().connect() as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 16_384)
        assert _problem(_read(connection))["code"] == "headers_too_large"


def test_headers_at_the_limit_are_taken(start: Start) -> None:
    head = b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX: \r\n\r\n"
    with start().connect() as connection:
        connection.sendall(head.replace(b"X: ", b"X: " + b"x" * (16_384 - len(head))))
        assert _read(connection).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize(
    "sent",
    [b"\x16\x03\x01\r\n\r\n", b"GET /\r\n\r\n", b"GET / HTTP/1.1\r\nA b\r\n\r\n"],
    ids=["tls", "http 0.9", "header"],
)
def test_what_is_no_http_is_refused_without_repeating_it(start: Start, sent: bytes) -> None:
    with start().connect() as connection:
        connection.sendall(sent)
        assert _problem(_read(connection))["code"] == "bad_request"


def test_contradicting_lengths_are_refused(start: Start) -> None:
    head = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc"
    with start().connect() as connection:
        connection.sendall(head)
        assert _problem(_read(connection))["code"] == "bad_request"


def test_too_many_connections_of_one_address_are_refused(start: Start) -> None:
    running = start(per_address=2)
    busy = [running.connect("127.0.0.2") for _ in range(2)]
    for connection in busy:
        connection.sendall(GET.replace(b"/ ", b"/slow "))
    _await_busy(running, 2)
    with running.connect("127.0.0.2") as third:
        assert _problem(_read(third))["code"] == "too_many_connections"
    with running.connect("127.0.0.3") as other:
        other.sendall(GET)
        assert other.recv(4_096).startswith(b"HTTP/1.1 200")
    running.gate.set()
    for connection in busy:
        assert connection.recv(4_096).startswith(b"HTTP/1.1 200")
        connection.close()


def test_proxy_may_have_any_number_of_connections(start: Start) -> None:
    running = start(per_address=1)
    with ExitStack() as open_lines:
        lines = [open_lines.enter_context(running.connect()) for _ in range(5)]
        for line in lines:
            line.sendall(GET)
        assert all(line.recv(4_096).startswith(b"HTTP/1.1 200") for line in lines)


def test_connection_that_says_nothing_makes_room_for_one_that_speaks(start: Start) -> None:
    running = start(total=3)
    silent = [running.connect() for _ in range(3)]
    _await(lambda: len(running.server.keeper) == 3)
    with running.connect() as speaking:
        speaking.sendall(GET)
        assert speaking.recv(4_096).startswith(b"HTTP/1.1 200")
    assert silent[0].recv(1) == b""
    for connection in silent:
        connection.close()


@pytest.mark.parametrize(
    "sent",
    [
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc",
        GET.replace(b"/ ", b"/large "),
    ],
    ids=["body", "answer"],
)
def test_connection_that_is_slow_makes_room_for_one_that_speaks(
    start: Start, monkeypatch: pytest.MonkeyPatch, sent: bytes
) -> None:
    # The clock of the event loop goes by whole milliseconds: no time at all may have passed.
    monkeypatch.setattr("api.serving.connections.SLOW_S", -1.0)
    running = start(total=2, body_s=600, stall_s=600)  # none is closed before it makes room
    with ExitStack() as open_lines:
        slow = [open_lines.enter_context(running.connect()) for _ in range(2)]
        for line in slow:
            line.sendall(sent)
        _await(lambda: len(running.server.keeper) == 2 and _are_slow(running))
        speaking = open_lines.enter_context(running.connect())
        speaking.sendall(GET)
        assert speaking.recv(4_096).startswith(b"HTTP/1.1 200")


def _are_slow(running: Running) -> bool:
    """Whether the keeper has seen that bodies do not come or answers are not taken."""
    return all(c.phase is Phase.BODY or c.waiting_since is not None for c in running.server.keeper)


def _await_busy(running: Running, n_requests: int) -> None:
    _await(lambda: len(running.server.server_state.tasks) >= n_requests)


def _await(is_true: Callable[[], bool]) -> None:
    until = time.monotonic() + 30
    while not is_true() and time.monotonic() < until:
        time.sleep(0.01)
    assert is_true()


def _is_accepting(running: Running) -> bool:
    try:
        running.connect().close()
    except ConnectionRefusedError:
        return False
    return True


def test_drained_server_ends_connections_by_an_answer(start: Start) -> None:
    running = start()
    with running.connect() as idle, running.connect() as busy:
        idle.sendall(GET)
        _answer(idle)
        busy.sendall(GET.replace(b"/ ", b"/slow "))
        _await_busy(running, 1)

        running.server.drain(20)
        while _is_accepting(running):
            time.sleep(0.01)
        idle.sendall(GET)
        running.gate.set()

        for connection in (idle, busy):
            assert b"connection: close" in _read(connection)
    running.thread.join(30)
    assert not running.thread.is_alive()


def test_drained_server_ends_when_idle_connections_stay_silent(start: Start) -> None:
    running = start()
    with running.connect() as idle:
        idle.sendall(GET)
        _answer(idle)
        running.server.drain(0.2)
        running.thread.join(30)
        assert not running.thread.is_alive()
        assert idle.recv(1) == b""


def test_pipelined_requests_are_answered_in_order(start: Start) -> None:
    with start().connect() as connection:
        connection.sendall(
            GET
            + GET.replace(b"GET / ", b"POST / ").replace(
                b"a\r\n", b"a\r\nContent-Length: 2\r\nConnection: close\r\n"
            )
            + b"ab"
        )
        received = _read(connection)
    assert received.count(b"HTTP/1.1 200") == 2
    assert received.endswith(b"2")
