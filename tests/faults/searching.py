"""A client that searches all the time: whatever happens to writing, it must be answered."""

import threading
from collections import Counter
from typing import Final

import httpx2

from api.schemas import examples
from tests.faults.server import Server

PAUSE_S: Final = 0.05


class Searching:
    """Searches from its start to its stop.

    Attributes:
        answers: Replies by status and code.
    """

    def __init__(self, server: Server) -> None:
        self.answers: Counter[str] = Counter()
        self._server = server
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> "Searching":
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._stopping.set()
        self._thread.join()

    @property
    def failures(self) -> dict[str, int]:
        """Answers other than results; too many at once is no failure."""
        return {what: n for what, n in self.answers.items() if what not in ("200", "503 busy")}

    def _run(self) -> None:
        with self._server.client() as http:
            while not self._stopping.wait(PAUSE_S):
                self.answers[_search(http)] += 1


def _search(http: httpx2.Client) -> str:
    try:
        reply = http.post("/v1/match", json=examples.MATCH)
    except httpx2.TransportError as error:
        return type(error).__name__
    if reply.status_code != 200:
        return f"{reply.status_code} {reply.json().get('code')}"
    (answer,) = reply.json()["responses"].values()
    return "200" if answer["status"] == 200 else f"{answer['status']} {answer['problem']['code']}"
