"""The report on a match: who gets it, what it says and what it never says."""

import re
from io import BytesIO

import docx
import pytest
from docx.document import Document

from api.routes.reports import DOCX
from api.schemas import examples
from tests.api.conftest import Running
from tests.api.parties import Parties, Party, gather

MUST = {"kind": "language", "strength": "must", "value": "ja", "text": "须能提交日文报告"}
PHONE = "13912345678"
NAME = str(examples.PROVIDER["name"])


@pytest.fixture
def parties(running: Running) -> Parties:
    found = gather(running)
    running.index()
    return found


def _page(party: Party, demand_id: str, **query: object) -> str:
    reply = party.send("GET", f"/v1/demands/{demand_id}/report", **query)
    assert reply.status_code == 200, reply.text
    return reply.text


def _word(party: Party, demand_id: str) -> Document:
    reply = party.send("GET", f"/v1/demands/{demand_id}/report", format="docx")
    assert reply.headers["content-type"] == DOCX
    return docx.Document(BytesIO(reply.content))


def _texts(word: Document) -> str:
    cells = (c.text for table in word.tables for row in table.rows for c in row.cells)
    return "\n".join([*(p.text for p in word.paragraphs), *cells])


def test_page_loads_nothing_and_is_kept_nowhere(parties: Parties) -> None:
    reply = parties.base.send("GET", f"/v1/demands/{parties.demand_id}/report")
    policy = reply.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert reply.headers["cache-control"] == "no-store"
    assert "<script" not in reply.text
    assert " style=" not in reply.text


def test_both_forms_say_the_same_of_ranking_and_basis(parties: Parties) -> None:
    page = _page(parties.base, parties.demand_id)
    word = _texts(_word(parties.base, parties.demand_id))
    demand = parties.base.get(f"/v1/demands/{parties.demand_id}")
    for text in (page, word):
        assert demand["demand_no"] in text
        assert NAME in text
        assert "推荐不是授予" in text
        assert "主持人" in text
        assert "意思最接近的句子" in text
        assert "gen-" in text


def test_report_is_entered_in_the_audit_chain(parties: Parties) -> None:
    _page(parties.base, parties.demand_id)
    found = parties.operator.get("/v1/audit", entity_id=parties.demand_id, action="export")
    (entry,) = found["items"]
    assert (entry["act"], entry["entity"]) == ("report_demand", "report")
    assert entry["organisation_id"] == parties.base.organisation_id


def test_report_names_the_run_it_shows(parties: Parties) -> None:
    text = _texts(_word(parties.base, parties.demand_id))
    (run_id,) = [word for word in text.split() if word.startswith("mr_")]
    run = parties.base.get(f"/v1/match-runs/{run_id}")
    assert run["asked_id"] == parties.demand_id


def test_report_holds_neither_scores_nor_contacts(parties: Parties) -> None:
    told = parties.base.send(
        "PATCH",
        f"/v1/demands/{parties.demand_id}",
        {"version": 1, "decision_question": f"董事会决定是否出口，联系电话{PHONE}。"},
    )
    assert told.is_success, told.text
    answer = parties.base.get(f"/v1/demands/{parties.demand_id}/matches")
    page = _page(parties.base, parties.demand_id)
    assert PHONE not in page
    assert "董事会决定是否出口" in page
    scores = [match["score"] for match in answer["matches"]]
    numbers = [*scores, *(part["value"] for m in answer["matches"] for part in m["parts"])]
    assert scores
    assert not [n for n in numbers if n and n != 1.0 and f"{n:.3f}" in page]
    assert str(parties.recipient.organisation_id) not in page


def test_excluded_provider_is_named_with_the_condition_it_fails(running: Running) -> None:
    parties = gather(running, requirements=[MUST])
    running.index()
    page = _page(parties.base, parties.demand_id)
    told = page.partition("五、没有列入的机构和原因")[2].partition("六、")[0]
    assert NAME in told
    assert "机构登记的工作语言中没有要求的语言" in told


def test_hostile_texts_stay_text_in_both_forms(running: Running) -> None:
    title = '<img src=x onerror=alert(1)> =cmd|"/c calc"!A0 { PAGE } 侵权排查'
    parties = gather(running, title=title)
    running.index()
    page = _page(parties.base, parties.demand_id)
    assert "<img" not in page
    assert "&lt;img src=x" in page
    word = _word(parties.base, parties.demand_id)
    assert "onerror=alert(1)" in _texts(word)
    assert "fldSimple" not in word.element.xml
    assert "instrText" not in word.element.xml


def test_others_get_no_report(parties: Parties) -> None:
    path = f"/v1/demands/{parties.demand_id}/report"
    assert parties.provider.get(path, 403)["code"] == "forbidden"
    assert parties.recipient.get(path, 403)["code"] == "forbidden"
    assert parties.operator.send("GET", path).is_success


def test_report_names_nobody_who_left_and_not_whom_a_masked_demand_is_for(
    running: Running,
) -> None:
    parties = gather(running, confidentiality="masked")
    gone, recipient = "退出服务的咨询有限公司", str(parties.recipient.organisation_id)
    provider = running.provider(name=gone, uscc=None)
    running.index()
    assert gone in _page(parties.base, parties.demand_id, include_weak="true")
    assert running.client.delete(f"/v1/providers/{provider['id']}").is_success
    running.index()
    page = _page(parties.base, parties.demand_id, include_weak="true")
    assert gone not in page
    assert recipient not in page
    assert "某使用单位" not in page


def test_filters_of_the_ranking_are_named(parties: Parties) -> None:
    page = _page(parties.base, parties.demand_id, region="11", k=3)
    assert "所在地：北京市" in page
    assert "过滤条件排除" in page


def test_report_reads_as_an_official_would_write_it(running: Running) -> None:
    parties = gather(
        running, requirements=[MUST], decision_question="是否出口,由董事会决定(下月)。"
    )
    running.index()
    word = _texts(_word(parties.base, parties.demand_id))
    assert not re.findall(r"[\u4e00-\u9fff][,;:!?(]|[,;:!?)][\u4e00-\u9fff]", word)
    assert word.count("是否出口，由董事会决定（下月）。") == 1
    assert "随程序提供" in word
    assert "第 1 版草案" in word
    assert not [term for term in ("shipped", "draft", "排序器", "索引") if term in word]
