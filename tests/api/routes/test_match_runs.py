"""Rankings that were shown: recorded, made again, and seen by nobody else."""

import json
from datetime import timedelta
from typing import Any

import pytest

from api.runs import MAX_WAITING, Runs
from api.schemas import examples
from matcher.bands import BandThresholds
from matcher.calibrate import Calibrator
from models.base import now_utc
from models.database import Database
from models.match_run import MatchRun, count_runs, drop_old_runs, forget_runs, new_run_id
from models.vocabulary.matching import Direction
from tests.api.conftest import Running

OTHER = {
    **examples.CAPABILITY,
    "title": "固态电池专利布局",
    "description": "为电池企业挖掘可申请的方案，撰写权利要求，按季度复核布局，交付清单和说明。",
}
MISSING = "mr_01JZX3V8Q4W6T2N9K7M5R1C0BD"


def _shown(running: Running) -> tuple[dict[str, Any], dict[str, Any]]:
    """A demand with two providers, and the ranking it was shown."""
    demand = running.demand()
    running.provider()
    running.provider(name="另一家知识产权服务公司", capabilities=[OTHER])
    running.index()
    return demand, running.get(f"/v1/demands/{demand['id']}/matches")


def test_ranking_is_recorded_with_what_it_rests_on(running: Running) -> None:
    demand, answer = _shown(running)
    run = running.get(f"/v1/match-runs/{answer['run_id']}")
    assert run["asked_id"] == demand["id"]
    assert run["basis"]["index_version"] == answer["version"]
    assert run["basis"]["encoder"] == running.service.embedder.encoder.fingerprint
    assert run["weights"] == answer["weights"]
    assert [m["document_id"] for m in run["matches"]] == [
        m["item"]["id"] for m in answer["matches"]
    ]
    values = [p["value"] for p in answer["matches"][0]["parts"] if p["name"] in run["weights"]]
    assert run["matches"][0]["values"] == pytest.approx(values, abs=1e-6)


def test_same_basis_gives_the_same_ranking(running: Running) -> None:
    _, answer = _shown(running)
    replay = running.get(f"/v1/match-runs/{answer['run_id']}:replay")
    assert (replay["is_same"], replay["is_consistent"]) == (True, True)
    assert (replay["changes"], replay["differences"], replay["faults"]) == ([], [], [])


def test_what_changed_since_is_said(running: Running) -> None:
    demand, answer = _shown(running)
    later = {**OTHER, "title": "风电机组专利导航", "description": "梳理海上风电的专利格局。" * 5}
    running.provider(name="后来的知识产权服务公司", capabilities=[later])
    changed = running.client.patch(
        f"/v1/demands/{demand['id']}",
        json={"version": demand["version"], "title": "固态电池出口专利风险排查"},
    )
    assert changed.status_code == 200, changed.text
    running.index()
    replay = running.get(f"/v1/match-runs/{answer['run_id']}:replay")
    assert replay["is_same"] is False
    assert any(line.startswith("索引版本已经不同") for line in replay["changes"])
    assert any(line.startswith("提问的文字") for line in replay["changes"])
    assert any("新出现" in line for line in replay["differences"])
    assert replay["is_consistent"]


def test_other_bands_are_no_fault_of_the_program(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, answer = _shown(running)
    monkeypatch.setattr(Calibrator, "thresholds", lambda *_: BandThresholds(0.99, 0.02, 0.01))
    replay = running.get(f"/v1/match-runs/{answer['run_id']}:replay")
    assert (replay["is_consistent"], replay["faults"]) == (True, [])
    assert ["分档线" in change for change in replay["changes"]] == [True]


def test_demand_that_is_gone_leaves_sums_to_be_checked(running: Running) -> None:
    demand, answer = _shown(running)
    path = f"/v1/demands/{demand['id']}"
    assert running.client.delete(path, params={"reason": "不再需要"}).is_success
    replay = running.get(f"/v1/match-runs/{answer['run_id']}:replay")
    assert (replay["is_same"], replay["is_consistent"]) == (None, True)
    assert "已经删除" in replay["changes"][0]


@pytest.mark.parametrize(
    "damage",
    [
        lambda record: record["matches"][0].update(score=0.99),
        lambda record: record["matches"].reverse(),
        lambda record: record["matches"][0].update(band="fair"),
    ],
    ids=["score", "order", "band"],
)
def test_record_that_contradicts_itself_is_found_out(running: Running, damage: Any) -> None:
    _, answer = _shown(running)
    running.service.runs.flush()
    run_id = answer["run_id"]
    with running.service.database.write() as session:
        run = session.get_one(MatchRun, run_id)
        columns = {column.name: getattr(run, column.name) for column in MatchRun.__table__.columns}
        record = json.loads(run.record)
        assert len(record["matches"]) == 2  # so that an order can be wrong
        damage(record)
        session.delete(run)  # PostgreSQL lets nobody change one
        session.flush()
        session.add(MatchRun(**{**columns, "record": json.dumps(record)}))
    replay = running.get(f"/v1/match-runs/{run_id}:replay")
    assert not replay["is_consistent"]
    assert replay["faults"]


def test_text_that_was_not_stored_leaves_no_word(running: Running) -> None:
    running.provider()
    running.index()
    queries = {
        "q": {"text": examples.TEXT, "filters": {"text": "专利"}},
    }
    reply = running.post("/v1/match", {"queries": queries}, 200)
    run_id = reply["responses"]["q"]["answer"]["run_id"]
    replay = running.get(f"/v1/match-runs/{run_id}:replay")
    assert (replay["is_same"], replay["is_consistent"]) == (None, True)
    with running.service.database.read() as session:
        record = session.get_one(MatchRun, run_id).record
    assert not any(part in record for part in (examples.TEXT["text"][:12], "专利"))


def test_run_that_is_not_there_is_not_found(running: Running) -> None:
    running.get(f"/v1/match-runs/{MISSING}", 404)
    running.get(f"/v1/match-runs/{MISSING}:replay", 404)


def test_full_queue_costs_the_record_and_not_the_answer(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = Runs(running.service.database, running.service.metrics)
    monkeypatch.setattr(runs, "_start", lambda: None)  # nobody writes
    keys = [runs.note({"id": new_run_id()}) for _ in range(MAX_WAITING + 1)]
    assert keys.count(None) == 1
    assert keys[-1] is None


def test_database_that_refuses_costs_the_record_alone(running: Running) -> None:
    runs = Runs(running.service.database, running.service.metrics)
    run_id = runs.note({"id": new_run_id(), "direction": Direction.DEMAND_TO_PROVIDER})
    runs.flush()  # no record: the table refuses it
    runs.stop()
    assert run_id is not None
    running.get(f"/v1/match-runs/{run_id}", 404)


def test_nothing_is_recorded_where_nothing_is_kept(running: Running) -> None:
    runs = Runs(running.service.database, running.service.metrics, is_kept=False)
    assert runs.note({"id": new_run_id()}) is None


def _stock(database: Database, ages_days: list[int], record: str = "{}") -> list[str]:
    ids = []
    with database.write() as session:
        for age in ages_days:
            run = MatchRun(
                created_at=now_utc() - timedelta(days=age),
                direction=Direction.DEMAND_TO_PROVIDER,
                record=record,
            )
            session.add(run)
            session.flush()
            ids.append(run.id)
    return ids


def test_old_runs_and_all_but_the_newest_go(database: Database) -> None:
    _stock(database, [40, 3, 2, 1])
    with database.write() as session:
        assert drop_old_runs(session, now_utc() - timedelta(days=30), keep=100) == 1
        assert drop_old_runs(session, now_utc() - timedelta(days=30), keep=2) == 1
        assert count_runs(session) == 2


def test_runs_that_name_what_is_erased_go(database: Database) -> None:
    _stock(database, [0], '{"a":"cp_1"}')
    _stock(database, [0], '{"a":"cp_12"}')
    with database.write() as session:
        assert forget_runs(session, ["cp_1"]) == 1
        assert count_runs(session) == 1
