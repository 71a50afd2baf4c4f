"""All that can be found wrong with the texts without running the bot."""

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from bot.content.errors import UnfilledPlaceholder
from bot.content.finding import Finding
from bot.content.integrity import faults
from bot.content.ownwords import faults_of, read_own_words
from bot.content.placeholders import fill, names, quote
from bot.content.rules import (
    RULES,
    Giveaways,
    Said,
    giveaways,
    is_discreet,
    wording,
)
from bot.content.source import (
    SOURCE_LOCALE,
    Source,
    Text,
    button_context,
    critical_buttons,
    read_source,
)
from bot.content.translations import Translation, read_translation
from bot.content.wording import Avoided, read_wording
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
) -> list[Finding]:
    """Every fault of the texts in `folder` for `locales`, in the order of the files.

    `required_keys` are all that the bot can say, `required_buttons` all that it can show besides
    the buttons that the texts name, `required_own_words` the tags of languages that are told in
    their own words that the bot does not speak them. `giveaways` finds words that a cover text may
    not hold; without it that is not checked. Never raises for what is in the files.
    """
    source, findings = read_source(folder, overlay)
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
    findings += _unused(source, required_keys, required_buttons)
    for text in source.texts.values():
        findings += _entry(text, source)
    for translation in translations:
        findings += _unknown(source, translation)
    discreet = _discreet_buttons(source)
    for at in (None, *translations):
        locale = at.locale if at else SOURCE_LOCALE
        avoided, damaged = read_wording(folder, locale)
        findings += damaged
        for said, file, line in _said(source, at, discreet):
            findings += _judged(said, file, line, avoided, giveaways)
    return sorted(set(findings))


def _judged(
    said: Said, file: str, line: int, avoided: tuple[Avoided, ...], find: Giveaways | None
) -> Iterator[Finding]:
    problems = [problem for rule in RULES for problem in rule(said)]
    problems += wording(said, avoided)
    if find is not None:
        problems += giveaways(said, find)
    for problem, mend in problems:
        yield Finding(file, line, said.unit.context, problem, mend)


def _said(
    source: Source, translation: Translation | None, discreet: Collection[str]
) -> Iterator[tuple[Said, str, int]]:
    """Every text as it reads in one language, with file and line; what is missing is left out."""
    entries = translation.entries if translation else {}
    words = {u.context: u.text for u in source.units()}
    words |= {c: e.translation.strip() for c, (_, e) in entries.items() if e.translation.strip()}
    labels = {
        id_: b.unit.text if b.fixed else words[button_context(id_)]
        for id_, b in source.buttons.items()
    }
    for unit in source.units():
        file, line = unit.file, unit.line
        if translation:
            if unit.context not in entries or not entries[unit.context][1].translation.strip():
                continue
            file, line = entries[unit.context][0], entries[unit.context][1].line
        text = source.texts.get(unit.context)
        params = text.params if text else {}
        try:
            spoken = fill(quote(words[unit.context], words, labels), params)
        except UnfilledPlaceholder:
            spoken = words[unit.context]  # a fault of its own, found by `faults`
        said = Said(
            unit=unit,
            locale=translation.locale if translation else SOURCE_LOCALE,
            words=words[unit.context],
            spoken=spoken,
            max=text.max if text else 0,
            is_source=translation is None,
            is_button=text is None,
            discreet=is_discreet(unit.context) or unit.context in discreet,
        )
        yield said, file, line


def _discreet_buttons(source: Source) -> frozenset[str]:
    return frozenset(
        button_context(button)
        for key, text in source.texts.items()
        if is_discreet(key)
        for row in text.buttons
        for button in row
    )


def _unused(source: Source, keys: Collection[str], buttons: Collection[str]) -> Iterator[Finding]:
    quoted = {name for text in source.texts.values() for name in names(text.unit.text)}
    for key, text in source.texts.items():
        if key not in keys and key not in quoted:
            problem, mend = "nothing says this text", "mend the key, or take it out"
            yield Finding(text.unit.file, text.unit.line, key, problem, mend)
    if not buttons:
        return
    shown = {b for text in source.texts.values() for row in text.buttons for b in row}
    for id_, button in source.buttons.items():
        if id_ not in {*shown, *buttons, *quoted}:
            problem, mend = "nothing shows this button", "mend the id, or take it out"
            yield Finding(button.unit.file, button.unit.line, id_, problem, mend)


def _entry(text: Text, source: Source) -> Iterator[Finding]:
    unit = text.unit
    if text.sources and text.reviewed_on is None:
        mend = "add `reviewed_on` with the date on which the facts were last confirmed"
        yield Finding(unit.file, unit.line, unit.context, "states facts without a date", mend)
    for name in text.params:
        if name not in names(unit.text):
            problem = f"the placeholder {{{name}}} is not used"
            yield Finding(unit.file, unit.line, unit.context, problem, "use it, or take it out")
    labels: dict[str, str] = {}
    for button in dict.fromkeys(b for row in text.buttons for b in row):
        label = source.buttons[button].unit.text if button in source.buttons else button
        if label in labels:
            problem = f"the buttons {labels[label]} and {button} read the same"
            yield Finding(unit.file, unit.line, unit.context, problem, "change one label")
        labels[label] = button


def _unknown(source: Source, translation: Translation) -> Iterator[Finding]:
    known = {unit.context for unit in source.units()}
    for context, (file, entry) in translation.entries.items():
        if context not in known:
            problem, mend = "the English has no such key", "run `sidelight responses update`"
            yield Finding(file, entry.line, context, problem, mend)
