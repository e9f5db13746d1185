from collections.abc import Iterator

import pytest

from tests.api.conftest import Running, application, empty  # noqa: F401 - the fixture
from tests.tenancy.world import World


@pytest.fixture(scope="module")
def world(application: Running) -> Iterator[World]:  # noqa: F811 - the fixture
    """Ten tenants and everybody who asks for their rows."""
    empty(application)
    yield World(application.service)
    empty(application)
