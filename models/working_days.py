"""Working days in China: Monday to Friday; public holidays are announced anew every year."""

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

TIME_ZONE: Final = ZoneInfo("Asia/Shanghai")
"""Days begin and end here; times are stored in UTC."""

_SATURDAY: Final = 5


def after_working_days(moment: datetime, n_days: int) -> datetime:
    """Return the same time of day, so many working days later; counts from the next day on."""
    local = moment.astimezone(TIME_ZONE)
    left = n_days
    while left:
        local += timedelta(days=1)
        left -= local.weekday() < _SATURDAY
    return local.astimezone(moment.tzinfo)
