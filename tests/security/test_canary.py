"""S8: fifty canaries through every place of every operation; none is told again."""

import asyncio
from pathlib import Path

import pytest

from api import field_problems, logs, observer
from tests.factories import make_chance
from tests.postgres import PostgresServer
from tests.security.canary import attack, canaries

SEED = 20_261_125


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.nightly)])
def url(request: pytest.FixtureRequest) -> str | None:
    """Address of a database of its own; None for the file in the data folder."""
    if request.param == "sqlite":
        return None
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.new_database()


def test_canaries_are_fifty_of_five_kinds() -> None:
    made = canaries(make_chance(SEED))
    assert len(set(made)) == 50


def test_no_canary_is_told_again(url: str | None, tmp_path: Path) -> None:
    seen = asyncio.run(attack(tmp_path, url, rounds=1, seed=SEED))
    assert seen.leaks == []
    assert seen.n_sent > 500
    assert seen.n_errors > 200
    assert seen.n_internal > 10


@pytest.mark.nightly
def test_no_canary_is_told_again_in_many_rounds(url: str | None, tmp_path: Path) -> None:
    seen = asyncio.run(attack(tmp_path, url, rounds=50, seed=SEED))
    assert seen.leaks == []


@pytest.mark.nightly
def test_logging_paths_would_be_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The harness can fail: paths in the lines of requests give canaries away."""
    monkeypatch.setattr(logs, "cover_text", str)
    monkeypatch.setattr(
        observer,
        "_viewer",
        lambda scope: observer._log.warning("%s?%s", scope["path"], scope["query_string"]),
    )
    seen = asyncio.run(attack(tmp_path, None, rounds=0.2, seed=SEED))
    assert any(leak.startswith("log") for leak in seen.leaks)


@pytest.mark.nightly
def test_echoing_errors_would_be_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The harness can fail: replies that repeat what was sent give canaries away."""
    monkeypatch.setattr(
        field_problems, "_sentence", lambda error, kind: f"不合格：{error.get('input')}"
    )
    seen = asyncio.run(attack(tmp_path, None, rounds=0.2, seed=SEED))
    assert any(leak.startswith("reply 422") for leak in seen.leaks)
