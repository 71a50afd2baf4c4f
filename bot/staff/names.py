"""Names of the staff: shown as written, compared without regard to case or form."""

import unicodedata
from typing import Final

from bot.staff.errors import WrongName

MAX_LENGTH: Final = 64


def clean(name: str) -> str:
    """`name` with plain spaces. Raises WrongName for an empty, long or unprintable one."""
    tidy = " ".join(unicodedata.normalize("NFC", name).split())
    if not tidy or len(tidy) > MAX_LENGTH or not tidy.isprintable():
        raise WrongName(f"an advocate's name has 1 to {MAX_LENGTH} printable characters")
    return tidy


def fold(name: str) -> str:
    """What two writings of one name have in common; for any input, however odd."""
    plain = unicodedata.normalize("NFKC", name[: 4 * MAX_LENGTH]).casefold()
    return " ".join(unicodedata.normalize("NFKC", plain).split())
