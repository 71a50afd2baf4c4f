"""One Latin skeleton for words in Latin, Arabic and Devanagari letters.

Hindi and Arabic are typed in their own letters and in Latin ones, each person spelling by ear. The
skeleton keeps what the spellings share, so that मुझे and "mujhe", or شرطة and "shorta", are alike.
"""

import re
import unicodedata

_ARABIC = dict(
    zip(
        "ابتثجحخدذرزسشصضطظعغفقكلمنهويىؤأإآپچگڤ",
        "abttjhkddrjsssdtj3gfkklmnhvyaaaaabcgf",
        strict=True,
    )
)
_DEVANAGARI = {
    **dict(zip("कखगघङचछजझञटठडढणतथदधन", "kkggnccjjnttddnttddn", strict=True)),
    **dict(zip("पफबभमयरलवशषसहळंँः", "bfbbmyrlvssshlnnh", strict=True)),
    **dict.fromkeys("अआइईउऊएऐओऔऑऍ", "a"),
    **dict.fromkeys("ािीुूेैोौॉॅ", "e"),
    "ऋ": "r",
    "ृ": "r",
    "्": "",
}
_LETTERS = str.maketrans({**_ARABIC, "ة": "h", "ء": "", "ئ": "a", **_DEVANAGARI})
# Breath and digits: what one person writes "kh" another writes "5", and many leave out.
_LATIN = (
    *(("kh", "k"), ("gh", "g"), ("sh", "s"), ("ch", "c"), ("th", "t"), ("dh", "d"), ("ph", "f")),
    *(("bh", "b"), ("jh", "j"), ("7'", "k"), ("3'", "g"), ("5", "k"), ("7", "h"), ("2", "")),
    *(("6", "t"), ("8", "k"), ("9", "s"), ("q", "k"), ("z", "j"), ("w", "v"), ("p", "b")),
    ("x", "ks"),
)
_ALIKE = str.maketrans("أإآةى", "اااهي")
_WORD = re.compile(r"[\w'\u0900-\u0963\u200c\u200d]+")
_NUMBER = re.compile(r"\d+")
_SOFT = re.compile(r"[aeiouyv]")
_TWICE = re.compile(r"(.)\1+")


def fold(text: str) -> str:
    """`text` without accents, Arabic vowel marks and the dots of nukta; Arabic letters that people
    interchange are one. Devanagari keeps its vowel signs."""
    decomposed = unicodedata.normalize("NFD", text)
    return "".join(char for char in decomposed if not _is_mark(char)).translate(_ALIKE)


def skeleton(text: str) -> str:
    """The words of `text` as their first letter and their consonants, parted by spaces."""
    return " ".join(_word(word) for word in _WORD.findall(fold(text)))


def _is_mark(char: str) -> bool:
    return (
        "\u0300" <= char <= "\u036f" or "\u064b" <= char <= "\u0655" or char in "\u0640\u0670\u093c"
    )


def _word(word: str) -> str:
    if _NUMBER.fullmatch(word):
        return word
    latin = word.translate(_LETTERS)
    for spelling, sound in _LATIN:
        latin = latin.replace(spelling, sound)
    latin = latin.replace("'", "")
    head, rest = latin[:1], _SOFT.sub("", latin[1:])
    if head in set("eiou"):
        head = "a"
    if len(rest) > 1 and rest.endswith("h"):
        rest = rest[:-1]
    return _TWICE.sub(r"\1", head + rest)
