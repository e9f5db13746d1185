"""The seed of the randomised suites: printed, and to be set with `--seed`."""

import pytest

SEED = 20_261_125


@pytest.fixture
def seed(request: pytest.FixtureRequest) -> int:
    """What repeats the choices of a run, though not its timing."""
    chosen: int = request.config.getoption("--seed") or SEED
    print(f"seed {chosen}")
    return chosen
