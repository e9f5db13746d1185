"""Secrets of authenticators as they are kept: whoever has only the database can use none.

Encrypted with a stream of HMAC-SHA256 over a random number and the owner, then signed with
another key (encrypt-then-MAC, Bellare and Namprempre 2000). A secret is shorter than one block
of the stream, and no stream is used twice: that needs no library of ciphers.
"""

import hashlib
import hmac
import secrets
from base64 import b32decode, b32encode, urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from typing import Final

from models.errors import SetupError

CLEAR_CHARS: Final = 32
"""Length of a secret as older versions kept it: base32, in clear."""

_NONCE_BYTES: Final = 12
_TAG_BYTES: Final = 16


class SecretSeal:
    """Seals secrets with a key that lies outside the database."""

    def __init__(self, read_key: Callable[[], bytes]) -> None:
        """Take what reads the key; that is done when the first secret comes."""
        self._read_key = read_key

    def seal(self, secret: str, owner: str) -> str:
        """Return a secret (base32) as it is kept for an owner; never twice the same."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        hidden = _mixed(b32decode(secret), self._stream(nonce, owner))
        return urlsafe_b64encode(nonce + hidden + self._tag(nonce + hidden, owner)).decode()

    def open(self, kept: str, owner: str) -> str:
        """Return the secret (base32) of what is kept.

        Raises:
            SetupError: it was sealed with another key or for another owner, or was changed.
        """
        try:
            content = urlsafe_b64decode(kept)
        except ValueError:
            content = b""
        body, tag = content[:-_TAG_BYTES], content[-_TAG_BYTES:]
        if not hmac.compare_digest(tag, self._tag(body, owner)):
            raise SetupError(
                "身份验证器的密钥打不开：不是用这个安装的密钥文件封存的，或已被改动。"
                "请放回原来的密钥文件，或用 navmatch people totp 重新绑定。"
            )
        nonce, hidden = body[:_NONCE_BYTES], body[_NONCE_BYTES:]
        return b32encode(_mixed(hidden, self._stream(nonce, owner))).decode()

    def _stream(self, nonce: bytes, owner: str) -> bytes:
        return hmac.digest(self._derived(b"cipher"), nonce + owner.encode(), hashlib.sha256)

    def _tag(self, body: bytes, owner: str) -> bytes:
        message = len(body).to_bytes(4, "big") + body + owner.encode()
        return hmac.digest(self._derived(b"tag"), message, hashlib.sha256)[:_TAG_BYTES]

    def _derived(self, purpose: bytes) -> bytes:
        """Return a key of its own for each purpose; the file is also that of the audit chain."""
        return hmac.digest(self._read_key(), b"navmatch authenticator " + purpose, hashlib.sha256)


def is_clear(kept: str) -> bool:
    """Return whether a secret is kept as an older version did: in clear."""
    return len(kept) == CLEAR_CHARS


def _mixed(content: bytes, stream: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(content, stream, strict=False))
