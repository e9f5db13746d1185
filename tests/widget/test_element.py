"""The element in pages of another site, as their readers and their authors meet it."""

import gzip
import json
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page, Route, expect

from api.embedding import FOLDER
from tests.widget.conftest import HOSTILE_TITLE, Served, Site, Visit, Watched, element, script

MAX_BYTES = 8 * 1024
ASKED = "**/v1/widget/*?*"
HOSTILE_CSS = """<style>
* { all: unset !important; color: lime !important; font-size: 40px !important; }
li, ul, p, h3, span, section { background: red !important; display: inline !important;
  visibility: hidden !important; text-transform: uppercase !important; }
html { font-size: 3px !important; line-height: 9 !important; letter-spacing: 2em !important; }
</style>"""
HOSTILE_SCRIPT = """
<img name=createElement><img name=currentScript><img name=querySelectorAll><img name=body>
<form name=head><input name=createElement></form>
<script>
for (const name of ["method", "body", "headers", "mode", "detail", "items", "title", "band"]) {
  Object.prototype[name] = "polluted";
}
Array.prototype.extra = "polluted";
String.prototype.extra = "polluted";
</script>"""


def states(page: Page) -> list[str]:
    """What each element says about itself."""
    found: list[str] = page.locator("navmatch-matches [role=status]").all_inner_texts()
    return found


def ready(page: Page, n: int = 1) -> None:
    expect(page.locator("navmatch-matches [part~=ready]")).to_have_count(n)


def failing(page: Page, status: int, body: dict[str, Any] | None = None) -> None:
    """Let the service answer something else from now on."""

    def answer(route: Route) -> None:
        origin = route.request.headers.get("origin", "*")
        headers = {"Access-Control-Allow-Origin": origin, "Content-Type": "application/json"}
        route.fulfill(status=status, headers=headers, body=json.dumps(body or {}))

    page.route(ASKED, answer)


def reload(page: Page) -> None:
    """Ask again and wait for the end of it."""
    page.evaluate(
        "new Promise((done) => { const e = document.querySelector('navmatch-matches');"
        "for (const n of ['loaded', 'error']) e.addEventListener('navmatch-' + n, done,"
        "{ once: true }); e.refresh(); }).then(() => null)"
    )


def test_script_is_small() -> None:
    for path in FOLDER.glob("v*/*.js"):
        assert len(gzip.compress(path.read_bytes())) <= MAX_BYTES, path


@pytest.mark.parametrize(
    ("attributes", "heading", "text"),
    [
        ('demand="{0.demand}"', "推荐的服务机构", "功率半导体出口侵权风险排查"),
        ('provider="{0.provider}"', "推荐的需求", "苏州市"),
        ('text="碳化硅功率模块出口前的专利侵权风险排查"', "推荐的服务机构", "强匹配"),
        ("kind=latest", "最新需求", "专利风险预警与海外风险"),
        ("kind=cases", "导航案例", "江苏省"),
    ],
    ids=["demand", "provider", "text", "latest", "cases"],
)
def test_each_kind_shows_its_results_under_the_strictest_policy(
    visit: Visit, served: Served, watched: Watched, attributes: str, heading: str, text: str
) -> None:
    page = visit(element(served, attributes.format(served)))

    ready(page)

    widget = page.locator("navmatch-matches")
    expect(widget.get_by_role("heading")).to_have_text(heading)
    expect(widget.locator("[part=list]")).to_contain_text(text)
    assert widget.evaluate(
        "e => getComputedStyle(e.shadowRoot.querySelector('.item')).borderTopWidth"
    )
    assert watched.complaints == []


def test_hostile_name_is_shown_as_the_text_it_is(
    visit: Visit, served: Served, watched: Watched
) -> None:
    page = visit(element(served, f'demand="{served.demand}"'), policy=None)
    ready(page)
    expect(page.locator("navmatch-matches [part=list]")).to_contain_text(HOSTILE_TITLE)
    assert page.evaluate("window.broken") is None
    assert watched.complaints == []


def test_nothing_suitable_is_said_and_not_filled_up(visit: Visit, served: Served) -> None:
    page = visit(element(served, 'text="商标续展代缴年费"'))
    widget = page.locator("navmatch-matches")
    expect(widget.locator("[part~=empty]")).to_have_text("暂无合适的服务机构")
    expect(widget.locator("[part=item]")).to_have_count(0)
    expect(widget.locator("[part=hint]")).to_contain_text("不列出")


def test_loading_is_said_until_the_answer_comes(visit: Visit, served: Served) -> None:
    page = visit(script(served))
    waiting: list[Route] = []
    page.route(ASKED, lambda route: waiting.append(route))
    page.evaluate(
        "(token) => { const e = document.createElement('navmatch-matches');"
        "e.setAttribute('token', token); document.querySelector('main').append(e); }",
        served.token,
    )
    root = page.locator("navmatch-matches section")
    expect(root).to_have_attribute("aria-busy", "true")
    expect(root.locator("[role=status]")).to_have_text("正在加载…")
    waiting[0].continue_()
    ready(page)
    expect(root).to_have_attribute("aria-busy", "false")


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (401, "嵌入令牌无效或已撤销"),
        (403, "没有显示这类内容的许可"),
        (404, "可能已不再公开"),
        (422, "组件的设置有误"),
        (429, "请求过于频繁"),
        (500, "服务暂时不可用"),
        (503, "服务暂时不可用"),
        (200, "服务暂时不可用"),
    ],
)
def test_failure_is_said_in_plain_words_and_can_be_retried(
    visit: Visit, served: Served, status: int, words: str
) -> None:
    page = visit(element(served))
    ready(page)
    failing(page, status, {"detail": "<b>内部</b>"})
    reload(page)
    assert words in states(page)[0]
    assert "内部" not in page.locator("navmatch-matches section").inner_text()
    page.unroute(ASKED)
    retry = page.locator("navmatch-matches").get_by_role("button", name="重试")
    retry.focus()
    page.keyboard.press("Enter")
    ready(page)
    assert page.evaluate("document.activeElement.localName") == "navmatch-matches"


def test_service_that_is_away_is_said(visit: Visit, served: Served) -> None:
    page = visit(element(served))
    ready(page)
    page.route(ASKED, lambda route: route.abort())
    reload(page)
    assert "连接不上服务" in states(page)[0]


def test_token_shows_its_kinds_on_its_sites_alone(
    visit: Visit, served: Served, portal: Site
) -> None:
    page = visit(element(served, token=served.other_token))
    expect(page.locator("navmatch-matches [part~=error]")).to_contain_text("这类内容的许可")
    other = visit(element(served), origin=portal.unlisted)
    expect(other.locator("navmatch-matches [part~=error]")).to_contain_text("没有得到许可")


def test_missing_question_is_the_authors_mistake(visit: Visit, served: Served) -> None:
    page = visit(element(served, "kind=providers"))
    expect(page.locator("navmatch-matches [part~=error]")).to_contain_text("组件的设置有误")


def test_hostile_styles_do_not_get_in(visit: Visit, served: Served) -> None:
    plain = visit(element(served), policy=None)
    ready(plain)
    hostile = visit(HOSTILE_CSS + element(served), policy=None)
    ready(hostile)
    look = """(e) => [...e.shadowRoot.querySelectorAll('*')].map((node) => {
      const s = getComputedStyle(node);
      return [s.color, s.fontSize, s.backgroundColor, s.display, s.visibility, s.letterSpacing,
              s.textTransform, s.lineHeight].join();
    })"""
    assert hostile.locator("navmatch-matches").evaluate(look) == plain.locator(
        "navmatch-matches"
    ).evaluate(look)


def test_hostile_script_of_the_page_does_not_break_it(
    visit: Visit, served: Served, watched: Watched
) -> None:
    page = visit(HOSTILE_SCRIPT + element(served, f'demand="{served.demand}"'), policy=None)
    ready(page)
    text = page.evaluate(
        "document.querySelector('navmatch-matches').shadowRoot.firstChild.textContent"
    )
    assert "功率半导体出口侵权风险排查" in text
    assert "polluted" not in text
    assert watched.complaints == []


def test_pages_theme_it_by_properties_and_parts(visit: Visit, served: Served) -> None:
    head = """<style>
    navmatch-matches { --navmatch-background: rgb(1, 2, 3); --navmatch-size: 20px; }
    navmatch-matches::part(item) { border-color: rgb(4, 5, 6); }
    </style>"""
    page = visit(element(served), policy=None, head=head)
    ready(page)
    found = page.locator("navmatch-matches").evaluate(
        """(e) => { const s = (q) => getComputedStyle(e.shadowRoot.querySelector(q));
        return [s('.root').backgroundColor, s('.root').fontSize, s('.item').borderTopColor]; }"""
    )
    assert found == ["rgb(1, 2, 3)", "20px", "rgb(4, 5, 6)"]


def test_two_on_a_page_do_not_know_each_other(visit: Visit, served: Served) -> None:
    page = visit(
        element(served, "id=a")
        + "</navmatch-matches>"
        + element(served, "id=b kind=cases lang=en heading=Cases")
    )
    ready(page, 2)
    expect(page.locator("#a").get_by_role("heading")).to_have_text("最新需求")
    expect(page.locator("#b").get_by_role("heading")).to_have_text("Cases")
    assert states(page) == ["共 3 条", "2 results"]


def test_choice_is_told_and_may_be_taken_over(visit: Visit, served: Served) -> None:
    page = visit(element(served, 'link="/demands/{id}" limit=1'))
    ready(page)
    page.evaluate(
        "document.addEventListener('navmatch-select', (e) => {"
        "window.chosen = e.detail; e.preventDefault(); })"
    )
    link = page.locator("navmatch-matches").get_by_role("link")
    link.click()
    chosen = page.evaluate("window.chosen")
    assert (chosen["id"], chosen["kind"], chosen["rank"]) == (served.demand, "demand", 1)
    assert link.get_attribute("href") == f"{page.url.rpartition('/')[0]}/demands/{served.demand}"


def test_selectable_titles_are_reached_and_chosen_by_keyboard(visit: Visit, served: Served) -> None:
    page = visit(element(served, f'demand="{served.demand}" selectable'))
    ready(page)
    page.evaluate(
        "document.addEventListener('navmatch-select', (e) => { window.chosen = e.detail; })"
    )
    page.keyboard.press("Tab")
    focused = page.evaluate(
        "getComputedStyle(document.activeElement.shadowRoot.activeElement).outlineStyle"
    )
    assert focused == "solid"
    page.keyboard.press("Enter")
    assert page.evaluate("window.chosen.rank") == 1


def test_token_is_asked_for_and_once_more_when_it_has_ended(visit: Visit, served: Served) -> None:
    page = visit(script(served))
    page.evaluate(
        """(token) => { window.given = [];
        const e = document.createElement('navmatch-matches');
        e.getToken = async () => {
          window.given.push(1); return window.given.length === 1 ? 'dmw_ended' : token; };
        document.querySelector('main').append(e); }""",
        served.token,
    )
    ready(page)
    assert page.evaluate("window.given.length") == 2


def test_changed_attributes_ask_once(visit: Visit, served: Served) -> None:
    page = visit(element(served))
    ready(page)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.evaluate(
        "const e = document.querySelector('navmatch-matches');"
        "e.setAttribute('kind', 'cases'); e.setAttribute('limit', '3');"
        "e.setAttribute('theme', 'dark')"
    )
    expect(page.locator("navmatch-matches").get_by_role("heading")).to_have_text("导航案例")
    ready(page)
    assert [url.partition("?")[0].rpartition("/")[2] for url in asked] == ["cases"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "attributes", ["demand={0.demand} selectable", "kind=providers", "text=商标续展"]
)
def test_no_serious_finding_of_axe(
    visit: Visit, served: Served, scheme: str, attributes: str
) -> None:
    page = visit(element(served, attributes.format(served)), color_scheme=scheme, bypass_csp=True)
    expect(page.locator("navmatch-matches section")).to_have_attribute("aria-busy", "false")
    result: dict[str, Any] = Axe().run(page).response
    assert [
        (rule["id"], [node["html"] for node in rule["nodes"]])
        for rule in result["violations"]
        if rule["impact"] in ("serious", "critical")
    ] == []


@pytest.mark.parametrize("width", [320, 450], ids=["phone", "zoom-200"])
def test_no_sideways_scrolling(visit: Visit, served: Served, width: int) -> None:
    page = visit(element(served, f'demand="{served.demand}"'), width=width)
    ready(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_dark_scheme_is_dark_unless_light_is_asked_for(visit: Visit, served: Served) -> None:
    page = visit(element(served), color_scheme="dark")
    ready(page)
    shade = "e => getComputedStyle(e.shadowRoot.querySelector('.root')).backgroundColor"
    widget = page.locator("navmatch-matches")
    assert widget.evaluate(shade) == "rgb(22, 27, 34)"
    widget.evaluate("e => e.setAttribute('theme', 'light')")
    assert widget.evaluate(shade) == "rgb(255, 255, 255)"


def test_changed_script_does_not_run(visit: Visit, served: Served, watched: Watched) -> None:
    page = visit(element(served).replace("navmatch-widget.js", "navmatch-frame.js"), policy=None)
    page.wait_for_load_state()
    assert page.locator("navmatch-matches").evaluate("e => e.shadowRoot") is None
    assert any("integrity" in complaint for complaint in watched.complaints)
