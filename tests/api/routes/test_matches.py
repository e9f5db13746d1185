"""Named queries, previews and tags over HTTP."""

import asyncio
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import pytest
from anyio import Semaphore
from sqlalchemy import select

from api.dependencies import Parts, await_turn
from api.load import AT_WORK, SearchSlots
from api.schemas import examples
from matcher.types import MatchResult
from models import repository
from models.base import Table
from models.deadline import DeadlineError, due_at
from models.match_run import MatchRun
from tests.api.conftest import KEPT_TABLES, Running

Refused = Callable[..., dict[str, Any]]

MISSING = "dm_01JZX3V8Q4W6T2N9K7M5R1C0BD"


def ask(running: Running, **query: object) -> dict[str, Any]:
    """The answer to one named query."""
    reply = running.post("/v1/match", {"queries": {"q": query}}, 200)
    answer: dict[str, Any] = reply["responses"]["q"]
    return answer


def test_each_query_has_its_own_status(running: Running) -> None:
    demand, provider = running.demand(), running.provider()
    running.index()
    reply = running.post(
        "/v1/match",
        {
            "queries": {
                "stored": {"id": demand["id"]},
                "missing": {"id": MISSING},
                "turned": {"id": provider["id"], "direction": "d2p"},
                "weights": {"id": demand["id"], "weights": {"beauty": 1}},
            }
        },
        200,
    )
    answers = reply["responses"]
    assert {name: a["status"] for name, a in answers.items()} == {
        "stored": 200,
        "missing": 404,
        "turned": 422,
        "weights": 422,
    }
    assert answers["missing"]["problem"]["code"] == "not_found"
    assert answers["stored"]["answer"]["matches"][0]["item"]["group_id"] == provider["id"]
    assert reply["version"] == answers["stored"]["answer"]["version"]


def test_free_text_ranks_like_the_stored_demand(running: Running) -> None:
    demand, provider = running.demand(), running.provider()
    running.index()
    stored = ask(running, id=demand["id"])["answer"]
    free = ask(running, text=examples.TEXT)["answer"]
    assert free["query"]["id"] is None
    assert free["matches"][0]["item"]["group_id"] == provider["id"]
    assert free["matches"][0]["asked_by"] == "query"
    assert stored["matches"][0]["item"] == free["matches"][0]["item"]


def test_same_question_gets_the_same_answer(running: Running) -> None:
    running.provider()
    running.index()
    first, second = (ask(running, text=examples.TEXT) for _ in range(2))
    assert first["answer"].pop("run_id") != second["answer"].pop("run_id")
    assert first == second


FOREIGN = {
    "title": "办理商标注册和专利年费代缴",
    "text": "请代办三个商标的注册申请，并代缴二十件专利的年费，另请律师应诉商标侵权纠纷。",
}


def test_text_out_of_scope_finds_nothing_and_says_so(running: Running) -> None:
    running.provider()
    running.index()
    answer = ask(running, text=FOREIGN)["answer"]
    assert answer["matches"] == []
    assert answer["has_good_match"] is False
    assert answer["no_good_match"]["reason"] == "out_of_scope"
    assert answer["n_candidates"] == 1


def test_weak_results_are_listed_only_when_asked_for(running: Running) -> None:
    running.provider()
    running.index()
    answer = ask(running, text=FOREIGN, include_weak=True)["answer"]
    assert [match["band"] for match in answer["matches"]] == ["weak"]
    assert answer["no_good_match"]["reason"] == "out_of_scope"


def test_demand_a_person_calls_foreign_finds_nothing(running: Running) -> None:
    demand = running.demand(scenario_tags=["OTH"])
    running.provider()
    running.index()
    answer = running.get(f"/v1/demands/{demand['id']}/matches")
    assert (answer["matches"], answer["no_good_match"]["reason"]) == ([], "out_of_scope")
    shown = running.get(f"/v1/demands/{demand['id']}/matches", include_weak=True)
    assert [match["band"] for match in shown["matches"]] == ["weak"]


def test_filters_that_leave_nobody_are_named(running: Running) -> None:
    running.provider()
    running.index()
    answer = ask(running, text=examples.TEXT, filters={"regions": ["65"]})["answer"]
    assert answer["no_good_match"]["reason"] == "no_candidates"


def test_good_match_has_no_excuse_and_shows_its_coverage(running: Running) -> None:
    running.provider()
    running.index()
    answer = ask(running, text=examples.TEXT)["answer"]
    assert answer["no_good_match"] is None
    assert all(0 < match["coverage"] <= 1 for match in answer["matches"])


def test_preview_of_a_foreign_text_pads_nothing(running: Running) -> None:
    running.provider()
    running.index()
    body = {"title": FOREIGN["title"], "description": FOREIGN["text"]}
    answer = running.post("/v1/preview", body, 200)
    assert (answer["matches"], answer["no_good_match"]["reason"]) == ([], "out_of_scope")
    shown = running.post("/v1/preview", {**body, "include_weak": True}, 200)
    assert len(shown["matches"]) == 1
    unasked = running.post("/v1/preview", {**body, "k": 0}, 200)
    assert unasked["no_good_match"] is None


def test_free_text_of_a_provider_finds_demands(running: Running) -> None:
    demand = running.demand()
    running.index()
    text = {"title": "风险排查", "text": examples.CAPABILITY["description"]}
    answer = ask(running, direction="p2d", text=text)["answer"]
    assert answer["query"]["kind"] == "capability"
    assert [m["item"]["id"] for m in answer["matches"]] == [demand["id"]]


def test_free_text_is_not_stored(running: Running) -> None:
    ask(running, text=examples.TEXT)
    running.post("/v1/preview", examples.PREVIEW, 200)
    running.post("/v1/tags", examples.TEXT, 200)
    with running.service.database.read() as session:
        for table in Table.metadata.sorted_tables:
            if table.name not in KEPT_TABLES | {"match_run"}:
                assert session.execute(table.select()).first() is None, table.name
    running.service.runs.flush()
    with running.service.database.read() as session:
        runs = session.scalars(select(MatchRun.record)).all()
    assert runs
    assert not any(examples.TEXT["text"][:6] in run for run in runs)


def test_weights_of_a_request_change_the_score(running: Running) -> None:
    running.provider()
    running.index()
    plain = ask(running, text=examples.TEXT)["answer"]
    others = [name for name in plain["weights"] if name != "industry"]
    only = ask(running, text=examples.TEXT, weights=dict.fromkeys(others, 0))["answer"]
    assert only["weights"]["industry"] == pytest.approx(1.0)
    assert only["matches"][0]["score"] != plain["matches"][0]["score"]


def test_weights_that_leave_nothing_are_refused(running: Running) -> None:
    names = [f.name for f in running.service.matcher.features()]
    answer = ask(running, text=examples.TEXT, weights=dict.fromkeys(names, 0))
    assert answer["status"] == 422


@pytest.mark.parametrize(
    ("query", "field", "code"),
    [
        ({}, "queries.q", "query_source"),
        ({"id": MISSING, "text": examples.TEXT}, "queries.q", "query_source"),
        ({"text": examples.TEXT, "k": 0}, "queries.q.k", "greater_than_equal"),
        ({"text": examples.TEXT, "k": 51}, "queries.q.k", "less_than_equal"),
        ({"text": examples.TEXT, "k": 10**19}, "queries.q.k", "less_than_equal"),
        ({"text": {"text": "长" * 5_001}}, "queries.q.text.text", "string_too_long"),
        ({"text": {"text": " \u200b"}}, "queries.q.text.text", "text_too_short"),
        (
            {"text": examples.TEXT, "weights": {"scenario": -1}},
            "queries.q.weights.scenario",
            "greater_than_equal",
        ),
        (
            {"text": examples.TEXT, "filters": {"regions": ["M:" + "X" * 20]}},
            "queries.q.filters.regions.0",
            "string_pattern_mismatch",
        ),
        ({"text": examples.TEXT, "direction": "x2y"}, "queries.q.direction", "enum"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_malformed_query_is_refused_by_field(
    refused: Refused, query: dict[str, object], field: str, code: str
) -> None:
    problem = refused("POST", "/v1/match", 422, json={"queries": {"q": query}})
    assert [(e["field"], e["code"]) for e in problem["errors"]] == [(field, code)]


def test_sixteen_queries_are_answered_and_no_more(running: Running, refused: Refused) -> None:
    queries = {f"q{n}": {"text": examples.TEXT, "k": 1} for n in range(17)}
    problem = refused("POST", "/v1/match", 422, json={"queries": queries})
    assert problem["errors"][0]["code"] == "too_long"
    queries.popitem()
    assert len(running.post("/v1/match", {"queries": queries}, 200)["responses"]) == 16


def test_name_of_a_query_is_never_repeated_when_odd(refused: Refused) -> None:
    name = "<script>" * 20
    problem = refused("POST", "/v1/match", 422, json={"queries": {name: {"text": examples.TEXT}}})
    assert "<script>" not in str(problem)


def test_preview_reads_asks_back_and_matches(running: Running) -> None:
    provider = running.provider()
    running.index()
    preview = running.post("/v1/preview", examples.PREVIEW, 200)
    understood = preview["understanding"]
    assert understood["budget"]["kind"] == "range"
    assert understood["period"]["max_days"] == 90
    assert understood["requirements"][0]["value"] == 5
    asked = {fact["name"]: fact["question"] for fact in understood["quality"]["missing"]}
    assert "region" in asked
    assert preview["matches"][0]["item"]["group_id"] == provider["id"]
    assert preview["near_duplicates"] == []


def test_preview_evidence_points_into_the_text_sent_back(running: Running) -> None:
    understood = running.post("/v1/preview", examples.PREVIEW, 200)["understanding"]
    text = f"{understood['title']}\n{understood['body']}"
    found = [understood["budget"], understood["period"], *understood["deliverables"]]
    for evidence in (entry["evidence"] for entry in found):
        assert text[evidence["start"] : evidence["end"]] == evidence["text"]


def test_preview_names_stored_demands_that_say_the_same(running: Running) -> None:
    demand = running.demand(decision_question=None)
    running.demand(
        title="某市人才评价需求", description="为引进的专家做知识产权评议，" + "甲乙" * 20
    )
    running.index()
    copies = running.post("/v1/preview", examples.PREVIEW, 200)["near_duplicates"]
    assert [(c["id"], c["similarity"]) for c in copies] == [(demand["id"], 1.0)]


def test_preview_without_matches_skips_them(running: Running) -> None:
    preview = running.post("/v1/preview", {**examples.PREVIEW, "k": 0}, 200)
    assert preview["matches"] == []
    assert preview["version"] == running.service.synchroniser.view.version


def test_preview_takes_a_persons_decision_question_as_given(running: Running) -> None:
    body = {**examples.PREVIEW, "decision_question": "董事会决定是否出口。"}
    missing = running.post("/v1/preview", body, 200)["understanding"]["quality"]["missing"]
    assert "decision_question" not in {fact["name"] for fact in missing}


def test_tags_of_a_text(running: Running) -> None:
    tags = running.post("/v1/tags", {"text": "苏州市功率半导体产业发展方向导航"}, 200)
    assert tags["regions"][0]["code"] == "320500"
    assert tags["industries"][0]["code"] == "1.2"
    assert tags["scenarios"]


def test_search_beyond_the_places_is_turned_away(running: Running, refused: Refused) -> None:
    slots = running.client.app.state.parts.slots  # type: ignore[attr-defined]
    taken = [slots.take(f"key_{n}") for n in range(running.service.settings.max_searches)]
    for place in taken:
        place.__enter__()
    try:
        response = running.client.post("/v1/tags", json=examples.TEXT)
        assert response.status_code == 503
        assert response.json()["code"] == "busy"
        assert 1 <= int(response.headers["retry-after"]) <= 3
        assert running.client.get("/healthz").status_code == 200
    finally:
        for place in taken:
            place.__exit__(None, None, None)
    assert running.client.post("/v1/tags", json=examples.TEXT).status_code == 200


def test_searches_that_hold_a_place_compute_in_turn(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    running.demand()
    running.index()
    rank, lock = running.service.matcher.match, threading.Lock()
    under_way: list[int] = []
    most = [0]

    def watched(*arguments: Any) -> MatchResult:
        with lock:
            under_way.append(1)
            most.append(len(under_way))
        time.sleep(0.05)
        try:
            return rank(*arguments)
        finally:
            with lock:
                under_way.pop()

    state = running.client.app.state  # type: ignore[attr-defined]
    parts = state.parts
    monkeypatch.setattr(running.service.matcher, "match", watched)
    try:
        state.parts = replace(parts, slots=SearchSlots(8))
        with ThreadPoolExecutor(6) as pool:
            asked = [
                pool.submit(running.client.post, "/v1/match", json=examples.MATCH) for _ in range(6)
            ]
            assert {reply.result().status_code for reply in asked} == {200}
    finally:
        state.parts = parts
    assert max(most) == AT_WORK


def test_only_searches_wait_for_a_turn(running: Running) -> None:
    state = running.client.app.state  # type: ignore[attr-defined]
    parts = state.parts
    for _ in range(AT_WORK):
        parts.at_work.acquire_nowait()
    try:
        state.parts = replace(parts, slots=SearchSlots(8))
        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(running.client.post, "/v1/match", json=examples.MATCH)
            running.demand()
            assert not waiting.done()
            assert running.client.portal is not None
            running.client.portal.call(parts.at_work.release)
            assert waiting.result().status_code == 200
    finally:
        state.parts = parts
        for _ in range(AT_WORK - parts.at_work.value):
            parts.at_work.release()


def test_turn_that_does_not_come_in_time_is_given_up() -> None:
    async def wait() -> None:
        parts = cast("Parts", SimpleNamespace(at_work=Semaphore(0)))
        with due_at(time.monotonic() + 0.05):
            await anext(await_turn(parts))

    with pytest.raises(DeadlineError):
        asyncio.run(wait())


def test_place_is_given_back_after_an_error(running: Running, refused: Refused) -> None:
    for _ in range(running.service.settings.max_searches + 1):
        refused("GET", f"/v1/demands/{MISSING}/matches", 404)


def test_index_version_grows_with_changes(running: Running) -> None:
    before = running.post("/v1/preview", examples.PREVIEW, 200)["version"]
    running.demand()
    running.index()
    after = running.post("/v1/preview", examples.PREVIEW, 200)["version"]
    assert before != after
    with running.service.database.read() as session:
        assert f".{repository.last_seq(session)}-" in after


@pytest.mark.parametrize(
    "filters",
    [
        {"regions": ["99"]},
        {"serves": ["M:NONE"]},
        {"industries": ["9.9"]},
        {"scenarios": ["ZZZ.QQ"]},
        {"scenarios": ["OTH"]},
    ],
    ids=str,
)
def test_codes_nothing_can_have_are_refused(running: Running, filters: dict[str, Any]) -> None:
    answer = ask(running, text=examples.TEXT, filters=filters)
    assert answer["status"] == 422
    assert [e["field"] for e in answer["problem"]["errors"]] == [f"filters.{next(iter(filters))}"]


def test_wider_codes_of_filters_are_taken(running: Running) -> None:
    filters = {"regions": ["32", "M:YRD"], "serves": ["3205"], "scenarios": ["ENT"]}
    assert ask(running, text=examples.TEXT, filters={**filters, "industries": ["1"]})["answer"]


def test_tags_and_preview_suggest_an_ipc_subclass_once_a_table_is_there(
    running: Running, ipc_table: Callable[[], None]
) -> None:
    text = "锂离子电池的检测装置，用于锂离子电池出厂前的检测。"
    asked = {"title": "锂离子电池的检测装置", "text": text}
    assert running.post("/v1/tags", asked, 200)["ipc"]["suggestions"] is None
    ipc_table()
    tags = running.post("/v1/tags", asked, 200)["ipc"]
    assert (tags["state"], tags["suggestions"][0]["code"]) == ("suggested", "H01M")
    sent = {"title": asked["title"], "description": text, "k": 0}
    assert running.post("/v1/preview", sent, 200)["understanding"]["ipc"] == tags
