"""Every operation, asked by everybody for everything, answers as the table declares."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any, Final

import httpx2
import pytest
from fastapi.testclient import TestClient

from api.app import operations_of
from tests.api.conftest import Running
from tests.tenancy.call import (
    GIVEN_TARGETS,
    INSIDE_TARGETS,
    PLAIN_TARGETS,
    ROW_TARGETS,
    Call,
    NoCellError,
)
from tests.tenancy.caller import Caller
from tests.tenancy.calls import CALLS
from tests.tenancy.declared import LINES, Line, expected
from tests.tenancy.world import World

TARGETS: Final[Mapping[str, tuple[str, ...]]] = {
    "open": PLAIN_TARGETS,
    "none": PLAIN_TARGETS,
    "see": ROW_TARGETS,
    "own": ROW_TARGETS,
    "public": ROW_TARGETS,
    "inside": INSIDE_TARGETS,
    "given": GIVEN_TARGETS,
    "sent": INSIDE_TARGETS,
    "invited": INSIDE_TARGETS,
}
OF_ORGANISATIONS: Final = (
    *("revoke_webhook", "test_webhook", "list_deliveries", "retry_delivery"),
    *("remove_subscription", "renew_feed", "list_found"),
)
EXCEPTIONS: Final[Mapping[tuple[str, ...], int]] = {
    # members are registered already; what is new about them is a conflict
    ("create_provider", "P"): 409,
    ("create_base", "B"): 409,
    # the example's code comes from no authenticator
    ("set_authenticator", "S"): 401,
    # what others see is published already
    ("publish_demand", "O", "visible"): 409,
    ("publish_demand", "O", "public"): 409,
    ("publish_provider", "O", "visible"): 409,
    ("publish_case", "O", "visible"): 409,
    ("publish_case", "O", "public"): 409,
    # erasing also finds what is deleted
    ("erase", "O", "deleted"): 202,
    # whoever only oversees is not invited
    ("accept_invitation", "O", "hidden"): 403,
    # what an organisation is told, and where, is for itself alone
    **{(operation, "O", "hidden"): 404 for operation in OF_ORGANISATIONS},
}
FEWEST_CELLS: Final = 3_000
UNSEEN: Final = frozenset({"hidden", "absent", "deleted", "beyond"})
"""Targets that look the same to whoever is no operator."""

_TELLING: Final = frozenset({"x-request-id", "date", "content-length"})
"""Headers that differ between any two replies; the length with the number of the request."""


_asked: dict[tuple[str, str], int] = {}
"""Cells asked, by database and operation."""


class Asking:
    """Asks as anybody."""

    def __init__(self, client: TestClient) -> None:
        self._client = client

    def ask(self, caller: Caller, call: Call) -> httpx2.Response:
        kept = self._client.headers.pop("Authorization", None)
        headers = dict(call.headers or caller.headers)
        if call.content is not None:
            headers["content-type"] = "text/csv"
        try:
            return self._client.request(
                call.method,
                call.path,
                json=call.body,
                content=call.content,
                params={**call.query, **caller.query},
                headers=headers,
            )
        finally:
            if kept is not None:
                self._client.headers["Authorization"] = kept


@pytest.fixture(scope="module")
def asking(application: Running) -> Asking:
    return Asking(application.client)


@pytest.fixture
def thrifty(world: World) -> Iterator[World]:
    """The world while it keeps rows nothing has changed."""
    world.kept = {}
    yield world
    world.kept = None
    world.end_retagging()


def cells(world: World, line: Line) -> Iterator[tuple[Caller, str, Call]]:
    for caller in world.callers:
        for target in TARGETS[line.of]:
            try:
                yield caller, target, CALLS[line.operation](world, caller, target)
            except NoCellError:
                continue


def declared(line: Line, caller: Caller, target: str) -> int:
    letter = _letter(line, caller)
    plain = expected(line, letter, caller.credential, target)
    for key in ((line.operation, letter, target), (line.operation, letter)):
        if key in EXCEPTIONS and plain != 401 and caller.credential == "good":
            return EXCEPTIONS[key]
    return plain


def _letter(line: Line, caller: Caller) -> str:
    """A widget's token opens the widget alone: elsewhere nobody is known."""
    if caller.person_id and "S" in line.who:
        return "S"
    return "A" if caller.letter == "W" and line.of != "public" else caller.letter


def test_every_operation_is_declared(application: Running) -> None:
    app: Any = application.client.app
    assert set(LINES) == set(operations_of(app)) - {"read_docs", "try_operations"}
    assert set(CALLS) == set(LINES)


@pytest.mark.parametrize("operation", LINES)
def test_operation_answers_as_declared_and_alike_for_all_that_is_unseen(
    thrifty: World, asking: Asking, operation: str
) -> None:
    line = LINES[operation]
    wrong = []
    unseen = defaultdict(list)
    kind = thrifty.service.database.engine.dialect.name
    _asked[kind, operation] = 0
    for caller, target, call in cells(thrifty, line):
        _asked[kind, operation] += 1
        reply = asking.ask(caller, call)
        if reply.is_success and call.method != "GET":
            thrifty.kept = {}
        wanted = declared(line, caller, target)
        if reply.status_code != wanted:
            wrong.append((caller.name, target, wanted, reply.status_code, reply.text[:160]))
        if target in UNSEEN and caller.letter != "O":
            unseen[caller.name].append(reply)
    assert wrong == []
    for name, replies in unseen.items():
        first, *others = map(_without_number, replies)
        assert all(other == first for other in others), name


def test_there_are_enough_cells() -> None:
    kinds = {kind for kind, _ in _asked}
    if not kinds or set(_asked) != set(product(kinds, LINES)):
        pytest.skip("not every operation was asked in this run")
    for kind in kinds:
        n_cells = sum(n for (database, _), n in _asked.items() if database == kind)
        print(f"{kind}: {n_cells} cells")  # noqa: T201 - a figure
        assert n_cells >= FEWEST_CELLS


def _without_number(reply: httpx2.Response) -> tuple[int, Any, dict[str, str]]:
    body = reply.json()
    body.pop("request_id", None)
    headers = {n: v for n, v in reply.headers.items() if n.lower() not in _TELLING}
    return reply.status_code, body, headers
