"""Which pages of other sites may read a reply: those a widget token names, and no others."""

from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.authentication import WIDGET_PATH
from api.entrance import PRINCIPAL, REFUSAL
from api.errors import problem_of, reply
from api.identity.principal import NOBODY, Principal
from api.schemas.problem import Problem
from models.errors import ForbiddenError, NavmatchError

PREFLIGHT_S: Final = "600"
_READABLE: Final = "Retry-After, X-Request-ID"
_SENDABLE: Final = "Accept-Language, Content-Type, X-Request-ID"


class CrossOrigin:
    """ASGI middleware for the addresses of the widget; other replies no other site can read.

    A page whose token does not name its origin is told nothing it could read: its browser only
    says that there was a problem with CORS.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, and let the browser hand the reply to the page that may have it."""
        if scope["type"] != "http" or not scope["path"].startswith(WIDGET_PATH):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        origin = headers.get("origin")
        is_listed = origin is not None and origin in _listed(scope)

        async def send_marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                marked = MutableHeaders(scope=message)
                marked.add_vary_header("Origin")
                if is_listed and origin is not None:
                    marked["Access-Control-Allow-Origin"] = origin
                    marked["Access-Control-Expose-Headers"] = _READABLE
                    marked["Cross-Origin-Resource-Policy"] = "cross-origin"
            await send(message)

        if scope["method"] == "OPTIONS" and "access-control-request-method" in headers:
            answer = _permission(headers) if is_listed else reply(_refusal(scope))
            await answer(scope, receive, send_marked)
            return
        await self._app(scope, receive, send_marked)


def _listed(scope: Scope) -> frozenset[str]:
    """Return the origins the token of a request names."""
    principal: Principal = scope["state"].get(PRINCIPAL, NOBODY)
    return principal.terms.origins if principal.terms is not None else frozenset()


def _permission(headers: Headers) -> Response:
    """Return the answer to what a browser asks before a request that is not plain.

    Pages on the internet that ask a service in a private network ask for that too.
    """
    given = {
        "Access-Control-Allow-Methods": "GET",
        "Access-Control-Allow-Headers": _SENDABLE,
        "Access-Control-Max-Age": PREFLIGHT_S,
    }
    if headers.get("access-control-request-private-network") == "true":
        given["Access-Control-Allow-Private-Network"] = "true"
    return Response(status_code=204, headers=given)


def _refusal(scope: Scope) -> Problem:
    error: NavmatchError | None = scope["state"].get(REFUSAL)
    refused = error or ForbiddenError("这个网站没有许可使用的嵌入令牌。")
    return problem_of(refused, scope["state"].get("request_id"))
