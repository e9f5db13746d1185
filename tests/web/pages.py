"""Every page of the console, and who looks at it."""

from playwright.sync_api import Page, expect

from tests.web.conftest import BASE_LOGIN, LOGIN, PROVIDER_LOGIN
from tests.web.user import TEXT, TITLE

PAGES: tuple[tuple[str, str], ...] = (
    (BASE_LOGIN, "start"),
    (BASE_LOGIN, "post"),
    (BASE_LOGIN, "mine"),
    (BASE_LOGIN, "demands"),
    (BASE_LOGIN, "dealings"),
    (BASE_LOGIN, "notices"),
    (BASE_LOGIN, "subscriptions"),
    (BASE_LOGIN, "cases"),
    (BASE_LOGIN, "imports"),
    (BASE_LOGIN, "account"),
    (PROVIDER_LOGIN, "start"),
    (PROVIDER_LOGIN, "recommended"),
    (PROVIDER_LOGIN, "profile"),
    (LOGIN, "figures"),
    (LOGIN, "organisations"),
    (LOGIN, "people"),
    (LOGIN, "keys"),
    (LOGIN, "widgets"),
    (LOGIN, "webhooks"),
    (LOGIN, "taxonomy"),
    (LOGIN, "audit"),
)
NAMES = [f"{login} {name}" for login, name in PAGES]


def wait_until_shown(page: Page) -> None:
    """Wait until a page has its heading and nothing on it is being loaded."""
    page.get_by_role("heading", level=1).wait_for()
    expect(page.locator(".loading, .busy, [aria-busy=true]")).to_have_count(0)


def post_demand(page: Page, title: str = TITLE) -> str:
    """Publish a demand as whoever is signed in and return its key."""
    reply = page.request.post(
        "/v1/demands",
        data={"title": title, "description": TEXT, "visibility": "public", "publish": True},
    )
    assert reply.ok, reply.text()
    key: str = reply.json()["id"]
    return key
