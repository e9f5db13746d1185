"""While PostgreSQL is away the public is answered from memory, and writes are refused at once."""

from collections.abc import Iterator

import pytest

from tests.faults.outage import Installation, Outage, observe


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A running service with its database."""
    with Installation.running(tmp_path_factory.mktemp("outage")) as made:
        yield made


@pytest.mark.parametrize("kind", list(Outage))
def test_outage_is_met(installation: Installation, kind: Outage) -> None:
    conduct = observe(installation, kind)
    print(conduct)
    assert conduct.is_right, conduct


def test_restart_of_the_database_fails_no_request(installation: Installation) -> None:
    assert installation.write().status_code == 201
    installation.database.restart()
    statuses = [
        ask().status_code for ask in (installation.write, installation.search) for _ in range(10)
    ]
    assert max(statuses) < 500
    assert installation.write().status_code == 201


@pytest.mark.nightly
@pytest.mark.parametrize("kind", list(Outage))
def test_outage_is_met_in_time(installation: Installation, kind: Outage) -> None:
    conduct = observe(installation, kind)
    print(conduct)
    assert conduct.is_prompt, conduct
