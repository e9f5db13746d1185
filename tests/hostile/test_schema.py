"""The short form of `python -m tests.hostile.schema`, and the proof that it can fail."""

import threading
from collections.abc import Iterator

import pytest
import uvicorn
from fastapi import FastAPI
from fastapi.responses import JSONResponse

from tests.faults.server import free_port
from tests.hostile.schema import SHORT_PHASES, check, main, serving
from tests.postgres import require_postgresql

SEED = 20_261_125


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_behaviour_and_document_agree(database: str) -> None:
    if database == "postgresql":
        require_postgresql()
    print(f"seed {SEED}")
    with serving(database) as (url, headers):
        outcome = check(url, headers, SEED, n_examples=1, phases=SHORT_PHASES)
    assert outcome.failures == (), outcome.output
    assert outcome.n_cases >= 100


@pytest.mark.nightly
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_behaviour_and_document_agree_in_five_thousand_cases(database: str) -> None:
    assert main(["--db", database, "--cases", "5000"]) == 0


def test_document_that_lies_is_found(lying_server: str) -> None:
    outcome = check(lying_server, {}, SEED, n_examples=2, phases="fuzzing")
    assert any("Undocumented" in failure for failure in outcome.failures), outcome.output


@pytest.fixture
def lying_server() -> Iterator[str]:
    """A small application that answers with a status its document does not know."""
    app = FastAPI()

    @app.get("/lie")
    async def lie() -> JSONResponse:
        return JSONResponse({}, 418)

    port = free_port()
    config = uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        thread.join(0.01)
        assert thread.is_alive()
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()
