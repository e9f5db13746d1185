from datetime import UTC, date, datetime
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from api.schemas.dates import Day, Moment

DAY: TypeAdapter[Any] = TypeAdapter(Day)
MOMENT: TypeAdapter[Any] = TypeAdapter(Moment)


@pytest.mark.parametrize("value", ["2026-11-25", date(2026, 11, 25)])
def test_day_is_taken_as_it_is_written(value: object) -> None:
    assert DAY.validate_python(value) == date(2026, 11, 25)


@pytest.mark.parametrize(
    "value",
    [
        *(0, 1_735_689_600, "0", "1735689600", 0.5, True, "2026-02-30", "２０２６-11-25"),
        *("2026-11-25\n", "20261125", "2026-11-25T00:00:00", "0000-00-00", ""),
        datetime(2026, 11, 25, tzinfo=UTC),
    ],
)
def test_day_that_is_no_date_is_refused(value: object) -> None:
    with pytest.raises(ValidationError) as refused:
        DAY.validate_python(value)
    assert refused.value.errors()[0]["type"].startswith("date_")


def test_moment_is_given_in_utc() -> None:
    wanted = datetime(2026, 11, 25, 8, tzinfo=UTC)
    assert MOMENT.validate_python("2026-11-25T16:00:00+08:00") == wanted
    assert MOMENT.validate_python("2026-11-25T08:00:00Z").tzinfo == UTC


@pytest.mark.parametrize(
    "value",
    [
        *("0.5", "0", 5, "2026-11-25", "2026-11-25T08:00:00", "2026-11-25T08:00:00+99:99"),
        *("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "now"),
    ],
)
def test_moment_that_is_none_is_refused(value: object) -> None:
    with pytest.raises(ValidationError):
        MOMENT.validate_python(value)
