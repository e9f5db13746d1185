"""What is published later is found for whoever waits for it, told once, and read as a feed."""

from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

import pytest

from api.schemas import examples
from api.subscribing import Subscribing
from models.identity import ApiKey
from models.subscription import Subscription
from models.vocabulary.access import Role
from tests.api.conftest import Running
from tests.api.parties import Parties, gather, party
from tests.clock import Clock

LIKE = {**examples.LIKE_TEXT, "min_band": "weak"}
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def parties(running: Running) -> Parties:
    found = gather(running)
    running.index()
    return found


@pytest.fixture
def clock(running: Running) -> Clock:
    return Clock(running.service.now() + timedelta(hours=1))


def look(running: Running, clock: Clock) -> int:
    """One round of subscriptions over the newest index."""
    app: Any = running.client.app
    running.index()
    return Subscribing(running.service, app.state.parts.matching, clock).run()


def found_by(parties: Parties, made: Any) -> list[str]:
    found = parties.provider.get(f"/v1/subscriptions/{made['about']['id']}/found")
    return [item["id"] for item in found]


def test_saved_search_finds_what_is_published_afterwards(
    running: Running, parties: Parties, clock: Clock
) -> None:
    made = parties.provider.post("/v1/subscriptions", examples.SAVED_SEARCH)
    assert look(running, clock) == 0  # what was there before is not news
    fits = running.demand(title="苏州又一条风险排查需求")["id"]
    running.demand(title="另一场景的一条需求", scenario_tags=["TAL.EVAL"])
    running.demand(title="别处的一条风险排查需求", region_code="440300")
    running.demand(title="还没有发布的风险排查需求", publish=False)
    assert look(running, clock) == 1
    assert found_by(parties, made) == [fits]
    assert any("苏州又一条风险排查需求" in text for text in parties.provider.texts())
    assert look(running, clock) == 0


def test_text_finds_what_means_the_same(running: Running, parties: Parties, clock: Clock) -> None:
    made = parties.provider.post("/v1/subscriptions", LIKE)
    fits = running.demand(title="车规级碳化硅功率模块出口风险")["id"]
    assert look(running, clock) == 1
    (item,) = parties.provider.get(f"/v1/subscriptions/{made['about']['id']}/found")
    assert item["id"] == fits
    assert item["band_label"] in ("强", "较强")


def test_weaker_than_asked_is_not_told(running: Running, parties: Parties, clock: Clock) -> None:
    text = "为现代农业合作社培训茶叶品牌商标注册知识，安排三次讲座并发放资料，不收取任何费用。"
    made = parties.provider.post(
        "/v1/subscriptions", {"name": "茶叶", "text": text, "min_band": "strong"}
    )
    running.demand(title="车规级碳化硅功率模块出口风险")
    look(running, clock)
    assert found_by(parties, made) == []


def test_text_is_read_anew_each_time(running: Running, parties: Parties, clock: Clock) -> None:
    made = parties.provider.post("/v1/subscriptions", {**LIKE, "min_band": "good"})
    app: Any = running.client.app
    subscribing = Subscribing(running.service, app.state.parts.matching, clock)
    running.demand(title="车规级碳化硅功率模块出口风险")
    running.index()
    assert subscribing.run() == 1
    with running.service.database.write() as session:  # nothing of the old text lingers
        row = session.get_one(Subscription, made["about"]["id"])
        row.text = "为现代农业合作社培训茶叶品牌商标注册知识，安排三次讲座并发放资料。"
    running.demand(title="车规级碳化硅功率模块出口欧洲的风险")
    running.index()
    assert subscribing.run() == 0


def test_hidden_demand_is_found_for_nobody_who_may_not_see_it(
    running: Running, parties: Parties, clock: Clock
) -> None:
    for body in (examples.SAVED_SEARCH, LIKE):
        made = parties.provider.post("/v1/subscriptions", body)
        running.demand(title="只有自己看得到的风险需求", visibility="private")
        look(running, clock)
        assert found_by(parties, made) == []
    assert not any("只有自己看得到" in text for text in parties.provider.texts())


def test_what_is_hidden_later_is_neither_listed_nor_told(
    running: Running, parties: Parties, clock: Clock
) -> None:
    body = {**examples.SAVED_SEARCH, "cadence": "weekly"}
    made = parties.provider.post("/v1/subscriptions", body)
    first = running.demand(title="先发布的一条风险需求")["id"]
    look(running, clock)
    second = running.demand(title="后来藏起来的风险需求")
    look(running, clock)
    change = {"version": second["version"], "visibility": "private"}
    path = f"/v1/demands/{second['id']}"
    assert running.client.patch(path, json=change).status_code == 200
    assert found_by(parties, made) == [first]
    clock.forward(days=8)
    look(running, clock)
    assert not any("藏起来" in text for text in parties.provider.texts())


def test_at_most_one_notification_an_interval(
    running: Running, parties: Parties, clock: Clock
) -> None:
    parties.provider.post("/v1/subscriptions", examples.SAVED_SEARCH)
    for number in range(3):
        running.demand(title=f"第{number}条风险排查需求标题")
        look(running, clock)
    assert len(parties.provider.texts()) == 1
    clock.forward(days=1)
    look(running, clock)
    newest = parties.provider.texts()[0]
    assert (len(parties.provider.texts()), "2 条新结果" in newest) == (2, True)


def test_new_provider_is_found_for_a_base(running: Running, parties: Parties, clock: Clock) -> None:
    body = {"name": "江苏机构", "entity": "provider", "filters": {"region": "32"}}
    parties.base.post("/v1/subscriptions", body)
    running.provider(name="南京新来的咨询公司")
    assert look(running, clock) == 1
    assert any("南京新来的咨询公司" in text for text in parties.base.texts())


@pytest.mark.parametrize(
    ("filters", "n_found"),
    [
        ({"scenario": "ENT"}, 1),
        ({"scenario": "TAL.EVAL"}, 0),
        ({"industry": "1"}, 1),
        ({"industry": "7"}, 0),
    ],
)
def test_provider_is_found_by_what_it_can_do(
    running: Running, parties: Parties, clock: Clock, filters: dict[str, str], n_found: int
) -> None:
    body = {"name": "有本事的机构", "entity": "provider", "filters": filters}
    parties.base.post("/v1/subscriptions", body)
    running.provider(name="南京新来的咨询公司")
    assert look(running, clock) == n_found


def test_saved_search_finds_all_that_came_at_once(
    running: Running, parties: Parties, clock: Clock
) -> None:
    parties.provider.post("/v1/subscriptions", examples.SAVED_SEARCH)
    for number in range(52):
        running.demand(title=f"第{number}条风险排查需求标题")
    assert look(running, clock) == 52


def test_feed_opens_by_its_token_alone(running: Running, parties: Parties, clock: Clock) -> None:
    made = parties.provider.post("/v1/subscriptions", examples.SAVED_SEARCH)
    title = '带有 <b>&"标记"</b> 的风险需求'
    running.demand(title=title)
    look(running, clock)
    reply = running.client.get(made["feed"], headers={"Authorization": ""})
    assert reply.headers["content-type"] == "application/atom+xml; charset=utf-8"
    feed = ElementTree.fromstring(reply.content)  # noqa: S314 - our own
    titles = [entry.findtext(f"{ATOM}title") for entry in feed.findall(f"{ATOM}entry")]
    assert titles == [title]
    renewed = parties.provider.post(f"/v1/subscriptions/{made['about']['id']}/feed", None)
    assert running.client.get(made["feed"]).status_code == 404
    assert running.client.get(renewed["feed"]).status_code == 200
    assert renewed["about"]["n_found"] == 1
    assert made["feed"].rpartition("/")[2] not in str(parties.provider.get("/v1/subscriptions"))


def test_feed_closes_with_whoever_made_it(running: Running, parties: Parties) -> None:
    colleague = party(
        running, Role.PROVIDER_STAFF, parties.provider.organisation_id, name="离职的人"
    )
    made = colleague.post("/v1/subscriptions", examples.SAVED_SEARCH)
    assert running.client.get(made["feed"]).status_code == 200
    with running.service.database.write() as session:
        key = session.query(ApiKey).filter_by(name="离职的人").one()
        key.revoked_at = running.service.now()
    assert running.client.get(made["feed"]).status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        {"name": "空的"},
        {"name": "找案例", "entity": "case", "filters": {"region": "32"}},
        {"name": "没有的代码", "filters": {"scenario": "ENT.NONE"}},
        {"name": "没有的地区", "filters": {"region": "99"}},
    ],
)
def test_subscription_to_nothing_is_refused(parties: Parties, body: dict[str, Any]) -> None:
    parties.provider.post("/v1/subscriptions", body, 422)


def test_subscriptions_are_bounded(parties: Parties) -> None:
    for number in range(20):
        parties.other.post("/v1/subscriptions", {**examples.SAVED_SEARCH, "name": f"第{number}个"})
    refused = parties.other.post("/v1/subscriptions", examples.SAVED_SEARCH, 409)
    assert refused["code"] == "conflict"


def test_removed_subscription_leaves_nothing(
    running: Running, parties: Parties, clock: Clock
) -> None:
    made = parties.provider.post("/v1/subscriptions", examples.SAVED_SEARCH)
    path = f"/v1/subscriptions/{made['about']['id']}"
    assert parties.other.send("DELETE", path).status_code == 404
    assert parties.provider.send("DELETE", path).status_code == 204
    assert parties.provider.send("GET", f"{path}/found").status_code == 404
    assert running.client.get(made["feed"]).status_code == 404
