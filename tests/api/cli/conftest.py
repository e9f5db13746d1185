from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from api.cli.app import run
from api.cli.installation import Installation
from api.settings import Settings
from api.wiring import Service
from indexer.encoder import HashEncoder
from tests.api.exchange.conftest import service, wired  # noqa: F401 - fixtures

Run = Callable[..., int]


class FixedInstallation(Installation):
    """An installation whose service is put together already."""

    def __init__(self, made: Service) -> None:
        super().__init__(made.settings, lambda settings: HashEncoder())
        self._made = made

    @contextmanager
    def store(self) -> Iterator[Service]:
        yield self._made

    @contextmanager
    def readers(self) -> Iterator[Service]:
        yield self._made


@pytest.fixture
def run_on(service: Service) -> Run:  # noqa: F811 - the fixture
    """Run a command on an empty database."""

    def run_command(*words: str) -> int:
        return run(words, FixedInstallation(service))

    return run_command


@pytest.fixture
def fresh(tmp_path: Path) -> Installation:
    """An installation in an empty directory."""
    settings = Settings(data_dir=tmp_path / "fresh", encoder="hash", port=1)
    return Installation(settings, lambda _: HashEncoder())
