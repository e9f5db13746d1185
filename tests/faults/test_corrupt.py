"""Nothing harmed is served; the long form is `python -m tests.faults.corrupt --n 1000`."""

import pytest

from tests.faults.corrupt import UNCHECKED, corrupt

SEED = 20_261_125


def test_nothing_harmed_is_served() -> None:
    report = corrupt(n=25, n_flips=20, seed=SEED)
    print(f"seed {SEED}: {report}")
    assert report.faults == []
    assert report.n_found == report.n_flips == 20


@pytest.mark.nightly
def test_run_notices_a_server_that_believes_every_file() -> None:
    report = corrupt(n=25, n_flips=0, seed=SEED, flaw=UNCHECKED)
    assert report.faults


@pytest.mark.nightly
def test_nothing_harmed_is_served_in_1000_ways() -> None:
    report = corrupt(n=1_000, n_flips=200, seed=SEED)
    print(f"seed {SEED}: {report}")
    assert report.faults == []
    assert report.n_found == report.n_flips == 200
