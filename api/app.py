"""The HTTP application: wires the routes around one service."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Final

from anyio import to_thread
from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.responses import FileResponse, HTMLResponse
from fastapi.routing import APIRoute
from fastapi.staticfiles import StaticFiles
from starlette.types import Scope

from api.admission import Admission, brings_file
from api.authentication import Recogniser
from api.cross_origin import CrossOrigin
from api.dependencies import authorise, make_parts, name_operation
from api.docs_page import POLICY, write_docs
from api.edge import Edge
from api.entrance import Entrance
from api.errors import add_handlers
from api.idempotency import Idempotency
from api.logs import LogFormat, set_up_logs
from api.observer import Observer
from api.openapi import describe_access, serve_document
from api.origins import Origins
from api.permission import check_complete
from api.program import program_version
from api.rates import Rates
from api.readiness import Readiness
from api.routes import (
    accounts,
    analytics,
    audit,
    bases,
    capabilities,
    cases,
    catalogue,
    demands,
    embedding,
    erasures,
    exports,
    fits,
    health,
    imports,
    interactions,
    invitations,
    keys,
    match_runs,
    matches,
    notifications,
    providers,
    reports,
    session,
    subscriptions,
    taxonomies,
    webhooks,
    widget,
)
from api.settings import Settings, arm_failpoints
from api.telling import make_rounds
from api.uploads import MAX_UPLOAD_BYTES
from api.versions import Versions
from api.wiring import Service

ROUTERS: Final[tuple[APIRouter, ...]] = (
    session.router,
    accounts.router,
    keys.router,
    invitations.router,
    exports.router,  # before those whose `{id}` would take its addresses for keys
    interactions.router,
    notifications.router,
    webhooks.router,
    subscriptions.router,
    fits.router,
    analytics.router,
    audit.router,
    erasures.router,
    demands.router,
    reports.router,
    providers.router,
    capabilities.router,
    cases.router,
    bases.router,
    imports.router,
    matches.router,
    match_runs.router,
    catalogue.router,
    taxonomies.router,
    widget.router,
    embedding.router,
    health.router,
)

STATIC: Final = Path(__file__).parent / "static"
CONSOLE: Final = STATIC / "console"
DOCS: Final = STATIC / "swagger"

TITLE: Final = "专利导航需求匹配检索服务"
DESCRIPTION: Final = (
    "需求进，排好序、讲得清的服务机构出。所有错误答复都是 application/problem+json（RFC 9457），"
    "带稳定的 code 和中文说明。检索答复带索引版本 version；分档（强、较强、一般、弱）按同一索引中的"
    "随机配对校准，分数不是百分比。文本位置按字符（码点）计，从规范化的“标题+换行+正文”的开头算起。"
)


def create_app(
    settings: Settings | None = None,
    make_service: Callable[[Settings], Service] = Service.from_settings,
) -> FastAPI:
    """Return the application; the service opens when it starts and closes when it stops.

    Args:
        settings: What the installation is set to; read from the environment when None.
        make_service: Wires the service.
    """
    arm_failpoints()
    chosen = settings or Settings()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        set_up_logs(LogFormat(chosen.log_format), chosen.log_level)
        service = make_service(chosen)
        try:
            service.open()
            app.state.parts = make_parts(service)
            rounds = make_rounds(service, app.state.parts.matching)
            rounds.start()
            app.state.parts.import_work.start()
            app.state.recogniser = Recogniser(service.identity)
            app.state.metrics = service.metrics
            app.state.readiness = Readiness(service)
            app.state.note_denial = partial(service.auditing.note_denial, service.database)
            yield
            app.state.parts.import_work.stop()
            rounds.stop()
            app.state.readiness.close()
        finally:
            service.close()

    app = FastAPI(
        title=TITLE,
        description=DESCRIPTION,
        version=program_version(),
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        generate_unique_id_function=lambda route: route.name,
        dependencies=[Depends(name_operation), Depends(authorise)],
    )
    app.state.settings = chosen
    origins = Origins(chosen.host, chosen.extra_hosts)
    app.add_middleware(Idempotency)
    app.add_middleware(
        Admission,
        rates=Rates(chosen.workers),
        search_deadline_s=chosen.search_deadline_s,
        write_deadline_s=chosen.write_deadline_s,
    )
    app.add_middleware(CrossOrigin)
    app.add_middleware(
        Edge, max_body_bytes=partial(body_limit, chosen.max_body_bytes), origins=origins
    )
    app.add_middleware(Entrance)
    app.add_middleware(Observer)
    app.add_middleware(Versions)
    add_handlers(app)
    for router in ROUTERS:
        app.include_router(router)
    _serve_pages(app)
    check_complete(operations_of(app))
    describe_access(app)
    serve_document(app)
    return app


def body_limit(max_bytes: int, scope: Scope) -> int:
    """Return how long the body of a request may be: files are taken of those we know."""
    if brings_file(scope):
        return max(max_bytes, MAX_UPLOAD_BYTES)
    return max_bytes


def operations_of(app: FastAPI) -> list[str]:
    """Return the names of all operations of an application."""
    routes = [*app.routes, *(route for router in ROUTERS for route in router.routes)]
    return [route.name for route in routes if isinstance(route, APIRoute)]


def _serve_pages(app: FastAPI) -> None:
    """Serve the documentation pages and the console; none asks another host for anything."""
    app.state.docs = None
    app.get("/docs", include_in_schema=False)(read_docs)
    app.get("/docs/try", include_in_schema=False)(try_operations)
    app.mount("/docs/assets", StaticFiles(directory=DOCS), name="docs")
    if (CONSOLE / "index.html").is_file():
        app.frontend("/", directory=CONSOLE, fallback=None)


# FastAPI remembers handlers for good: one that named its application would keep all of it.
async def read_docs(request: Request) -> HTMLResponse:
    """Show every operation on one page."""
    app: FastAPI = request.app
    if app.state.docs is None:  # as the document: once, not for each reader
        app.state.docs = await to_thread.run_sync(lambda: write_docs(app.openapi()))
    return HTMLResponse(app.state.docs, headers={"Content-Security-Policy": POLICY})


async def try_operations() -> FileResponse:
    """Show the page on which operations are tried."""
    return FileResponse(DOCS / "index.html")
