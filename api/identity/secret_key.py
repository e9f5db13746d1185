"""API keys as texts: `dm_<role>_<id8>_<secret>_<check>`, told apart from typing mistakes."""

import hashlib
import re
import secrets
import zlib
from dataclasses import dataclass
from typing import Final

from models.identity import KEY_ID_CHARS
from models.vocabulary.access import Role

PREFIX: Final = "dm"
SECRET_CHARS: Final = 32
"""Of 32 letters and digits each: 160 bits."""

_ALPHABET: Final = "abcdefghjkmnpqrstuvwxyz023456789"
ROLE_WORDS: Final = {
    Role.BASE_STAFF: "base",
    Role.BASE_ADMIN: "basemgr",
    Role.PROVIDER_STAFF: "prov",
    Role.PROVIDER_ADMIN: "provmgr",
    Role.RECIPIENT: "rcpt",
    Role.REGIONAL_OPERATOR: "region",
    Role.OPERATOR: "oper",
}
"""What stands in a key for its role; other roles have no keys."""

_PATTERN: Final = re.compile(
    rf"{PREFIX}_(?:{'|'.join(ROLE_WORDS.values())})_([{_ALPHABET}]{{{KEY_ID_CHARS}}})"
    rf"_[{_ALPHABET}]{{{SECRET_CHARS}}}_[0-9a-f]{{8}}"
)


@dataclass(frozen=True, slots=True, repr=False)
class SecretKey:
    """A key as its holder has it; shown once, never stored, never printed by accident.

    Attributes:
        text: The whole key.
        key_id: The part it is found by.
    """

    text: str
    key_id: str

    @property
    def hash(self) -> str:
        """SHA-256 (hex) of the key; it needs no salt, since keys are random."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def new_key(role: Role) -> SecretKey:
    """Return a fresh key."""
    key_id = _random(KEY_ID_CHARS)
    body = f"{PREFIX}_{ROLE_WORDS[role]}_{key_id}_{_random(SECRET_CHARS)}"
    return SecretKey(f"{body}_{_check(body)}", key_id)


def read_key(text: str) -> SecretKey | None:
    """Return the key a text is; None when it is none, which needs no look at the database."""
    found = _PATTERN.fullmatch(text)
    if found is None or _check(text.rpartition("_")[0]) != text[-8:]:
        return None
    return SecretKey(text, found.group(1))


def _random(n_chars: int) -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(n_chars))


def _check(body: str) -> str:
    return f"{zlib.crc32(body.encode()):08x}"
