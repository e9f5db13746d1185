from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import delete

from models.identity import ApiKey
from models.vocabulary.access import Role
from tests.api.conftest import Running
from tests.credentials import bearer, make_key
from tests.rounds import join_retagging
from tests.rows import add_organisation

Ask = Callable[..., Any]
NAME = "keys of these tests"


@pytest.fixture
def ask(running: Running) -> Iterator[Ask]:
    """Ask for entries with the key of somebody else."""

    def send(role: Role, organisation_id: str | None = None, **params: object) -> Any:
        key = make_key(running.service.database, role, organisation_id, name=NAME)
        return running.client.get("/v1/audit", params=params, headers=bearer(key))  # type: ignore[arg-type]

    yield send
    with running.service.database.write() as session:
        session.execute(delete(ApiKey).where(ApiKey.name == NAME))


def test_operator_sees_what_was_done_newest_first(running: Running) -> None:
    demand = running.demand()
    found = running.get("/v1/audit", entity_id=demand["id"])
    (entry,) = found["items"]
    assert (entry["act"], entry["action"]) == ("create_demand", "create")
    assert (entry["entity"], entry["role"], entry["chain"]) == ("demand", "operator", "platform")
    assert entry["request_id"]
    assert found["total"]["value"] == 1


def test_entries_name_who_acted_and_count_what_a_round_did(running: Running) -> None:
    running.demand()
    running.post("/v1/taxonomy/retagging", {}, 202)
    join_retagging()
    (entry, *_) = running.get("/v1/audit", action="update", limit=1)["items"]
    assert entry["actor_name"] is None
    assert entry["detail"] == (
        "重新标注：共 1 条，看过 1 条，改动 0 条，由人指定而不动 1 条，"
        "改后不属于任何场景的需求 0 条。"
    )
    (made, *_) = running.get("/v1/audit", action="create", limit=1)["items"]
    assert (made["actor_name"], made["detail"]) == ("密钥“tests”", None)


def test_looking_is_itself_an_entry(running: Running) -> None:
    running.get("/v1/audit")
    (entry,) = running.get("/v1/audit", action="read_audit", limit=1)["items"]
    assert entry["act"] == "list_audit"


def test_pages_follow_each_other_without_gap(running: Running) -> None:
    for _ in range(3):
        running.demand()
    first = running.get("/v1/audit", limit=2, action="create")
    second = running.get("/v1/audit", limit=2, action="create", before=first["next_cursor"])
    seqs = [entry["seq"] for entry in first["items"] + second["items"]]
    assert seqs == sorted(seqs, reverse=True)
    assert len(set(seqs)) == 4


def test_administrator_sees_the_own_chain_only(running: Running, ask: Ask) -> None:
    running.demand()
    with running.service.database.write() as session:
        organisation = add_organisation(session, "某单位").id
    found = ask(Role.BASE_ADMIN, organisation).json()
    assert found["items"]
    assert {entry["chain"] for entry in found["items"]} == {organisation}


@pytest.mark.parametrize("role", [Role.BASE_STAFF, Role.REGIONAL_OPERATOR, Role.RECIPIENT])
def test_others_see_nothing(running: Running, ask: Ask, role: Role) -> None:
    reply = ask(role)
    assert (reply.status_code, reply.json()["code"]) == (403, "forbidden")


@pytest.mark.parametrize(
    "params",
    [{"before": 0}, {"before": 2**53 + 1}, {"limit": 51}, {"since": "2026-01-01T00:00:00"}],
    ids=["zero", "too_large", "too_many", "no_zone"],
)
def test_questions_out_of_bounds_are_refused(
    refused: Callable[..., dict[str, Any]], params: dict[str, Any]
) -> None:
    refused("GET", "/v1/audit", 422, params=params)


def test_times_bound_what_is_shown(running: Running) -> None:
    running.demand()
    assert running.get("/v1/audit", since="2100-01-01T00:00:00Z")["items"] == []
    assert running.get("/v1/audit", until="2000-01-01T00:00:00+08:00")["items"] == []
