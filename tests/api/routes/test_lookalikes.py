"""Names and texts are compared in canonical form, whatever they were typed in."""

import pytest

from api.schemas import examples
from tests.api.conftest import Running

NAME = "苏州Patent知识产权咨询有限公司"


@pytest.mark.parametrize(
    "wide", ["苏州ＰＡＴＥＮＴ知识产权咨询有限公司", "苏州patent知识产权咨询有限公司"]
)
def test_name_typed_otherwise_is_the_same_organisation(running: Running, wide: str) -> None:
    running.provider(name=NAME)
    problem = running.post("/v1/providers", {**examples.PROVIDER, "name": wide}, 409)
    assert problem["code"] == "conflict"
    assert "已经登记" in problem["detail"]


@pytest.mark.parametrize(
    "alike", ["苏州Раtеnt知识产权咨询有限公司", "苏州Pаtent知识产权咨询有限公司"]
)
def test_name_that_only_looks_the_same_is_refused(running: Running, alike: str) -> None:
    running.provider(name=NAME)
    problem = running.post("/v1/providers", {**examples.PROVIDER, "name": alike}, 409)
    assert "几乎相同" in problem["detail"]
    assert alike not in str(problem)
    assert running.get("/v1/providers")["total"]["value"] == 1


def test_renaming_to_what_looks_like_another_is_refused(running: Running) -> None:
    running.provider(name=NAME)
    other = running.provider(name="无锡示例咨询有限公司")
    body = {"version": other["version"], "name": "苏州Раtеnt知识产权咨询有限公司"}
    reply = running.client.patch(f"/v1/providers/{other['id']}", json=body)
    assert reply.status_code == 409
    assert "几乎相同" in reply.json()["detail"]


def test_list_finds_wide_text_by_narrow_words(running: Running) -> None:
    wide = running.demand(title="ＳｉＣ功率模块ＦＴＯ排查需求")
    running.demand(title="氮化镓器件专利布局需求分析")
    for text in ("sic", "ＦＴＯ", "fto sic"):
        found = running.get("/v1/demands", text=text)
        assert [item["id"] for item in found["items"]] == [wide["id"]]
        assert found["items"][0]["title"] == "ＳｉＣ功率模块ＦＴＯ排查需求"
