"""Who has read which safety-critical text in which language: ``responses/reviews/<tag>.toml``.

A signature holds for the English and the translation as they stood when it was given: it bears a
hash of both, so that it is void as soon as either changes.
"""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from bot.content.integrity import untranslated
from bot.content.source import Source, Unit
from bot.content.translations import Translation
from bot.content.writing import replace_file
from bot.errors import ConfigurationError
from bot.finding import Finding
from bot.ids import Locale

HASH_LENGTH = 16
"""Hexadecimal digits, 64 bits: no two versions of a text will have the same by chance."""

_HEADER = """\
# Who has read the safety-critical texts of this language, when, and a hash of what they read.
# Written by `sidelight responses sign`; a signature is void once the English or the translation
# changes. docs/translating.md explains.
"""
_MEND = "give the file back the form that `sidelight responses sign` wrote"
_LINE = re.compile(r"at line (\d+)")


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    reviewer: str = Field(min_length=1)
    on: date
    hash: str = Field(pattern=rf"^[0-9a-f]{{{HASH_LENGTH}}}$")


@dataclass(frozen=True, slots=True)
class Signature:
    """That `reviewer` read a text `on` a day; `hash` is that of what they read."""

    reviewer: str
    on: date
    hash: str


@dataclass(frozen=True, slots=True)
class Reviews:
    """The signatures of one language by context: ours first, then an organisation's own."""

    layers: Sequence[Mapping[str, Signature]] = field(default_factory=tuple)

    def valid(self, unit: Unit, translation: Translation) -> Signature | None:
        """The signature under `unit` as it reads now; None when there is none, or it is void."""
        _, entry = translation.entries.get(unit.context, ("", None))
        if entry is None or any(untranslated(unit, translation)):
            return None
        now = hash_of(unit.context, unit.text, entry.translation)
        given = (layer.get(unit.context) for layer in reversed(self.layers))
        return next((s for s in given if s is not None and s.hash == now), None)

    def void(self, unit: Unit, translation: Translation) -> Signature | None:
        """The latest signature under an older version of `unit`; None if it is valid or absent."""
        if self.valid(unit, translation):
            return None
        given = (layer.get(unit.context) for layer in reversed(self.layers))
        return next((s for s in given if s is not None), None)


def hash_of(context: str, source: str, translation: str) -> str:
    """What a signature is given for: a shortened SHA-256 of key, English and translation."""
    whole = json.dumps([context, source.strip(), translation.strip()], ensure_ascii=False)
    return sha256(whole.encode()).hexdigest()[:HASH_LENGTH]


def review_path(folder: Path, locale: Locale) -> Path:
    """Where the signatures of `locale` stand; `folder` may be an overlay."""
    return folder / "reviews" / f"{locale}.toml"


def read_signatures(path: Path) -> tuple[dict[str, Signature], list[Finding]]:
    """The signatures in one file, none where there is no file; and what is wrong with it."""
    if not path.is_file():
        return {}, []
    try:
        text = path.read_text("utf-8")
        entries = TypeAdapter(dict[str, _Entry]).validate_python(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        found = _LINE.search(str(error))
        line = int(found[1]) if found else len(text.splitlines())  # it ends too early
        return {}, [Finding(str(path), line, "", "not TOML", _MEND)]
    except UnicodeDecodeError:
        return {}, [Finding(str(path), 1, "", "is not UTF-8", _MEND)]
    except ValidationError as error:
        key, *_ = error.errors()[0]["loc"]
        return {}, [Finding(str(path), 1, str(key), "not a signature", _MEND)]
    return {key: Signature(e.reviewer, e.on, e.hash) for key, e in entries.items()}, []


def read_reviews(
    folder: Path, locale: Locale, overlay: Path | None = None
) -> tuple[Reviews, list[Finding]]:
    """The signatures for `locale`: ours, and those of an organisation's `overlay`."""
    layers, findings = [], []
    for base in (folder, overlay):
        if base is not None:
            signatures, damaged = read_signatures(review_path(base, locale))
            layers.append(signatures)
            findings += damaged
    return Reviews(layers), findings


def unsigned(source: Source, translation: Translation, reviews: Reviews) -> list[Unit]:
    """The safety-critical units that nobody signed as they read now.

    `source` is one with its critical buttons marked.
    """
    critical = (unit for unit in source.units() if unit.critical)
    return [unit for unit in critical if reviews.valid(unit, translation) is None]


def refuse_drafts(drafts: Mapping[Locale, int]) -> None:
    """Raise ConfigurationError if there is any draft: a language with so many unsigned texts."""
    if not drafts:
        return
    (locale, count), *others = drafts.items()
    texts = "1 safety-critical text is" if count == 1 else f"{count} safety-critical texts are"
    too = "".join(f", {other} ({number})" for other, number in others)
    raise ConfigurationError(
        f"{locale} is a draft: {texts} not signed by a reviewer{too and f'; so are{too[1:]}'};"
        f" see them with `sidelight responses sign {locale}`, or take {locale} out of BOT_LOCALES"
        " (`sidelight demo` shows drafts)"
    )


def write_signatures(path: Path, signatures: Mapping[str, Signature]) -> None:
    """Write the file at once, sorted by key: one line a signature, so that changes read well.

    Raises ConfigurationError when it cannot be written.
    """
    replace_file(path, _HEADER + "".join(_lines(signatures)))


def _lines(signatures: Mapping[str, Signature]) -> Iterator[str]:
    for key, signature in sorted(signatures.items()):
        # A JSON string without escapes beyond \uXXXX is a TOML basic string, too.
        name, reviewer = _quote(key), _quote(signature.reviewer)
        fields = f'reviewer = {reviewer}, on = {signature.on}, hash = "{signature.hash}"'
        yield f"{name} = {{ {fields} }}\n"


def _quote(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
