"""When the client asks again, how long it waits, and what it does not ask again."""

from email.utils import formatdate

import pytest

from api.client.client import Client
from api.client.errors import (
    AnswerUnreadableError,
    ConflictError,
    NotAllowedError,
    NotFoundError,
    NotSignedInError,
    ProblemError,
    RejectedError,
    ServiceUnreachableError,
    TooOftenError,
    UnavailableError,
)
from api.client.retrying import Retries, seconds_of
from api.schemas import examples
from api.schemas.demand import DemandCreate
from tests.api.client.scripted import Answer, Scripted, answering, problem

EMPTY = Answer(200, {"items": [], "next_cursor": None, "total": {"value": 0, "relation": "eq"}})
LOST = Answer(0)
BUSY = problem(503, "busy", Retry_After="2")


def _client(script: Scripted, waits: list[float], **settings: float) -> Client:
    retries = Retries(sleep=waits.append, draw=lambda: 1.0, **settings)  # type: ignore[arg-type]
    return Client(script.url, key="dm_x", retries=retries)


@pytest.mark.parametrize(
    ("first", "waited"),
    [
        (LOST, [0.25]),
        (BUSY, [2.25]),
        (problem(429, "too_many", Retry_After="7"), [7.25]),
        (problem(503, "busy"), [0.25]),
        (Answer(502, None), [0.25]),
        (problem(409, "answered_elsewhere", Retry_After="1"), [1.25]),
    ],
    ids=["lost", "busy", "too often", "busy without a time", "proxy", "answered elsewhere"],
)
def test_asks_again_after_the_wait_it_was_told(first: Answer, waited: list[float]) -> None:
    waits: list[float] = []
    with answering(first, EMPTY) as script, _client(script, waits) as client:
        assert client.demands.page().items == []
    assert waits == waited
    assert len(script.asked) == 2


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (problem(400, "x"), RejectedError),
        (problem(401, "x"), NotSignedInError),
        (problem(403, "x"), NotAllowedError),
        (problem(404, "x"), NotFoundError),
        (problem(409, "x"), ConflictError),
        (problem(422, "x"), RejectedError),
        (problem(500, "x"), UnavailableError),
    ],
    ids=["400", "401", "403", "404", "409", "422", "500"],
)
def test_refusal_is_told_at_once_with_code_and_number(
    answer: Answer, error: type[ProblemError]
) -> None:
    waits: list[float] = []
    with (
        answering(answer) as script,
        _client(script, waits) as client,
        pytest.raises(error) as caught,
    ):
        client.demands.page()
    assert (caught.value.code, caught.value.request_id, waits) == ("x", "R1", [])
    assert caught.value.detail == "等等。"
    assert "dm_x" not in f"{caught.value!r}"


def test_waits_grow_and_end() -> None:
    waits: list[float] = []
    with (
        answering(*[LOST] * 5) as script,
        _client(script, waits) as client,
        pytest.raises(ServiceUnreachableError) as caught,
    ):
        client.demands.create(DemandCreate.model_validate(examples.DEMAND), once="mine")
    assert waits == [0.25, 0.5, 1.0, 2.0]
    assert caught.value.idempotency_key == "mine"


def test_last_refusal_is_told_when_patience_ends() -> None:
    waits: list[float] = []
    with (
        answering(BUSY, BUSY) as script,
        _client(script, waits, most=1) as client,
        pytest.raises(UnavailableError) as caught,
    ):
        client.demands.page()
    assert (len(waits), caught.value.retry_after_s) == (1, 2.0)


def test_wait_of_an_hour_is_not_waited() -> None:
    waits: list[float] = []
    told = problem(429, "too_many", Retry_After="3600")
    with (
        answering(told) as script,
        _client(script, waits) as client,
        pytest.raises(TooOftenError),
    ):
        client.demands.page()
    assert waits == []


def test_write_is_sent_again_under_the_same_key_and_another_under_another() -> None:
    refused = problem(422, "x")
    with answering(LOST, BUSY, refused, refused) as script, _client(script, []) as client:
        for _ in range(2):
            with pytest.raises(RejectedError):
                client.demands.create(DemandCreate.model_validate(examples.DEMAND))
    keys = [headers["idempotency-key"] for _, _, headers in script.asked]
    assert len(set(keys[:3])) == 1
    assert keys[3] != keys[0]


def test_question_carries_no_key_and_asks_for_what_was_written() -> None:
    deleted = Answer(204, None, {"X-Navmatch-Version": "7-ab"})
    with answering(deleted, EMPTY) as script, _client(script, []) as client:
        client.demands.delete("dm_01JZX3V8Q4W6T2N9K7M5R1C0BD")
        client.demands.page()
        assert client.version == "7-ab"
    _, question = script.asked
    assert question[2]["x-navmatch-min-version"] == "7-ab"
    assert "idempotency-key" not in question[2]


def test_version_of_another_database_is_forgotten() -> None:
    deleted = Answer(204, None, {"X-Navmatch-Version": "7-ab"})
    unknown = problem(422, "version_unknown")
    with answering(deleted, unknown, EMPTY) as script, _client(script, []) as client:
        client.demands.delete("dm_01JZX3V8Q4W6T2N9K7M5R1C0BD")
        with pytest.raises(RejectedError):
            client.demands.page()
        client.demands.page()
    assert "x-navmatch-min-version" not in script.asked[-1][2]


def test_new_fields_are_passed_over_and_other_forms_are_told() -> None:
    newer = Answer(200, {**EMPTY.body, "new": 1})
    with answering(newer, Answer(200, {"hello": 1})) as script, _client(script, []) as client:
        assert client.demands.page().total.value == 0
        with pytest.raises(AnswerUnreadableError, match="items"):
            client.demands.page()


def test_retry_after_is_read_as_number_and_date() -> None:
    assert seconds_of("12") == 12.0
    assert seconds_of(formatdate(0, usegmt=True)) == 0.0
    assert [seconds_of(said) for said in ("soon", "²", "", "-1", None)] == [None] * 5


def test_key_that_is_none_leads_nowhere_else() -> None:
    with (
        answering(problem(404, "not_found")) as script,
        _client(script, []) as client,
        pytest.raises(NotFoundError),
    ):
        client.demands.get("../people?x=/v1/keys#")
    assert script.asked[0][1] == "/v1/demands/..%2Fpeople%3Fx%3D%2Fv1%2Fkeys%23"


@pytest.mark.parametrize("key", ["", ".", ".."])
def test_key_of_dots_is_refused_before_anything_is_sent(key: str) -> None:
    with answering() as script, _client(script, []) as client:
        with pytest.raises(ValueError, match="编号"):
            client.demands.publish(key)
        with pytest.raises(ValueError, match="编号"):
            client.subscriptions.delete(key)
    assert script.asked == []


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_redirection_is_not_taken_for_done(status: int) -> None:
    elsewhere = Answer(status, headers={"Location": "https://example.invalid/"})
    with (
        answering(elsewhere) as script,
        _client(script, []) as client,
        pytest.raises(RejectedError, match=str(status)),
    ):
        client.demands.delete("dm_x")
    assert len(script.asked) == 1


def test_address_that_is_none_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="http"):
        Client("127.0.0.1:8000", key="dm_x")
