from dataclasses import replace
from pathlib import Path

import pytest

from tools.setup.errors import SetupError
from tools.setup.machine import Machine, check_disk, check_machine, this_machine

GOOD = Machine((3, 11), "Linux", "x86_64", "glibc", (2, 36))


def test_machine_of_the_tests_is_supported() -> None:
    check_machine(this_machine())


@pytest.mark.parametrize(
    "machine",
    [
        GOOD,
        replace(GOOD, python=(3, 14)),
        replace(GOOD, architecture="aarch64"),
        replace(GOOD, libc_version=(2, 28)),
    ],
    ids=["usual", "newest-python", "arm", "oldest-glibc"],
)
def test_machine_supported_passes(machine: Machine) -> None:
    check_machine(machine)


@pytest.mark.parametrize(
    ("machine", "said"),
    [
        (replace(GOOD, python=(3, 10)), "需要 Python 3.11 至 3.14，现在是 3.10"),
        (replace(GOOD, python=(3, 15)), "需要 Python 3.11 至 3.14，现在是 3.15"),
        (replace(GOOD, system="Windows"), "不支持 Windows 系统，请在 Linux"),
        (replace(GOOD, architecture="loongarch64"), "不支持 loongarch64 处理器"),
        (replace(GOOD, libc="", libc_version=()), "glibc 2.28"),
        (replace(GOOD, libc_version=(2, 17)), "glibc 2.28"),
    ],
    ids=["old-python", "new-python", "windows", "loongarch", "musl", "centos-7"],
)
def test_machine_unsupported_is_refused(machine: Machine, said: str) -> None:
    with pytest.raises(SetupError, match=said):
        check_machine(machine)


def test_disk_with_too_little_room_is_refused(tmp_path: Path) -> None:
    check_disk(tmp_path, 0)
    with pytest.raises(SetupError, match="请清理出至少 1000000 GB"):
        check_disk(tmp_path, 10**6)
