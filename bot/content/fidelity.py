"""What a translation keeps of the English: numbers, addresses, questions, lists. And no English."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator

from bot.content.rules import Problems, Rule, Said
from bot.content.source import split_key

LATIN_RUN = 3
"""English words in a row that are no chance in a language with the same letters."""
OTHER_RUN = 2
"""The same in a language with other letters, where one may be a name."""

_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s)”\"]+", re.IGNORECASE)
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_PLACEHOLDER = re.compile(r"\{[^{}]*\}")
_SENTENCE = re.compile(r"[^.!?:\n]+")
_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|[’'-](?=[^\W\d_]))*")
_LATIN = re.compile(r"[A-Za-z](?:[A-Za-z]|[’'-](?=[A-Za-z]))*")
_ASIDE = re.compile(r"\(([^)]*)\)")
_QUOTED = re.compile(r"“([^”]*)”")
_QUESTION = re.compile(r"[?？؟]")
_LINKS = frozenset(
    {"a", "al", "and", "at", "da", "das", "de", "del", "des", "do", "dos", "du", "e", "el", "en"}
    | {"et", "for", "in", "la", "las", "le", "les", "los", "of", "on", "the", "y"}
)
"""Small words within names."""
_BULLET = re.compile(r"^\s*•", re.MULTILINE)
_BREAK = re.compile(r"\n\s*\n")


def numbers(said: Said) -> Problems:
    """It has the numbers of the source, in any script's digits."""
    ours, theirs = _numbers(said.words), _numbers(said.unit.text)
    if ours != theirs:
        wanted = ", ".join(theirs.elements()) or "none"
        yield "the numbers differ from the English", f"use exactly: {wanted}"


def addresses(said: Said) -> Problems:
    """It has the addresses of the source."""
    ours, theirs = _ADDRESS.findall(said.words), _ADDRESS.findall(said.unit.text)
    if sorted(ours) != sorted(theirs):
        wanted = ", ".join(theirs) or "none"
        yield "the addresses differ from the English", f"use exactly: {wanted}"


def english_left(said: Said) -> Problems:
    """No English is left in it, but names.

    A name stands in brackets in the English, or in “quotes” in the note, or has capitals. A single
    word may be the same in both languages.
    """
    theirs = _sentences(said.unit.text)
    whole = [s for s in _sentences(said.words) if s in theirs and len(s.split()) > 1]
    left = [s for s in whole if not _is_name(s, said)]
    if not left:
        # A country's offices and orders keep their names, in quotes, so that they can be found.
        own = split_key(said.unit.context)[1]
        words = _bare(_QUOTED.sub("\n", said.words) if own else said.words)
        left = list(_shared(said) if _in_latin_letters(words) else _foreign(words))
    for run in dict.fromkeys(run for run in left if not _is_name(run, said)):
        yield f"left in English: “{run}”", "translate it"


def questions(said: Said) -> Problems:
    """What is asked is still asked."""
    ours, theirs = _questions(said.words), _questions(said.unit.text)
    if ours < theirs:
        problem = f"{ours} question marks, the English has {theirs}"
        yield problem, "end each question with the question mark of the language"


def layout(said: Said) -> Problems:
    """Lists and paragraphs are those of the source."""
    for what, sign in (("list items (•)", _BULLET), ("empty lines", _BREAK)):
        ours, theirs = len(sign.findall(said.words)), len(sign.findall(said.unit.text))
        if ours != theirs:
            yield f"{ours} {what}, the English has {theirs}", "keep lists and paragraphs"


RULES: tuple[Rule, ...] = (numbers, addresses, english_left, questions, layout)
"""For translations of the English as it is now."""


def _questions(text: str) -> int:
    return len(_QUESTION.findall(_bare(text)))


def _numbers(text: str) -> Counter[str]:
    return Counter(unicodedata.normalize("NFKC", _ascii(n)) for n in _NUMBER.findall(_bare(text)))


def _ascii(number: str) -> str:
    return "".join(str(int(c)) if c.isdigit() else c for c in number)


def _bare(text: str) -> str:
    return _PLACEHOLDER.sub("\n", _ADDRESS.sub("\n", text))


def _sentences(text: str) -> list[str]:
    return [s.strip(" •“”\"'\t") for s in _SENTENCE.findall(_bare(text))]


def _in_latin_letters(text: str) -> bool:
    letters = [c for c in text if unicodedata.category(c)[0] in "LM"]
    others = sum(not unicodedata.name(c, "").startswith("LATIN") for c in letters)
    return 10 * others <= len(letters)


def _runs(text: str, pattern: re.Pattern[str]) -> Iterator[list[str]]:
    """The words of `text` that follow each other with nothing but a space between them."""
    run: list[str] = []
    end = -1
    for match in pattern.finditer(text):
        if run and text[end : match.start()] != " ":
            yield run
            run = []
        run.append(match[0])
        end = match.end()
    if run:
        yield run


def _shared(said: Said) -> Iterator[str]:
    theirs = f" {' | '.join(' '.join(r) for r in _runs(_bare(said.unit.text), _WORD))} ".casefold()
    for run in _runs(_bare(said.words), _WORD):
        start = 0
        while start + LATIN_RUN <= len(run):
            end = start + LATIN_RUN
            if f" {' '.join(run[start:end])} ".casefold() not in theirs:
                start += 1
                continue
            while end < len(run) and f" {' '.join(run[start : end + 1])} ".casefold() in theirs:
                end += 1
            yield " ".join(run[start:end])
            start = end


def _foreign(words: str) -> Iterator[str]:
    for run in _runs(words, _LATIN):
        if len(run) >= OTHER_RUN:
            yield " ".join(run)


def _is_name(run: str, said: Said) -> bool:
    kept = [*_ASIDE.findall(said.unit.text), *_QUOTED.findall(said.unit.note)]
    if any(run.casefold() in name.casefold() for name in kept):
        return True
    telling = [word for word in run.split() if word.casefold() not in _LINKS]
    return bool(telling) and all(word[:1].isupper() for word in telling)
