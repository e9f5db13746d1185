"""The outermost layer: as whom a request acts, settled before anything of it is done."""

from typing import Final

from anyio import to_thread
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from api.authentication import Recogniser, Request
from api.identity.principal import NOBODY, Principal
from api.origins import only_asks
from models.errors import NavmatchError
from models.viewer import ANONYMOUS, acting_as

API_PATHS: Final = "/v1/"
PRINCIPAL: Final = "principal"
REFUSAL: Final = "refusal"


class Entrance:
    """ASGI middleware that lets nothing of whoever started the service into a request.

    It answers nothing itself: why somebody was not recognised is kept for the check of the
    operation, since some are open to everybody.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request as whoever sent it."""
        with acting_as(ANONYMOUS):
            if scope["type"] != "http":
                await self._app(scope, receive, send)
                return
            principal, refusal = await _recognised(scope)
            state = scope.setdefault("state", {})
            state[PRINCIPAL], state[REFUSAL] = principal, refusal
            with acting_as(principal.viewer):
                await self._app(scope, receive, send)


async def _recognised(scope: Scope) -> tuple[Principal, NavmatchError | None]:
    """Return who sent a request, or why that is not known."""
    headers = Headers(scope=scope)
    sent = "authorization" in headers or "cookie" in headers or "token=" in _query(scope)
    is_page = scope["path"].startswith("/v1/widget/") and "origin" in headers
    if not scope["path"].startswith(API_PATHS) or not (sent or is_page):
        return NOBODY, None
    recogniser: Recogniser = scope["app"].state.recogniser
    asks = only_asks(scope["method"], scope["path"])
    request = Request(scope["path"], _query(scope), headers, scope["scheme"] == "https", asks)
    if scope["app"].state.parts.slots.is_shedding:
        known = recogniser.known_lately(request)
        if known is not None:
            return known, None
    try:
        return await to_thread.run_sync(recogniser.recognise, request), None
    except NavmatchError as error:
        return NOBODY, error


def _query(scope: Scope) -> str:
    query: bytes = scope["query_string"]
    return query.decode("latin-1")
