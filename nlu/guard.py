"""What of a text reaches the model."""

import unicodedata

MAX_CHARACTERS = 1000
"""Longer texts are cut: their vector says little, and takes long."""

# Directions, byte order marks and tags are invisible; joiners (U+200C, U+200D) shape Hindi letters.
_JOINERS = "\u200c\u200d"
_DROPPED = ("Cc", "Cf", "Cs", "Co", "Cn")


def clean(text: str) -> str:
    """`text` cut to MAX_CHARACTERS, without control and direction characters, lone surrogates,
    or the leading slash by which Rasa would read the rest as the name of an intent."""
    kept = "".join(
        " " if char in "\n\r\t" else char
        for char in text[:MAX_CHARACTERS]
        if char in "\n\r\t" or char in _JOINERS or unicodedata.category(char) not in _DROPPED
    )
    return kept.lstrip("/ \u3000\xa0").rstrip()


def has_words(text: str) -> bool:
    """Whether there is a letter or digit: for emoji alone the model invents a confident answer."""
    return any(unicodedata.category(char)[0] in "LN" for char in text)
