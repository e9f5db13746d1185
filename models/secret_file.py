"""Secrets in files that only their owner reads, made at first use and never a default."""

import os
import secrets
from pathlib import Path
from typing import Final

from models.errors import SetupError

SECRET_BYTES: Final = 32


def read_secret(path: Path) -> bytes:
    """Return the secret in a file; makes one when there is no such file.

    Of two processes that make it at once both return the same secret.

    Raises:
        SetupError: the file cannot be read or made, is readable for others, or holds no secret
            of ours.
    """
    try:
        if not path.exists():
            _make(path)
        if path.stat().st_mode & 0o077:
            raise SetupError(f"密钥文件 {path} 可被其他用户读取，请先执行 chmod 600 {path}。")
        secret = bytes.fromhex(path.read_text("ascii").strip())
    except (OSError, ValueError) as error:
        raise SetupError(f"密钥文件 {path} 无法读取或写入，或内容不完整。") from error
    if len(secret) < SECRET_BYTES:
        raise SetupError(f"密钥文件 {path} 的内容过短，应为 {SECRET_BYTES} 字节的十六进制。")
    return secret


def _make(path: Path) -> None:
    """Write a fresh secret aside and link it into place, which fails where one is already."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    aside = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(SECRET_BYTES) + "\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(aside, path)
        except FileExistsError:
            return
    finally:
        aside.unlink()
