"""A service with public rows, and pages of other sites in a real browser."""

import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import urlsplit

import httpx2
import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Dialog, Frame, Page

from api.app import create_app
from api.embedding import SCRIPT, Embedding
from api.schemas import examples
from api.settings import Settings
from api.wiring import Service
from tests.credentials import bearer, make_key
from tests.web.conftest import PATIENCE_MS, browser, make_service  # noqa: F401 - the fixture

STRICT: Final = (
    "default-src 'none'; script-src {service}; connect-src {service}; frame-src {service}; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
"""A policy that forbids styles and scripts in the page, and making any script from text."""

HOSTILE_NAME: Final = "恶意机构<script>window.broken=1</script>"
HOSTILE_TITLE: Final = "侵权风险排查<img src=x onerror=window.broken=1>"


MORE_DEMANDS: Final[tuple[dict[str, Any], ...]] = (
    {
        "title": "氢燃料电池膜电极产业规划类专利导航",
        "description": "园区拟布局氢燃料电池膜电极，请分析全球专利布局、主要创新主体和产业链短板，"
        "提出发展方向和招商名单，供编制产业规划使用。",
        "region_code": "440600",
        "scenario_tags": ["IND.POSITION"],
    },
    {
        "title": "引进固态电池研发团队前的知识产权评议",
        "description": "拟引进一支固态电池研发团队，请核查其专利的权属、法律状态和侵权风险，"
        "评价技术水平，给出能否引进的意见。",
        "region_code": "330100",
        "scenario_tags": ["TAL.RISK"],
    },
)
ANOTHER_CASE: Final[dict[str, Any]] = {
    "title": "工业机器人减速器产业专利导航",
    "region_code": "330200",
    "scenario_tags": ["IND.POSITION"],
}


@dataclass(frozen=True)
class Served:
    """A running service and what is stored in it.

    Attributes:
        url: Its address.
        token: Widget token for the listed site.
        other_token: Widget token that shows only cases.
        demand: Key of a public demand that has matches.
        provider: Key of a public provider that has matches.
    """

    url: str
    token: str
    other_token: str
    demand: str
    provider: str


class Site:
    """A web site of somebody else; known by two names, of which a token lists the first."""

    def __init__(self) -> None:
        self._pages: dict[str, tuple[str, str | None]] = {}
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                page, policy = site._pages.get(urlsplit(self.path).path, ("", None))
                body = page.encode()
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                if policy:
                    self.send_header("Content-Security-Policy", policy)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        port = self.server.server_address[1]
        self.listed = f"http://127.0.0.1:{port}"
        self.unlisted = f"http://localhost:{port}"

    def put(self, body: str, policy: str | None = None, head: str = "") -> str:
        """Publish a page and return its path."""
        top = f"<!doctype html><html lang=zh-CN><head><title>门户</title>{head}</head>"
        return self.put_page(f"{top}<body><main><h1>门户</h1>{body}</main></body></html>", policy)

    def put_page(self, page: str, policy: str | None) -> str:
        """Publish a whole page and return its path."""
        path = f"/{len(self._pages)}"
        self._pages[path] = (page, policy)
        return path


@pytest.fixture(scope="session")
def portal() -> Iterator[Site]:
    """The other site."""
    site = Site()
    thread = threading.Thread(target=site.server.serve_forever)
    thread.start()
    yield site
    site.server.shutdown()
    site.server.server_close()
    thread.join()


@pytest.fixture(scope="session")
def served(portal: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A service with public rows of every kind, some of them hostile."""
    folder = tmp_path_factory.mktemp("served")
    settings = Settings(data_dir=folder, search_deadline_s=60, write_deadline_s=60)
    made: list[Service] = []

    def making(chosen: Settings) -> Service:
        made.append(make_service(chosen))
        return made[0]

    with socket.create_server(("127.0.0.1", 0)) as listening:
        app = create_app(settings, making)
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", ws="none"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        yield _filled(url, made, portal)
        server.should_exit = True
        thread.join()


def _filled(url: str, made: list[Service], portal: Site) -> Served:
    transport = httpx2.HTTPTransport(retries=50)  # until it listens
    with httpx2.Client(base_url=url, transport=transport, timeout=60) as client:
        client.get("/healthz")
        client.headers.update(bearer(make_key(made[0].database)))
        public = {"visibility": "public", "scenario_tags": ["ENT.RISK"]}
        for changes in MORE_DEMANDS:
            _post(client, "/v1/demands", {**examples.DEMAND, **public, **changes})
        demand = _post(client, "/v1/demands", {**examples.DEMAND, **public})
        capability = {**examples.CAPABILITY, "visibility": "public"}
        for name, title in (
            ("苏州甲子知识产权服务有限公司", "功率半导体出口侵权风险排查"),
            (HOSTILE_NAME, HOSTILE_TITLE),
        ):
            offered = [{**capability, "title": title}]
            body = {**examples.PROVIDER, "name": name, "capabilities": offered}
            made_provider = _post(client, "/v1/providers", {**body, "visibility": "public"})
        for changes in ({}, ANOTHER_CASE):
            _post(client, "/v1/cases", {**examples.CASE, "visibility": "public", **changes})
        tokens = [
            _post(
                client,
                "/v1/widget-tokens",
                {"name": "门户", "origins": [portal.listed], "kinds": kinds},
            )["token"]
            for kinds in (["providers", "demands", "cases"], ["cases"])
        ]
        made[0].synchroniser.catch_up()
    return Served(url, tokens[0], tokens[1], demand["id"], made_provider["id"])


def _post(client: httpx2.Client, path: str, body: dict[str, Any]) -> dict[str, Any]:
    reply = client.post(path, json=body)
    assert reply.status_code == 201, reply.text
    answer: dict[str, Any] = reply.json()
    return answer


@dataclass
class Watched:
    """What a page did that a user does not see.

    Attributes:
        complaints: Console errors and warnings, uncaught exceptions, dialogs.
        hosts: Hosts that were asked for something.
    """

    complaints: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)

    def follow(self, page: Page) -> None:
        page.on("console", lambda message: self._hear(message.type, message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("dialog", lambda dialog: self._close(dialog))
        page.on("request", lambda request: self._see(request.url))

    def _hear(self, kind: str, text: str) -> None:
        if kind in ("error", "warning") and "favicon" not in text:
            self.complaints.append(text)

    def _close(self, dialog: Dialog) -> None:
        self.complaints.append("dialog")
        dialog.dismiss()

    def _see(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https", "ws", "wss"):
            self.hosts.add(parts.netloc)


@pytest.fixture
def watched() -> Watched:
    return Watched()


Visit = Callable[..., Page]


@pytest.fixture
def visit(
    browser: Browser,  # noqa: F811 - the fixture
    served: Served,
    portal: Site,
    watched: Watched,
) -> Iterator[Visit]:
    """Publish a page and open it; afterwards it has asked no third host, and kept nothing."""
    contexts: list[BrowserContext] = []

    def visit(
        body: str,
        policy: str | None = STRICT,
        head: str = "",
        width: int = 900,
        origin: str | None = None,
        **options: Any,
    ) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 800}, **options)
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        page = context.new_page()
        watched.follow(page)
        policy = policy and policy.format(service=served.url)
        page.goto((origin or portal.listed) + portal.put(body, policy, head))
        return page

    yield visit
    for context in contexts:
        assert context.cookies() == []
        context.close()
    known = {urlsplit(url).netloc for url in (served.url, portal.listed, portal.unlisted)}
    assert watched.hosts <= known


def until(page: Page | Frame, condition: str) -> None:
    """Wait until a condition holds; playwright's own way of waiting needs `unsafe-eval`."""
    page.evaluate(
        f"""new Promise((done, fail) => {{
        setTimeout(() => fail(new Error("never")), {PATIENCE_MS});
        const look = () => ({condition}) ? done(null) : requestAnimationFrame(look);
        look(); }})"""
    )


def element(served: Served, attributes: str = "", token: str | None = None) -> str:
    """The snippet of an element."""
    return f'{script(served)}<navmatch-matches token="{token or served.token}" {attributes}>'


def script(served: Served) -> str:
    """The tag of the script, with its hash."""
    embedding = Embedding.load()
    return (
        f'<script src="{served.url}/widget/{embedding.version}/{SCRIPT}" '
        f'integrity="{embedding.integrity(SCRIPT)}" crossorigin="anonymous" defer></script>'
    )
