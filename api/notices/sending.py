"""Sending one signed request to a checked address: no redirect, no proxy, no long answer."""

import http.client
import socket
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from api.notices.addresses import AddressRefusedError, Allowed, Resolve, Target, parse, pin

CONNECT_S: Final = 3.0
TOTAL_S: Final = 10.0
"""Seconds for everything; then the connection is cut, however busy it is."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a try ended.

    Attributes:
        error: Code of what went wrong; None when the other side took it.
        is_final: Whether another try is pointless.
    """

    error: str | None = None
    is_final: bool = False


class Sender:
    """Sends requests where webhooks may lead."""

    def __init__(
        self,
        allowed: Allowed,
        resolve: Resolve | None = None,
        context: ssl.SSLContext | None = None,
    ) -> None:
        """Set what is allowed.

        Args:
            allowed: Hosts and networks the installation names.
            resolve: Gives the addresses of a host; asks the system when None.
            context: Judges certificates; the system's roots when None.
        """
        self._allowed = allowed
        self._resolve = resolve
        self._context = context or ssl.create_default_context()

    def send(self, url: str, body: bytes, headers: Mapping[str, str]) -> Outcome:
        """Post a body; whatever happens becomes a code, nothing of the answer is kept."""
        try:
            target = parse(url, self._allowed)
            address = pin(target, self._allowed, self._resolve)
            status = self._post(target, address, body, headers)
        except AddressRefusedError:
            return Outcome("address_refused", is_final=True)
        except ssl.SSLError:
            return Outcome("certificate")
        except TimeoutError:
            return Outcome("timeout")
        except socket.gaierror:
            return Outcome("name_unknown")
        except (OSError, http.client.HTTPException):
            return Outcome("unreachable")
        return _judge(status)

    def _post(self, target: Target, address: str, body: bytes, headers: Mapping[str, str]) -> int:
        connection = http.client.HTTPConnection(target.host, target.port, timeout=CONNECT_S)
        plain = socket.create_connection((address, target.port), timeout=CONNECT_S)
        cut = threading.Timer(TOTAL_S, _cut, [plain])
        cut.daemon = True
        cut.start()
        try:
            connection.sock = (
                self._context.wrap_socket(plain, server_hostname=target.host)
                if target.is_tls
                else plain
            )
            sent = {**headers, "Host": _host_header(target), "Connection": "close"}
            connection.request("POST", target.path, body, sent)
            return connection.getresponse().status
        finally:
            cut.cancel()
            connection.close()
            plain.close()


def _judge(status: int) -> Outcome:
    if 200 <= status < 300:
        return Outcome()
    if 300 <= status < 400:
        return Outcome("redirect", is_final=False)
    return Outcome(f"status_{status}", is_final=status == http.client.GONE)


def _host_header(target: Target) -> str:
    host = f"[{target.host}]" if ":" in target.host else target.host
    return host if target.port == (443 if target.is_tls else 80) else f"{host}:{target.port}"


def _cut(plain: socket.socket) -> None:
    try:
        plain.shutdown(socket.SHUT_RDWR)
    except OSError:  # it is over already
        return
