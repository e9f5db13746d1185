"""Errors become replies by one table; sentences are Chinese and never repeat input."""

import errno
import tomllib
from importlib.resources import files
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from api.errors import (
    STATUSES,
    BusyError,
    internal_problem,
    last_problem,
    problem_of,
    reply,
    status_of,
)
from api.field_problems import field_problems
from api.intake.problems import FieldProblem, FieldsRejectedError, NotNavigationError
from api.schemas.demand import DemandCreate
from api.schemas.facts import RequirementIn
from indexer.errors import EncoderFilesError, IndexDamagedError
from models.errors import (
    ConflictError,
    DiskFullError,
    FileDamagedError,
    InvalidInputError,
    NavmatchError,
    NotFoundError,
    SetupError,
    StateError,
    TextRejectedError,
    UnavailableError,
)

TEXTS = tomllib.loads((files("api") / "problems.toml").read_text("utf-8"))


def all_errors(kind: type[NavmatchError]) -> set[type[NavmatchError]]:
    return {kind}.union(*(all_errors(child) for child in kind.__subclasses__()))


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (InvalidInputError, 422),
        (TextRejectedError, 422),
        (NotFoundError, 404),
        (ConflictError, 409),
        (StateError, 409),
        (NotNavigationError, 409),
        (UnavailableError, 503),
        (BusyError, 503),
        (DiskFullError, 507),
        (SetupError, 503),
        (FileDamagedError, 503),
        (EncoderFilesError, 503),
        (IndexDamagedError, 503),
        (NavmatchError, 500),
    ],
)
def test_status_of_each_error(error: type[NavmatchError], status: int) -> None:
    assert status_of(error("说明")) == status


def test_every_error_a_route_can_meet_has_a_title() -> None:
    elsewhere = ("api.cli", "api.demo", "api.exchange")
    met = {e.code for e in all_errors(NavmatchError) if not e.__module__.startswith(elsewhere)}
    assert met <= set(TEXTS["titles"])


def test_root_error_closes_the_table() -> None:
    assert STATUSES[-1][0] is NavmatchError


def test_problem_lists_the_fields() -> None:
    error = FieldsRejectedError(
        [FieldProblem("a.b", "code", "说明一。"), FieldProblem("c", "x", "二。")]
    )
    problem = problem_of(error, "abc")
    assert problem.detail == "说明一；二。"
    assert [(e.field, e.code) for e in problem.errors] == [("a.b", "code"), ("c", "x")]


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (OSError(errno.ENOSPC, "full"), "disk_full"),
        (OSError(errno.EDQUOT, "quota"), "disk_full"),
        (OSError(errno.EIO, "device"), "unavailable"),
        (OSError(errno.ENOENT, "gone"), "internal"),
        (RuntimeError("bug"), "internal"),
    ],
    ids=lambda value: str(value),
)
def test_last_problem_tells_a_full_disk_from_a_bug(error: Exception, code: str) -> None:
    problem = last_problem(error, "abc")
    assert problem.code == code
    assert problem.detail not in str(error)


def test_only_busy_replies_name_a_time() -> None:
    busy = reply(problem_of(BusyError("忙")))
    assert 1 <= int(busy.headers["retry-after"]) <= 3
    assert "retry-after" not in reply(internal_problem("abc")).headers


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ({}, "缺少这个字段。"),
        ({"title": 1}, "应为文本。"),
        ({"title": "短"}, "文本过短，至少 6 个字符。"),
        ({"title": "长" * 99}, "文本过长，最多 80 个字符。"),
        ({"period_days": "x"}, "应为整数。"),
        ({"period_days": 2_000}, "不能大于 1095。"),
        ({"urgent": "yes"}, "应为 true 或 false。"),
        ({"valid_until": "明天"}, "应为日期，写作 2025-06-30。"),
        ({"service_region": "far"}, "只能取：'any'、'same_macro'、'same_province'、'same_city'。"),
        ({"ipc": "H01L"}, "应为列表。"),
        ({"budget": 3}, "应为对象。"),
        ({"nobody_knows": 1}, "含有不认识的字段，请对照接口文档删去。"),
    ],
    ids=lambda value: str(value)[:24],
)
def test_sentence_of_each_kind_of_fault(value: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(DemandCreate).validate_python(value)
    assert sentence in {p.message for p in field_problems(refused.value.errors())}


def test_names_the_sender_made_up_are_not_repeated() -> None:
    errors = [
        {"type": "extra_forbidden", "loc": ("body", "secret"), "msg": ""},
        {"type": "missing", "loc": ("body", "queries", "<b>", "id"), "msg": ""},
        {"type": "strange_kind", "loc": ("query", "k"), "msg": "secret"},
    ]
    found = field_problems(errors)
    assert [p.field for p in found] == ["", "queries.?.id", "k"]
    assert "secret" not in str(found)


def test_alternatives_of_a_value_are_one_problem_of_the_field() -> None:
    requirement = {"kind": "staff_count", "strength": "must", "value": [], "text": "团队五人"}
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(list[RequirementIn]).validate_python([requirement])
    (problem,) = field_problems(refused.value.errors())
    assert problem.field == "0.value"
    assert problem.message == "应为整数，或应为文本。"
