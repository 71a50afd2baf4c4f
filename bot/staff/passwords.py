"""Passwords: which are good enough, and how they are kept.

Rules after NIST SP 800-63B section 5.1.1: length counts, composition does not, common ones are
refused. Hashing after RFC 9106 (Argon2id, its second recommended option).
"""

import asyncio
import secrets
import unicodedata
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from bot.staff.errors import Weakness, WeakPassword

MIN_LENGTH: Final = 12
MAX_LENGTH: Final = 256
FEWEST_CHARACTERS: Final = 5
"""A password with fewer different characters is a pattern."""

HASHES_AT_ONCE: Final = 2
"""Each takes 64 MiB and a core for some tens of milliseconds."""

_COMMON: Final = (
    "password",
    "passwort",
    "passphrase",
    "contrasena",
    "motdepasse",
    "palavrapasse",
    "iloveyou",
    "teamo",
    "letmein",
    "welcome",
    "bienvenid",
    "administrator",
    "changeme",
    "sidelight",
    "advocate",
    "helpline",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "qwerty",
    "azerty",
    "princess",
    "sunshine",
    "football",
    "baseball",
    "superman",
    "trustno",
    "monkey",
    "dragon",
    "master",
    "secret",
    "admin",
    "login",
    "hello",
    "test",
    "abc",
)
_RUNS: Final = ("abcdefghijklmnopqrstuvwxyz", "01234567890123456789", "98765432109876543210")
_LEET: Final = str.maketrans("013457@$!", "oieastasi")


def check_password(password: str, name: str = "") -> None:
    """Raises WeakPassword for one that is short, endless, common, or little more than `name`."""
    normal = unicodedata.normalize("NFKC", password)
    if min(len(password), len(normal)) < MIN_LENGTH:
        raise WeakPassword(Weakness.SHORT)
    if max(len(password), len(normal)) > MAX_LENGTH:
        raise WeakPassword(Weakness.LONG)
    folded = normal.casefold()
    if len(set(folded)) < FEWEST_CHARACTERS or any(folded in run for run in _RUNS):
        raise WeakPassword(Weakness.COMMON)
    if _rest(folded, _COMMON) < FEWEST_CHARACTERS:
        raise WeakPassword(Weakness.COMMON)
    parts = tuple(part for part in name.casefold().split() if len(part) > 2)
    if parts and _rest(folded, parts) < FEWEST_CHARACTERS:
        raise WeakPassword(Weakness.NAMED)


def _rest(folded: str, stems: tuple[str, ...]) -> int:
    """How many letters are left once the stems, and their spellings in digits, are taken out."""
    plain = "".join(
        c for c in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(c)
    )
    fewest = len(folded)
    for spelled in (plain, plain.translate(_LEET)):
        left = spelled
        for stem in stems:
            left = left.replace(stem, "")
        if left != spelled:
            fewest = min(fewest, sum(c.isalpha() for c in left))
    return fewest


def random_password() -> str:
    """A password for automation: 24 characters, 144 bits."""
    return secrets.token_urlsafe(18)


class Passwords:
    """Hashes and verifies outside the event loop, and only a few at once."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._turns = asyncio.Semaphore(HASHES_AT_ONCE)
        self._decoy = ""

    async def hash(self, password: str) -> str:
        """The hash to store."""
        async with self._turns:
            return await asyncio.to_thread(self._hasher.hash, _normal(password))

    async def verify(self, password_hash: str, password: str) -> bool:
        """Whether `password` is the one. An empty hash takes as long as any, and never matches."""
        if not self._decoy:
            self._decoy = await self.hash(secrets.token_urlsafe())
        async with self._turns:
            matches = await asyncio.to_thread(
                self._matches, password_hash or self._decoy, _normal(password)
            )
        return matches and bool(password_hash)

    def is_dated(self, password_hash: str) -> bool:
        """Whether it was made with weaker parameters than today's."""
        return self._hasher.check_needs_rehash(password_hash)

    def _matches(self, password_hash: str, password: str) -> bool:
        try:
            return self._hasher.verify(password_hash, password)
        except (Argon2Error, InvalidHashError):
            return False


def _normal(password: str) -> str:
    """One form for what different keyboards write differently, and bounded work."""
    return unicodedata.normalize("NFKC", password[: MAX_LENGTH + 1])
