"""Entry point: `python -m tools.setup runtime|dev`, from the root of the checkout."""

import argparse
import errno
import fcntl
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.setup.errors import SetupError
from tools.setup.machine import check_machine, this_machine
from tools.setup.steps import Checkout, Profile, is_current, set_up


def main() -> int:
    """Set the checkout up and return the exit status."""
    parser = argparse.ArgumentParser(prog="tools/setup.sh", description="建立 .venv 并安装依赖")
    parser.add_argument("profile", type=Profile, choices=list(Profile), help="runtime 或 dev")
    profile: Profile = parser.parse_args().profile
    checkout = Checkout(Path(__file__).resolve().parents[2])
    try:
        _run(checkout, profile)
    except SetupError as error:
        return _fail(str(error))
    except OSError as error:
        return _fail(_sentence(error))
    except KeyboardInterrupt:
        print("\n已中断；重新运行同一命令会接着做。", file=sys.stderr)
        return 130
    return 0


def _run(checkout: Checkout, profile: Profile) -> None:
    check_machine(this_machine())
    if is_current(checkout, profile):
        return
    wheelhouse = _wheelhouse()
    with _alone(checkout):
        set_up(checkout, profile, wheelhouse)
    print("环境已就绪：.venv", flush=True)


def _wheelhouse() -> Path | None:
    """The folder that WHEELHOUSE names, if it names one.

    Raises:
        SetupError: it names something that is not a folder.
    """
    name = os.environ.get("WHEELHOUSE", "")
    if not name:
        return None
    folder = Path(name).expanduser().resolve()
    if not folder.is_dir():
        raise SetupError(
            f"WHEELHOUSE 指的目录 {folder} 不存在，请先在联网的同型机器上运行 make wheelhouse。"
        )
    return folder


@contextmanager
def _alone(checkout: Checkout) -> Iterator[None]:
    """Wait until no other set-up works on this checkout."""
    folder = checkout.root / ".cache"
    folder.mkdir(exist_ok=True)
    with (folder / "setup.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("另一个安装正在进行，等它结束 …", flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _sentence(error: OSError) -> str:
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return "磁盘写满了，请清理出至少 4 GB 后重新运行同一命令。"
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return (
            f"没有权限写 {error.filename}，请换一个可写的目录，或用能写它的用户重新运行同一命令。"
        )
    return f"读写文件出错（{error}），请排除后重新运行同一命令。"


def _fail(sentence: str) -> int:
    print(f"安装失败：{sentence}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
