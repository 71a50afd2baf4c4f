"""What the learned ear counts in a text: words, their sounds and letters, and their neighbours.

Hindi and Arabic are typed in their own letters and in Latin ones, each person spelling by ear. The
*skeleton* of a word, its first letter and its consonants in one Latin spelling, keeps what the
spellings share, so that मुझे and "mujhe", or شرطة and "shorta", are alike.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from bot.safety.normalise import LONGEST, fold

EDGE = "_"
"""Stands for the beginning and the end of a text, and of a word. No word holds it."""

LONGEST_WORD = 40
"""Letters of a word that are looked at; longer ones are addresses, noise or attacks."""

# Letters and digits, the signs that belong to words, apostrophes and hidden characters; emoji.
_WORD = re.compile(
    r"[\w'’‘ʼ`´\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed"
    r"\u0900-\u0963\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]+"
    r"|[\u2600-\u27bf\U0001f300-\U0001faff]"
)
_STRETCHED = re.compile(r"(.)\1{2,}", re.DOTALL)

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
# Breath and digits: what one person writes "kh" another writes "5", and many leave out.
_BREATH = (*((letter + "h", letter) for letter in "kgsctdbj"), ("ph", "f"))
_LATIN = dict(zip("578269qzwp", ["k", "h", "k", "", "t", "s", "k", "j", "v", "b"], strict=True))
_SOUNDS = {**_ARABIC, "ة": "h", "ء": "", "ئ": "a", **_DEVANAGARI, **_LATIN, "x": "ks"}
_SOFT = "aeiouyv"
_FIRST = str.maketrans({**_SOUNDS, **dict.fromkeys("eiou", "a")})
_REST = str.maketrans(
    {**dict.fromkeys(_SOFT, ""), **{k: "" if v in _SOFT else v for k, v in _SOUNDS.items()}}
)
_TWICE = re.compile(r"(.)\1+")


def bounded(text: str) -> str:
    """`text`, or of one longer than LONGEST its first and last part."""
    if len(text) <= LONGEST:
        return text
    return f"{text[: LONGEST // 2]} {text[-LONGEST // 2 :]}"


def split(text: str) -> list[str]:
    """The words of `text` in lower case, as they were typed but for that; an emoji is a word.

    Of a text longer than LONGEST the first and the last part are looked at.
    """
    return _WORD.findall(bounded(text).lower().replace(EDGE, " "))


def spell(word: str) -> str:
    """The one spelling of a `word`: folded, stretched letters ("heeelp") and its end cut.

    May be empty. Spelling twice is spelling once.
    """
    return _STRETCHED.sub(r"\1\1", fold(word[: 4 * LONGEST_WORD]).replace(EDGE, ""))[:LONGEST_WORD]


def skeleton(word: str) -> str:
    """What a `word` that has been spelt sounds like; itself where nothing else remains."""
    if word.isdecimal():
        return word
    plain = word
    if "h" in word:
        for breathed, letter in _BREATH:
            plain = plain.replace(breathed, letter)
    head, rest = plain[:1].translate(_FIRST), plain[1:].translate(_REST)
    if len(rest) > 1 and rest.endswith("h"):
        rest = rest[:-1]
    return _TWICE.sub(r"\1", head + rest) or word


def letters(word: str) -> list[str]:
    """The runs of three and of four letters of a `word` that has been spelt, and of its edges."""
    edged = EDGE + word + EDGE
    end = len(edged)
    return [edged[start : start + 3] for start in range(end - 2)] + [
        edged[start : start + 4] for start in range(end - 3)
    ]


def across(words: Sequence[str], sounds: Sequence[str]) -> dict[str, Iterable[tuple[str, ...]]]:
    """The neighbours in a text of the spelt `words` that `sound` so, by kind: two words, two
    sounds, two with one between them, three.
    """
    edged = [EDGE, *sounds, EDGE]
    return {
        "ww": pairwise([EDGE, *words, EDGE]),
        "ss": pairwise(edged),
        "s-s": zip(sounds, sounds[2:], strict=False),
        "sss": zip(sounds, sounds[1:], sounds[2:], strict=False),
    }


def of_text(text: str) -> list[str]:
    """All grams of a `text`, each as often as it occurs: a kind and what it is made of."""
    words = [spelt for word in split(text) if (spelt := spell(word))]
    sounds = [skeleton(word) for word in words]
    found = [f"w {word}" for word in words] + [f"s {sound}" for sound in sounds]
    found += [f"l {run}" for word in words for run in letters(word)]
    for kind, runs in across(words, sounds).items():
        found += [f"{kind} {' '.join(run)}" for run in runs]
    return found
