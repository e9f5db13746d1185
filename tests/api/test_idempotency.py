"""A request sent again under its key is answered, not done again."""

import threading
from typing import Any

import pytest
from sqlalchemy import func, select

from api.schemas import examples
from api.versions import VERSION_HEADER
from models.demand import Demand
from models.reply import Reply
from models.viewer import acting_as, system
from tests.api.conftest import SCENARIO, Running
from tests.credentials import bearer, make_key

DEMAND = {**examples.DEMAND, **SCENARIO}
KEY = {"Idempotency-Key": "order-1"}


def _count(running: Running, table: type[Any]) -> int:
    with acting_as(system("test")), running.service.database.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def _post(running: Running, body: object = DEMAND, **headers: str) -> Any:
    return running.client.post("/v1/demands", json=body, headers={**KEY, **headers})


def test_repeated_request_has_one_effect_and_one_answer(running: Running) -> None:
    first, second = _post(running), _post(running)

    assert (first.status_code, second.status_code) == (201, 201)
    assert second.content == first.content
    assert second.headers["location"] == first.headers["location"]
    assert second.headers["idempotency-replayed"] == "true"
    assert "idempotency-replayed" not in first.headers
    assert second.headers[VERSION_HEADER] == first.headers[VERSION_HEADER]
    assert _count(running, Demand) == 1


def test_same_key_for_another_body_is_refused(running: Running) -> None:
    _post(running)

    other = _post(running, {**DEMAND, "title": "另一条需求"})

    assert other.status_code == 422
    assert other.json()["code"] == "idempotency_mismatch"
    assert _count(running, Demand) == 1


def test_same_key_for_another_address_is_refused(running: Running) -> None:
    _post(running)

    other = running.client.post("/v1/cases", json=DEMAND, headers=KEY)

    assert other.json()["code"] == "idempotency_mismatch"


def test_another_caller_may_use_the_same_key(running: Running) -> None:
    other = bearer(make_key(running.service.database))

    first, second = _post(running), _post(running, **other)

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["id"] != second.json()["id"]


def test_request_that_changed_nothing_leaves_its_key_free(running: Running) -> None:
    refused = _post(running, {"description": ""})
    assert refused.status_code == 422

    assert _post(running).status_code == 201
    assert _count(running, Reply) == 1


def test_question_under_a_key_is_asked_anew(running: Running) -> None:
    for _ in range(2):
        reply = running.client.post("/v1/tags", json=examples.TEXT, headers=KEY)
        assert reply.status_code == 200
        assert "idempotency-replayed" not in reply.headers
    assert _count(running, Reply) == 0


def test_answer_shown_once_is_not_kept(running: Running) -> None:
    body = {"name": "接口", "role": "operator", "scopes": ["read"], "days": 30}
    first = running.client.post("/v1/keys", json=body, headers=KEY)
    assert first.status_code == 201, first.text

    second = running.client.post("/v1/keys", json=body, headers=KEY)

    assert second.status_code == 409
    assert second.json()["code"] == "idempotency_withheld"
    with acting_as(system("test")), running.service.database.read() as session:
        assert session.scalars(select(Reply.body)).all() == [None]


@pytest.mark.parametrize("key", ["", "x" * 256, "has space", "é"], ids=["empty", "long", "", "é"])
def test_key_that_is_none_is_refused(running: Running, key: str) -> None:
    reply = running.client.post(
        "/v1/demands", json=DEMAND, headers=[(b"Idempotency-Key", key.encode())]
    )

    assert reply.status_code == 422
    assert reply.json()["code"] == "idempotency_key_invalid"


def test_key_at_the_limit_is_taken(running: Running) -> None:
    assert _post(running, **{"Idempotency-Key": "x" * 255}).status_code == 201


def test_requests_at_once_under_one_key_have_one_effect(running: Running) -> None:
    bodies: list[bytes] = []
    threads = [
        threading.Thread(target=lambda: bodies.append(_post(running).content)) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(bodies) == 8
    assert len(set(bodies)) == 1
    assert _count(running, Demand) == 1


def test_body_past_the_limit_is_refused_under_a_key(running: Running) -> None:
    reply = running.client.post("/v1/demands", content=b" " * 1_048_577, headers=KEY)

    assert reply.status_code == 413
