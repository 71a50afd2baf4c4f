"""All that can be found wrong with the texts without running the bot."""

from collections.abc import Collection, Sequence
from datetime import date
from pathlib import Path

from bot.content.integrity import faults
from bot.content.judging import judged
from bot.content.ownwords import faults_of, read_own_words
from bot.content.reading import read_source
from bot.content.rules import Giveaways
from bot.content.source import SOURCE_LOCALE, critical_buttons
from bot.content.structure import loose_ends, stale, twins
from bot.content.translations import Translation, read_translation
from bot.content.wording import read_wording
from bot.finding import Finding
from bot.ids import Locale


def check(
    folder: Path,
    locales: Sequence[Locale],
    required_keys: Collection[str],
    *,
    required_buttons: Collection[str] = (),
    required_own_words: Collection[str] = (),
    giveaways: Giveaways | None = None,
    overlay: Path | None = None,
    today: date | None = None,
) -> list[Finding]:
    """Every fault of the texts in `folder` for `locales`, in the order of the files.

    `required_keys` are all that the bot can say, `required_buttons` all that it can show besides
    the buttons that the texts name, `required_own_words` the tags of languages that are told in
    their own words that the bot does not speak them. `giveaways` finds words that a cover text may
    not hold; without it, and without `today`, what needs them is not checked. Where the English
    itself cannot be read whole, that alone is told. Never raises for what is in the files.
    """
    source, findings = read_source(folder, overlay)
    if findings:
        return sorted(set(findings))  # Whatever was left out would be missed everywhere.
    source = critical_buttons(source)
    translations: list[Translation] = []
    for locale in dict.fromkeys(locales):
        if locale != SOURCE_LOCALE:
            translation, damaged = read_translation(folder, locale, overlay)
            findings += damaged
            if translation.entries:
                translations.append(translation)
    own, damaged = read_own_words(folder, overlay)
    findings += [*damaged, *faults_of(own, folder, required_own_words, giveaways)]
    findings += faults(folder, source, translations, required_keys, required_buttons)
    findings += loose_ends(source, required_keys, required_buttons, today)
    # Ours stay translated where an organisation switches them off.
    known = {unit.context for unit in source.units()}
    if overlay is not None:
        known.update(unit.context for unit in read_source(folder)[0].units())
    for translation in translations:
        findings += _unknown(known, translation)
        findings += twins(source, translation)
    for at in (None, *translations):
        avoided, damaged = read_wording(folder, at.locale if at else SOURCE_LOCALE)
        findings += [*damaged, *judged(source, at, avoided, giveaways)]
    return sorted(set(findings))


def notices(folder: Path, today: date, overlay: Path | None = None) -> list[Finding]:
    """What wants a look and is no fault, so that the passing of time alone fails nothing."""
    source, _ = read_source(folder, overlay)
    return sorted(stale(source, today))


def _unknown(known: Collection[str], translation: Translation) -> list[Finding]:
    problem, mend = "the English has no such key", "run `sidelight responses update`"
    return [
        Finding(file, entry.line, context, problem, mend)
        for context, (file, entry) in translation.entries.items()
        if context not in known
    ]
