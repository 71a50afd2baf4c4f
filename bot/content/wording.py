"""Words that we do not use, with what to say instead: ``responses/wording/<tag>.yml``.

Why these: guides for advocates and journalists listed in the files themselves.
"""

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from bot.content.finding import Finding
from bot.ids import Locale

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

    def is_in(self, text: str) -> bool:
        """Whether `text` uses it, whatever the case."""
        folded = _fold(text)
        for phrase in self.unless:
            folded = folded.replace(_fold(phrase), " ")
        return self._pattern().search(folded) is not None

    def _pattern(self) -> re.Pattern[str]:
        words = re.escape(_fold(self.phrase.removesuffix("*")))
        return re.compile(rf"\b{words}{'' if self.phrase.endswith('*') else chr(92) + 'b'}")


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


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().replace("’", "'")
