"""Names by which the console knows people: random, and said of nobody."""

import secrets
from collections.abc import Iterator

_COLOURS = (
    "Amber",
    "Blue",
    "Copper",
    "Coral",
    "Green",
    "Indigo",
    "Ivory",
    "Jade",
    "Ochre",
    "Pearl",
    "Plum",
    "Rose",
    "Saffron",
    "Silver",
    "Teal",
    "Violet",
)
_TREES = (
    "Alder",
    "Ash",
    "Birch",
    "Cedar",
    "Elm",
    "Fig",
    "Hazel",
    "Laurel",
    "Linden",
    "Maple",
    "Oak",
    "Olive",
    "Pine",
    "Poplar",
    "Rowan",
    "Willow",
)


TRIES = 8
"""Names without a number that are tried first."""


def pseudonyms() -> Iterator[str]:
    """Random colours and trees: easy to tell apart, and new ones with each handoff.

    The first that nobody bears who is in the queue or with an advocate is to be taken. Where many
    are, numbers tell them apart. It never ends.
    """
    for number in (*("",) * TRIES, *(f" {n}" for n in range(2, 100))):
        yield f"{secrets.choice(_COLOURS)} {secrets.choice(_TREES)}{number}"
    while True:
        yield f"{secrets.choice(_COLOURS)} {secrets.choice(_TREES)} {secrets.randbelow(9000) + 100}"
