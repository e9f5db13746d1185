"""Signatures of webhooks, as Standard Webhooks has them: HMAC-SHA256 of number, time and body."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable, Mapping
from typing import Final

SECRET_PREFIX: Final = "whsec_"  # noqa: S105 - what every secret begins with
SECRET_BYTES: Final = 24
TOLERANCE_S: Final = 300
"""Seconds a request may be older or newer than the receiver's clock."""

ID_HEADER: Final = "webhook-id"
TIME_HEADER: Final = "webhook-timestamp"
SIGNATURE_HEADER: Final = "webhook-signature"


class WebhookSecrets:
    """Makes the secrets of webhooks from a key that lies outside the database.

    A webhook keeps a salt; whoever has only the database can sign for none of them.
    """

    def __init__(self, read_key: Callable[[], bytes]) -> None:
        """Take what reads the key; that is done when the first secret is wanted."""
        self._read_key = read_key

    def of(self, webhook_id: str, salt: str) -> str:
        """Return the secret of a webhook, 192 bits; one older versions kept in clear as it is.

        Raises:
            SetupError: the file with the key cannot be read.
        """
        if salt.startswith(SECRET_PREFIX):
            return salt
        key = hmac.digest(self._read_key(), b"navmatch webhook", hashlib.sha256)
        made = hmac.digest(key, f"{webhook_id} {salt}".encode(), hashlib.sha256)
        return SECRET_PREFIX + base64.b64encode(made[:SECRET_BYTES]).decode()


def new_salt() -> str:
    """Return a fresh salt, 128 bits."""
    return secrets.token_hex(16)


def headers_of(secret: str, number: str, sent_at_s: int, body: bytes) -> dict[str, str]:
    """Return the headers that sign a request.

    Args:
        secret: The webhook's secret.
        number: Number of the errand, the same at every try.
        sent_at_s: Seconds since 1970.
        body: What is sent.
    """
    return {
        ID_HEADER: number,
        TIME_HEADER: str(sent_at_s),
        SIGNATURE_HEADER: f"v1,{_code(secret, number, str(sent_at_s), body)}",
    }


def is_genuine(
    secret: str,
    headers: Mapping[str, str],
    body: bytes,
    now_s: float,
    is_known: Callable[[str], bool] = lambda number: False,
) -> bool:
    """Return whether a request came from us, just now, and for the first time.

    What a receiver does; here for its tests and as an example.

    Args:
        secret: The webhook's secret.
        headers: Those of the request, names in lower case.
        body: Its body, as it came.
        now_s: Seconds since 1970 by the receiver's clock.
        is_known: Tells whether a number came before.
    """
    number, sent = headers.get(ID_HEADER, ""), headers.get(TIME_HEADER, "")
    if not number or not sent.isascii() or not sent.isdigit() or len(sent) > 12:
        return False
    if abs(now_s - int(sent)) > TOLERANCE_S or is_known(number):
        return False
    wanted = _code(secret, number, sent, body).encode()
    offered = headers.get(SIGNATURE_HEADER, "").split(" ")
    codes = [entry.partition(",")[2] for entry in offered if entry.startswith("v1,")]
    return any(hmac.compare_digest(code.encode(), wanted) for code in codes)


def _code(secret: str, number: str, sent: str, body: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    message = f"{number}.{sent}.".encode() + body
    return base64.b64encode(hmac.new(key, message, hashlib.sha256).digest()).decode()
