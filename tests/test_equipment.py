"""Without what they need, tests are skipped on a desk and fail in CI."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.equipment import absent
from tests.faults.disks import needed_disk
from tests.faults.test_clock import new_clock
from tests.postgres import require_postgresql
from tests.web.conftest import find_browser

Patch = pytest.MonkeyPatch


def without_postgresql(patch: Patch, folder: Path) -> Any:
    patch.setattr("tests.postgres.find_spec", lambda name: None)
    return require_postgresql()


def without_chromium(patch: Patch, folder: Path) -> Any:
    patch.setenv("PATH", str(folder))
    return find_browser()


def without_faketime(patch: Patch, folder: Path) -> Any:
    patch.setattr("tests.faults.clocks.LIBRARIES", (str(folder / "libfaketimeMT.so.1"),))
    return new_clock(folder)


def without_mount(patch: Patch, folder: Path) -> Any:
    no_size = -1
    with needed_disk(folder / "disk", no_size):
        return None


LACKING = pytest.mark.parametrize(
    ("lack", "name"),
    [
        (without_postgresql, "PostgreSQL"),
        (without_chromium, "chromium"),
        (without_faketime, "libfaketime"),
        (without_mount, "mount"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)


@LACKING
def test_without_it_a_test_fails_in_ci(
    lack: Callable[[Patch, Path], Any], name: str, monkeypatch: Patch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match=name):
        lack(monkeypatch, tmp_path)


@LACKING
def test_without_it_a_test_is_skipped_on_a_desk(
    lack: Callable[[Patch, Path], Any], name: str, monkeypatch: Patch, tmp_path: Path
) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match=name):
        lack(monkeypatch, tmp_path)


@pytest.mark.parametrize("value", ["", "false"])
def test_other_values_are_no_ci(value: str, monkeypatch: Patch) -> None:
    monkeypatch.setenv("CI", value)
    with pytest.raises(pytest.skip.Exception, match=r"^no oracle$"):
        absent("no oracle")
