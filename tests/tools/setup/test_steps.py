import shutil
import sys
from pathlib import Path

import pytest

from tools.setup import steps
from tools.setup.errors import SetupError
from tools.setup.stamp import Stamp, digest
from tools.setup.steps import Checkout, Profile, is_current, set_up

PYPROJECT = '[project]\nname = "navmatch"\ndependencies = ["numpy>=2", "torch==2.13.0"]\n'


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    (tmp_path / "pyproject.toml").write_text(PYPROJECT, encoding="utf-8")
    (tmp_path / "requirements.lock").write_text("numpy==2.4.6\n", encoding="utf-8")
    (tmp_path / "requirements-dev.lock").write_text("numpy==2.4.6\npytest==9\n", encoding="utf-8")
    return Checkout(tmp_path)


def make_current(checkout: Checkout) -> None:
    checkout.python.parent.mkdir(parents=True)
    checkout.python.symlink_to(sys.executable)
    checkout.command.touch()
    Stamp().write(
        checkout.environment,
        torch="2.13.0",
        dev=digest(checkout.lock(Profile.DEV)),
        project=digest(checkout.project),
        root=str(checkout.root),
    )


def test_environment_just_made_is_current_for_both(checkout: Checkout) -> None:
    make_current(checkout)
    assert is_current(checkout, Profile.DEV)
    assert is_current(checkout, Profile.RUNTIME)


def test_environment_of_the_runtime_lacks_the_dev_packages(checkout: Checkout) -> None:
    make_current(checkout)
    runtime = digest(checkout.lock(Profile.RUNTIME))
    Stamp.read(checkout.environment).write(checkout.environment, dev="", runtime=runtime)
    assert is_current(checkout, Profile.RUNTIME)
    assert not is_current(checkout, Profile.DEV)


@pytest.mark.parametrize("name", ["pyproject.toml", "requirements-dev.lock"])
def test_environment_is_stale_when_a_file_changes(checkout: Checkout, name: str) -> None:
    make_current(checkout)
    with (checkout.root / name).open("a") as file:
        file.write("# changed\n")
    assert not is_current(checkout, Profile.DEV)


def test_environment_is_stale_when_the_interpreter_is_gone(checkout: Checkout) -> None:
    make_current(checkout)
    checkout.python.unlink()
    assert not is_current(checkout, Profile.DEV)


def test_environment_is_stale_after_a_move(checkout: Checkout) -> None:
    make_current(checkout)
    moved = checkout.root / "moved"
    moved.mkdir()
    for path in list(checkout.root.iterdir()):
        if path != moved:
            shutil.move(path, moved)
    assert not is_current(Checkout(moved), Profile.DEV)


def test_set_up_on_a_full_disk_makes_nothing(
    checkout: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steps, "NEEDED_GB", 10**6)
    with pytest.raises(SetupError, match="磁盘空间不足"):
        set_up(checkout, Profile.RUNTIME, None)
    assert not checkout.environment.exists()


def test_torch_version_unpinned_is_refused(checkout: Checkout) -> None:
    checkout.project.write_text(PYPROJECT.replace("torch==", "torch>="), encoding="utf-8")
    with pytest.raises(SetupError, match="torch==版本"):
        checkout.torch_version()
