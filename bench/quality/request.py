"""What one question costs the processor, stage by stage, asked of the whole service.

The demonstration data is taken in as `navmatch demo` does it. Then demands of it are asked as
texts nobody has stored, so that everything is done for each: it is read, tagged, encoded,
searched, scored, checked, explained and sent. Stages are those the service times itself
(`models.stages`), by the clock of the processor.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from starlette.testclient import TestClient

from api.app import create_app
from api.demo.accounts import open_key
from api.demo.load import load_demo
from api.matching import Matching
from api.schemas.match import MatchQuery
from api.settings import Settings
from api.wiring import Service
from bench.quality.sets import prepare
from indexer.encoder import Encoder
from models.stages import Stage, stopwatch
from models.viewer import acting_as, system

REQUEST: Final = "request"
ASKED: Final = 60
NAMES: Final[Mapping[Stage, str]] = {
    Stage.UNDERSTAND: "理解、打标签（编码另计）",
    Stage.ENCODE: "编码",
    Stage.RETRIEVE: "检索",
    Stage.SCORE: "评分",
    Stage.CHECK: "核对条件",
    Stage.EXPLAIN: "说明理由",
}


@dataclass(frozen=True)
class RequestCost:
    """Milliseconds of the processor that requests took.

    Attributes:
        n_texts: Texts in the index.
        chars: Median length of the texts that asked.
        stages: Each stage, by request; float64 (n,).
        rest: What no stage counts: receiving, letting in, cleaning, presenting, sending.
        total: The whole requests.
    """

    n_texts: int
    chars: int
    stages: Mapping[Stage, NDArray[np.float64]]
    rest: NDArray[np.float64]
    total: NDArray[np.float64]

    def rows(self) -> Iterator[tuple[str, float, float]]:
        """Yield each part with its median and the value 95 of 100 stay below."""
        parts = {
            **{NAMES[s]: ms for s, ms in self.stages.items()},
            "收发、鉴权、净化、组织答复": self.rest,
        }
        for name, ms in {**parts, "合计": self.total}.items():
            yield name, float(np.median(ms)), float(np.quantile(ms, 0.95))

    def as_json(self) -> dict[str, Any]:
        """Return what was measured, for programs."""
        measured = {**{s.value: ms for s, ms in self.stages.items()}, "rest": self.rest}
        by_request = {n: np.round(ms, 3).tolist() for n, ms in measured.items()}
        return {"n_texts": self.n_texts, "chars": self.chars, "ms": by_request}


def measure_requests(encoder: Encoder, remembering: Encoder, asked: int = ASKED) -> RequestCost:
    """Return what demands of the demonstration data cost when they are asked as texts.

    Args:
        encoder: Encodes what asks.
        remembering: The same encoder, which may know the vectors of the data already.
        asked: How many demands ask.
    """
    with (
        TemporaryDirectory(prefix="navmatch-request-") as folder,
        served(Path(folder), encoder, remembering) as (service, client),
    ):
        texts = _texts(asked)
        matching = Matching(service)
        for text in texts[:2]:  # what the first questions alone pay for is not the cost of one
            _stages(service, matching, text)
            _whole(service, client, text)
        measured = [
            (_stages(service, matching, text), _whole(service, client, text)) for text in texts
        ]
        stages = {s: np.array([found[s] for found, _ in measured]) for s in NAMES}
        total = np.array([whole for _, whole in measured])
        view = service.synchroniser.view
    return RequestCost(
        n_texts=sum(len(kind.alive_rows) for kind in view.kinds.values()),
        chars=int(np.median([len(text["title"]) + len(text["text"]) for text in texts])),
        stages=stages,
        rest=total - np.sum(list(stages.values()), axis=0),
        total=total,
    )


@contextmanager
def served(
    folder: Path, encoder: Encoder, remembering: Encoder
) -> Iterator[tuple[Service, TestClient]]:
    """Give the service over the demonstration data, answering over HTTP, and who asks it."""
    settings = Settings(
        data_dir=folder,
        allowed_hosts="testserver",
        log_level="ERROR",
        rounds_interval_s=0,
        search_deadline_s=60,  # the processor is timed, however long others hold it
    )
    taking_in = Service(settings, remembering)
    try:
        with acting_as(system("bench")):
            taking_in.prepare_database()
            load_demo(taking_in, _silent)
            taking_in.open(follow=False)
            key = open_key(taking_in)
    finally:
        taking_in.close()
    service = Service(settings, encoder)
    with TestClient(create_app(settings, lambda _: service)) as client:
        client.headers["Authorization"] = f"Bearer {key}"
        yield service, client


def _stages(service: Service, matching: Matching, text: Mapping[str, str]) -> dict[Stage, float]:
    """Return the milliseconds of each stage of answering."""
    service.embedder.forget_texts()
    with acting_as(system("bench")), stopwatch(process_time) as watch:
        matching.answer(MatchQuery.model_validate({"text": text}))
    return {stage: 1_000 * watch.seconds.get(stage, 0.0) for stage in NAMES}


def _whole(service: Service, client: TestClient, text: Mapping[str, str]) -> float:
    """Return the milliseconds of asking over HTTP, of both sides."""
    service.embedder.forget_texts()
    began = process_time()
    response = client.post("/v1/match", json={"queries": {"q": {"text": text}}})
    spent = process_time() - began
    response.raise_for_status()
    answer = response.json()["responses"]["q"]
    if answer["status"] != response.status_code:
        raise ValueError(answer["problem"])
    return 1_000 * spent


def _texts(wanted: int) -> list[dict[str, str]]:
    """Return demands of the demonstration data as texts, evenly spread."""
    labelled = prepare("demo")
    if labelled is None:
        raise FileNotFoundError(REQUEST)
    lines = (labelled.folder / "queries.dev.jsonl").read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    spread: Sequence[Mapping[str, str]] = rows[:: max(len(rows) // wanted, 1)][:wanted]
    return [{"title": row["title"], "text": row["text"]} for row in spread]


def _silent(done: int, total: int) -> None:
    pass
