"""What has to be done once a day while the service runs."""

import logging
import threading
from collections.abc import Callable
from datetime import date

from models.occasion import Occasion, during

CHECK_INTERVAL_S = 60.0

_log = logging.getLogger("navmatch.daily")


class DailyRounds:
    """A thread that calls something whenever a new day has begun."""

    def __init__(
        self,
        work: Callable[[], object],
        today: Callable[[], date],
        interval_s: float = CHECK_INTERVAL_S,
    ) -> None:
        """Set what is to be done.

        Args:
            work: Called once a day; an error is logged, and the next look tries again.
            today: Gives the day in force.
            interval_s: Seconds between two looks at the calendar.
        """
        self._work = work
        self._today = today
        self._interval_s = interval_s
        self._done_on: date | None = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="daily-rounds", daemon=True)

    def make(self) -> bool:
        """Do the day's work unless it is done; returns whether it was done now."""
        day = self._today()
        if day == self._done_on:
            return False
        with during(Occasion("daily round")):
            self._work()
        self._done_on = day
        return True

    def try_to_make(self) -> None:
        """Do the day's work unless it is done; when it fails the next look tries again."""
        try:
            self.make()
        except Exception:
            _log.exception("the day's work failed; it is tried again")

    def start(self) -> None:
        """Begin to look at the calendar; does nothing when it has begun."""
        if not self._thread.is_alive():
            self._thread.start()

    def stop(self) -> None:
        """Stop and wait for the work under way."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while not self._stopping.wait(self._interval_s):
            self.try_to_make()
