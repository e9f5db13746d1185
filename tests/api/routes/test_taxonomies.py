"""The taxonomy changed over HTTP, by the platform operator alone."""

from collections.abc import Iterator

import pytest

from api.schemas import examples
from models.taxonomy import ScenarioTaxonomy
from tests.api.conftest import Running, empty


@pytest.fixture
def changing(running: Running) -> Iterator[Running]:
    """The application, whose taxonomy is the shipped one again afterwards."""
    yield running
    empty(running)
    running.service.taxonomies.refresh()
    running.service.vocabularies.scenarios.become(ScenarioTaxonomy.load())


def test_added_scenario_is_offered_and_used_at_once(changing: Running) -> None:
    before = changing.client.get("/v1/taxonomy").headers["etag"]
    made = changing.post("/v1/taxonomy/scenarios", examples.SCENARIO)
    assert made["version"] == "draft-1+1"
    assert [(v["number"], v["act"], v["code"], v["made_by"]) for v in made["items"]] == [
        (1, "add", "ENT.SEP", "密钥“tests”")
    ]

    reply = changing.client.get("/v1/taxonomy")
    assert reply.headers["etag"] != before
    fields = {f["code"]: f for f in reply.json()["scenarios"]["fields"]}
    assert "ENT.SEP" in [s["code"] for s in fields["ENT"]["scenarios"]]
    text = {"text": "请梳理标准必要专利，评估FRAND许可费率，判断该不该参与标准提案。"}
    tags = changing.post("/v1/tags", text, 200)["scenarios"]
    (found,) = [tag for tag in tags if tag["code"] == "ENT.SEP"]
    assert found["name"] == "标准必要专利导航"
    assert "FRAND" in [e["text"] for e in found["evidence"]]
    chosen = changing.demand(scenario_tags=["ENT.SEP"])
    assert "ENT.SEP" in [tag["code"] for tag in chosen["tags"]]


def test_retired_scenario_can_be_chosen_no_more(changing: Running) -> None:
    changing.post("/v1/taxonomy/scenarios", examples.SCENARIO)
    changing.post("/v1/taxonomy/scenarios/ENT.SEP/retire", None, 200)
    body = {**examples.DEMAND, "scenario_tags": ["ENT.SEP"]}
    problem = changing.post("/v1/demands", body, 422)
    assert problem["errors"][0]["code"] == "unknown_code"
    changing.post("/v1/taxonomy/scenarios/ENT.SEP/retire", None, 409)
    changing.post("/v1/taxonomy/scenarios/ENT.NONE/retire", None, 404)


def test_export_comes_back_by_import(changing: Running) -> None:
    exported = changing.get("/v1/taxonomy/export")
    made = changing.post("/v1/taxonomy/import", {"content": exported["content"]}, 200)
    assert made["version"] == "draft-1+1"
    assert (
        changing.get("/v1/taxonomy/export")["content"]["level2"] == (exported["content"]["level2"])
    )
    changing.post("/v1/taxonomy/import", {"content": {"version": "x"}}, 422)
    reject = {**exported["content"]["reject"], "retired": 0}
    changing.post(
        "/v1/taxonomy/import", {"content": {**exported["content"], "reject": reject}}, 422
    )


def test_retagging_is_begun_and_watched(changing: Running) -> None:
    assert changing.get("/v1/taxonomy/retagging") is None
    changing.demand()
    changing.post("/v1/taxonomy/scenarios", examples.SCENARIO)
    begun = changing.post("/v1/taxonomy/retagging", None, 202)
    assert (begun["taxonomy"], begun["n_total"]) == ("draft-1+1", 1)
    thread = changing.service.retagger._thread
    assert thread is not None
    thread.join()
    done = changing.get("/v1/taxonomy/retagging")
    assert (done["id"], done["state"], done["n_done"], done["n_kept"]) == (
        begun["id"],
        "done",
        1,
        1,
    )


def test_unfit_demands_are_gathered(changing: Running) -> None:
    for n in range(3):
        text = f"请代办第{n}批商标注册申请，并答复商标局的审查意见，另外代缴年费和续展费用。"
        changing.demand(title=f"商标注册代理{n}", description=text, scenario_tags=["OTH"])
    changing.demand()
    report = changing.get("/v1/taxonomy/unfit")
    assert (report["n_demands"], report["n_rejected"]) == (4, 3)
    (group,) = report["groups"]
    assert group["n_demands"] == 3
    assert "商标" in "".join(group["words"])
    assert len(group["demands"]) == 3
    assert {(d["code"], d["confidence"]) for d in group["demands"]} == {("OTH", 1.0)}


def test_unfit_demand_that_stands_alone_is_listed(changing: Running) -> None:
    text = "请代办一批商标注册申请，并答复商标局的审查意见，另外代缴年费和续展费用。"
    alone = changing.demand(title="商标注册代理", description=text, scenario_tags=["OTH"])
    changing.demand()
    report = changing.get("/v1/taxonomy/unfit")
    assert (report["groups"], report["n_alone"]) == ([], 1)
    assert [(d["id"], d["code"]) for d in report["alone"]] == [(alone["id"], "OTH")]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"code": "ENT"}, "code"),
        ({"code": "ent.sep"}, "code"),
        ({"zh": "x"}, "zh"),
        ({"definition": "太短"}, "definition"),
        ({"definition": "长" * 501}, "definition"),
        ({"triggers": [f"词{n}" for n in range(41)]}, "triggers"),
        ({"examples": ["例句\u0000例句例句"]}, "examples.0"),
        ({"retired": False}, ""),
    ],
)
def test_wording_that_does_not_fit_is_refused(
    running: Running, change: dict[str, object], field: str
) -> None:
    problem = running.post("/v1/taxonomy/scenarios", {**examples.SCENARIO, **change}, 422)
    assert problem["errors"][0]["field"] == field
