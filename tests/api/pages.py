"""Asking as a page of another site does: with a widget token and no key."""

from collections.abc import Iterator
from contextlib import contextmanager

from tests.api.conftest import Running

LISTED = "https://www.example.org"
UNLISTED = "https://elsewhere.example.net"


def new_token(running: Running, **changes: object) -> str:
    """The text of a fresh widget token for the pages of one site."""
    body = {"name": "园区门户", "origins": [LISTED], **changes}
    return str(running.post("/v1/widget-tokens", body)["token"])


@contextmanager
def without_key(running: Running) -> Iterator[None]:
    """Let the client send no API key."""
    kept = running.client.headers.pop("Authorization")
    try:
        yield
    finally:
        running.client.headers["Authorization"] = kept
