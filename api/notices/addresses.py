"""Which addresses a webhook may have: a gate against being sent to our own network (SSRF).

An address is taken apart by one strict pattern, so that no two parsers read it differently. The
name is resolved once; if any of its addresses is not a global one the whole is refused, and the
connection goes to the very address that was checked. What an intranet needs is named by the
installation (`NAVMATCH_WEBHOOK_HOSTS`).
"""

import ipaddress
import re
import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from models.errors import InvalidInputError

Ip = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Resolve = Callable[[str, int], list[str]]
"""Gives the addresses of a host."""

MAX_URL_CHARS: Final = 500
PORTS: Final = frozenset({443, 8443})
"""Ports of hosts the installation has not named."""

_URL: Final = re.compile(
    r"(?P<scheme>https?)://"
    r"(?P<host>\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?)"
    r"(?::(?P<port>[1-9][0-9]{0,4}))?"
    r"(?P<path>/[A-Za-z0-9._~!$&'()*+,;=:@%/-]*)?"
    r"(?P<query>\?[A-Za-z0-9._~!$&'()*+,;=:@%/?-]*)?"
)
_LABEL: Final = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}(?<!-)")
_TOP: Final = re.compile(r"[A-Za-z]{2,63}|xn--[A-Za-z0-9-]{2,59}", re.IGNORECASE)
_INSIDE: Final = frozenset({"local", "localhost", "internal", "intranet", "lan", "home", "corp"})
"""Last labels that never lead outside."""

_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")
_NEVER: Final[tuple[Network, ...]] = (
    ipaddress.ip_network("169.254.0.0/16"),
    ipaddress.ip_network("fe80::/10"),
    ipaddress.ip_network("fd00:ec2::254/128"),
    ipaddress.ip_network("100.100.100.200/32"),
    ipaddress.ip_network("192.0.0.192/32"),
)
"""Link-local, and where clouds keep their metadata: refused whatever the installation names."""


class AddressRefusedError(InvalidInputError):
    """A webhook may not have this address."""

    code = "webhook_address"


@dataclass(frozen=True, slots=True)
class Target:
    """An address taken apart.

    Attributes:
        host: Name or address, lower case, without brackets.
        port: Port.
        is_tls: Whether the connection is encrypted.
        path: Path and query.
    """

    host: str
    port: int
    is_tls: bool
    path: str


class Allowed:
    """Hosts and networks the installation names: they may be private and unencrypted."""

    def __init__(self, entries: Iterable[str]) -> None:
        """Read entries such as `hooks.example.lan`, `hooks.example.lan:8080` or `10.1.0.0/16`."""
        self._hosts: set[str] = set()
        self._networks: list[Network] = []
        for entry in filter(None, (e.strip().lower() for e in entries)):
            try:
                self._networks.append(ipaddress.ip_network(entry))
            except ValueError:
                self._hosts.add(entry)

    def has_host(self, target: Target) -> bool:
        """Return whether a host is named."""
        if {target.host, f"{target.host}:{target.port}"} & self._hosts:
            return True
        address = _literal(target.host)
        return address is not None and self.has(address)

    def has(self, address: Ip) -> bool:
        """Return whether an address lies in a network that is named."""
        return any(address.version == n.version and address in n for n in self._networks)


def parse(url: str, allowed: Allowed) -> Target:
    """Return the parts of a webhook's address.

    Raises:
        AddressRefusedError: it is none, or leads where no webhook may.
    """
    found = _URL.fullmatch(url) if len(url) <= MAX_URL_CHARS else None
    if found is None:
        raise AddressRefusedError("回调地址写法不对：应为 https://主机名/路径，不带用户名和密码。")
    is_tls = found["scheme"] == "https"
    target = Target(
        host=found["host"].strip("[]").lower(),
        port=int(found["port"] or (443 if is_tls else 80)),
        is_tls=is_tls,
        path=(found["path"] or "/") + (found["query"] or ""),
    )
    if allowed.has_host(target):
        return target
    if not is_tls:
        raise AddressRefusedError("回调地址应为 https。")
    if target.port not in PORTS:
        raise AddressRefusedError("回调地址的端口只能是 443 或 8443。")
    address = _literal(target.host)
    if address is None:
        _check_name(target.host)
    elif not is_global(address):
        raise AddressRefusedError("回调地址不能指向内部网络。")
    return target


def pin(target: Target, allowed: Allowed, resolve: Resolve | None = None) -> str:
    """Return the one address to connect to, checked; never resolve the name again.

    Raises:
        AddressRefusedError: the name leads, with any of its addresses, where no webhook may.
        OSError: it cannot be resolved.
    """
    literal = _literal(target.host)
    texts = [str(literal)] if literal else (resolve or _resolve)(target.host, target.port)
    addresses = [ipaddress.ip_address(text.partition("%")[0]) for text in texts]
    is_named = allowed.has_host(target)
    for address in addresses:
        if _is_never(address) or not (is_named or allowed.has(address) or is_global(address)):
            raise AddressRefusedError("回调地址指向内部网络，没有发送。")
    if not addresses:
        raise OSError("no address")
    return str(addresses[0])


def is_global(address: Ip) -> bool:
    """Return whether an address lies on the public internet, also one wrapped in another."""
    for inner in _inside(address):
        if not inner.is_global or inner.is_multicast or inner.is_reserved or inner.is_unspecified:
            return False
    return True


def _inside(address: Ip) -> list[Ip]:
    """Return an address and those it stands for or carries inside."""
    found: list[Ip] = [address]
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return [address.ipv4_mapped]
        if address.sixtofour is not None:
            found.append(address.sixtofour)
        if address.teredo is not None:
            found.extend(address.teredo)
        if address in _NAT64:
            return [ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)]
        if int(address) >> 32 == 0:  # ::a.b.c.d, obsolete and still understood
            found.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return found


def _is_never(address: Ip) -> bool:
    return any(
        inner.version == network.version and inner in network
        for inner in _inside(address)
        for network in _NEVER
    )


def _literal(host: str) -> Ip | None:
    """Return a host that is an address in its plain form; other notations are names, badly."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _check_name(host: str) -> None:
    labels = host.split(".")
    is_name = len(labels) > 1 and all(map(_LABEL.fullmatch, labels))
    if not is_name or not _TOP.fullmatch(labels[-1]) or labels[-1] in _INSIDE:
        raise AddressRefusedError("回调地址的主机名不能用：应为公网上的完整域名。")
    if host.endswith(("home.arpa", "in-addr.arpa", "ip6.arpa")):
        raise AddressRefusedError("回调地址的主机名不能用：应为公网上的完整域名。")


def _resolve(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))
