"""Sending one signed request to a checked address: no redirect, no proxy, no long answer."""

import http.client
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Final

from api.notices.addresses import AddressRefusedError, Allowed, Resolve, Target, parse, pin

CONNECT_S: Final = 3.0
TOTAL_S: Final = 10.0
"""Seconds for everything after connecting; then the connection is cut, however busy it is."""

TIMEOUT: Final = "timeout"


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
        total_s: float = TOTAL_S,
    ) -> None:
        """Set what is allowed.

        Args:
            allowed: Hosts and networks the installation names.
            resolve: Gives the addresses of a host; asks the system when None.
            context: Judges certificates; the system's roots when None.
            total_s: Seconds an exchange may take once connected.
        """
        self._allowed = allowed
        self._resolve = resolve
        self._context = context or ssl.create_default_context()
        self._total_s = total_s

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
            return Outcome(TIMEOUT)
        except socket.gaierror:
            return Outcome("name_unknown")
        except (OSError, http.client.HTTPException):
            return Outcome("unreachable")
        return _judge(status)

    def _post(self, target: Target, address: str, body: bytes, headers: Mapping[str, str]) -> int:
        connection = http.client.HTTPConnection(target.host, target.port, timeout=CONNECT_S)
        plain = socket.create_connection((address, target.port), timeout=CONNECT_S)
        try:
            connection.sock = sock = self._wrapped(plain, target)
            sent = {**headers, "Host": _host_header(target), "Connection": "close"}
            with _cut_after(self._total_s, sock):
                if isinstance(sock, ssl.SSLSocket):
                    sock.do_handshake()
                connection.request("POST", target.path, body, sent)
                with connection.getresponse() as response:
                    return response.status
        finally:
            connection.close()
            plain.close()

    def _wrapped(self, plain: socket.socket, target: Target) -> socket.socket:
        """Return what is spoken over; wrapping takes `plain` over, so only this can be cut."""
        if not target.is_tls:
            return plain
        return self._context.wrap_socket(
            plain, server_hostname=target.host, do_handshake_on_connect=False
        )


@contextmanager
def _cut_after(seconds: float, sock: socket.socket) -> Iterator[None]:
    """Cut a connection that is not done with in time.

    Raises:
        TimeoutError: it was cut, whatever that looked like to whoever was reading: the end of
            the headers, for one.
    """
    is_cut = threading.Event()

    def cut() -> None:
        is_cut.set()
        with suppress(OSError):  # the other side has closed it already
            # That of SSLSocket would first take the encryption away under whoever is reading.
            socket.socket.shutdown(sock, socket.SHUT_RDWR)

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    except (OSError, http.client.HTTPException):
        if not is_cut.is_set():
            raise
    finally:
        timer.cancel()
        timer.join()
    if is_cut.is_set():
        raise TimeoutError


def _judge(status: int) -> Outcome:
    if 200 <= status < 300:
        return Outcome()
    if 300 <= status < 400:
        return Outcome("redirect", is_final=False)
    return Outcome(f"status_{status}", is_final=status == http.client.GONE)


def _host_header(target: Target) -> str:
    host = f"[{target.host}]" if ":" in target.host else target.host
    return host if target.port == (443 if target.is_tls else 80) else f"{host}:{target.port}"
