"""Addresses a webhook must not have, each tried with a real sender: none is connected to.

    python -m tests.security.ssrf

Python itself reports every connection (audit hook `socket.connect`), so a form that slips
through one check and is stopped by chance elsewhere still shows.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from api.notices.addresses import Allowed
from api.notices.sending import Outcome, Sender

PUBLIC: Final = "93.184.215.14"
"""A global address; nothing is there to answer in a test, and nothing is sent to it."""

LITERALS: Final = (
    "https://127.0.0.1/",
    "https://127.0.0.2/",
    "https://127.1/",
    "https://127.0.1/",
    "https://2130706433/",
    "https://0x7f000001/",
    "https://0x7f.0.0.1/",
    "https://0x7f.1/",
    "https://017700000001/",
    "https://0177.0.0.1/",
    "https://0177.0.0.01/",
    "https://127.0.0.1./",
    "https://0.0.0.0/",
    "https://0/",
    "https://10.0.0.1/",
    "https://10.255.255.255/",
    "https://172.16.0.1/",
    "https://172.31.255.254/",
    "https://192.168.1.1/",
    "https://192.168.0.256/",
    "https://100.64.0.1/",
    "https://100.127.255.254/",
    "https://100.100.100.200/",
    "https://169.254.169.254/latest/meta-data/",
    "https://169.254.170.2/v2/credentials",
    "https://2852039166/",
    "https://0xa9fea9fe/",
    "https://0251.0376.0251.0376/",
    "https://192.0.0.192/",
    "https://192.0.2.1/",
    "https://198.18.0.1/",
    "https://198.51.100.1/",
    "https://203.0.113.1/",
    "https://224.0.0.1/",
    "https://240.0.0.1/",
    "https://255.255.255.255/",
    "https://[::1]/",
    "https://[::]/",
    "https://[0:0:0:0:0:0:0:1]/",
    "https://[::127.0.0.1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:7f00:1]/",
    "https://[::ffff:10.0.0.1]/",
    "https://[::ffff:169.254.169.254]/",
    "https://[64:ff9b::7f00:1]/",
    "https://[64:ff9b::169.254.169.254]/",
    "https://[2002:7f00:1::]/",
    "https://[2002:a9fe:a9fe::]/",
    "https://[2001:0:7f00:1::]/",
    "https://[fe80::1]/",
    "https://[fe80::1%25eth0]/",
    "https://[fc00::1]/",
    "https://[fd00:ec2::254]/",
    "https://[ff02::1]/",
    "https://[2001:db8::1]/",
    "https://[::1",
)
NAMES: Final = (
    "https://localhost/",
    "https://LOCALHOST/",
    "https://localhost./",
    "https://db.localhost/",
    "https://printer.local/",
    "https://metadata.google.internal/computeMetadata/v1/",
    "https://intranet/",
    "https://router.lan/",
    "https://host.home.arpa/",
    "https://1.0.0.127.in-addr.arpa/",
    "https://xn--/",
    "https://-a.example.org/",
    "https://a..example.org/",
    "https://例子.测试/",
    "https://ⓔⓧⓐⓜⓟⓛⓔ.org/",
    "https://example。org/",
    "https://127。0。0。1/",
    "https://１２７.0.0.1/",
)
FORMS: Final = (
    "http://example.org/",
    "ftp://example.org/",
    "file:///etc/passwd",
    "gopher://127.0.0.1:6379/_",
    "dict://127.0.0.1:11211/",
    "//example.org/",
    "https:example.org/",
    "https:///example.org/",
    "HTTPS://example.org/",
    "https://user@example.org/",
    "https://user:pass@127.0.0.1/",
    "https://example.org@127.0.0.1/",
    "https://127.0.0.1#@example.org/",
    "https://127.0.0.1?@example.org/",
    "https://example.org\\@127.0.0.1/",
    "https://127.0.0.1\\.example.org/",
    "https://example.org#/",
    "https://example.org/#x",
    "https://example.org:22/",
    "https://example.org:6379/",
    "https://example.org:0/",
    "https://example.org:65536443/",
    "https://example.org:443:22/",
    "https://example.org :443/",
    " https://example.org/",
    "https://example.org/\r\nHost: 127.0.0.1",
    "https://example.org/\nX: y",
    "https://example.org\t/",
    "https://example.org\x00.evil.org/",
    "https://exam\u200bple.org/",
    "https://example.org/ ",
    "https://[example.org]/",
    "https://%31%32%37.0.0.1/",
    "https://127.0.0.1%2f@example.org/",
    "",
    "https://",
    "https://" + "a" * 600 + ".org/",
)
RESOLVED: Final = {
    "https://loopback.example.org/": ["127.0.0.1"],
    "https://private.example.org/": ["10.0.0.5"],
    "https://carrier.example.org/": ["100.64.0.7"],
    "https://metadata.example.org/": ["169.254.169.254"],
    "https://six.example.org/": ["::1"],
    "https://mapped.example.org/": ["::ffff:127.0.0.1"],
    "https://nat.example.org/": ["64:ff9b::7f00:1"],
    "https://scoped.example.org/": ["fe80::1%eth0"],
    "https://mixed.example.org/": [PUBLIC, "127.0.0.1"],
    "https://mixed-six.example.org/": ["2606:4700::1111", "fd00::1"],
}
"""Names that are fine to look at, and where they lead."""


@dataclass(frozen=True, slots=True)
class Trial:
    """How a form ended.

    Attributes:
        url: The form.
        outcome: What the sender said.
        connected: Addresses that were connected to meanwhile.
    """

    url: str
    outcome: Outcome
    connected: tuple[str, ...]

    @property
    def is_held(self) -> bool:
        """Whether its address was refused before anything was connected to."""
        return self.outcome.error == "address_refused" and not self.connected


class Connections:
    """Hears of every connection this process makes; a hook cannot be taken away again."""

    def __init__(self) -> None:
        self.made: list[str] = []
        self.is_listening = False
        sys.addaudithook(self._hear)

    def _hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event == "socket.connect" and self.is_listening and isinstance(arguments[1], tuple):
            self.made.append(str(arguments[1][0]))


def trials(connections: Connections, allowed: Allowed) -> Iterator[Trial]:
    """Try every form once; names lead where `RESOLVED` says, others nowhere."""

    def resolve(host: str, port: int) -> list[str]:
        return RESOLVED.get(f"https://{host}/", [])

    sender = Sender(allowed, resolve)
    for url in (*LITERALS, *NAMES, *FORMS, *RESOLVED):
        connections.made.clear()
        connections.is_listening = True
        try:
            outcome = sender.send(url, b"{}", {})
        finally:
            connections.is_listening = False
        yield Trial(url, outcome, tuple(connections.made))


def main() -> int:
    """Print the forms that were not held back, and how many were."""
    found = list(trials(Connections(), Allowed([])))
    loose = [trial for trial in found if not trial.is_held]
    for trial in loose:
        print(trial.url[:80], trial.outcome, trial.connected)  # noqa: T201 - a report
    print(f"{len(found)} forms, {len(loose)} not held back")  # noqa: T201
    return 1 if loose else 0


if __name__ == "__main__":
    raise SystemExit(main())
