"""Pages without a script: the documentation and the report of a meeting, in a real browser."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from api.schemas import examples
from tests.web.conftest import OpenPage, Watched
from tests.web.test_access import findings, overflow, unfold

A4_PT = (595, 842)
DEMAND: dict[str, Any] = {**examples.DEMAND, "scenario_tags": ["ENT.RISK"], "publish": True}

N_LOOKED_AT = 6
SOME = f"""
for (const kind of ['main details', '#shapes ~ table']) {{
  document.querySelectorAll(kind).forEach((one, at) => at < {N_LOOKED_AT} || one.remove());
}}
"""
"""Leaves a few of each: all are written alike, and axe takes minutes for ten thousand cells."""

pytestmark = pytest.mark.nightly


def _report(open_page: OpenPage, **options: object) -> Page:
    page = open_page("/docs", **options)
    made = page.context.request.post("/v1/demands", data=DEMAND)
    assert made.ok, made.text()
    page.goto(f"/v1/demands/{made.json()['id']}/report")
    expect(page.get_by_role("heading", level=1)).to_have_text("专利导航需求匹配报告")
    return page


def test_documentation_asks_nobody_and_complains_of_nothing(
    open_page: OpenPage, watched: Watched
) -> None:
    page = open_page("/docs")
    page.get_by_role("link", name="需求", exact=True).click()
    page.get_by_text("POST /v1/demands 发布一条需求").click()
    expect(page.locator("#create_demand").get_by_role("table").first).to_be_visible()
    assert len(watched.hosts) == 1
    assert watched.complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_documentation_has_no_serious_finding(open_page: OpenPage, scheme: str) -> None:
    page = open_page("/docs", color_scheme=scheme, bypass_csp=True)
    page.evaluate(SOME)
    unfold(page)
    assert page.locator("details[open]").count() == N_LOOKED_AT
    assert findings(page) == []


def test_documentation_fits_a_phone(open_page: OpenPage) -> None:
    page = open_page("/docs", 360)
    assert overflow(page) == 0


def test_trying_page_asks_nobody_else(open_page: OpenPage, watched: Watched) -> None:
    page = open_page("/docs")
    page.goto("/docs/try")
    page.locator(".opblock").first.wait_for()
    assert len(watched.hosts) == 1
    assert watched.complaints == []


def test_report_asks_nobody_and_prints_on_a4(open_page: OpenPage, watched: Watched) -> None:
    page = _report(open_page)
    assert len(watched.hosts) == 1
    assert watched.complaints == []
    printed = page.pdf(prefer_css_page_size=True)
    boxes = {tuple(box.split()[2:4]) for box in _boxes(printed)}
    assert {(round(float(w)), round(float(h))) for w, h in boxes} == {A4_PT}
    assert len(_boxes(printed)) >= 3


def _boxes(printed: bytes) -> list[str]:
    """What the pages of a PDF measure."""
    parts = printed.decode("latin-1").split("/MediaBox [")[1:]
    return [part.split("]")[0] for part in parts]


def test_report_has_no_serious_finding(open_page: OpenPage) -> None:
    page = _report(open_page, bypass_csp=True)
    assert findings(page) == []
    assert overflow(page) == 0
