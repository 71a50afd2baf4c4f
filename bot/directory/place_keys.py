"""What two spellings of a place's name have in common."""

import unicodedata

_LETTERS = str.maketrans(
    {
        "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i",
        "ə": "e", "ħ": "h", "ة": "ه", "ى": "ي", "ی": "ي", "ک": "ك", "ہ": "ه", "ھ": "ه", "ٱ": "ا",
        "ـ": None, "'": None, "’": None, "‘": None, "ʼ": None, "ʻ": None, "`": None, "´": None,
    }
)  # fmt: skip
"""Letters that Unicode does not decompose, what Arabic and Persian keyboards tell apart, and
apostrophes, which come and go."""

_VIRAMA = 9


class _Folds(dict[int, str]):
    """For `str.translate`: each character is folded once, when it first comes."""

    def __missing__(self, code: int) -> str:
        folded = _fold(chr(code))
        self[code] = folded
        return folded


def _fold(character: str) -> str:
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    plain = "".join(
        part
        for part in unicodedata.normalize("NFKD", character).casefold()
        if unicodedata.combining(part) in (0, _VIRAMA)
    )
    if unicodedata.category(character) == "Cf":  # joiners and marks of direction
        return ""
    return "".join(
        part if part.isalnum() or unicodedata.category(part)[0] == "M" else " "
        for part in plain.translate(_LETTERS)
    )


_FOLDS = _Folds()


def key(text: str) -> str:
    """`text` in small letters, words apart by one space, without accents and punctuation.

    Arabic letters that are often confused, and all digits, become one. Empty where nothing is left.
    """
    return " ".join(text.translate(_FOLDS).split())


def script(folded: str) -> int:
    """Which alphabet a key is written in, roughly: a number that two of one alphabet share."""
    code = ord(folded[0])
    return 0 if code < 0x250 else code >> 8
