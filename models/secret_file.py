"""Secrets in files that only their owner reads, made at first use and never a default."""

import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Final

from models.durable import (
    PRIVATE,
    PRIVATE_FOLDER,
    aside_of,
    create,
    make_folder,
    remove_left_over,
    sync,
)
from models.errors import SetupError

SECRET_BYTES: Final = 32


class SecretDamagedError(SetupError):
    """A file that should hold a secret holds none of ours."""


def read_secret(path: Path) -> bytes:
    """Return the secret in a file; makes one when there is no such file.

    Of two processes that make it at once both return the same secret.

    Raises:
        SetupError: the file cannot be read or made, or is readable for others.
        SecretDamagedError: it holds no secret of ours.
    """
    remove_left_over(path.parent, path.name)
    try:
        if not path.exists():
            _make(path)
        if path.stat().st_mode & 0o077:
            raise SetupError(f"密钥文件 {path} 可被其他用户读取，请先执行 chmod 600 {path}。")
        secret = bytes.fromhex(path.read_text("ascii").strip())
    except OSError as error:
        raise SetupError(f"密钥文件 {path} 无法读取或写入：{error.strerror}。") from error
    except ValueError as error:
        raise SecretDamagedError(f"密钥文件 {path} 的内容不完整。") from error
    if len(secret) < SECRET_BYTES:
        raise SecretDamagedError(
            f"密钥文件 {path} 的内容过短，应为 {SECRET_BYTES} 字节的十六进制。"
        )
    return secret


def _make(path: Path) -> None:
    """Write a fresh secret aside and link it into place, which fails where one is already."""
    make_folder(path.parent, PRIVATE_FOLDER)
    aside = aside_of(path)
    try:
        create(aside, f"{secrets.token_hex(SECRET_BYTES)}\n".encode(), PRIVATE)
        with suppress(FileExistsError):
            os.link(aside, path)
    finally:
        aside.unlink(missing_ok=True)
    sync(path.parent)
