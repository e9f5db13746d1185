"""S4: nothing that is shown is ever taken for more than text."""

import json
from collections.abc import Iterator
from urllib.parse import quote

from playwright.sync_api import Page, Route

from tests.widget.conftest import Served, Visit, Watched, element, until
from tests.widget.payloads import payloads

PER_ANSWER = 10
LIVELY = 30
"""Runs there are at least when the payloads are taken for HTML."""

LATEST = "**/v1/widget/demands?*"
FIELDS = ("kind", "id", "band", "band_label", "title", "organisation", "region_name", "reason")
LOOKING = ("link", "target", "heading", "lang", "theme")
ASKING = ("kind", "text", "limit", "demand", "src")
FRAME_FIELDS = (
    "kind",
    "demand",
    "provider",
    "text",
    "limit",
    "lang",
    "theme",
    "link",
    "selectable",
)
WATCH = """
window.violations = 0;
document.addEventListener("securitypolicyviolation", () => { window.violations += 1; });
"""
NO_ANSWER = "void (window.fetch = () => new Promise(() => {}))"
REFRESH = """new Promise((done) => { const e = document.querySelector('navmatch-matches');
for (const n of ['loaded', 'error']) e.addEventListener('navmatch-' + n, () => done(
  e.shadowRoot.querySelectorAll('.item').length), { once: true }); e.refresh(); })"""


def answers() -> Iterator[dict[str, object]]:
    """Answers whose every field is a payload; each payload stands in every field."""
    hostile = payloads()
    for start in range(0, len(hostile), PER_ANSWER):
        part = hostile[start : start + PER_ANSWER]
        items = [
            {**dict.fromkeys(FIELDS, p), "scenarios": [p, p], "posted_on": p, "rank": 1}
            for p in part
        ]
        yield {"version": part[0], "degraded": True, "message": part[0], "items": items}


def unharmed(page: Page) -> bool:
    found = page.evaluate("[window.broken ?? null, window.violations]")
    return bool(found == [None, 0])


def test_payloads_are_no_blanks(visit: Visit) -> None:
    page = visit("<div></div>", policy=None)
    hostile = payloads()
    assert len(set(hostile)) >= 100
    page.evaluate(
        """(hostile) => { for (const payload of hostile) {
        const place = document.createElement('div'); document.body.append(place);
        place.innerHTML = payload; } }""",
        hostile,
    )
    until(page, f"window.broken >= {LIVELY}")


def test_every_field_of_an_answer_is_text(visit: Visit, served: Served, watched: Watched) -> None:
    page = visit(element(served, 'link="https://portal.example/{id}"'))
    page.evaluate(WATCH)
    sent: list[dict[str, object]] = []

    def answer(route: Route) -> None:
        headers = {
            "Access-Control-Allow-Origin": route.request.headers["origin"],
            "Content-Type": "application/json",
        }
        route.fulfill(headers=headers, body=json.dumps(sent[-1]))

    page.route(LATEST, answer)
    n_shown = 0
    for hostile in answers():
        sent.append(hostile)
        n_shown += page.evaluate(REFRESH)
    shown = page.locator("navmatch-matches section").inner_text()
    assert payloads()[-1].strip() in shown
    assert n_shown == len(payloads())
    assert unharmed(page)
    assert watched.complaints == []


def test_every_attribute_is_text(visit: Visit, served: Served) -> None:
    page = visit(element(served, f'demand="{served.demand}" selectable'))
    until(page, "document.querySelector('navmatch-matches').shadowRoot.querySelector('.item')")
    page.evaluate(WATCH)
    page.evaluate(NO_ANSWER)
    protocols = page.evaluate(
        """async ([names, hostile]) => { const seen = new Set();
        const e = document.querySelector('navmatch-matches');
        for (const name of names) for (const payload of hostile) {
          e.setAttribute(name, payload);
          for (const a of e.shadowRoot.querySelectorAll('a')) seen.add(a.protocol);
          await null; }
        return [...seen].sort(); }""",
        [[*LOOKING, *ASKING], payloads()],
    )
    assert protocols == ["http:"]
    assert unharmed(page)


def test_stored_and_sent_texts_do_not_run_in_the_frame(
    visit: Visit, served: Served, watched: Watched
) -> None:
    hostile = payloads()
    page = visit("<iframe data-navmatch title=x></iframe>", policy=None)
    for start in range(0, len(hostile), len(FRAME_FIELDS)):
        part = hostile[start : start + len(FRAME_FIELDS)]
        query = "&".join(f"{n}={quote(p)}" for n, p in zip(FRAME_FIELDS, part, strict=False))
        address = f"{served.url}/v1/widget/frame?token={served.token}&{query}"
        page.evaluate(
            """(address) => new Promise((done) => {
            const frame = document.querySelector('iframe');
            frame.addEventListener('load', () => done(null), { once: true });
            frame.src = address; })""",
            address,
        )
        (inner,) = page.frames[1:]
        inner.wait_for_selector("navmatch-matches [role=status]")
        assert inner.evaluate("window.broken ?? null") is None
    assert page.evaluate("window.broken ?? null") is None
    assert not [told for told in watched.complaints if "Content Security Policy" in told]
