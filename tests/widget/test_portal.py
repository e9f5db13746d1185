"""The example of a portal works, and the pictures of the documentation are of it.

`NAVMATCH_PICTURES=1 pytest tests/widget/test_portal.py` draws them anew.
"""

import os
import threading
from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import Browser, Route, expect

from examples.portal import make_page, make_server
from tests.web.conftest import browser  # noqa: F401 - the fixture
from tests.widget.conftest import HOSTILE_NAME, Served, Site, Watched, until

IMAGES = Path(__file__).resolve().parents[2] / "docs" / "images"


def without_hostile_names(route: Route) -> None:
    """Leave the invented attacker out of the picture."""
    reply = route.fetch()
    answer = reply.json()
    answer["items"] = [i for i in answer["items"] if i["organisation"] != HOSTILE_NAME]
    route.fulfill(response=reply, json=answer)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_portal_shows_element_and_frame_under_its_policy(
    browser: Browser,  # noqa: F811 - the fixture
    served: Served,
    portal: Site,
    watched: Watched,
    scheme: str,
) -> None:
    port = portal.server.server_address[1]
    page_text, policy = make_page(served.url, served.token, lambda url: httpx2.get(url).content)
    path = portal.put_page(page_text, policy)
    context = browser.new_context(
        viewport={"width": 1120, "height": 480},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    try:
        page = context.new_page()
        watched.follow(page)
        page.route("**/v1/widget/matches?*", without_hostile_names)
        page.goto(f"http://127.0.0.1:{port}{path}")
        expect(page.locator("navmatch-matches [part~=ready]")).to_have_count(2)
        inner = page.frame_locator("iframe").locator("navmatch-matches [part~=ready]")
        expect(inner).to_have_count(1)
        until(page, "document.querySelector('iframe').clientHeight !== 300")
        if os.environ.get("NAVMATCH_PICTURES"):
            page.screenshot(path=IMAGES / f"widget-{scheme}.png")
    finally:
        context.close()
    assert watched.complaints == []


def test_server_of_the_example_serves_its_page(served: Served) -> None:
    made = make_page(served.url, served.token, lambda url: httpx2.get(url).content)
    server = make_server(*made, 0)
    thread = threading.Thread(target=server.handle_request)
    thread.start()
    reply = httpx2.get(f"http://127.0.0.1:{server.server_address[1]}/")
    thread.join()
    server.server_close()
    assert reply.text == made[0]
    assert reply.headers["content-security-policy"] == made[1]
