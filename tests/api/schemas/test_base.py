"""What every schema shares, and the facts several nouns have in common."""

from typing import Any

import pytest
from pydantic import ValidationError

from api.schemas.base import Schema, UpdateSchema, absent
from api.schemas.capability import TypicalDays
from api.schemas.facts import Budget, Resource, Team


class Change(UpdateSchema):
    never_null = frozenset({"title"})

    title: str | None = absent("标题。")
    intro: str | None = absent("介绍。")


class Number(Schema):
    value: float


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_infinite_numbers_are_refused(value: float) -> None:
    with pytest.raises(ValidationError, match="finite_number"):
        Number(value=value)


def test_unknown_fields_are_refused() -> None:
    with pytest.raises(ValidationError, match="extra_forbidden"):
        Number.model_validate({"value": 1, "role": "admin"})


def test_changes_are_the_fields_sent() -> None:
    body = Change.model_validate({"version": 3, "intro": None})
    assert (body.version, body.changes()) == (3, {"intro": None})


@pytest.mark.parametrize("version", [0, -1, 2**31, "1", 1.0, True, None])
def test_version_is_a_bounded_whole_number(version: object) -> None:
    with pytest.raises(ValidationError):
        Change.model_validate({"version": version})


def test_field_that_must_keep_a_value_is_not_emptied() -> None:
    with pytest.raises(ValidationError, match="不能置空"):
        Change.model_validate({"version": 1, "title": None})


@pytest.mark.parametrize(
    "amounts",
    [
        {"kind": "fixed", "min_fen": 5, "max_fen": 5},
        {"kind": "range", "min_fen": 5, "max_fen": 9},
        {"kind": "range", "min_fen": 5},
        {"kind": "ceiling", "max_fen": 9},
        {"kind": "negotiable"},
        {"kind": "free"},
    ],
    ids=str,
)
def test_budget_amounts_that_fit_their_kind(amounts: dict[str, Any]) -> None:
    assert Budget(**amounts).kind == amounts["kind"]


@pytest.mark.parametrize(
    "amounts",
    [
        {"kind": "fixed", "max_fen": 5},
        {"kind": "range", "max_fen": 9},
        {"kind": "ceiling", "min_fen": 1, "max_fen": 9},
        {"kind": "negotiable", "max_fen": 0},
        {"kind": "free", "min_fen": 1},
        {"kind": "fixed", "min_fen": 9, "max_fen": 5},
        {"kind": "ceiling", "max_fen": 10**14 + 1},
        {"kind": "ceiling", "max_fen": -1},
        {"kind": "ceiling", "max_fen": 1.5},
    ],
    ids=str,
)
def test_budget_amounts_that_contradict_their_kind(amounts: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Budget(**amounts)


def test_resource_may_be_a_bare_name() -> None:
    assert Resource.model_validate("侵权比对工作台").name == "侵权比对工作台"


def test_days_keep_their_order() -> None:
    assert TypicalDays(min=5, max=5).max == 5
    with pytest.raises(ValidationError, match="days_order"):
        TypicalDays(min=6, max=5)


def test_team_facts_not_said_stay_unknown() -> None:
    assert Team(analysis=3).total is None
