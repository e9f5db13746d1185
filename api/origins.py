"""From where a request may come: names of this host, pages of this site."""

from collections.abc import Iterable
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers

LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
WILDCARDS: Final = frozenset({"0.0.0.0", "::"})  # noqa: S104 - compared with, not bound to
SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
ASKING: Final = frozenset({"/v1/match", "/v1/preview", "/v1/tags"})
"""Addresses that are posted to, but only ask."""


def only_asks(method: str, path: str) -> bool:
    """Return whether a request changes nothing, whoever sends it."""
    return method in SAFE_METHODS or path in ASKING


class Origins:
    """Knows by which names this service is called.

    A page elsewhere can let its own name point to this computer (DNS rebinding); its requests
    then carry that name. An address is no name and cannot be turned like that.
    """

    def __init__(self, listening: str, more: Iterable[str] = ()) -> None:
        """Take the address listened on and further names."""
        self._names = LOOPBACK | {listening.lower().strip("[]"), *(m.lower() for m in more)}
        self._takes_addresses = listening in WILDCARDS

    def refusal(self, method: str, headers: Headers) -> str | None:
        """Return the code of the problem when a request must not be served.

        Pages of other sites may ask, never change: whether they can read the answer is another
        question (`api/cross_origin.py`).
        """
        host = _name(headers.get("host", ""))
        if host not in self._names and not (self._takes_addresses and _is_address(host)):
            return "host_refused"
        if method in SAFE_METHODS:
            return None
        origin = headers.get("origin")
        is_foreign = origin is not None and urlsplit(origin).netloc != headers.get("host")
        is_cross = headers.get("sec-fetch-site") in ("cross-site", "same-site")
        return "origin_refused" if is_foreign or is_cross else None


def _name(host: str) -> str:
    """Return the name in a Host header, without port and brackets."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
