"""Pictures of the console for the documents: `python -m tests.web.pictures`.

Taken from a demonstration of its own, or, with `--password`, from one that runs (`make demo`).
"""

import argparse
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from playwright.sync_api import Browser, Page, sync_playwright

from tests.web.conftest import BROWSERS, FLAGS
from tests.web.pages import wait_until_shown
from tests.web.test_sheets import a_sheet
from tools.load import ENCODERS
from tools.loading.installation import installed

IMAGES: Final = Path(__file__).parents[2] / "docs" / "images"
DESKTOP: Final = (1280, 860)
PHONE: Final = (390, 844)

PATIENCE_MS: Final = 120_000

Step = Callable[[Page], None]


@dataclass(frozen=True)
class Picture:
    """One picture.

    Attributes:
        name: Name of the file.
        login: Who looks.
        path: Page of the console.
        step: What they do before the picture is taken.
        size: Window in CSS pixels.
    """

    name: str
    login: str
    path: str
    step: Step = lambda page: None
    size: tuple[int, int] = DESKTOP


def preview(page: Page) -> None:
    page.get_by_role("button", name="企业：出口风险").click()
    page.locator("#results .card").first.wait_for()


def open_matches(page: Page) -> None:
    page.locator("#demands tbody a").first.click()
    page.locator("#results .card").first.wait_for()
    page.locator("#matches").scroll_into_view_if_needed()


def compare(page: Page) -> None:
    open_matches(page)
    for place in range(3):
        page.get_by_label("加入比较").nth(place).check()
    page.get_by_role("button", name="比较", exact=True).click()


def open_drawer(page: Page) -> None:
    page.locator("#demands tbody button.link").first.click()


def write_capability(page: Page) -> None:
    page.get_by_role("button", name="查看与修改").first.click()
    page.get_by_role("dialog").get_by_role("group", name="应用场景").wait_for()


def subscribe(page: Page) -> None:
    wanted = {"name": "江苏的侵权风险需求", "filters": {"region": "32", "scenario": "ENT.RISK"}}
    like = {
        "name": "像碳化硅出口的",
        "text": "碳化硅功率器件出口欧洲前的专利侵权风险排查，给出规避建议。",
    }
    for body in (wanted, like):
        reply = page.request.post("/v1/subscriptions", data=body)
        assert reply.ok, reply.text()
    page.reload()


def check_sheet(page: Page) -> None:
    with TemporaryDirectory() as folder:
        page.get_by_label("文件").set_input_files(a_sheet(Path(folder)))
        page.get_by_role("button", name="上传并检查").click()
        page.get_by_text("将新增").wait_for()


def unfold_openness(page: Page) -> None:
    preview(page)
    page.locator("#openness summary").click()
    page.locator("#openness").evaluate("node => node.scrollIntoView()")


def register(page: Page) -> None:
    page.get_by_role("button", name="登记单位").click()
    page.get_by_label("名称").fill("示例市知识产权保护中心")


def read_case(page: Page) -> None:
    page.locator("#cases tbody button.link").first.click()


def unfold_first(page: Page) -> None:
    page.locator("details.fold summary").first.click()


PICTURES: Final = (
    Picture("console", "base", "post", preview),
    Picture("console-start", "base", "start"),
    Picture("console-drawer", "base", "mine", open_drawer),
    Picture("console-matches", "base", "mine", open_matches),
    Picture("console-compare", "base", "mine", compare),
    Picture("console-recommended", "provider", "recommended"),
    Picture("console-capability", "provider", "profile", write_capability),
    Picture("console-subscriptions", "base", "subscriptions", subscribe),
    Picture("console-import", "base", "imports", check_sheet),
    Picture("console-openness", "base", "post", unfold_openness),
    Picture("console-cases", "base", "cases", read_case),
    Picture("console-organisations", "operator", "organisations", register),
    Picture("console-taxonomy", "operator", "taxonomy", unfold_first),
    Picture("console-audit", "operator", "audit"),
    Picture("console-phone", "base", "post", preview, PHONE),
)


def take(browser: Browser, picture: Picture, address: str, password: str) -> None:
    """Write one picture."""
    width, height = picture.size
    context = browser.new_context(
        viewport={"width": width, "height": height},
        locale="zh-CN",
        base_url=address,
    )
    context.set_default_timeout(PATIENCE_MS)
    credentials = {"login": picture.login, "password": password}
    reply = context.request.post("/v1/session", data=credentials)
    assert reply.ok, reply.text()
    page = context.new_page()
    page.goto(f"/#/{picture.path}")
    wait_until_shown(page)
    picture.step(page)
    wait_until_shown(page)
    page.screenshot(path=IMAGES / f"{picture.name}.png")
    context.close()


@contextmanager
def demonstration() -> Iterator[tuple[str, str]]:
    """Give the address of a demonstration of its own, and the password of its accounts."""
    os.environ["NAVMATCH_SECOND_FACTOR"] = "false"  # as `navmatch demo` has it
    with (
        TemporaryDirectory() as folder,
        installed(Path(folder) / "data", None, ENCODERS, 1) as service,
    ):
        yield f"http://{service.host}:{service.port}", service.password


def take_all(names: Sequence[str], address: str, password: str) -> None:
    """Write all pictures, or those named."""
    found = next(filter(None, map(shutil.which, BROWSERS)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        for picture in PICTURES:
            if not names or picture.name in names:
                take(browser, picture, address, password)
        browser.close()


def main() -> None:
    """Take what is asked for on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--address", default="http://127.0.0.1:8000")
    parser.add_argument("--password")
    parser.add_argument("names", nargs="*")
    given = parser.parse_args()
    if given.password:
        take_all(given.names, given.address, given.password)
        return
    with demonstration() as (address, password):
        take_all(given.names, address, password)


if __name__ == "__main__":
    main()
