"""What is sent is what is received."""

import socket
from collections.abc import Iterator

import numpy as np
import pytest

from indexer.encoder_process.wire import (
    MAX_MESSAGE_BYTES,
    Answer,
    HungUpError,
    Outcome,
    Request,
    Role,
    no_vectors,
    receive_answer,
    receive_request,
    send_answer,
    send_request,
)

Pair = tuple[socket.socket, socket.socket]


@pytest.fixture
def pair() -> Iterator[Pair]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


@pytest.mark.parametrize(
    "request_sent",
    [
        Request(Role.HELLO),
        Request(Role.QUERY, ["专利", "导航\n第二行"], 12.5, again=True),
        Request(Role.DOCUMENT, ["😀"]),
    ],
    ids=["hello", "query", "document"],
)
def test_request_arrives_as_it_was_sent(pair: Pair, request_sent: Request) -> None:
    send_request(pair[0], request_sent)
    received = receive_request(pair[1])

    assert (received.role, list(received.texts)) == (request_sent.role, list(request_sent.texts))
    assert (received.due, received.again) == (request_sent.due, request_sent.again)


def test_vectors_arrive_bit_for_bit(pair: Pair) -> None:
    vectors = np.random.default_rng(1).random((3, 5), np.float32)
    send_answer(pair[0], Answer(Outcome.DONE, vectors, fingerprint="f"))
    received = receive_answer(pair[1])

    assert np.array_equal(received.vectors, vectors)
    assert received.vectors.dtype == np.float32
    assert (received.outcome, received.fingerprint) == (Outcome.DONE, "f")


def test_no_vectors_arrive_with_their_width(pair: Pair) -> None:
    send_answer(pair[0], Answer(Outcome.REFUSED, no_vectors(384), [1, 2]))
    received = receive_answer(pair[1])

    assert received.vectors.shape == (0, 384)
    assert list(received.refused) == [1, 2]


def test_closed_connection_is_said_so(pair: Pair) -> None:
    pair[0].close()

    with pytest.raises(HungUpError):
        receive_answer(pair[1])


def test_message_past_the_limit_is_not_read(pair: Pair) -> None:
    pair[0].sendall((MAX_MESSAGE_BYTES + 1).to_bytes(4, "big") + bytes(4))

    with pytest.raises(HungUpError):
        receive_request(pair[1])
