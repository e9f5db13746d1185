"""However a receiver drags its answer out, the sender is done in time and says why."""

import ssl

import pytest

from api.notices.addresses import Allowed
from api.notices.sending import Outcome, Sender
from tests.api.notices.receiver import CERTIFICATE, dripping, receiving

ALLOWED = Allowed(["127.0.0.1"])


@pytest.mark.parametrize("is_tls", [False, True], ids=["plain", "tls"])
def test_dripping_receiver_is_cut_off(is_tls: bool) -> None:
    context = ssl.create_default_context(cafile=str(CERTIFICATE))
    with dripping(200, is_tls=is_tls) as url:
        outcome = Sender(ALLOWED, context=context, total_s=0.3).send(url, b"{}", {})
    assert outcome == Outcome("timeout")


def test_answer_over_tls_is_taken_where_there_is_time() -> None:
    context = ssl.create_default_context(cafile=str(CERTIFICATE))
    with dripping(2, is_tls=True) as url:
        outcome = Sender(ALLOWED, context=context).send(url, b"{}", {})
    assert outcome == Outcome()


def test_self_made_certificate_is_not_believed() -> None:
    with dripping(2, is_tls=True) as url:
        assert Sender(ALLOWED).send(url, b"{}", {}) == Outcome("certificate")


def test_receiver_without_encryption_is_no_receiver_with_it() -> None:
    with receiving() as receiver:
        url = receiver.url.replace("http:", "https:")
        assert Sender(ALLOWED).send(url, b"{}", {}).error is not None
    assert receiver.requests == []
