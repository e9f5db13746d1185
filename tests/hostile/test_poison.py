"""A text that kills the encoder, sent over HTTP to a real service with two workers."""

import threading
from collections.abc import Iterator
from typing import Any

import httpx2
import psutil
import pytest

from tests.faults.server import Server
from tests.hostile.poison import FALLING

POISON = f"我们要排查碳化硅器件出口的专利侵权风险，其中{FALLING}的部分。"
HARMLESS = "我们要排查固态电池出口的专利侵权风险，并评估规避设计。"


class PoisonedServer(Server):
    """A server whose encoder can be killed by a text."""

    program = "tests.hostile.poisoned"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PoisonedServer]:
    """Two workers and their encoder; the last test kills them."""
    started = PoisonedServer(
        tmp_path_factory.mktemp("poison") / "data",
        {"NAVMATCH_SEARCH_DEADLINE_S": "60", "NAVMATCH_WRITE_DEADLINE_S": "60"},
        ("--workers", "2"),
    )
    started.start()
    started.wait_ready()
    yield started
    started.kill()


def _ask(client: httpx2.Client, text: str) -> dict[str, Any]:
    queries = {"q": {"direction": "d2p", "text": {"text": text}}}
    reply = client.post("/v1/match", json={"queries": queries})
    assert reply.status_code == 200
    answer: dict[str, Any] = reply.json()["responses"]["q"]
    return answer


def _encoders(server: Server) -> set[int]:
    children = psutil.Process(server.pid).children(recursive=True)
    return {c.pid for c in children if "indexer.encoder_process.child" in c.cmdline()}


def test_poison_costs_its_own_request_and_is_refused_after_two(server: PoisonedServer) -> None:
    with server.client(timeout=60) as client:
        before = _encoders(server)
        neighbours: list[int] = []
        asking = [
            threading.Thread(
                target=lambda n=n: neighbours.append(_ask(client, f"{HARMLESS}{n}")["status"])
            )
            for n in range(6)
        ]
        for thread in asking:
            thread.start()
        first = _ask(client, POISON)
        for thread in asking:
            thread.join()
        second, third = _ask(client, POISON), _ask(client, POISON)

        assert len(before) == 1
        assert neighbours == [200] * 6
        assert (first["status"], first["problem"]["code"]) == (503, "encoder_restarting")
        assert [again["problem"]["code"] for again in (second, third)] == ["text_refused"] * 2
        assert second["status"] == 422
        assert _ask(client, HARMLESS)["status"] == 200
        assert len(_encoders(server) - before) == 1


def test_everything_ends_with_the_first_process(server: PoisonedServer) -> None:
    children = psutil.Process(server.pid).children(recursive=True)
    assert len(children) == 3

    psutil.Process(server.pid).kill()

    _, alive = psutil.wait_procs(children, timeout=60)
    assert alive == []
