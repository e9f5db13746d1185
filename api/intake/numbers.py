"""Numbers for people: `XQ-<region>-<year>-<sequence>`."""

from datetime import date

from models import repository
from models.acting import elevated
from models.database import Session

NO_REGION = "00"
SEQUENCE_DIGITS = 6


class DemandNumbers:
    """Gives out the numbers of one transaction, each one once."""

    def __init__(self, session: Session, today: date) -> None:
        """Start from what the database holds.

        Args:
            session: A writing transaction: nobody else can take a number meanwhile.
            today: Day whose year is used.
        """
        self._session = session
        self._year = today.year
        self._last: dict[str, int] = {}

    def take(self, region_code: str | None) -> str:
        """Return the next number of a region's two digits and this year."""
        prefix = f"XQ-{(region_code or NO_REGION)[:2]}-{self._year}-"
        if prefix not in self._last:
            with elevated(self._session, "numbers"):  # others' demands have numbers too
                newest = repository.last_demand_no(self._session, prefix)
            self._last[prefix] = int(newest.removeprefix(prefix)) if newest else 0
        self._last[prefix] += 1
        return f"{prefix}{self._last[prefix]:0{SEQUENCE_DIGITS}d}"
