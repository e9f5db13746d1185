"""The framed page: who may frame it, how high it is, and who may tell it and be told what."""

from typing import Any, Final

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Frame, Page, expect

from api.embedding import AUTOSIZE, Embedding
from tests.widget.conftest import Served, Site, Visit, Watched, until

START: Final = 77
"""Height before anything was said, in pixels."""

SHAPES: Final[tuple[Any, ...]] = (
    None,
    "resize",
    7,
    [],
    [{"navmatch": "resize", "v": 1, "height": 500}],
    {},
    {"navmatch": "resize"},
    {"navmatch": "resize", "height": 500},
    {"navmatch": "resize", "v": 2, "height": 500},
    {"navmatch": "resize", "v": "1", "height": 500},
    {"navmatch": "RESIZE", "v": 1, "height": 500},
    {"navmatch": ["resize"], "v": 1, "height": 500},
    {"navmatch": "other", "v": 1, "height": 500},
    {"navmatch": "__proto__", "v": 1, "height": 500},
    {"navmatch": "resize", "v": 1},
    {"navmatch": "resize", "v": 1, "height": None},
    {"navmatch": "resize", "v": 1, "height": "500"},
    {"navmatch": "resize", "v": 1, "height": "500px;position:fixed"},
    {"navmatch": "resize", "v": 1, "height": [500]},
    {"navmatch": "resize", "v": 1, "height": {"valueOf": 500}},
    {"navmatch": "resize", "v": 1, "height": -500},
    {"navmatch": "resize", "v": 1, "height": 0},
    {"navmatch": "resize", "v": 1, "height": 1e9},
    {"navmatch": "resize", "v": 1, "height": True},
)
ATTACK: Final = """<script>
window.heard = [];
addEventListener("message", (event) => heard.push([event.origin, event.data]));
parent.postMessage({ navmatch: "resize", v: 1, height: 555 }, "*");
for (const frame of [...Array(parent.frames.length).keys()].map((n) => parent.frames[n])) {
  if (frame !== self) frame.postMessage({ navmatch: "hello", v: 1 }, "*");
}
</script>"""


def frame_of(served: Served, query: str = "kind=latest") -> str:
    return (
        f'<iframe data-navmatch src="{served.url}/v1/widget/frame?token={served.token}&{query}" '
        f'title="最新需求" width="100%" height="{START}" frameborder="0" '
        'sandbox="allow-scripts allow-same-origin allow-popups"></iframe>'
    )


def autosize(served: Served) -> str:
    embedding = Embedding.load()
    return (
        f'<script src="{served.url}/widget/{embedding.version}/{AUTOSIZE}" '
        f'integrity="{embedding.integrity(AUTOSIZE)}" crossorigin="anonymous" defer></script>'
    )


def inside(page: Page, number: int = 0) -> Frame:
    """The framed page, when it shows something."""
    frame = page.frames[1:][number]
    frame.wait_for_selector("navmatch-matches section[aria-busy=false]")
    return frame


def height(page: Page) -> int:
    return int(page.locator("iframe").first.evaluate("e => e.getBoundingClientRect().height"))


def settle(page: Page) -> None:
    """Let everything that was posted be heard."""
    page.evaluate("new Promise((done) => setTimeout(done, 50))")


@pytest.mark.parametrize("scripts_first", [True, False])
def test_frame_is_as_high_as_what_is_in_it(
    visit: Visit, served: Served, watched: Watched, scripts_first: bool
) -> None:
    parts = [autosize(served), frame_of(served, f"demand={served.demand}")]
    page = visit("".join(parts if scripts_first else reversed(parts)))
    frame = inside(page)
    wanted = frame.evaluate("Math.ceil(document.body.getBoundingClientRect().height)")
    expect(page.locator("iframe")).to_have_css("height", f"{wanted}px")
    assert frame.evaluate("document.documentElement.scrollHeight") == wanted > START
    page.set_viewport_size({"width": 340, "height": 800})
    until(page, f"document.querySelector('iframe').clientHeight > {wanted}")
    assert watched.complaints == []
    assert frame.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [
        *(0, 0, ""),
    ]


def test_frame_without_the_script_keeps_its_height_and_scrolls(
    visit: Visit, served: Served, watched: Watched
) -> None:
    page = visit(frame_of(served), policy="default-src 'none'; frame-src {service}")
    inside(page)
    settle(page)
    assert height(page) == START
    assert watched.complaints == []


def test_unlisted_site_cannot_frame_it(visit: Visit, served: Served, portal: Site) -> None:
    listed = visit(frame_of(served))
    expect(listed.frame_locator("iframe").locator("navmatch-matches")).to_have_count(1)
    for origin, html in (
        (portal.unlisted, frame_of(served)),
        (portal.listed, frame_of(served).replace(served.token, "dmw_revoked")),
    ):
        page = visit(html, origin=origin)
        settle(page)
        assert (
            "chrome-error" in page.frames[1].url
            or not page.frames[1].locator("navmatch-matches").count()
        )


def test_frame_in_a_frame_of_an_unlisted_site_is_refused(
    visit: Visit, served: Served, portal: Site
) -> None:
    inner = portal.put(frame_of(served))
    page = visit(
        f'<iframe src="{portal.listed}{inner}" title=x></iframe>',
        policy=None,
        origin=portal.unlisted,
    )
    settle(page)
    assert not [f for f in page.frames[1:] if f.locator("navmatch-matches").count()]


@pytest.mark.parametrize("number", range(len(SHAPES)))
def test_message_of_another_shape_changes_nothing(shaped: tuple[Page, Frame], number: int) -> None:
    page, frame = shaped
    before = height(page)
    frame.evaluate("(shape) => parent.postMessage(shape, '*')", SHAPES[number])
    page.evaluate("(shape) => frames[0].postMessage(shape, '*')", SHAPES[number])
    settle(page)
    assert height(page) == before


def test_message_of_the_right_shape_does_change_it(shaped: tuple[Page, Frame]) -> None:
    page, frame = shaped
    frame.evaluate("parent.postMessage({ navmatch: 'resize', v: 1, height: 555 }, '*')")
    until(page, "document.querySelector('iframe').clientHeight === 555")


def test_numbers_that_are_none_change_nothing(shaped: tuple[Page, Frame]) -> None:
    page, frame = shaped
    before = height(page)
    for number in ("NaN", "Infinity", "-0", "10n", "new Date(500)"):
        frame.evaluate(f"parent.postMessage({{ navmatch: 'resize', v: 1, height: {number} }}, '*')")
    settle(page)
    assert height(page) == before


def test_other_windows_are_neither_heard_nor_told(
    visit: Visit, served: Served, portal: Site
) -> None:
    bad = portal.put(ATTACK)
    page = visit(
        frame_of(served)
        + "".join(
            f'<iframe src="{o}{bad}" title=x></iframe>' for o in (portal.unlisted, portal.listed)
        )
        + f'<iframe data-navmatch src="{portal.unlisted}{bad}" title=x></iframe>',
        policy=None,
    )
    inside(page)
    page.evaluate("heard = []; addEventListener('message', (e) => heard.push(e.data.navmatch))")
    for frame in page.frames[2:]:
        frame.evaluate("0; " + ATTACK.removeprefix("<script>").removesuffix("</script>"))
    settle(page)
    assert height(page) == START  # there is no script that listens
    for frame in page.frames[2:]:
        told = frame.evaluate("heard.map(([origin, data]) => data.navmatch)")
        assert set(told) <= {"hello"}  # of each other
    assert set(page.evaluate("heard")) <= {"resize", "ready"}


def test_frame_that_went_elsewhere_is_not_heard(visit: Visit, served: Served, portal: Site) -> None:
    page = visit(frame_of(served) + autosize(served), policy=None)
    inside(page)
    settle(page)
    before = height(page)
    page.frames[1].goto(portal.unlisted + portal.put(ATTACK))
    settle(page)
    assert height(page) == before


def test_choice_in_the_frame_is_told_the_page_around(visit: Visit, served: Served) -> None:
    page = visit(frame_of(served, "kind=latest&selectable") + autosize(served))
    page.evaluate(
        "document.addEventListener('navmatch-select', (e) => { window.chosen = e.detail; })"
    )
    frame = inside(page)
    settle(page)
    frame.locator("navmatch-matches").get_by_role("button").first.click()
    until(page, "window.chosen")
    assert page.evaluate("window.chosen.id") == served.demand


@pytest.mark.parametrize(
    ("link", "leads"),
    [
        ("{listed}/demands/{{id}}", True),
        ("{unlisted}/demands/{{id}}", False),
        ("https://evil.example/{{id}}", False),
        ("//evil.example/{{id}}", False),
        ("javascript:window.broken=1//{{id}}", False),
        ("{listed}@evil.example/{{id}}", False),
    ],
)
def test_links_lead_to_the_sites_of_the_token_alone(
    visit: Visit, served: Served, portal: Site, link: str, leads: bool
) -> None:
    address = link.format(listed=portal.listed, unlisted=portal.unlisted)
    page = visit(frame_of(served, f"kind=latest&link={address}"))
    links = inside(page).locator("navmatch-matches").get_by_role("link")
    assert (links.count() > 0) == leads


def test_framed_page_has_no_serious_finding(visit: Visit, served: Served) -> None:
    page = visit("")
    page.goto(f"{served.url}/v1/widget/frame?token={served.token}&demand={served.demand}")
    page.wait_for_selector("navmatch-matches section[aria-busy=false]")
    opened = page.context.browser
    assert opened is not None
    context = opened.new_context(bypass_csp=True)
    try:
        lax = context.new_page()
        lax.goto(page.url)
        lax.wait_for_selector("navmatch-matches section[aria-busy=false]")
        result: dict[str, Any] = Axe().run(lax).response
    finally:
        context.close()
    serious = [r["id"] for r in result["violations"] if r["impact"] in ("serious", "critical")]
    assert serious == []


@pytest.fixture
def shaped(visit: Visit, served: Served) -> tuple[Page, Frame]:
    """A page whose frame has told its height."""
    page = visit(frame_of(served) + autosize(served))
    frame = inside(page)
    until(page, f"document.querySelector('iframe').clientHeight !== {START}")
    settle(page)
    return page, frame
