"""Which version of the program this is."""

from importlib.metadata import PackageNotFoundError, version
from typing import Final

DISTRIBUTION: Final = "navmatch"


def program_version() -> str:
    """Return the version installed; 0.0.0 for a checkout that is not."""
    try:
        return version(DISTRIBUTION)
    except PackageNotFoundError:
        return "0.0.0"
