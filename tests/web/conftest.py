"""A served page, a real browser, and an eye on what the page asks for and complains about."""

import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from api.app import create_app
from api.identity.people import NewPerson
from api.schemas.provider import ProviderCreate
from api.schemas.service_base import BaseCreate
from api.settings import Settings
from api.wiring import Service
from indexer.encoder import HashEncoder
from models.vocabulary.access import Role
from tests.equipment import absent
from tests.web.providers import BASE, PROVIDERS

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LOGIN = "operator"
BASE_LOGIN = "base-clerk"
PROVIDER_LOGIN = "provider-manager"
PASSWORD = "correct-horse-7"  # noqa: S105 - opens nothing but the page of the tests
PATIENCE_MS = 20_000
"""A busy machine may take its time; nothing here measures speed."""

expect.set_options(timeout=PATIENCE_MS)

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def make_service(settings: Settings) -> Service:
    return Service.from_settings(settings, HashEncoder())


def find_browser() -> str:
    """Return the installed browser; the test ends where there is none."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    return found or absent("no chromium on this machine (apt-get install chromium)")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser for the tests of one file.

    Playwright's synchronous form leaves an event loop running in this thread until it is ended;
    tests of other files, run by the same process, could not start their own.
    """
    found = find_browser()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a service that holds a few providers and no demand, and asks for no code."""
    with serving(tmp_path_factory.mktemp("site"), second_factor=False) as address:
        yield address


@contextmanager
def serving(folder: Path, *, second_factor: bool) -> Iterator[str]:
    """Give the address of a service that holds a few providers and no demand.

    Args:
        folder: Its data.
        second_factor: Whether people who administer have to sign in with a code.
    """
    settings = Settings(
        data_dir=folder, search_deadline_s=60, write_deadline_s=60, second_factor=second_factor
    )
    service = make_service(settings)
    service.open(follow=False)
    first, *_ = [
        service.intake.providers.create(ProviderCreate.model_validate(provider))
        for provider in PROVIDERS
    ]
    base = service.intake.bases.create(BaseCreate.model_validate(BASE))
    for person in (
        NewPerson(LOGIN, "示例管理员", Role.OPERATOR, password=PASSWORD),
        NewPerson(BASE_LOGIN, "示例经办", Role.BASE_ADMIN, base.organisation_id, None, PASSWORD),
        NewPerson(
            PROVIDER_LOGIN, "示例经理", Role.PROVIDER_ADMIN, first.organisation_id, None, PASSWORD
        ),
    ):
        service.identity.people.add(person)
    service.close()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        app = create_app(settings, make_service)
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", ws="none"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join()


@dataclass
class Watched:
    """What a page did that a user does not see.

    Attributes:
        complaints: Console errors and uncaught exceptions.
        hosts: Hosts that were asked for something.
        previews: Bodies sent to be previewed.
    """

    complaints: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)
    previews: list[str] = field(default_factory=list)

    def follow(self, page: Page) -> None:
        page.on("console", lambda message: self._hear(message.type, message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self._see(request.url, request.post_data))

    def _hear(self, kind: str, text: str) -> None:
        if kind in ("error", "warning"):
            self.complaints.append(text)

    def _see(self, url: str, body: str | None) -> None:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https", "ws", "wss"):
            self.hosts.add(parts.netloc)
        if parts.path == "/v1/preview":
            self.previews.append(body or "")


OpenPage = Callable[..., Page]


@pytest.fixture
def watched() -> Watched:
    return Watched()


@pytest.fixture
def open_page(browser: Browser, site: str, watched: Watched) -> Iterator[OpenPage]:
    """Open the page in a fresh context; afterwards it has asked no other host for anything."""
    contexts: list[BrowserContext] = []

    def open_page(
        path: str = "/#/post",
        width: int = 1280,
        *,
        login: str = LOGIN,
        signed_in: bool = True,
        **options: object,
    ) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            locale="zh-CN",
            base_url=site,
            **options,  # type: ignore[arg-type]
        )
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        if signed_in:
            credentials = {"login": login, "password": PASSWORD}
            context.request.post("/v1/session", data=credentials)
        page = context.new_page()
        watched.follow(page)
        page.goto(path)
        if not signed_in:
            page.get_by_role("button", name="登录", exact=True).wait_for()
            return page
        page.get_by_role("heading", level=1).wait_for()
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert watched.hosts <= {urlsplit(site).netloc}
