"""Secrets of authenticators are kept so that the database alone gives none of them away."""

import pyotp
import pytest

from api.identity.secret_seal import SecretSeal, is_clear
from models.errors import SetupError

SEAL = SecretSeal(lambda: b"key of an installation")
OTHER = SecretSeal(lambda: b"key of another installation")
OWNER = "us_01JZX3V8Q4W6T2N9K7M5R1C0BD"


def test_sealed_secret_is_opened_for_its_owner() -> None:
    for _ in range(100):
        secret = pyotp.random_base32()
        assert SEAL.open(SEAL.seal(secret, OWNER), OWNER) == secret


def test_sealed_secret_shows_nothing_and_fits_its_column() -> None:
    secret = pyotp.random_base32()
    kept = {SEAL.seal(secret, OWNER) for _ in range(100)}
    assert len(kept) == 100
    assert {len(text) for text in kept} == {64}
    assert is_clear(secret)
    assert not any(is_clear(text) or secret[:6] in text for text in kept)


def test_secret_of_somebody_else_is_not_opened() -> None:
    kept = SEAL.seal(pyotp.random_base32(), OWNER)
    for seal, owner in ((SEAL, OWNER[:-1] + "E"), (OTHER, OWNER)):
        with pytest.raises(SetupError, match="navmatch people totp"):
            seal.open(kept, owner)


def test_every_changed_character_is_found() -> None:
    kept = SEAL.seal(pyotp.random_base32(), OWNER)
    for place, letter in enumerate(kept):
        changed = kept[:place] + ("A" if letter != "A" else "B") + kept[place + 1 :]
        with pytest.raises(SetupError):
            SEAL.open(changed, OWNER)


@pytest.mark.parametrize("kept", ["", "A", "非", "A" * 64, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"])
def test_what_is_no_sealed_secret_is_refused(kept: str) -> None:
    with pytest.raises(SetupError):
        SEAL.open(kept, OWNER)
