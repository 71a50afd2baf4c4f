"""Pretended translations of the English: what breaks in another language is seen in these first.

`accented` is longer, in letters that a font may lack; `mirrored` reads from right to left. Both
keep placeholders and addresses as they are, and can still be read by who reads English.
"""

import re

GROWTH = 0.4
"""How much longer: translations of sentences seldom take more than that."""

_KEPT = re.compile(r"(\{[^{}\s]*\}|https?://\S+)")
_WORD = re.compile(r"[A-Za-z]+")
_RUN = re.compile(r"\S+")
_PLAIN = "AaBbCcDdEeFfGgHhIiJjKkLlMmNnOoPpQqRrSsTtUuVvWwXxYyZz"
_ACCENTED = "ÅåƁƀÇçÐđÉéƑƒĜĝĤĥÎîĴĵĶķĻļṀṁÑñÖöÞþǪǫŔŕŠšŢţÛûṼṽŴŵẊẋÝýŽž"
_ACCENTS = str.maketrans(_PLAIN, _ACCENTED)
_VOWELS = frozenset("AEIOUYaeiouy")

_MARK, _OVERRIDE, _END = "\u200f", "\u202e", "\u202c"
"""The right-to-left mark, override, and what ends it (Unicode Annex 9)."""


def accented(text: str) -> str:
    """`text` in accented letters, 40 % longer, between brackets that show where it is cut off."""
    owed = 0.0

    def longer(match: re.Match[str]) -> str:
        nonlocal owed
        extra = int(owed)
        owed -= extra
        return _stretched(match[0], extra).translate(_ACCENTS)

    parts = []
    for at, part in enumerate(_KEPT.split(text)):
        if at % 2:
            parts.append(part)
            continue
        words = []
        for piece in re.split(r"(?<=\s)", part):
            owed += GROWTH * len(piece)
            words.append(_WORD.sub(longer, piece))
        parts.extend(words)
    return f"[{''.join(parts)}]"


def mirrored(text: str) -> str:
    """`text` as if it were written from right to left: each word is turned around on the screen."""
    parts = _KEPT.split(text)
    return "".join(part if at % 2 else _RUN.sub(_turned, part) for at, part in enumerate(parts))


def _turned(match: re.Match[str]) -> str:
    return f"{_MARK}{_OVERRIDE}{match[0]}{_END}{_MARK}"


def _stretched(word: str, extra: int) -> str:
    """`word` with `extra` of its vowels said again, or of its last letter where it has none."""
    vowels = [at for at, letter in enumerate(word) if letter in _VOWELS] or [len(word) - 1]
    times = [1] * len(word)
    for number in range(extra):
        times[vowels[number % len(vowels)]] += 1
    return "".join(letter * count for letter, count in zip(word, times, strict=True))
