"""Words that we do not use, with what to say instead: ``responses/wording/<tag>.yml``.

Why these: guides for advocates and journalists listed in the files themselves.
"""

import unicodedata
from dataclasses import dataclass
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from bot.finding import Finding
from bot.ids import Locale

_WITHIN = frozenset("'’-\u2010\u2011")
"""Apostrophes and hyphens: what they join is compared word by word."""

_LEFT_OUT = frozenset({"\u0640", "\u093c", *map(chr, range(0x064B, 0x0653))})
"""Marks that are often left out: of Arabic vowels and length, and the dot below Hindi letters."""

_MEND = "write a list of `avoid`, `instead`, and `unless` where needed"


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    avoid: str = Field(min_length=1)
    instead: str = Field(min_length=1)
    unless: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Avoided:
    """A word or phrase to avoid. One that ends in ``*`` stands for all its endings.

    `unless` are longer phrases in which it is meant well.
    """

    phrase: str
    instead: str
    unless: tuple[str, ...] = ()

    def is_in(self, folded: str) -> bool:
        """Whether a text uses it, given as `fold` has it: whatever its case and marks."""
        for phrase in self.unless:
            folded = folded.replace(fold(phrase), " . ")
        phrase = fold(self.phrase.removesuffix("*"))
        return (phrase.rstrip() if self.phrase.endswith("*") else phrase) in folded


def read_wording(folder: Path, locale: Locale) -> tuple[tuple[Avoided, ...], list[Finding]]:
    """The words to avoid in `locale`, none where there is no list; and what is wrong with it."""
    path = folder / "wording" / f"{locale}.yml"
    if not path.is_file():
        return (), []
    try:
        entries = TypeAdapter(list[_Entry]).validate_python(yaml.safe_load(path.read_text("utf-8")))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        return (), [Finding(str(path), line, "", f"not YAML: {error.problem}", "mend this line")]
    except (ValidationError, UnicodeDecodeError):
        return (), [Finding(str(path), 1, "", "not a list of words", _MEND)]
    return tuple(Avoided(e.avoid, e.instead, e.unless) for e in entries), []


def fold(text: str) -> str:
    """What `Avoided.is_in` looks at.

    The words of `text`, each between spaces, and a dot where anything else stands between.
    """
    plain = unicodedata.normalize("NFKC", text).casefold()
    return f" {' '.join(''.join(_letter(char) for char in plain).split())} "


def _letter(char: str) -> str:
    if char in _LEFT_OUT:
        return ""
    if unicodedata.category(char)[0] in "LMN":
        return char
    return " " if char.isspace() or char in _WITHIN else " . "
