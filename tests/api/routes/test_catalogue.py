"""The vocabularies, the description of the algorithm, and the service's health."""

from collections.abc import Callable
from typing import Any

import pytest

from matcher.features import FEATURES
from models.vocabulary.demand import RequirementKind
from models.vocabulary.matching import Direction
from tests.api.conftest import Running

Refused = Callable[..., dict[str, Any]]


def test_taxonomy_holds_every_vocabulary(running: Running) -> None:
    taxonomy = running.get("/v1/taxonomy")
    fields = taxonomy["scenarios"]["fields"]
    assert [len(fields), sum(len(f["scenarios"]) for f in fields)] == [8, 35]
    assert taxonomy["scenarios"]["reject"]["code"] == "OTH"
    assert len([i for i in taxonomy["industries"] if i["level"] == 2]) == 40
    assert len([r for r in taxonomy["regions"] if r["level"] == "province"]) >= 34
    assert {"value": "report", "label": "专利导航分析报告"} in taxonomy["choices"]["Deliverable"]


def test_taxonomy_answers_304_when_it_is_known(running: Running) -> None:
    first = running.client.get("/v1/taxonomy")
    etag = first.headers["etag"]
    for known in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        again = running.client.get("/v1/taxonomy", headers={"If-None-Match": known})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == etag
    assert running.client.get("/v1/taxonomy", headers={"If-None-Match": '"x"'}).content


def test_levels_of_industries_and_regions(running: Running, refused: Refused) -> None:
    client = running.client
    top = client.get("/v1/taxonomy/industries").json()
    assert [i["code"] for i in top] == [str(n) for n in range(1, 10)]
    below = client.get("/v1/taxonomy/industries", params={"scheme": "gb4754", "parent": "C39"})
    assert "C397" in {i["code"] for i in below.json()}
    cities = client.get("/v1/taxonomy/regions", params={"parent": "32"}).json()
    assert {"320500": "苏州市"}.items() <= {r["code"]: r["name"] for r in cities}.items()
    assert len(client.get("/v1/taxonomy/regions").json()) >= 34
    refused("GET", "/v1/taxonomy/regions", 404, params={"parent": "99"})
    refused("GET", "/v1/taxonomy/industries", 404, params={"parent": "9.9"})
    refused("GET", "/v1/taxonomy/industries", 422, params={"scheme": "ipc"})


def test_algorithm_describes_all_that_decides(running: Running) -> None:
    algorithm = running.get("/v1/algorithms")
    described = {f["name"]: f for f in algorithm["features"]}
    assert set(described) == {f.name for f in FEATURES}
    assert all(f["description"] and f["title"] for f in described.values())
    assert sum(f["weight"] for f in described.values()) == pytest.approx(1.0)
    assert {t["direction"] for t in algorithm["thresholds"]} == set(Direction)
    assert [b["label"] for b in algorithm["bands"]] == ["强", "较强", "一般", "弱"]
    assert algorithm["versions"]["encoder"] == running.service.embedder.encoder.fingerprint


def test_every_rule_has_a_description(running: Running) -> None:
    rules = {r["rule_id"] for r in running.get("/v1/algorithms")["rules"]}
    assert {f"demand.{kind}" for kind in RequirementKind} <= rules
    running.post("/v1/demands", {**_must_everything(), "publish": True})
    running.provider()
    running.index()
    demand = running.get("/v1/demands")["items"][0]
    (match,) = running.get(f"/v1/demands/{demand['id']}/matches", include_weak=True)["matches"]
    assert {r["rule_id"] for r in match["rules"]} <= rules


def _must_everything() -> dict[str, object]:
    return {
        "title": "车规级功率模块技术引进评议",
        "description": "拟引进碳化硅功率模块专利技术，需对专利稳定性和侵权风险作出评议，提交报告。",
        "region_code": "320500",
        "service_region": "same_city",
        "scenario_tags": ["ENT.INTRO"],
        "requirements": [
            {"kind": kind.value, "strength": "prefer", "value": 1, "text": f"要求{kind.value}"}
            for kind in RequirementKind
        ],
    }
