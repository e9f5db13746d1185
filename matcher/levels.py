"""Whether a credential is of the level, or of the name, that a demand asks for."""

import re
from collections.abc import Callable
from typing import Final

from indexer.types import Credential
from models.vocabulary.organisation import CredentialType

MIN_NAME_CHARS: Final = 2
"""A credential with a shorter name proves nothing."""

_STARS = re.compile(r"(?P<stars>[一二三四五1-5]) ?(?:星|A(?!A))|(?P<letters>A{2,5})(?!A)")
_STANDARD = re.compile(r"(?<!\d)\d{4,5}(?!\d)")
_CREDIT = re.compile(r"A{1,3}\+?")
_DIGITS: Final = {digit: n for n, digit in enumerate("一二三四五", start=1)}


def reaches(credential: Credential, asked: str) -> bool | None:
    """Return whether a credential is what the words of a demand name; None when unclear.

    Args:
        credential: One of the type asked for.
        asked: The clause in the demand's own words. Where it names no level, any will do.
    """
    if credential.type == CredentialType.OTHER:
        return _is_named(credential, asked)
    compare = _LEVELS.get(CredentialType(credential.type))
    return True if compare is None else compare(credential, asked)


def _is_named(credential: Credential, asked: str) -> bool | None:
    """Return True when the clause has the credential's own name, which alone proves it."""
    names = [name for name in (credential.level, credential.scope) if name]
    is_named = any(len(name) >= MIN_NAME_CHARS and name in asked for name in names)
    return True if is_named else None


def _has_stars(credential: Credential, asked: str) -> bool | None:
    wanted, held = _stars(asked), _stars(credential.level or "")
    if wanted is None:
        return True
    return None if held is None else held >= wanted


def _stars(text: str) -> int | None:
    found = _STARS.search(text)
    if found is None:
        return None
    digit = found["stars"]
    return len(found["letters"]) if digit is None else _DIGITS.get(digit) or int(digit)


def _has_credit(credential: Credential, asked: str) -> bool | None:
    """Return whether the grade is the one asked for or that with more to it: A+, AA after A."""
    wanted = _CREDIT.search(asked)
    return True if wanted is None or (credential.level or "").startswith(wanted[0]) else None


def _is_standard(credential: Credential, asked: str) -> bool | None:
    """Return whether the number of an ISO standard is the one asked for; another says nothing."""
    wanted = set(_STANDARD.findall(asked))
    held = set(_STANDARD.findall(f"{credential.level or ''} {credential.scope or ''}"))
    return True if not wanted or wanted & held else None


_LEVELS: Final[dict[CredentialType, Callable[[Credential, str], bool | None]]] = {
    CredentialType.STAR_GRADE: _has_stars,
    CredentialType.CREDIT_GRADE: _has_credit,
    CredentialType.ISO: _is_standard,
}
