"""Passwords: what is accepted, how it is kept, how it is compared."""

import secrets
import unicodedata
from functools import lru_cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from api.schemas.session import MAX_PASSWORD_CHARS, MIN_PASSWORD_CHARS
from models.errors import InvalidInputError

_HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
"""argon2id with the least OWASP recommends (2024): 19 MiB, two passes, one lane."""

_ALPHABET: Final = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without characters that are mistaken for others when read aloud or copied by hand."""


def check_password(password: str, login: str) -> None:
    """Refuse a password that is easily guessed.

    Raises:
        InvalidInputError: it is too short, too long, of too few characters or the login.
    """
    if not MIN_PASSWORD_CHARS <= len(password) <= MAX_PASSWORD_CHARS:
        raise InvalidInputError(
            f"密码应为 {MIN_PASSWORD_CHARS} 至 {MAX_PASSWORD_CHARS} 个字符。", field="password"
        )
    if len(set(password)) < 5:
        raise InvalidInputError("密码中不同的字符太少，请换一个。", field="password")
    if login_key(login) in login_key(password):
        raise InvalidInputError("密码中不能含有登录名，请换一个。", field="password")


def hash_password(password: str) -> str:
    """Return what is kept of a password."""
    return _HASHER.hash(_same_form(password))


def password_fits(kept: str | None, password: str) -> bool:
    """Return whether a password is the one kept; takes as long when none is kept."""
    try:
        fits = _HASHER.verify(kept or _nobodys(), _same_form(password))
    except (VerificationError, InvalidHashError):
        return False
    return fits and kept is not None


def random_password() -> str:
    """Return a password somebody can be told: 75 bits, easy to copy."""
    groups = ["".join(secrets.choice(_ALPHABET) for _ in range(5)) for _ in range(3)]
    return "-".join(groups)


def login_key(login: str) -> str:
    """Return a login as it is compared."""
    return unicodedata.normalize("NFKC", login).casefold().strip()


def _same_form(password: str) -> str:
    """Return a password in one form, however the keyboard composed its characters."""
    return unicodedata.normalize("NFKC", password)


@lru_cache(maxsize=1)
def _nobodys() -> str:
    """Hash of a password nobody has, compared with when there is nobody of that login."""
    return _HASHER.hash(secrets.token_urlsafe(32))
