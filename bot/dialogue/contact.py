"""The trusted contact, as the dialogue sees it from either side."""

from dataclasses import dataclass
from enum import StrEnum

CODE_DIGITS = 4
"""Of the number that belongs to an invitation. Most numbers that people call in danger are shorter;
one that is not is taken for a code only where a code is awaited."""


class Standing(StrEnum):
    """How far an invitation came."""

    INVITED = "invited"
    READY = "ready"


@dataclass(frozen=True, slots=True)
class ContactView:
    """Somebody whom the person chose to be told. Of them the person sees nothing but this.

    `name` is what the person is called towards them, and `words` is all that they will be told.
    """

    standing: Standing
    name: str
    words: str


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation that was opened here by its link, and can still be accepted.

    `code` is the number that the person passes on by another way than the link. `name` is shown
    only after it was given: whoever merely finds the link learns nothing.
    """

    token: str
    name: str
    code: str
