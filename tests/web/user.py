"""What a user does on the page, and where the answers stand."""

import json
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, Page, Route

TITLE = "碳化硅器件出口侵权风险排查"
TEXT = (
    "我公司要向欧洲出口碳化硅功率器件，请做专利侵权风险排查和海外风险预警，提出规避设计建议，"
    "并提交分析报告。公司在苏州，预算30-50万元，三个月内完成，服务团队不少于5人。"
)
OTHER_TITLE = "委托办理商标续展和专利年费代缴"
OTHER_TEXT = "公司有三件注册商标下半年到期，另有十二件专利要交年费，想找代理机构统一代办，请报价。"
"""No navigation demand."""


def write(page: Page, text: str = TEXT, title: str = TITLE) -> None:
    page.get_by_label("标题").fill(title)
    page.get_by_label("需求描述").fill(text)


def group(page: Page, name: str) -> Locator:
    return page.get_by_role("group", name=name, exact=True)


def cards(page: Page) -> Locator:
    return page.locator("#results ol.cards > li > article").locator("visible=true")


def status(page: Page) -> Locator:
    return page.locator("#status")


def saved(page: Page) -> dict[str, Any]:
    """Save a draft and return what was sent."""
    with page.expect_request("**/v1/demands") as posted:
        page.get_by_role("button", name="存为草稿").click()
    sent: dict[str, Any] = json.loads(posted.value.post_data or "")
    return sent


Change = Callable[[Any], None]


def change_preview(page: Page, change: Change) -> None:
    change_answer(page, "**/v1/preview", change)


def change_answer(page: Page, address: str, change: Change) -> None:
    """Let the server answer, then change the answer."""

    def answer(route: Route) -> None:
        response = route.fetch()
        content = response.json()
        change(content)
        route.fulfill(response=response, json=content)

    page.route(address, answer)
