"""How far each language has come."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.content.finding import refuse
from bot.content.source import SOURCE_LOCALE, critical_buttons, read_source
from bot.content.translations import read_translation
from bot.ids import Locale


@dataclass(frozen=True, slots=True)
class Coverage:
    """Counts of texts and labels in one language.

    `fuzzy` were translated from an English text that has changed since. `critical_missing` are the
    safety-critical ones without a translation that may be shown. `review` is what the file says
    of itself (``machine-draft``), empty when it says nothing.
    """

    locale: Locale
    total: int
    translated: int
    fuzzy: int
    missing: int
    critical_missing: int
    review: str


def coverage(folder: Path, locales: Sequence[Locale]) -> list[Coverage]:
    """One line for each of `locales` but the source's; raises ConfigurationError for damage."""
    source, findings = read_source(folder)
    refuse(findings)
    units = list(critical_buttons(source).units())
    table = []
    for locale in locales:
        if locale == SOURCE_LOCALE:
            continue
        translation, damaged = read_translation(folder, locale)
        refuse(damaged)
        fuzzy = missing = critical = 0
        for unit in units:
            _, entry = translation.entries.get(unit.context, ("", None))
            if entry is None or not entry.translation.strip():
                missing += 1
            elif entry.fuzzy or entry.source != unit.text:
                fuzzy += 1
            else:
                continue
            critical += unit.critical
        done = len(units) - fuzzy - missing
        table.append(
            Coverage(locale, len(units), done, fuzzy, missing, critical, translation.review)
        )
    return table
