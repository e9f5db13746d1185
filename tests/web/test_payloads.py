"""Goal S4 for the console: hostile texts in every field the service sends run nowhere.

Every text of every answer is replaced on its way to the page: what the service would never store
is shown all the same, so a page is safe by itself and not thanks to what checked its input.
"""

from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Page, Route

from tests.web.conftest import BASE_LOGIN, OpenPage, Watched
from tests.web.pages import NAMES, PAGES, post_demand, wait_until_shown
from tests.web.user import write

PAYLOADS: Final = tuple(
    Path(__file__).with_name("payloads.txt").read_text(encoding="utf-8").splitlines()
)
ALL: Final = "\n".join(PAYLOADS)
CHOICES: Final = frozenset(
    {
        *("id", "code", "state", "kind", "scheme", "band", "role", "outcome", "strength", "name"),
        *("action", "entity", "result", "entity_type", "my_side", "awaiting", "level", "grade"),
        *("clarity", "audience", "deliverable", "application", "visibility", "type", "value"),
        *("version", "next_cursor", "evidence_level", "hidden_reason", "due", "respond_by"),
        *("valid_until", "org_type", "act", "may", "acts", "scopes", "kinds", "parent"),
        *("source_ref", "confidentiality"),
    }
)
"""Fields that hold a value of a closed list, a key or a day; a page decides by them.

`name` is one only in vocabularies; elsewhere it is replaced as well.
"""
WATCH: Final = """
window.refused = [];
document.addEventListener("securitypolicyviolation", (event) => {
  window.refused.push(event.violatedDirective);
});
"""


class Poison:
    """Replaces texts by payloads, a different one each time; counts what it replaced."""

    def __init__(self, everywhere: str | None = None) -> None:
        """Set what stands in every field; one payload after the other when None."""
        self._everywhere = everywhere
        self.n_replaced = 0

    def answer(self, route: Route) -> None:
        response = route.fetch(max_retries=2)
        is_json = "json" in response.headers.get("content-type", "")
        if "/v1/session" in route.request.url or not is_json:
            route.fulfill(response=response)
            return
        is_vocabulary = "/v1/taxonomy" in route.request.url
        route.fulfill(response=response, json=self._poisoned(response.json(), is_vocabulary))

    def _poisoned(self, found: Any, is_vocabulary: bool, key: str = "") -> Any:
        if isinstance(found, dict):
            return {
                name: self._poisoned(value, is_vocabulary, name) for name, value in found.items()
            }
        if isinstance(found, list):
            return [self._poisoned(value, is_vocabulary, key) for value in found]
        if not isinstance(found, str) or self._is_choice(key, is_vocabulary):
            return found
        self.n_replaced += 1
        return self._everywhere or PAYLOADS[self.n_replaced % len(PAYLOADS)]

    def _is_choice(self, key: str, is_vocabulary: bool) -> bool:
        if key == "name":
            return is_vocabulary
        return key in CHOICES or key.endswith(("_id", "_at", "_code", "_no"))


def injected(page: Page) -> int:
    """Elements that came out of a text."""
    return int(
        page.evaluate(
            "document.querySelectorAll('main :is(script, img, svg, iframe, object, embed, math,"
            " video, audio, style, link, meta, base, marquee, frameset, body)').length"
        )
    )


def shown(page: Page, watched: Watched) -> None:
    assert page.evaluate("typeof window.broken") == "undefined"
    assert page.evaluate("window.refused") == []
    assert injected(page) == 0
    assert watched.complaints == []


def open_poisoned(open_page: OpenPage, login: str, name: str, poison: Poison) -> Page:
    page = open_page("/#/account", login=login)
    page.on("dialog", lambda dialog: pytest.fail(f"dialog: {dialog.message}"))
    page.add_init_script(WATCH)
    page.route("**/v1/**", poison.answer)
    page.goto(f"/?poisoned#/{name}")
    wait_until_shown(page)
    return page


@pytest.fixture(scope="module")
def filled(browser: Any, site: str) -> str:
    """A demand, so that every list has a row."""
    context = browser.new_context(base_url=site)
    credentials = {"login": BASE_LOGIN, "password": "correct-horse-7"}
    context.request.post("/v1/session", data=credentials)
    key = post_demand(context.new_page())
    context.close()
    return key


def test_there_are_enough_payloads() -> None:
    assert len(set(PAYLOADS)) == len(PAYLOADS) >= 100


def test_watch_sees_an_element_made_of_a_text_and_what_the_policy_refuses(
    open_page: OpenPage, filled: str
) -> None:
    page = open_poisoned(open_page, BASE_LOGIN, "start", Poison(ALL))
    page.evaluate("document.querySelector('main').append(document.createElement('img'))")
    page.evaluate("document.body.setAttribute('style', 'color: red')")

    assert injected(page) == 1
    assert page.evaluate("window.refused") == ["style-src-attr"]


@pytest.mark.nightly
@pytest.mark.parametrize(("login", "name"), PAGES, ids=NAMES)
def test_no_payload_runs_in_any_field_of_a_page(
    open_page: OpenPage, watched: Watched, filled: str, login: str, name: str
) -> None:
    poison = Poison(ALL)
    page = open_poisoned(open_page, login, name, poison)
    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")

    shown(page, watched)
    assert poison.n_replaced > 0


@pytest.mark.parametrize("everywhere", [ALL, None], ids=["all at once", "one a field"])
def test_no_payload_runs_in_matches(
    open_page: OpenPage, watched: Watched, filled: str, everywhere: str | None
) -> None:
    page = open_poisoned(open_page, BASE_LOGIN, f"demands/{filled}", Poison(everywhere))
    page.locator("#results .card").first.wait_for(state="attached")
    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")

    shown(page, watched)


def test_no_payload_runs_in_a_preview(open_page: OpenPage, watched: Watched, filled: str) -> None:
    page = open_poisoned(open_page, BASE_LOGIN, "post", Poison(ALL))
    write(page)
    page.locator("#results .card").first.wait_for(state="attached")

    shown(page, watched)


@pytest.mark.nightly
@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_payload_runs_alone(
    open_page: OpenPage, watched: Watched, filled: str, payload: str
) -> None:
    page = open_poisoned(open_page, BASE_LOGIN, f"demands/{filled}", Poison(payload))
    page.locator("#results .card").first.wait_for(state="attached")

    shown(page, watched)
