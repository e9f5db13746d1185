"""The outermost layer: as whom a request acts before anybody was recognised."""

from starlette.types import ASGIApp, Receive, Scope, Send

from models.viewer import acting_as, system


class Entrance:
    """ASGI middleware that lets nothing of whoever started the service into a request."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        with acting_as(system("api")):
            await self._app(scope, receive, send)
