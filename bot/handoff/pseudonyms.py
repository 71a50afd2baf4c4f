"""Names by which the console knows people: random, and said of nobody."""

import secrets

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


def pseudonym() -> str:
    """A random colour and tree: easy to tell apart, and a new one with each handoff."""
    return f"{secrets.choice(_COLOURS)} {secrets.choice(_TREES)}"
