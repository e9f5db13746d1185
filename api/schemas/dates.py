"""Days and moments as they are written; a bare number is none, whatever pydantic makes of it."""

import re
from datetime import UTC, date, datetime
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BeforeValidator
from pydantic_core import PydanticCustomError

_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?"
    r"(Z|[+-][0-9]{2}:[0-9]{2})"
)


def _day(value: Any) -> Any:  # noqa: ANN401 - pydantic's signature
    """Refuse what is no day as people write it; seconds since 1970 among it."""
    is_day = isinstance(value, date) and not isinstance(value, datetime)
    if not is_day and not (isinstance(value, str) and _DAY.fullmatch(value)):
        raise PydanticCustomError("date_parsing", "not a day")
    return value


def _moment(value: Any) -> Any:  # noqa: ANN401 - pydantic's signature
    """Refuse what is no moment with its zone."""
    if not isinstance(value, str) or not _MOMENT.fullmatch(value):
        raise PydanticCustomError("datetime_parsing", "not a moment")
    return value


def _in_utc(value: datetime) -> datetime:
    """Return a moment in UTC; at the ends of the calendar there is none."""
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise PydanticCustomError("datetime_parsing", "not a moment") from None


Day = Annotated[date, BeforeValidator(_day)]
Moment = Annotated[datetime, BeforeValidator(_moment), AfterValidator(_in_utc)]
