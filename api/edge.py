"""What surrounds every request: its size, protective headers, the last resort."""

import logging
from collections.abc import Callable
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import body_too_large, forbidden_problem, last_problem, problem_of_http, reply
from api.observer import REQUEST_ID_HEADER
from api.origins import Origins
from api.schemas.problem import Problem

CONTENT_SECURITY_POLICY: Final = (
    "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
)

_log = logging.getLogger("navmatch.api")


class Edge:
    """ASGI middleware around the whole application, inside of what recognises callers."""

    def __init__(
        self, app: ASGIApp, max_body_bytes: Callable[[Scope], int], origins: Origins
    ) -> None:
        """Set the limit of a body's length by request, and from where requests may come."""
        self._app = app
        self._max_body_bytes = max_body_bytes
        self._origins = origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; whatever goes wrong, the reply is a problem with its number."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        request_id: str = scope["state"]["request_id"]
        started = False
        max_bytes = self._max_body_bytes(scope)

        async def send_marked(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                _protect(MutableHeaders(scope=message), request_id)
            await send(message)

        n_received = 0

        async def receive_counted() -> Message:
            nonlocal n_received
            message = await receive()
            n_received += len(message.get("body", b""))
            if n_received > max_bytes:
                raise body_too_large()
            return message

        problem = self._refusal(scope, headers, request_id)
        if problem is not None:
            await reply(problem)(scope, receive, send_marked)
            return
        try:
            await self._app(_as_get(scope), receive_counted, send_marked)
        except Exception as error:
            _log.exception("request %s failed", request_id)
            if started:
                raise
            await reply(last_problem(error, request_id))(scope, receive, send_marked)

    def _refusal(self, scope: Scope, headers: Headers, request_id: str) -> Problem | None:
        """Return the problem of a request that is refused before anything of it is read."""
        code = self._origins.refusal(scope["method"], headers)
        if code is not None:
            return forbidden_problem(code, request_id)
        if _announced_bytes(headers) > self._max_body_bytes(scope):
            return problem_of_http(body_too_large(), request_id)
        return None


def _announced_bytes(headers: Headers) -> int:
    length = headers.get("content-length", "0")
    return int(length[:20]) if length.isascii() and length.isdigit() else 0


def _as_get(scope: Scope) -> Scope:
    """Return the scope in which HEAD is served like GET; the server leaves the body out."""
    return {**scope, "method": "GET"} if scope["method"] == "HEAD" else scope


def _protect(headers: MutableHeaders, request_id: str) -> None:
    headers[REQUEST_ID_HEADER] = request_id
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "no-referrer"
    if headers.get("content-type", "").startswith("text/html"):
        headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
