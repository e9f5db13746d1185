"""The outermost layer: gives a request its number, and says afterwards how it went."""

import logging
import re
from collections.abc import Callable
from ipaddress import ip_address, ip_network
from time import perf_counter
from typing import Final

from anyio import to_thread
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from ulid import ULID

from api.logs import cover_text
from api.metrics import Metrics
from models.occasion import Occasion, current_occasion, during
from models.stages import Stopwatch, stopwatch
from models.viewer import Viewer

REQUEST_ID_HEADER: Final = "X-Request-ID"
UNROUTED: Final = "unrouted"
LEFT: Final = 499
"""Status noted for a caller who went away before the answer."""

FORBIDDEN: Final = 403

_QUIET: Final = frozenset({"read_health", "read_readiness", "read_metrics", "read_local_metrics"})
"""Operations that are asked every few seconds; logged only when they fail."""

_ACCEPTED_ID = re.compile(r"[A-Za-z0-9._-]{8,36}")  # a UUID fits, a token does not
_log = logging.getLogger("navmatch.request")


class Observer:
    """ASGI middleware around everything else; changes nothing of request or reply."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, then write its line and its figures."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = _request_id(Headers(scope=scope).get(REQUEST_ID_HEADER))
        scope.setdefault("state", {})["request_id"] = request_id
        status = 0

        async def send_noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        metrics: Metrics | None = getattr(scope["app"].state, "metrics", None)
        if metrics is not None:
            metrics.note_under_way(1)
        began = perf_counter()
        occasion = Occasion(UNROUTED, request_id, mask_address(scope.get("client")))
        with during(occasion), stopwatch() as watch:
            try:
                await self._app(scope, receive, send_noting)
            finally:
                if metrics is not None:
                    metrics.note_under_way(-1)
                _report(scope, metrics, status or LEFT, perf_counter() - began, watch)
            viewer = _viewer(scope)
            if status == FORBIDDEN and viewer is not None:
                await _note_denial(scope, viewer)


def _report(
    scope: Scope, metrics: Metrics | None, status: int, seconds: float, watch: Stopwatch
) -> None:
    operation = current_occasion().act
    if metrics is not None:
        metrics.note_request(operation, status, seconds)
        metrics.note_stages(operation, watch.seconds)
    told: dict[str, object] = {
        "operation": operation,
        "status": status,
        "ms": round(seconds * 1_000, 1),
        "stages": {stage.value: round(s * 1_000, 1) for stage, s in watch.seconds.items()},
    }
    viewer = _viewer(scope)
    if viewer is not None:
        told |= {"actor": viewer.actor, "role": viewer.role.value, "for": viewer.organisation_id}
    is_failed = status >= 500
    quiet = operation in _QUIET and not is_failed
    _log.log(
        logging.DEBUG if quiet else logging.WARNING if is_failed else logging.INFO,
        "request",
        extra=told,
    )


async def _note_denial(scope: Scope, viewer: Viewer) -> None:
    """Have it recorded that somebody known was refused, now that nothing else is under way."""
    note: Callable[[Viewer], None] | None = getattr(scope["app"].state, "note_denial", None)
    if note is not None:
        await to_thread.run_sync(note, viewer)


def _viewer(scope: Scope) -> Viewer | None:
    """Return who sent the request, where somebody was recognised."""
    viewer = getattr(scope["state"].get("principal"), "viewer", None)
    return viewer if isinstance(viewer, Viewer) and viewer.actor else None


def _request_id(wanted: str | None) -> str:
    """Return the caller's number when it is harmless, else a fresh one."""
    is_harmless = wanted and _ACCEPTED_ID.fullmatch(wanted) and cover_text(wanted) == wanted
    return wanted if wanted and is_harmless else str(ULID())


def mask_address(client: tuple[str, int] | None) -> str | None:
    """Return the network an address is of, /24 or /48; loopback addresses stay as they are."""
    try:
        address = ip_address(client[0] if client else "")
    except ValueError:
        return None
    if address.is_loopback:
        return str(address)
    prefix = 24 if address.version == 4 else 48
    return str(ip_network(f"{address}/{prefix}", strict=False).network_address)
