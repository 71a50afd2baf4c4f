"""Signing safety-critical texts, and taking signatures back."""

import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.content.integrity import untranslated
from bot.content.po import PoEntry
from bot.content.reading import read_source
from bot.content.reviews import (
    Reviews,
    Signature,
    hash_of,
    read_reviews,
    read_signatures,
    review_path,
    write_signatures,
)
from bot.content.source import SOURCE_LOCALE, Unit, critical_buttons
from bot.content.translations import Translation, po_path, read_translation
from bot.errors import ConfigurationError
from bot.finding import Finding, refuse
from bot.ids import Locale

MAX_NAME = 100
"""Characters of a reviewer's name."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What lies before a reviewer: the safety-critical texts of one language.

    Signatures are written to `path`: an organisation's own file, where it has an overlay.
    """

    units: Mapping[str, Unit]
    translation: Translation
    reviews: Reviews
    path: Path

    def entry(self, unit: Unit) -> PoEntry | None:
        """Its translation, whatever state that is in; None without any."""
        _, entry = self.translation.entries.get(unit.context, ("", None))
        return entry


def open_desk(folder: Path, locale: Locale, overlay: Path | None = None) -> Desk:
    """The texts of `locale` to sign. Raises ConfigurationError for damage, and for the source."""
    if locale == SOURCE_LOCALE:
        raise ConfigurationError(
            f"{locale} is the source, which its writers review; it takes no signatures"
        )
    source, findings = read_source(folder, overlay)
    refuse(findings)
    if not po_path(folder, locale).is_file():
        raise ConfigurationError(
            f"no translation for {locale}; begin it with `sidelight responses new-locale {locale}`"
        )
    translation, damaged = read_translation(folder, locale, overlay)
    reviews, spoilt = read_reviews(folder, locale, overlay)
    refuse([*damaged, *spoilt])
    units = {unit.context: unit for unit in critical_buttons(source).units() if unit.critical}
    return Desk(units, translation, reviews, review_path(overlay or folder, locale))


def choose(desk: Desk, keys: Collection[str], files: Collection[str], *, every: bool) -> list[Unit]:
    """The safety-critical texts with one of `keys`, or in one of `files` of the English, or all.

    A file is named as it stands below ``en/``, with or without ``.yml``; a button by its id or as
    ``button/<id>``. Raises ConfigurationError for a key or file that has none.
    """
    chosen = dict(desk.units) if every else {}
    for key in keys:
        found = [context for context in (key, f"button/{key}") if context in desk.units]
        if not found:
            raise ConfigurationError(f"{key} is no safety-critical text; `sign TAG` lists them")
        chosen[found[0]] = desk.units[found[0]]
    for file in files:
        wanted = file.removeprefix("en/").removesuffix(".yml")
        inside = {
            context: unit
            for context, unit in desk.units.items()
            if Path(unit.file).with_suffix("").as_posix().endswith(f"/{SOURCE_LOCALE}/{wanted}")
        }
        if not inside:
            raise ConfigurationError(f"no safety-critical text stands in en/{wanted}.yml")
        chosen |= inside
    return list(chosen.values())


def sign(
    desk: Desk, units: Sequence[Unit], reviewer: str, today: date
) -> tuple[int, list[Finding]]:
    """Sign `units`, and say how many; and why the others cannot be signed as they are.

    Raises ConfigurationError for a name that is none, and when the file cannot be written.
    """
    reviewer = _name(reviewer)
    given, findings = read_signatures(desk.path)
    refuse(findings)
    signed = 0
    for unit in units:
        entry = desk.entry(unit)
        faults = list(untranslated(unit, desk.translation))
        findings += faults
        if entry is not None and not faults:
            hash_ = hash_of(unit.context, unit.text, entry.translation)
            given[unit.context] = Signature(reviewer, today, hash_)
            signed += 1
    if signed:
        write_signatures(desk.path, given)
    return signed, findings


def unsign(desk: Desk, units: Sequence[Unit]) -> int:
    """Take the signatures under `units` out of the desk's own file; how many there were."""
    given, findings = read_signatures(desk.path)
    refuse(findings)
    gone = {unit.context for unit in units} & set(given)
    if gone:
        write_signatures(desk.path, {k: s for k, s in given.items() if k not in gone})
    return len(gone)


def _name(reviewer: str) -> str:
    name = " ".join(reviewer.split())
    if not name or len(name) > MAX_NAME:
        raise ConfigurationError(f"a reviewer's name has 1 to {MAX_NAME} characters")
    if any(unicodedata.category(char) in ("Cc", "Cs") for char in name):
        raise ConfigurationError("the reviewer's name has characters that cannot be written")
    return name
