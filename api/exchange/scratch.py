"""Folders for what is on the way into a file or out of one."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from models.errors import DiskFullError


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """Give a folder that is gone afterwards, however that ends.

    Raises:
        DiskFullError: no place where one could be can be written; Python looks for one the first
            time only, and does not tell why it found none.
        OSError: it cannot be made.
    """
    try:
        made = tempfile.TemporaryDirectory()
    except FileNotFoundError as error:
        raise DiskFullError(
            "临时目录写不进去（磁盘满了，或没有权限）。请管理员清理磁盘，"
            "或把 TMPDIR 设为一个可写的目录，再重启服务。"
        ) from error
    with made as name:
        yield Path(name)
