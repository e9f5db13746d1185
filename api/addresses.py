"""Whom an address on the network belongs to, for limits that go by address."""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Final

HOUSEHOLD_BITS: Final = 64
"""What one line is given of IPv6 at least (RFC 6177): who has it has all addresses in it."""


def parse_address(text: str) -> IPv4Address | IPv6Address | None:
    """Return an address as it is meant, IPv4 written as IPv6 as IPv4; None for none."""
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def counted_as(text: str) -> str:
    """Return as whom an address counts: itself, or with IPv6 the line it belongs to."""
    address = parse_address(text)
    if isinstance(address, IPv6Address):
        return str(IPv6Network((int(address), HOUSEHOLD_BITS), strict=False))
    return str(address) if address is not None else text
