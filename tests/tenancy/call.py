"""A request, and what it may be about."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from tests.tenancy.caller import Caller
from tests.tenancy.world import World

ROW_TARGETS: Final = ("own", "visible", "public", "hidden", "deleted", "absent")
PLAIN_TARGETS: Final = ("",)
INSIDE_TARGETS: Final = ("own", "hidden", "absent")
GIVEN_TARGETS: Final = ("own", "beyond", "hidden", "absent")


@dataclass(frozen=True)
class Call:
    """A request.

    Attributes:
        method: Its method.
        path: Its path.
        body: Its body; none when None.
        query: Its query.
        headers: Its headers, instead of those of the caller.
        content: A file that is its body.
    """

    method: str
    path: str
    body: Any = None
    query: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes | None = None


class NoCellError(Exception):
    """There is nothing of this kind for this caller."""


Make = Callable[[World, Caller, str], Call]


def plain(method: str, path: str, body: Any = None, **query: Any) -> Make:
    """A call that is the same whoever asks."""
    return lambda world, caller, target: Call(method, path, body, query)
