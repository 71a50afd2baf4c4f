"""A language's words of danger, as its translators keep them in ``nlu/safety/<locale>.yml``."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import yaml

from bot.dialogue.intents import CRITICAL, DANGER, Intent
from bot.errors import ConfigurationError
from bot.ids import Locale
from bot.safety.normalise import split
from bot.safety.phrases import (
    STEM,
    Choice,
    Phrase,
    PhraseError,
    Spellings,
    read_lists,
    read_phrase,
    word,
    words_of,
)

HEARD = CRITICAL | DANGER
"""The intents that a lexicon may have phrases for."""

SECTIONS = (
    "lists",
    "spellings",
    "prefixes",
    "dangers",
    "whole_messages",
    "fillers",
    "denials",
    "no_denials",
    "turns",
    "harmless",
    "unreal",
    "not_typos",
)

_YAML = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Read = TypeVar("Read")
ReadPhrase = Callable[[str], tuple[Phrase, ...]]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """One language's phrases.

    `spellings` turn a word as typed into the words that the phrases use. `prefixes` are written
    onto a word without changing what it says ("and", "the", "with"). `dangers` may stand
    anywhere, `whole_messages` only alone, between `fillers`. `denials` take away what follows
    in their clause, `no_denials` only look like them, and `turns` end their reach. `harmless`
    phrases take away the danger that they overlap, `unreal` ones that of their whole sentence.
    `not_typos` are real words that look like misspelt words of danger.
    """

    locale: Locale
    spellings: Mapping[str, tuple[str, ...]]
    prefixes: frozenset[str]
    dangers: tuple[tuple[Intent, Phrase], ...]
    whole_messages: tuple[tuple[Intent, Phrase], ...]
    fillers: frozenset[str]
    denials: tuple[Phrase, ...]
    no_denials: tuple[Phrase, ...]
    turns: frozenset[str]
    harmless: tuple[Phrase, ...]
    unreal: tuple[Phrase, ...]
    not_typos: frozenset[str]

    def words(self) -> frozenset[str]:
        """Every word and stem (with its star) that the phrases know."""
        harmless = words_of((*self.harmless, *self.unreal))
        return self.telling_words() | harmless | self.fillers | self.turns

    def telling_words(self) -> frozenset[str]:
        """The words and stems of danger and denial: those that a typo must not hide."""
        labelled = (phrase for _, phrase in (*self.dangers, *self.whole_messages))
        return words_of((*labelled, *self.denials, *self.no_denials))

    def written(self) -> dict[str, tuple[str, ...]]:
        """What every word stands for that is spelt in a way of its own or has a prefix."""
        if not self.prefixes:
            return {**self.spellings}
        words: dict[str, tuple[str, ...]] = {
            word: (word,) for word in self.words() if not word.endswith(STEM)
        }
        words.update(self.spellings)
        prefixed = {
            prefix + typed: meant
            for prefix in sorted(self.prefixes, key=len)
            for typed, meant in words.items()
            if prefix.isascii() == typed.isascii() and len(typed) > 1
        }
        for real in words.keys() | self.not_typos:
            prefixed.pop(real, None)
        return {**prefixed, **self.spellings}


def load(path: Path, locale: Locale) -> Lexicon:
    """The lexicon in the file at `path`.

    Raises ConfigurationError naming the file, the entry and how to mend it.
    """
    return _Reader(path, _document(path)).lexicon(locale)


def _document(path: Path) -> Mapping[str, Any]:
    try:
        document = yaml.load(path.read_text(encoding="utf-8"), Loader=_YAML)  # noqa: S506 - a safe one
    except FileNotFoundError:
        raise ConfigurationError(
            f"{path}: there is no safety lexicon for this language; "
            "add the file (copy en.yml and translate it) or disable the language"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path}: cannot be read ({type(error).__name__})") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}" if mark else "somewhere"
        problem = getattr(error, "problem", None) or "not YAML"
        raise ConfigurationError(f"{path}: {where}: {problem}; mend the YAML there") from None
    if not isinstance(document, dict):
        raise ConfigurationError(f"{path}: holds no sections; begin it with `dangers:`")
    return document


class _Reader:
    def __init__(self, path: Path, document: Mapping[str, Any]) -> None:
        self._path = path
        self._document = document
        for section in document:
            if section not in SECTIONS:
                raise self._damage(section, f"is no section; use one of {', '.join(SECTIONS)}")

    def lexicon(self, locale: Locale) -> Lexicon:
        spellings = self._spellings()
        lists = self._lists(spellings)
        read = partial(read_phrase, lists=lists, spellings=spellings)
        dangers = self._by_intent("dangers", read)
        if not dangers:
            raise self._damage("dangers", "is empty or missing; a lexicon without it hears nothing")
        return Lexicon(
            locale=locale,
            spellings=spellings,
            prefixes=self._words("prefixes"),
            dangers=dangers,
            whole_messages=self._by_intent("whole_messages", read),
            fillers=self._words("fillers"),
            denials=self._phrases("denials", read),
            no_denials=self._phrases("no_denials", read),
            turns=self._words("turns"),
            harmless=self._phrases("harmless", read),
            unreal=self._phrases("unreal", read),
            not_typos=self._words("not_typos"),
        )

    def _lists(self, spellings: Spellings) -> Mapping[str, Choice]:
        lists = {
            name: self._strings(entries, "lists", name)
            for name, entries in self._mapping("lists").items()
        }
        return self._read(lambda: read_lists(lists, spellings), "lists")

    def _spellings(self) -> Spellings:
        spellings = {}
        for typed, meant in self._mapping("spellings").items():
            if not isinstance(meant, str) or not split(meant).words:
                raise self._damage(f"spellings.{typed}", "must be text; put it in quotes")
            for form in typed.split(","):
                key = self._read(partial(word, form), f"spellings.{typed}")
                spellings[key] = split(meant).words
        return spellings

    def _by_intent(self, section: str, read: ReadPhrase) -> tuple[tuple[Intent, Phrase], ...]:
        found: list[tuple[Intent, Phrase]] = []
        for name, entries in self._mapping(section).items():
            if name not in {str(intent) for intent in HEARD}:
                known = ", ".join(sorted(HEARD))
                raise self._damage(f"{section}.{name}", f"is no danger; use one of {known}")
            for entry in self._strings(entries, section, name):
                phrases = self._phrase(entry, read, f"{section}.{name}")
                found.extend((Intent(name), phrase) for phrase in phrases)
        return tuple(found)

    def _phrases(self, section: str, read: ReadPhrase) -> tuple[Phrase, ...]:
        entries = self._strings(self._document.get(section) or [], section)
        return tuple(p for entry in entries for p in self._phrase(entry, read, section))

    def _phrase(self, entry: str, read: ReadPhrase, where: str) -> tuple[Phrase, ...]:
        return self._read(partial(read, entry), f"{where}: {entry!r}")

    def _words(self, section: str) -> frozenset[str]:
        entries = self._strings(self._document.get(section) or [], section)
        return frozenset(
            self._read(partial(word, entry), f"{section}: {entry!r}") for entry in entries
        )

    def _mapping(self, section: str) -> Mapping[str, Any]:
        value = self._document.get(section) or {}
        if not isinstance(value, dict):
            raise self._damage(section, "must have names with entries below them")
        for name in value:
            if not isinstance(name, str):
                raise self._damage(f"{section}.{name}", "is not read as text; put it in quotes")
        return value

    def _strings(self, value: object, *where: str) -> list[str]:
        if not isinstance(value, list):
            raise self._damage(".".join(where), "must be a list; begin each entry with `- `")
        for entry in value:
            if not isinstance(entry, str):
                raise self._damage(f"{'.'.join(where)}: {entry!r}", "is not text; put it in quotes")
        return value

    def _read(self, read: Callable[[], Read], where: str) -> Read:
        try:
            return read()
        except PhraseError as error:
            raise self._damage(where, str(error)) from None

    def _damage(self, where: str, what: str) -> ConfigurationError:
        return ConfigurationError(f"{self._path}: {where}: {what}")
