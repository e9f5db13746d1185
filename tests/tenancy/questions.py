"""Every way of asking that could bring a hidden row up."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from itertools import product
from typing import Any, Final
from zipfile import ZipFile

import httpx2

from models.demand import Demand
from models.vocabulary.demand import DemandState
from tests.api.conftest import Running
from tests.security.acts import READ_ONLY
from tests.tenancy.call import Call, NoCellError
from tests.tenancy.caller import Caller
from tests.tenancy.calls import CALLS
from tests.tenancy.declared import LINES
from tests.tenancy.world import World

CANARY: Final = "鸩鹉"
"""Two characters no other text of the tests has; a number behind them tells where they stood."""

HIDDEN_TEXT: Final = (
    f"{CANARY}甲一：我公司要向南美洲出口{CANARY}牌水下焊接机器人，需要排查推进器和密封件的专利侵权风险，"
    f"给出{CANARY}规避设计建议，并在两个月内提交{CANARY}分析报告和风险专利名单。"
)


@dataclass(frozen=True)
class Planted:
    """Keys of the rows with the words in them."""

    demand: str
    provider: str
    capability: str
    case: str
    base: str


EXCUSED: Final[Mapping[str, str]] = {
    "read_local_metrics": "answers nobody but this machine, with numbers",
    "read_subscription_feed": "opened by a token of its own; list_found shows the same rows",
}
"""Operations that read and are asked of by nobody here, each with the reason."""

TARGETS: Final = ("hidden", "own")


@dataclass(frozen=True)
class Operation:
    """An operation of the service.

    Attributes:
        name: Its name.
        method: Its method.
        path: Its path, as a pattern.
    """

    name: str
    method: str
    path: re.Pattern[str]

    @property
    def reads(self) -> bool:
        """Whether it tells something to others than operators."""
        who = LINES[self.name].who if self.name in LINES else frozenset()
        return (self.method == "GET" or self.name in READ_ONLY) and bool(who - {"O"})


def operations_of(application: Running) -> list[Operation]:
    """All operations; of two whose path fits, the one named more exactly comes first."""
    app: Any = application.client.app
    found = [
        Operation(told["operationId"], method.upper(), re.compile(pattern))
        for path, methods in app.openapi()["paths"].items()
        for pattern in (re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path)),)
        for method, told in methods.items()
    ]
    return sorted(found, key=lambda one: (one.path.pattern.count("[^/]+"), -len(one.path.pattern)))


def reached(operations: Sequence[Operation], call: Call) -> str:
    """The operation a call reaches."""
    fitting = (o for o in operations if o.method == call.method and o.path.fullmatch(call.path))
    return next(fitting).name


def remaining(
    world: World, caller: Caller, operations: set[str], answered: set[str]
) -> Iterator[Call]:
    """Operations that told a caller nothing yet, asked for what is their own and what is hidden.

    The matrix sees to it that nobody is answered whom the table does not name.
    """
    for operation, target in product(sorted(operations), TARGETS):
        who = LINES[operation].who
        may = caller.letter in who or ("S" in who and caller.person_id is not None)
        if may and operation not in answered:
            with suppress(NoCellError):
                yield CALLS[operation](world, caller, target)


def questions(world: World, caller: Caller, planted: Planted) -> Iterator[Call]:
    """Every way of asking that could bring a hidden row up."""
    for path in ("/v1/demands", "/v1/providers", "/v1/cases", "/v1/bases"):
        yield Call("GET", path, None, {"limit": 50})
        yield Call("GET", path, None, {"limit": 50, "text": CANARY})
        yield Call("GET", path, None, {"limit": 50, "region": "11"})
    for path in ("/v1/demands", "/v1/cases"):
        yield Call("GET", path, None, {"limit": 50, "industry": "1.2"})
    # what somebody sends comes back to them: the question has other words
    other = {"text": HIDDEN_TEXT.replace(CANARY, "")}
    yield Call("POST", "/v1/preview", {"description": other["text"]})
    queries = {
        direction: {"direction": direction, "text": other, "k": 50, "fold": False}
        for direction in ("d2p", "d2d", "d2c")
    }
    yield Call("POST", "/v1/match", {"queries": queries})
    backwards = {d: {"direction": d, "text": other, "k": 50} for d in ("p2d", "p2c")}
    yield Call("POST", "/v1/match", {"queries": backwards})
    yield Call("GET", "/v1/widget/matches", None, {"text": other["text"], "limit": 10})
    yield from _about_own(world, caller, planted)
    for what in ("demands", "providers", "cases", "interactions"):
        yield Call("GET", f"/v1/{what}/export", None, {"format": "csv"})
    yield Call("GET", "/v1/demands/export")  # a workbook
    for path in (
        f"/v1/providers/{planted.provider}/capabilities/export",
        f"/v1/demands/{planted.demand}/matches/export",
    ):
        yield Call("GET", path, None, {"format": "csv"})
    yield Call("GET", f"/v1/demands/{planted.demand}/report")
    yield Call("GET", "/v1/imports")
    for path in ("/v1/organisations", "/v1/people", "/v1/keys", "/v1/widget-tokens", "/v1/audit"):
        yield Call("GET", path)
    yield Call("GET", "/v1/invitations")
    for path in (
        f"/v1/demands/{planted.demand}",
        f"/v1/demands/{planted.demand}/matches",
        f"/v1/demands/{planted.demand}/similar",
        f"/v1/demands/{planted.demand}/cases",
        f"/v1/demands/{planted.demand}/ipc",
        f"/v1/providers/{planted.provider}",
        f"/v1/providers/{planted.provider}/capabilities",
        f"/v1/providers/{planted.provider}/matches",
        f"/v1/capabilities/{planted.capability}",
        f"/v1/cases/{planted.case}",
        f"/v1/bases/{planted.base}",
        f"/v1/contacts/{planted.demand}",
    ):
        yield Call("GET", path)


def _about_own(world: World, caller: Caller, planted: Planted) -> Iterator[Call]:
    if caller.base is not None:
        key = world.fresh(Demand, caller.base, state=DemandState.PUBLISHED)
        for what in ("matches", "similar", "cases"):
            yield Call("GET", f"/v1/demands/{key}/{what}", None, {"k": 50})
        pair = {"provider": planted.provider}
        yield Call("GET", f"/v1/demands/{key}/comparison", None, pair)
        wide = {"k": 50, "include_weak": "true", "fold": "false"}
        yield Call("GET", f"/v1/demands/{key}/matches/export", None, {**wide, "format": "csv"})
        for format_ in ("html", "docx"):
            yield Call("GET", f"/v1/demands/{key}/report", None, {**wide, "format": format_})
    if caller.provider is not None:
        key = world.providers[caller.provider].id
        for what in ("matches", "cases"):
            yield Call("GET", f"/v1/providers/{key}/{what}", None, {"k": 50})
        yield Call("GET", f"/v1/providers/{key}/fit", None, {"demand": planted.demand})


def told(reply: httpx2.Response) -> str:
    """What an answer says; that of a workbook or Word file is packed."""
    if not reply.content.startswith(b"PK"):
        return reply.text
    with ZipFile(BytesIO(reply.content)) as archive:
        return "".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
