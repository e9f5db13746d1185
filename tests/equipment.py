"""What tests need of the machine beyond Python, and what becomes of them without it."""

import os
from typing import NoReturn

import pytest


def absent(what: str) -> NoReturn:
    """End a test that lacks something: skipped on a desk, failed in CI.

    In CI nobody sees that a test was skipped, and `.ci/run` installs what is needed.
    """
    if os.environ.get("CI") == "true":
        pytest.fail(f"CI must have what the tests need: {what}", pytrace=False)
    pytest.skip(what)
