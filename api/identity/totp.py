"""One-time codes of an authenticator (RFC 6238): six digits, thirty seconds."""

import time
from typing import Final

import pyotp

ISSUER: Final = "navmatch"
PERIOD_S: Final = 30
DRIFT: Final = 1
"""Steps a clock may be ahead or behind."""


def new_secret() -> str:
    """Return a fresh secret, base32, 160 bits."""
    return pyotp.random_base32()


def address_of(secret: str, login: str) -> str:
    """Return the `otpauth:` address an authenticator reads."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=ISSUER)


def step_of(secret: str, code: str, used: int | None, now: float | None = None) -> int | None:
    """Return the step a code belongs to; None when it fits none, or one used already."""
    present = int(time.time() if now is None else now) // PERIOD_S
    totp = pyotp.TOTP(secret)
    for step in range(present - DRIFT, present + DRIFT + 1):
        if (used is None or step > used) and pyotp.utils.strings_equal(
            totp.at(step * PERIOD_S), code
        ):
            return step
    return None
