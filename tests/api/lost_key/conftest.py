from collections.abc import Iterator
from pathlib import Path

import pytest

from api.settings import Settings
from tests.api.lost_key.house import House, act
from tests.api.notices.receiver import Receiver, receiving


@pytest.fixture
def settings(database_url: str | None, tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "data", database_url=database_url)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


@pytest.fixture
def house(settings: Settings) -> Iterator[House]:
    made = House(settings)
    yield made
    made.close()


@pytest.fixture
def lost(house: House) -> House:
    """An installation with an entry, its service stopped and its key gone."""
    act(house.open())
    house.lose_key()
    return house
