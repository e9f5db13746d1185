from collections.abc import Iterator

import pytest

from tests.api.conftest import Running, empty
from tests.tenancy.world import World


@pytest.fixture(scope="module")
def world(application: Running) -> Iterator[World]:
    """Ten tenants and everybody who asks for their rows."""
    empty(application)
    yield World(application.service)
    empty(application)
