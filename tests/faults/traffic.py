"""Clients that write all the time and remember what they were told."""

import random
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any, Final

import httpx2

from api.schemas import examples
from tests.faults.nouns import CAPABILITY, CASE, DEMAND, NOUNS
from tests.faults.oracle import Content, Expected, Oracle
from tests.faults.server import Server

POOL_ROWS: Final = 60
"""Rows one client keeps alive; beyond it deletes more than it makes."""

REST_S: Final = 0.02
"""How long a client rests after it was put off."""

WEIGHTS: Final = {"create": 4, "change": 5, "step": 4, "delete": 1}


class Client:
    """One writer; its rows are its own, so their states follow one another."""

    def __init__(self, server: Server, oracle: Oracle, name: str, seed: int) -> None:
        self._server = server
        self._oracle = oracle
        self._name = name
        self._chance = random.Random(f"{seed}-{name}")  # noqa: S311 - no secret is made from it
        self._rows: list[Expected] = []
        self._n_made = 0
        self._n_texts = 0
        self._provider: str | None = None

    def run(self, stopping: threading.Event) -> None:
        """Write until told to stop or until the server is gone."""
        try:
            with self._server.client(timeout=15) as http:
                while not stopping.is_set():
                    self._act(http)
        except httpx2.TransportError:
            return
        except Exception as error:
            self._oracle.fault(f"{self._name} gave up: {error!r}")

    def _act(self, http: httpx2.Client) -> None:
        self._rows = [row for row in self._rows if _is_alive(row)]
        if self._provider is None:
            self._make_provider(http)
            return
        row = self._chance.choice(self._rows) if self._rows else None
        content = row.content if row is not None else None
        if row is None or content is None or row.id is None:
            self._create(http)
            return
        weights = {**WEIGHTS, "delete": 12} if len(self._rows) > POOL_ROWS else WEIGHTS
        (act,) = self._chance.choices(list(weights), list(weights.values()))
        acts: dict[str, Callable[[], None]] = {
            "create": lambda: self._create(http),
            "change": lambda: self._change(http, row, content),
            "step": lambda: self._step(http, row, content),
            "delete": lambda: self._delete(http, row, content),
        }
        acts[act]()

    def _make_provider(self, http: httpx2.Client) -> None:
        """Register the provider whose capabilities this client writes; told or not, try again."""
        self._n_made += 1
        name = f"示例咨询{self._name}第{self._n_made}号有限公司"
        reply = http.post("/v1/providers", json={**examples.PROVIDER, "name": name, **_NO_PARTS})
        if reply.status_code == 201:
            self._provider = reply.json()["id"]
        else:
            self._note(reply)

    def _create(self, http: httpx2.Client) -> None:
        noun = self._chance.choice((DEMAND, DEMAND, CASE, CAPABILITY))
        self._n_made += 1
        mark = f"{self._name}-{self._n_made}"
        body, after = noun.new(mark, publish=self._chance.random() < 0.6)
        row = self._oracle.begin(mark, noun.name, after)
        self._rows.append(row)
        path = f"/v1/providers/{self._provider}/capabilities" if noun is CAPABILITY else noun.path
        again = {"Idempotency-Key": mark}
        self._send(row, None, after, lambda: http.post(path, json=body, headers=again))

    def _change(self, http: httpx2.Client, row: Expected, before: Content) -> None:
        noun = NOUNS[row.noun]
        self._n_texts += 1
        texts = noun.texts(row.mark, self._n_texts)
        after = before._replace(title=texts["title"], text=texts[noun.text])
        body = {"version": row.version, **texts}
        self._send(row, before, after, lambda: http.patch(f"{noun.path}/{row.id}", json=body))

    def _step(self, http: httpx2.Client, row: Expected, before: Content) -> None:
        noun = NOUNS[row.noun]
        steps = noun.steps.get(before.state)
        if not steps:
            self._change(http, row, before)
            return
        act, state = self._chance.choice(sorted(steps.items()))
        after = before._replace(state=state)
        self._send(row, before, after, lambda: http.post(f"{noun.path}/{row.id}/{act}"))

    def _delete(self, http: httpx2.Client, row: Expected, before: Content) -> None:
        noun = NOUNS[row.noun]
        after = before._replace(deleted=True)
        self._send(row, before, after, lambda: http.delete(f"{noun.path}/{row.id}"))

    def _send(
        self,
        row: Expected,
        before: Content | None,
        after: Content,
        request: Callable[[], httpx2.Response],
    ) -> None:
        try:
            reply = request()
        except httpx2.TransportError:
            self._oracle.unknown(row, before, after)
            raise
        if reply.is_success:
            body = reply.json() if reply.content else None
            self._oracle.acknowledged(row, after, body)
        elif reply.status_code < 500:
            self._oracle.refused(row, before)
            self._note(reply)
        else:
            self._oracle.unknown(row, before, after)
            self._oracle.put_off_with(_code_of(reply))
            self._note(reply)
            time.sleep(REST_S)

    def _note(self, reply: httpx2.Response) -> None:
        """Report replies that no fault excuses: own mistakes, and errors nobody foresaw."""
        if reply.status_code not in EXCUSED:
            self._oracle.fault(f"{self._name} was answered {reply.status_code}: {reply.text[:300]}")


EXCUSED: Final = frozenset({503, 507})
_NO_PARTS: Final[Mapping[str, Any]] = {"capabilities": []}


def _code_of(reply: httpx2.Response) -> str:
    is_ours = reply.headers.get("content-type") == "application/problem+json"
    return str(reply.json()["code"]) if is_ours else reply.text[:100]


def _is_alive(row: Expected) -> bool:
    """Return whether a row may still be worked with, now or after the next comparison."""
    return len(row.allowed) > 1 or row.content is not None


class Traffic:
    """All clients of one run, in threads that stop at every kill."""

    def __init__(self, server: Server, oracle: Oracle, n_clients: int, seed: int) -> None:
        self.clients = [
            Client(server, oracle, f"s{seed}c{number}", seed) for number in range(n_clients)
        ]
        self._threads: list[threading.Thread] = []
        self._stopping = threading.Event()

    def start(self) -> None:
        """Let all clients write."""
        self._stopping.clear()
        self._threads = [
            threading.Thread(target=client.run, args=(self._stopping,), daemon=True)
            for client in self.clients
        ]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Let every client end its request and stop."""
        self._stopping.set()
        for thread in self._threads:
            thread.join()
