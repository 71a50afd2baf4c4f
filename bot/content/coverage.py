"""How far each language has come."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.content.integrity import said_in
from bot.content.reading import read_source
from bot.content.reviews import read_reviews
from bot.content.source import SOURCE_LOCALE, critical_buttons
from bot.content.translations import read_translation
from bot.finding import refuse
from bot.ids import Locale


@dataclass(frozen=True, slots=True)
class Coverage:
    """Counts of texts and labels in one language.

    `fuzzy` were translated from an English text that has changed since. `critical` are the
    safety-critical ones: `critical_missing` of them have no translation that may be shown (without
    those of a country that is not translated whole: nothing of it is said), and `signed` bear a
    reviewer's signature that holds. `review` is what the file says of itself
    (``machine-draft``), empty when it says nothing.
    """

    locale: Locale
    total: int
    translated: int
    fuzzy: int
    missing: int
    critical: int
    critical_missing: int
    signed: int
    review: str


def coverage(
    folder: Path, locales: Sequence[Locale], overlay: Path | None = None
) -> list[Coverage]:
    """One line for each of `locales` but the source's; raises ConfigurationError for damage."""
    source, findings = read_source(folder, overlay)
    refuse(findings)
    source = critical_buttons(source)
    units = list(source.units())
    table = []
    for locale in locales:
        if locale == SOURCE_LOCALE:
            continue
        translation, damaged = read_translation(folder, locale, overlay)
        reviews, spoilt = read_reviews(folder, locale, overlay)
        refuse([*damaged, *spoilt])
        said = set(said_in(source, translation).units())
        fuzzy = missing = critical = signed = 0
        for unit in units:
            _, entry = translation.entries.get(unit.context, ("", None))
            if entry is None or not entry.translation.strip():
                missing += 1
            elif entry.fuzzy or entry.source != unit.text:
                fuzzy += 1
            else:
                signed += unit.critical and reviews.valid(unit, translation) is not None
                continue
            critical += unit.critical and unit in said
        table.append(
            Coverage(
                locale=locale,
                total=len(units),
                translated=len(units) - fuzzy - missing,
                fuzzy=fuzzy,
                missing=missing,
                critical=sum(unit.critical for unit in units),
                critical_missing=critical,
                signed=signed,
                review=translation.review,
            )
        )
    return table
