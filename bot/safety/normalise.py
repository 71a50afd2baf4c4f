"""What a person typed, as words to compare: one spelling for what looks or sounds the same."""

import re
import unicodedata
from dataclasses import dataclass
from enum import IntEnum

LONGEST = 8_192
"""Characters that are looked at. Telegram sends at most 4,096; a flood is read at both ends."""

MOST_FOLDED = 4_096
"""Characters of which it is remembered how they fold."""

# Zero-width, direction and joining characters, and variation selectors: they hide in words.
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u034f\u061c\u180e\ufeff")) | dict.fromkeys(
    [*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), *range(0xFE00, 0xFE10)]
)
_APOSTROPHES = dict.fromkeys(map(ord, "'`´’‘ʼ＇"))
_DROPPED = _INVISIBLE | _APOSTROPHES

# Latin diacritics; Arabic vowel signs, hamza above or below its letter, and the stretching tatweel;
# the nukta of Devanagari. Most people leave them out.
_MARKS = re.compile("[\u0300-\u036f\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed\u093c]+")

# Letters that people type for each other: Arabic alef, ya, ta marbuta and their Persian shapes,
# p and v; Hindi's long and short i and u, and its two nasal signs. Digits of all three scripts.
_ALIKE = str.maketrans(
    "ٱىیةەہھکپڤँीूईऊॉ٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹०१२३४५६७८९",
    "اييههههكبفंिुइउा" + "0123456789" * 3,
)
_DEVANAGARI = re.compile("[\u0900-\u097f]")
# A nasal before its own kind of stop is written as a letter or as a sign (जिन्दगी, जिंदगी),
_NASAL = re.compile("(?:न्(?=[त-ध])|म्(?=[प-भ])|ण्(?=[ट-ढ])|ञ्(?=[च-झ])|ङ्(?=[क-घ]))")
# and at the end of a word mostly left out (नहीं, नही).
_LAST_NASAL = re.compile("ं+(?![\u0900-\u0963\u0970-\u097f])")

# Python's \w leaves out the vowel signs of Devanagari and Arabic, which are part of their words.
_LETTERS = r"[\w\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0962\u0963\u0610-\u061a\u064b-\u065f]+"
_SIGN = r"\u2600-\u27bf\U0001f100-\U0001faff"
_END = r"!?;\n؟؛۔।॥"
_PAUSE = r",:()\u2013\u2014،-"
_TOKEN = re.compile(rf"{_LETTERS}(?:[*@$!]+{_LETTERS})*|[{_SIGN}{_END}{_PAUSE}]|\.(?=\s|$)")


class Stop(IntEnum):
    """What stands before a word: nothing, a pause within the sentence, or a sentence's end."""

    NONE = 0
    PAUSE = 1
    END = 2


_STOPS = dict.fromkeys("!?;\n.؟؛۔।॥", Stop.END) | dict.fromkeys(",:()\u2013\u2014،-", Stop.PAUSE)


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text in order, and what stands before each (same length)."""

    words: tuple[str, ...]
    stops: tuple[Stop, ...]


class _Folded(dict[int, str]):
    """What stands for a character, found out when it is met first."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        if code in _DROPPED:
            folded = ""
        else:
            folded = unicodedata.normalize("NFKC", character).casefold().translate(_DROPPED)
            folded = _MARKS.sub("", unicodedata.normalize("NFD", folded)).translate(_ALIKE)
        if len(self) < MOST_FOLDED:
            self[code] = folded
        return folded


_FOLDED = _Folded()


def fold(text: str) -> str:
    """`text` in compatibility form, caseless, without diacritics, apostrophes and hidden
    characters, letters that are typed for each other made one. The vowel signs of Devanagari
    stay: there they are part of the word.
    """
    text = _ends(text)
    if text.isascii():
        return text.replace("'", "").replace("`", "").lower()
    text = text.translate(_FOLDED)
    if _DEVANAGARI.search(text):
        text = _LAST_NASAL.sub("", _NASAL.sub("ं", text))
    return _ends(unicodedata.normalize("NFC", text))


def _ends(text: str) -> str:
    """`text`, or of a longer one than LONGEST the first and the last part."""
    if len(text) <= LONGEST:
        return text
    half = LONGEST // 2
    return text[: half - 1] + "\n" + text[-half:]


def split(text: str) -> Words:
    """The words of `text`, folded. Emoji count as words; other signs only as stops."""
    tokens = _TOKEN.findall(fold(text).replace("_", " "))
    words = tuple([token for token in tokens if token not in _STOPS])
    stops = [Stop.NONE] * (len(words) + 1)
    for before, index in enumerate([i for i, token in enumerate(tokens) if token in _STOPS]):
        stops[index - before] = max(stops[index - before], _STOPS[tokens[index]])
    return Words(words, tuple(stops[:-1]))
