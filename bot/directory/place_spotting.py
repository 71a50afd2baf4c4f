"""Names of places within a sentence: only where the words around leave little doubt."""

import re
from collections.abc import Callable, Iterator, Sequence

from bot.directory.place_index import Entry
from bot.directory.place_keys import key, script
from bot.directory.place_words import (
    ATTACHED,
    BEFORE,
    BEHIND,
    BEHIND_PAIRS,
    BETWEEN,
    CAPITALS,
    NEVER,
    NEVER_ATTACHED,
    ORDINARY,
    WEAK,
)

_TOKENS = re.compile(r"[^\s.,;:!?¿¡()\"“”«»؟،؛।…]+|[.,;:!?¿¡()\"“”«»؟،؛।…]+")
_MOST_TOKENS = 80
_WORDS = 4
"""The longest name that is looked for."""
_LETTERS = 4
_KNOWN = 100_000
"""People of a place that is known without a capital letter or by another name."""
_FAMOUS = 3_000_000
"""The same, by another name in small letters, or by one that begins with an article."""
_NOTHING = ("a", "A")
"""An article and much else; only with its accent is it the French preposition."""
_ARABIC_IN = "ب"

Named = Callable[[str], list[Entry]]


def spot(text: str, named: Named) -> tuple[list[Entry], str]:
    """The places that the first plain name in `text` may mean, and what stands behind its comma.

    `named` looks up a key. Names in small letters count only for large places.
    """
    tokens = _TOKENS.findall(text)[:_MOST_TOKENS]
    keys = ["" if token in _NOTHING else key(token) for token in tokens]
    shouted = _shouted(tokens)
    for start, end, weak in _spans(keys):
        written = tokens[start:end]
        capital = not shouted and all(_capital(token) for token in written if len(token) > 3)
        capital = capital and _capital(written[0])
        if weak and not capital and script(keys[start]) == 0:
            continue
        found = _plain(_name(keys, start, end), "".join(written), named, capital, shouted)
        if found:
            return found, _behind_comma(tokens, end)
    return [], ""


def _spans(keys: Sequence[str]) -> Iterator[tuple[int, int, bool]]:
    """Where names may stand, the longest first at each place, and if only a capital makes them."""
    for start, folded in enumerate(keys):
        if not folded:
            continue
        clear, weak = _after(keys, start)
        attached = folded.startswith(_ARABIC_IN)
        for end in range(min(start + _WORDS, len(keys)), start, -1):
            if not all(keys[start:end]):
                continue
            if clear or attached or _before(keys, end):
                yield start, end, weak and not _before(keys, end)


def _after(keys: Sequence[str], start: int) -> tuple[bool, bool]:
    """Whether a word that places follow comes before `start`, and whether it is a weak one."""
    at = start - 1
    while at > 0 and keys[at] in BETWEEN and keys[at] not in BEFORE and start - at < 3:
        at -= 1
    found = at >= 0 and keys[at] in BEFORE
    if not found and start and keys[start - 1] in WEAK:
        return True, True
    return found, found and keys[at] in WEAK


def _before(keys: Sequence[str], end: int) -> bool:
    return (end < len(keys) and keys[end] in BEHIND) or tuple(keys[end : end + 2]) in BEHIND_PAIRS


def _name(keys: Sequence[str], start: int, end: int) -> str:
    """The key of the span, without an Arabic preposition that is written with it."""
    whole = " ".join(keys[start:end])
    if _after(keys, start)[0] or _before(keys, end):
        return whole
    bare = whole.removeprefix(_ARABIC_IN)
    plain = len(bare) >= _LETTERS and bare not in NEVER_ATTACHED
    return bare if plain or bare in ATTACHED else ""


def _plain(folded: str, written: str, named: Named, capital: bool, shouted: bool) -> list[Entry]:
    if len(folded) < 2:
        return []
    latin = script(folded) == 0
    if latin and len(folded) < _LETTERS:
        return named(folded) if written in CAPITALS and not shouted else []
    if len(folded) < _LETTERS - 1 or folded in NEVER or folded.isdigit():
        return []
    if not capital and folded in ORDINARY:
        return []
    if not capital and latin and folded.split()[0] in BETWEEN:
        return [entry for entry in named(folded) if entry.people >= _FAMOUS]
    least = 0 if capital else _KNOWN
    other = _FAMOUS if latin and not capital else _KNOWN
    return [
        entry
        for entry in named(folded)
        if entry.people >= (least if entry.own else other) and _alike(written, entry, latin)
    ]


def _alike(written: str, entry: Entry, latin: bool) -> bool:
    """Not *tête* for Tete: who writes accents does not make them up."""
    if not latin or written.isascii() or not entry.city or not entry.city.isascii():
        return True
    return not entry.own


def _capital(token: str) -> bool:
    return token[:1].isupper()


def _shouted(tokens: Sequence[str]) -> bool:
    """Whether all longer words begin with a capital: then none says anything."""
    longer = [token for token in tokens if len(token) > 3]
    return len(longer) > 2 and all(token[0].isupper() for token in longer)


def _behind_comma(tokens: Sequence[str], end: int) -> str:
    if tokens[end : end + 1] not in ([","], ["،"]):
        return ""
    return key(" ".join(tokens[end + 1 : end + 4]))
