"""What happens to the index is logged; silent before, it was noticed by slow answers only."""

import logging
from collections.abc import Callable
from pathlib import Path

import pytest

from indexer.sync import Synchroniser
from models.database import Database
from tests.rows import add_demand


@pytest.fixture
def told(caplog: pytest.LogCaptureFixture) -> Callable[[], list[str]]:
    """Gives the events logged since the last look."""
    caplog.set_level(logging.DEBUG, "navmatch.indexer")

    def events() -> list[str]:
        found = [record.getMessage() for record in caplog.records]
        caplog.clear()
        return found

    return events


def test_building_encoding_and_writing_are_told(
    database: Database,
    make_synchroniser: Callable[..., Synchroniser],
    told: Callable[[], list[str]],
) -> None:
    with database.write() as session:
        add_demand(session)
    make_synchroniser().open()
    found = told()
    wanted = ["the index is built from the database", "texts encoded", "generation written"]
    assert [event for event in found if event in wanted] == wanted


def test_damage_and_loading_are_told(
    database: Database,
    tmp_path: Path,
    make_synchroniser: Callable[..., Synchroniser],
    told: Callable[[], list[str]],
) -> None:
    first = make_synchroniser()
    first.open()
    first.rebuild()
    first.close()
    newest = max((tmp_path / "index").glob("gen-*"))
    path = next(newest.glob("demand.*"))
    path.write_bytes(path.read_bytes() + b"x")
    told()
    make_synchroniser().open()
    found = told()
    assert any(event.startswith(f"generation {newest.name} is passed over") for event in found)
    assert "generation loaded" in found
