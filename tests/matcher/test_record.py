"""What of a recorded ranking follows from its own numbers, and how two of them differ."""

from dataclasses import replace
from typing import Any

import pytest

from matcher.record import Basis, RecordedMatch, RunRecord, differences, verify
from models.vocabulary.matching import Band, Direction, RuleOutcome

FIRST = RecordedMatch(
    document_id="cp_1",
    group_id="pv_1",
    asked_by="dm_1",
    score=0.8,
    band=Band.STRONG,
    outcome=RuleOutcome.MET,
    is_doubted=False,
    is_newcomer=False,
    values=[1.0, 0.6],
    second=None,
    near_duplicates=[],
)
SECOND = replace(FIRST, document_id="cp_2", group_id="pv_2", score=0.3, band=Band.WEAK)


def make(*matches: RecordedMatch, **changes: Any) -> RunRecord:
    record = RunRecord(
        direction=Direction.DEMAND_TO_PROVIDER,
        basis=Basis("gen-1", "e", "shipped", "draft-1", "1", "q", "2026-11-26"),
        request={"k": 10},
        viewer={"role": "base_staff", "organisation_id": "og_1", "region_code": None},
        weights={"a": 0.5, "b": 0.5},
        thresholds=[0.7, 0.5, 0.4],
        seed=3,
        matches=list(matches) or [FIRST, replace(SECOND, values=[0.3, 0.3])],
    )
    return replace(record, **changes)


def test_record_that_follows_from_its_numbers_has_no_fault() -> None:
    assert verify(make()) == []
    assert RunRecord.from_json(make().to_json()) == make()


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"score": 0.81}, "总分不等于"),
        ({"band": Band.GOOD}, "档位与总分不符"),
        ({"is_doubted": True}, "档位与总分不符"),
        ({"values": [1.0, None]}, "总分不等于"),
    ],
    ids=["score", "band", "doubted", "value"],
)
def test_number_that_does_not_follow_is_found(changed: dict[str, Any], fault: str) -> None:
    faults = verify(make(replace(FIRST, **changed), replace(SECOND, values=[0.3, 0.3])))
    assert any(fault in told for told in faults)


def test_order_that_does_not_follow_is_found() -> None:
    faults = verify(make(replace(SECOND, values=[0.3, 0.3]), FIRST))
    assert faults == ["名次与档位、条件核对和总分不符。"]


@pytest.mark.parametrize(
    "changed",
    [
        {"score": 0.7},
        {"band": Band.GOOD},
        {"document_id": "cp_9"},
        {"is_newcomer": True},
        {"is_doubted": True},
        {"group_id": "pv_9"},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_whatever_is_shown_otherwise_is_a_difference(changed: dict[str, Any]) -> None:
    assert differences([FIRST, SECOND], [replace(FIRST, **changed), SECOND])


def test_same_rankings_do_not_differ_and_places_do() -> None:
    assert differences([FIRST, SECOND], [FIRST, SECOND]) == []
    assert differences([FIRST, SECOND], [SECOND, FIRST])
    assert differences([FIRST], [])
    assert differences([], [FIRST])
