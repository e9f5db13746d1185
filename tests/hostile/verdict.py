"""What a reply to a hostile request must never be."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from tests.hostile.surface import Operation
from tests.hostile.wire import Got

CANARY: Final = "QxZ7回声"
"""Put beside values: it must never come back in an error."""

WORDS: Final = "芯片专利侵权风险排查"
"""Stands in most of the corpus, and in no message of ours."""

MAX_ERROR_BYTES: Final = 4_096
MEDIA_TYPE: Final = "application/problem+json"
BUSY_CODES: Final = frozenset({"busy", "unavailable", "encoder", "overloaded", "deadline"})
"""Codes of a 503 that says no more than: later."""

_TELLING: Final = 12
"""Characters from which a value that comes back is no coincidence."""

_REFUSED_CHARACTERS: Final = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
_OFTEN_DECLARED: Final = frozenset({400, 401, 403, 404, 405, 408, 413, 415, 422, 429, 431})
"""Refusals of the edge, which may meet a request before its route does."""


class Fault(StrEnum):
    """Kinds of failure."""

    SERVER_ERROR = "server_error"
    DEATH = "death"
    SLOW = "slow"
    LONG_ERROR = "long_error"
    ECHO = "echo"
    NOT_A_PROBLEM = "not_a_problem"
    UNDECLARED = "undeclared_status"
    PARTLY_STORED = "partly_stored"
    ACCEPTED = "accepted"
    UNCLEAN = "unclean_reply"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reply is judged against.

    Attributes:
        operation: The operation.
        value: The hostile value, as text; empty when it is none.
        must_refuse: Whether the request may not succeed.
        limit_s: Longest time a reply may take; None for any.
        is_routed: Whether the request is sure to reach the operation.
        changed: Whether the stored rows differ from before.
    """

    operation: Operation
    value: str = ""
    must_refuse: bool = False
    limit_s: float | None = None
    is_routed: bool = True
    changed: bool = False


def is_busy(got: Got) -> bool:
    """Return whether a reply is a declared “later”, which is counted apart."""
    shown = got.json()
    return got.status == 503 and isinstance(shown, dict) and shown.get("code") in BUSY_CODES


def faults(asked: Asked, got: Got) -> Iterator[tuple[Fault, str]]:
    """Yield what is wrong with a reply, each with a detail."""
    if got.fault or got.status == 0 or (got.status >= 500 and not is_busy(got)):
        yield Fault.SERVER_ERROR, got.fault or str(got.status)
    if asked.limit_s is not None and got.seconds > asked.limit_s:
        yield Fault.SLOW, f"{got.seconds:.2f} s"
    if asked.must_refuse and 200 <= got.status < 400:
        yield Fault.ACCEPTED, str(got.status)
    if got.status >= 400:
        yield from _faults_of_error(asked, got)
    elif got.status:
        yield from _faults_of_success(asked, got)


def _faults_of_error(asked: Asked, got: Got) -> Iterator[tuple[Fault, str]]:
    if len(got.body) > MAX_ERROR_BYTES:
        yield Fault.LONG_ERROR, f"{len(got.body)} bytes"
    if _echoes(asked.value, got.text, *got.headers.values()):
        yield Fault.ECHO, str(got.status)
    shown = got.json()
    fits = (
        got.headers.get("content-type") == MEDIA_TYPE
        and isinstance(shown, dict)
        and shown.get("status") == got.status
        and str(shown.get("type", "")).endswith(f":{shown.get('code')}")
    )
    if not fits and got.status != 304:
        yield Fault.NOT_A_PROBLEM, f"{got.status} {got.headers.get('content-type')}"
    if asked.changed:
        yield Fault.PARTLY_STORED, str(got.status)
    declared = asked.operation.statuses | _OFTEN_DECLARED
    if got.status < 500 and got.status not in declared and asked.is_routed:
        yield Fault.UNDECLARED, str(got.status)


def _faults_of_success(asked: Asked, got: Got) -> Iterator[tuple[Fault, str]]:
    if asked.is_routed and got.status not in asked.operation.statuses:
        yield Fault.UNDECLARED, str(got.status)
    if not got.body or "json" not in got.headers.get("content-type", ""):
        return
    shown = got.json()
    if shown is None and got.body != b"null":
        yield Fault.UNCLEAN, "no strict JSON"
    for text in _texts(shown):
        if _REFUSED_CHARACTERS.search(text):
            yield Fault.UNCLEAN, "a character the sanitiser refuses"
            break
    for problem in _problems(shown):
        if _echoes(asked.value, str(problem)):
            yield Fault.ECHO, "inside a reply to several questions"
            break


def _echoes(value: str, *places: str) -> bool:
    wanted = {CANARY, WORDS}
    if len(value) >= _TELLING and not value.isspace():
        wanted.add(value)
    return any(word.casefold() in place.casefold() for word in wanted for place in places)


def _texts(shown: Any) -> Iterator[str]:
    if isinstance(shown, str):
        yield shown
    elif isinstance(shown, dict):
        for key, inner in shown.items():
            yield key
            yield from _texts(inner)
    elif isinstance(shown, list):
        for inner in shown:
            yield from _texts(inner)


def _problems(shown: Any) -> Iterator[dict[str, Any]]:
    """Yield the problems inside a reply that is none itself."""
    if isinstance(shown, dict):
        if str(shown.get("type", "")).startswith("urn:navmatch:problem:"):
            yield shown
        for inner in shown.values():
            yield from _problems(inner)
    elif isinstance(shown, list):
        for inner in shown:
            yield from _problems(inner)
