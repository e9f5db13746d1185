"""Whether a request is let in: not too many, not too often, and done by a certain time."""

import time
from contextlib import ExitStack
from typing import Final

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.addresses import counted_as, parse_address
from api.bodies import Arrivals
from api.entrance import PRINCIPAL
from api.errors import PROBLEM, problem_of, problem_of_http, reply
from api.identity.principal import NOBODY, Means, Principal
from api.identity.sign_ins import CodeNeededError
from api.load import SearchSlots
from api.metrics import count_refusal
from api.origins import only_asks
from api.rates import Allowance, Rate, RateExceededError, Rates, cost_of
from api.uploads import (
    DOWNLOAD_S,
    DOWNLOAD_TOKENS,
    UPLOAD_TOKENS,
    is_download,
    is_upload,
)
from models.deadline import due_at
from models.errors import NavmatchError

API_PATHS: Final = "/v1/"
WIDGET_PATHS: Final = "/v1/widget/"
SIGN_IN: Final = ("POST", "/v1/session")
_REFUSED: Final = 400
"""Status from which on a sign-in did not succeed."""

CALLER: Final = "caller"
"""Where among the state of a request stands who shares the places for work under way."""

BYTES_PER_S: Final = 20_000
"""What of a body has to be worked off in one more second: a provider may come with 50
capabilities, each of which is read and encoded."""

MAX_IN_FLIGHT: Final = 128
"""Requests under way in a process, searches among them. 40 threads work them off; who waits for
one is not refused, since reading a row takes milliseconds."""


class Admission:
    """ASGI middleware inside of what recognises callers.

    Health and readiness lie outside of what it looks at, so they never wait for anything.
    """

    def __init__(
        self, app: ASGIApp, rates: Rates, search_deadline_s: float, write_deadline_s: float
    ) -> None:
        """Set what is allowed.

        Args:
            app: What it lets requests in to.
            rates: How much each caller may ask in a minute.
            search_deadline_s: Seconds a question may take.
            write_deadline_s: Seconds a change may take.
        """
        self._app = app
        self._rates = rates
        self._places = SearchSlots(MAX_IN_FLIGHT)
        self._of_strangers, self._of_known = Arrivals(), Arrivals()
        self._search_deadline_s = search_deadline_s
        self._write_deadline_s = write_deadline_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or say why not now."""
        if scope["type"] != "http" or not scope["path"].startswith(API_PATHS):
            await self._app(scope, receive, send)
            return
        state = scope.setdefault("state", {})
        principal: Principal = state.get(PRINCIPAL, NOBODY)
        state[CALLER] = caller = caller_of(scope, principal)
        with ExitStack() as held:
            try:
                self._count(scope, principal, caller)
                if _waits_for_body(scope):
                    is_known = principal.means is not Means.NOTHING
                    arrivals = self._of_known if is_known else self._of_strangers
                    receive = await arrivals.whole(receive)
                held.enter_context(self._places.take(caller))
            except NavmatchError as error:
                await _refuse(error, scope, receive, send)
                return
            except HTTPException as error:
                problem = problem_of_http(error, state.get("request_id"))
                await reply(problem)(scope, receive, send)
                return
            held.enter_context(due_at(time.monotonic() + self._seconds(scope)))
            await self._app(scope, receive, self._watched(scope, send))

    def _count(self, scope: Scope, principal: Principal, caller: str) -> None:
        """Take the tokens of a request; who calls from this very host is not counted."""
        address = _address(scope)
        if address is None:
            return
        cost = cost_of(_body_bytes(scope), len(scope["query_string"]))
        if is_upload(scope["method"], scope["path"]):
            cost = min(cost, UPLOAD_TOKENS)
        elif is_download(scope["path"]):
            cost += DOWNLOAD_TOKENS
        if _signs_in(scope):
            self._rates.take(Allowance.SIGN_IN, address)
        if principal.means is Means.WIDGET:
            self._rates.take(Allowance.WIDGET, address, cost)
            terms = principal.terms
            own = Rate(terms.per_minute, 60) if terms is not None else None
            self._rates.take(Allowance.SITE, principal.credential_id or "", cost, own)
        elif principal.means is Means.NOTHING:
            self._rates.take(Allowance.STRANGER, address, cost)
        else:
            organisation = principal.viewer.organisation_id
            self._rates.take(Allowance.ORGANISATION, organisation or caller, cost)

    def _watched(self, scope: Scope, send: Send) -> Send:
        """Return what sends an answer; a sign-in that went well so far is not counted.

        All people of an office may come from one address; only guessing is to be slow. Who is
        asked for the code has given the right password.
        """
        address = _address(scope)
        if address is None or not _signs_in(scope):
            return send

        async def watch(message: Message) -> None:
            if message["type"] == "http.response.start" and (
                message["status"] < _REFUSED or scope["state"].get(PROBLEM) == CodeNeededError.code
            ):
                self._rates.give_back(Allowance.SIGN_IN, address)
            await send(message)

        return watch

    def _seconds(self, scope: Scope) -> float:
        if is_download(scope["path"]):
            return max(self._search_deadline_s, DOWNLOAD_S)
        if only_asks(scope["method"], scope["path"]):
            return self._search_deadline_s
        return self._write_deadline_s + (_body_bytes(scope) or 0) / BYTES_PER_S


def brings_file(scope: Scope) -> bool:
    """Return whether a request carries a file of somebody we know; of others none is taken."""
    principal: Principal = scope["state"].get(PRINCIPAL, NOBODY)
    is_known = principal.means in (Means.SIGN_IN, Means.KEY)
    return is_known and is_upload(scope["method"], scope["path"])


def _waits_for_body(scope: Scope) -> bool:
    """Return whether a request gets its place once its body is there.

    Files are long, and taken of those we know: each has its part of the places, and no more.
    """
    return _body_bytes(scope) != 0 and not brings_file(scope)


def _signs_in(scope: Scope) -> bool:
    return (scope["method"], scope["path"]) == SIGN_IN


def caller_of(scope: Scope, principal: Principal) -> str:
    """Return who shares the places for work under way: a credential, or an address.

    Rates go by organisation, or more keys would get it more. Places do not: they are only held
    for as long as the work takes, and the people of a large organisation would all share one part.
    """
    if principal.means is not Means.NOTHING and principal.credential_id:
        return principal.credential_id
    client = scope.get("client")
    return str(client[0]) if client else ""


def _address(scope: Scope) -> str | None:
    """Return the address a request comes from; None for this host itself, without a proxy."""
    client = scope.get("client")
    address = parse_address(client[0] if client else "")
    return None if address is None or address.is_loopback else counted_as(str(address))


def _body_bytes(scope: Scope) -> int | None:
    """Return the length of the body; None where it was not announced.

    In pieces it comes whatever length is announced as well.
    """
    headers = Headers(scope=scope)
    if "transfer-encoding" in headers:
        return None
    length = headers.get("content-length", "0")
    return int(length) if length.isascii() and length.isdigit() else None


async def _refuse(error: NavmatchError, scope: Scope, receive: Receive, send: Send) -> None:
    count_refusal(scope["app"].state, error)
    wait_s = error.wait_s if isinstance(error, RateExceededError) else None
    headers = {} if wait_s is None else {"Retry-After": str(wait_s)}
    problem = problem_of(error, scope["state"].get("request_id"))
    await reply(problem, headers)(scope, receive, send)
