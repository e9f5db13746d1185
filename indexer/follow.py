"""The thread that keeps a worker's index up to date."""

import logging
import threading
from collections.abc import Callable

from indexer.sync import Synchroniser
from models.failpoints import Failpoint, hit

_log = logging.getLogger("navmatch.indexer")


class Follower:
    """A thread that keeps an index up to date: at once when told, else every so often."""

    def __init__(
        self,
        synchroniser: Synchroniser,
        interval_s: float = 0.25,
        also: Callable[[], None] = lambda: None,
    ) -> None:
        """Set what is followed.

        Args:
            synchroniser: The index.
            interval_s: Seconds between two looks when nobody tells of a change.
            also: Done in every round, for what else others may have changed.
        """
        self._synchroniser = synchroniser
        self._also = also
        self._interval_s = interval_s
        self._wake = threading.Event()
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="index-follower", daemon=True)
        self.last_error: Exception | None = None

    def start(self) -> None:
        """Begin to follow."""
        self._thread.start()

    def wake(self) -> None:
        """Say that something was committed."""
        self._wake.set()

    @property
    def is_running(self) -> bool:
        """Whether the thread lives."""
        return self._thread.is_alive()

    def stop(self) -> None:
        """Stop following and wait for the round under way; a thread stopped stays so."""
        self._stopping = True
        self._wake.set()
        if self.is_running:
            self._thread.join()

    def _run(self) -> None:
        while not self._stopping:
            self._wake.wait(self._interval_s)
            self._wake.clear()
            if self._stopping:
                return
            try:
                hit(Failpoint.FOLLOWER_ROUND)
                self._synchroniser.catch_up()
                self._also()
                self.last_error = None
            except Exception as error:  # the next round tries again
                if type(error) is not type(self.last_error):
                    _log.exception("the index could not be brought up to date; it is tried again")
                self.last_error = error
