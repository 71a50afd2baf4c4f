"""Recovery codes: for whoever lost the phone. Shown once, each good once, kept as hashes."""

import secrets
from typing import Final

HOW_MANY: Final = 10

_ALPHABET: Final = "abcdefghjkmnpqrstuvwxyz023456789"
"""32 letters and digits that are not mistaken for each other: five bits each."""

_GROUPS: Final = 4
_GROUP: Final = 4
LENGTH: Final = _GROUPS * _GROUP
"""80 bits: a plain hash of so many can't be turned back."""


def new_codes() -> tuple[str, ...]:
    """A set of codes, such as ``k7mx-2qpa-9f3h-w8tz``."""
    return tuple(_code() for _ in range(HOW_MANY))


def tidy(typed: str) -> str:
    """A code as it is hashed, however it was typed; an empty text for what can't be one."""
    letters = "".join(c for c in typed.casefold() if c.isascii() and c.isalnum())
    return letters.replace("o", "0") if len(letters) == LENGTH else ""


def _code() -> str:
    letters = [secrets.choice(_ALPHABET) for _ in range(LENGTH)]
    return "-".join("".join(letters[i : i + _GROUP]) for i in range(0, LENGTH, _GROUP))
