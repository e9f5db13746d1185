"""What is done every few seconds while the service runs: timers, subscriptions, deliveries.

Only the worker that leads makes rounds, so that no two look for the same; what would be wrong
to do twice is safe even if two did, each in its own transaction.
"""

import logging
import threading
from collections.abc import Callable, Mapping
from typing import Final

from models.occasion import Occasion, during
from models.viewer import acting_as, system

STOP_S: Final = 15.0
"""Seconds a delivery under way may still take when the service stops."""

_log = logging.getLogger("navmatch.rounds")


class Rounds:
    """A thread that does some tasks one after the other, again and again."""

    def __init__(
        self,
        tasks: Mapping[str, Callable[[], object]],
        leads: Callable[[], bool],
        interval_s: float,
    ) -> None:
        """Set what is done.

        Args:
            tasks: What is done, by name; an error is logged and keeps no other task back.
            leads: Tells whether it is for this worker to do.
            interval_s: Seconds between two rounds; none are made when it is 0.
        """
        self._tasks = tasks
        self._leads = leads
        self._interval_s = interval_s
        self._failing: set[str] = set()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="rounds", daemon=True)

    def make(self) -> None:
        """Make one round."""
        for name, task in self._tasks.items():
            with acting_as(system(name)), during(Occasion(name)):
                try:
                    task()
                    self._failing.discard(name)
                except Exception:
                    if name not in self._failing:
                        _log.exception("a task of the rounds failed; it is tried again")
                    self._failing.add(name)

    def start(self) -> None:
        """Begin to make rounds."""
        if self._interval_s:
            self._thread.start()

    def stop(self) -> None:
        """Stop, and wait for the task under way."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(STOP_S)

    def _run(self) -> None:
        while not self._stopping.wait(self._interval_s):
            if self._leads():
                self.make()
