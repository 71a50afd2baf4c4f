"""That we do not speak a language, in that language: ``responses/languages/unsupported.yml``.

They stand apart from the translations, as nothing else exists in these languages.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.content.placeholders import has_stray_brace, names
from bot.content.rules import Giveaways
from bot.finding import Finding
from bot.ids import Locale

FILE = Path("languages") / "unsupported.yml"
MAX = 200
"""Characters: the text in the conversation's language and the buttons stand below."""

_MEND = "write `review`, and `texts` with a sentence for each language tag"


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    review: str = Field(min_length=1)
    texts: dict[str, str]


@dataclass(frozen=True, slots=True)
class OwnWords:
    """A sentence by language tag, and how far they were reviewed (``machine-draft``)."""

    texts: Mapping[str, str] = field(default_factory=dict)
    review: str = ""


def read_own_words(folder: Path, overlay: Path | None = None) -> tuple[OwnWords, list[Finding]]:
    """The sentences of `folder`, those of `overlay` before them; and what is wrong with the files.

    A file that is not there has none.
    """
    texts: dict[str, str] = {}
    review = ""
    findings: list[Finding] = []
    for base in (folder, overlay):
        path = base / FILE if base else None
        if path is None or not path.is_file():
            continue
        try:
            file = _File.model_validate(yaml.load(path.read_bytes(), yaml.CSafeLoader))
        except (yaml.YAMLError, ValidationError, UnicodeDecodeError):
            findings.append(Finding(str(path), 1, "", "not a list of sentences", _MEND))
            continue
        texts |= {tag: text.strip() for tag, text in file.texts.items()}
        review = file.review
    return OwnWords(texts, review), findings


def faults_of(
    words: OwnWords, folder: Path, tags: Collection[str], find: Giveaways | None
) -> Iterator[Finding]:
    """What is wrong with the sentences, and which of `tags` has none.

    `find` finds words that give away, in the languages that it knows.
    """
    file = str(folder / FILE)
    for tag in sorted(set(tags) - set(words.texts)):
        yield Finding(file, 1, tag, "has no sentence", "say that we do not speak it, in its words")
    for tag, text in words.texts.items():
        if not text:
            yield Finding(file, 1, tag, "is empty", "write a sentence, or take it out")
        if len(text) > MAX:
            yield Finding(file, 1, tag, f"has {len(text)} characters", f"at most {MAX}")
        if has_stray_brace(text) or names(text):
            yield Finding(file, 1, tag, "has braces", "write it without placeholders")
        for word in find(text, Locale(tag)) if find else ():
            problem = f"“{word}” gives away what this is"
            yield Finding(file, 1, tag, problem, "say nothing of what the bot is for")
