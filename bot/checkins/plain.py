"""What different spellings of the same words of time have in common.

Texts and the tables of words go through the same folding, so that each is written in the tables
as people write it. In Devanagari the signs for vowels become letters: to regular expressions the
signs are no part of a word.
"""

import re
import unicodedata
from functools import cache

LONGEST_READ = 1000
"""Characters of a text that are looked at."""

_SIGNS, _VOWELS = "ािीुूृॅेैॉोौईऊ", "आइइउउऋएएऐओओऔइउ"
"""Signs of vowels, and long letters that are often confused with short ones."""

_LETTERS = str.maketrans(
    {
        **dict(zip(_SIGNS, _VOWELS, strict=True)),
        **dict.fromkeys("ंँङञण", "न"),
        "ى": "ي",
        "ی": "ي",
        "ے": "ي",
        "ک": "ك",
        "ة": "ه",
        "ٱ": "ا",
        "ـ": "",
        "٫": ".",
        "،": ",",
        "؟": "?",
        "।": " ",
        "’": "'",
        "‘": "'",
        "`": "'",
        "⁄": "/",
        **dict.fromkeys("‐‑‒–—−", "-"),
    }
)
_HALVES = str.maketrans({"½": " 1/2", "¼": " 1/4", "¾": " 3/4"})


def plain(text: str) -> str:
    """`text` in small letters and ASCII digits, without accents and joiners, single-spaced."""
    folded = unicodedata.normalize("NFKD", text[:LONGEST_READ].translate(_HALVES).casefold())
    kept = "".join(map(_letter, folded)).translate(_LETTERS)
    return " ".join(kept.split())


def either(*words: str) -> str:
    """A pattern of any of `words` in plain letters: apart by spaces, "_" for a space within one."""
    listed = {plain(word.replace("_", " ")) for line in words for word in line.split()}
    longest_first = sorted(listed, key=lambda word: (-len(word), word))
    return "(?:" + "|".join(spaced(word) for word in longest_first) + ")"


def whole(*words: str) -> str:
    """`either`, with nothing of a word before or after it."""
    return rf"(?<!\w){either(*words)}(?!\w)"


def spaced(word: str) -> str:
    """A pattern of `word`, in which a space may also be a hyphen."""
    return re.escape(word).replace(r"\ ", r"[\s-]+")


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """`pattern`, compiled once: there are more of them than `re` itself keeps."""
    return re.compile(pattern)


def _letter(character: str) -> str:
    if unicodedata.combining(character) or unicodedata.category(character) == "Cf":
        return ""
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    return character
