import pytest

from indexer.embed import Embedder
from tests.factories import make_embedder


@pytest.fixture(scope="session")
def embedder() -> Embedder:
    """A deterministic embedder that remembers what it encoded."""
    return make_embedder()
