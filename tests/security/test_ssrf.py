"""S6: no webhook leads inside, and what comes from us is told from what does not."""

import base64
from collections.abc import Iterator

import pytest

from api.notices.addresses import AddressRefusedError, Allowed, parse, pin
from api.notices.sending import Outcome, Sender
from api.notices.signing import TOLERANCE_S, WebhookSecrets, headers_of, is_genuine, new_salt
from tests.api.notices.receiver import Receiver, receiving
from tests.security.ssrf import PUBLIC, Connections, trials

FEWEST_FORMS = 60
SECRETS = WebhookSecrets(lambda: b"key of an installation")
NOW_S = 1_780_000_000


@pytest.fixture(scope="module")
def connections() -> Connections:
    return Connections()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


def test_no_form_reaches_inside(connections: Connections) -> None:
    found = list(trials(connections, Allowed([])))
    assert len(found) >= FEWEST_FORMS
    assert [trial for trial in found if not trial.is_held] == []


def test_connections_are_heard_where_the_installation_allows_them(
    connections: Connections, receiver: Receiver
) -> None:
    """The test above can fail: the same sender does connect when it may."""
    connections.made.clear()
    connections.is_listening = True
    allowed = Allowed([f"hooks.example.lan:{receiver.port}"])
    sender = Sender(allowed, lambda host, port: ["127.0.0.1"])
    outcome = sender.send(f"http://hooks.example.lan:{receiver.port}/x", b"{}", {})
    connections.is_listening = False
    assert outcome == Outcome()
    assert connections.made == ["127.0.0.1"]


def test_name_is_resolved_once_and_its_address_used(receiver: Receiver) -> None:
    """A name that leads elsewhere when asked again (rebinding) gains nothing."""
    asked: list[str] = []

    def resolve(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["169.254.169.254"]

    url = f"http://rebound.example.org:{receiver.port}/"
    sender = Sender(Allowed([f"rebound.example.org:{receiver.port}"]), resolve)
    assert sender.send(url, b"{}", {}) == Outcome()
    assert asked == ["rebound.example.org"]
    assert receiver.requests[0].headers["Host"] == f"rebound.example.org:{receiver.port}"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirect_is_not_followed(receiver: Receiver, status: int) -> None:
    receiver.answers = [(status, {"Location": f"http://127.0.0.1:{receiver.port}/inside"})]
    sender = Sender(Allowed(["127.0.0.1"]))
    outcome = sender.send(f"http://127.0.0.1:{receiver.port}/", b"{}", {})
    assert outcome.error == "redirect"
    assert [request.path for request in receiver.requests] == ["/"]


@pytest.mark.parametrize("address", ["169.254.169.254", "fe80::1", "100.100.100.200"])
def test_metadata_is_refused_even_where_the_installation_allows(address: str) -> None:
    allowed = Allowed(["0.0.0.0/0", "::/0", "meta.example.lan"])
    target = parse("http://meta.example.lan/", allowed)
    with pytest.raises(AddressRefusedError):
        pin(target, allowed, lambda host, port: [address])


def test_plain_public_address_passes() -> None:
    target = parse("https://hooks.example.org:8443/a/b?c=d", Allowed([]))
    assert (target.host, target.port, target.path) == ("hooks.example.org", 8443, "/a/b?c=d")
    assert pin(target, Allowed([]), lambda host, port: [PUBLIC]) == PUBLIC


def test_named_network_opens_that_network_only() -> None:
    allowed = Allowed(["10.1.0.0/16"])
    inside = parse("http://10.1.2.3:8080/", allowed)
    assert pin(inside, allowed) == "10.1.2.3"
    with pytest.raises(AddressRefusedError):
        parse("http://10.2.0.1:8080/", allowed)


def test_genuine_request_is_told_from_forged_stale_and_replayed_ones() -> None:
    body = b'{"kind":"interest"}'
    secret, other = (SECRETS.of("wh_1", new_salt()) for _ in range(2))
    headers = headers_of(secret, "dl_1", NOW_S, body)
    assert is_genuine(secret, headers, body, NOW_S)
    assert is_genuine(secret, headers, body, NOW_S + TOLERANCE_S)
    changed = {
        "another body": (secret, headers, body + b" ", NOW_S),
        "another secret": (other, headers, body, NOW_S),
        "another number": (secret, {**headers, "webhook-id": "dl_2"}, body, NOW_S),
        "another time": (secret, {**headers, "webhook-timestamp": str(NOW_S + 1)}, body, NOW_S),
        "too old": (secret, headers, body, NOW_S + TOLERANCE_S + 1),
        "too new": (secret, headers, body, NOW_S - TOLERANCE_S - 1),
        "no signature": (secret, {**headers, "webhook-signature": ""}, body, NOW_S),
        "no number": (secret, {**headers, "webhook-id": ""}, body, NOW_S),
        "time in words": (secret, {**headers, "webhook-timestamp": "now"}, body, NOW_S),
        "endless time": (secret, {**headers, "webhook-timestamp": "9" * 5_000}, body, NOW_S),
        "foreign digits": (secret, {**headers, "webhook-timestamp": "１７"}, body, NOW_S),
        "another scheme": (
            secret,
            {**headers, "webhook-signature": headers["webhook-signature"].replace("v1", "v0")},
            body,
            NOW_S,
        ),
    }
    taken = {name: is_genuine(*case) for name, case in changed.items()}
    assert not any(taken.values()), taken
    assert not is_genuine(secret, headers, body, NOW_S, is_known={"dl_1"}.__contains__)


def test_every_flipped_bit_of_a_signature_is_noticed() -> None:
    secret, body = SECRETS.of("wh_1", new_salt()), b"{}"
    headers = headers_of(secret, "dl_1", NOW_S, body)
    code = bytearray(base64.b64decode(headers["webhook-signature"].partition(",")[2]))
    for bit in range(len(code) * 8):
        code[bit // 8] ^= 1 << bit % 8
        forged = {**headers, "webhook-signature": f"v1,{base64.b64encode(code).decode()}"}
        assert not is_genuine(secret, forged, body, NOW_S)
        code[bit // 8] ^= 1 << bit % 8
