"""One-time codes of authenticator apps (TOTP, RFC 6238: SHA-1, six digits, 30 seconds)."""

import hmac
from datetime import datetime
from typing import Final

import pyotp

STEP: Final = 30
ISSUER: Final = "Sidelight"
DRIFT: Final = 1
"""Steps that a phone's clock may be off, either way (RFC 6238 section 5.2 allows one)."""


def new_secret() -> str:
    """A random secret: 160 bits in base 32."""
    return pyotp.random_base32()


def otpauth_link(secret: str, name: str) -> str:
    """The secret as a link that authenticator apps open."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=ISSUER)


def matching_step(secret: str, code: str, now: datetime) -> int | None:
    """The time step whose code is `code`, among those of now and next to it; None if there is none.

    Spaces in `code` don't matter. Takes the same time whichever matches.
    """
    typed = "".join(code.split())
    totp = pyotp.TOTP(secret)
    present = int(now.timestamp()) // STEP
    found = None
    for step in range(present - DRIFT, present + DRIFT + 1):
        expected = totp.generate_otp(step)
        if hmac.compare_digest(expected.encode(), typed.encode("utf-8", "replace")):
            found = step
    return found
