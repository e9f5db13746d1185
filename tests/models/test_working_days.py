from datetime import UTC, datetime

import pytest

from models.working_days import after_working_days


@pytest.mark.parametrize(
    ("begun", "n_days", "ended"),
    [
        ("2026-11-23T02:00", 5, "2026-11-30T02:00"),  # Monday to Monday
        ("2026-11-27T02:00", 1, "2026-11-30T02:00"),  # Friday to Monday
        ("2026-11-28T02:00", 1, "2026-11-30T02:00"),  # Saturday to Monday
        ("2026-11-27T17:00", 1, "2026-11-29T17:00"),  # already Saturday in China
        ("2026-11-25T02:00", 0, "2026-11-25T02:00"),
    ],
)
def test_working_days_skip_weekends_in_china(begun: str, n_days: int, ended: str) -> None:
    moment = datetime.fromisoformat(begun).replace(tzinfo=UTC)
    assert after_working_days(moment, n_days) == datetime.fromisoformat(ended).replace(tzinfo=UTC)
