"""What must hold before a word is said: every text there, whole, in every enabled language."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from bot.content.placeholders import has_stray_brace, is_param, names
from bot.content.reading import BUTTONS_FILE, CORE
from bot.content.source import (
    SOURCE_LOCALE,
    Source,
    Text,
    Unit,
    label_of,
    page_button,
    page_of,
    split_key,
)
from bot.content.translations import Translation
from bot.finding import Finding

MAX_CALLBACK_BYTES = 64
"""What Telegram allows for a button's callback data (core.telegram.org/bots/api)."""

TRANSLATE = "translate it"
"""The mend of what nobody has translated yet."""

UPDATE = "run `sidelight responses update`, then translate it"


def faults(
    folder: Path,
    source: Source,
    translations: Sequence[Translation],
    required_keys: Collection[str] = (),
    required_buttons: Collection[str] = (),
) -> Iterator[Finding]:
    """Everything that bars the catalogue from being used.

    `required_keys` and `required_buttons` are those that the dialogue can ask for.
    """
    yield from _missing(folder, source, required_keys, required_buttons)
    for text in source.texts.values():
        yield from _broken(text, source)
        yield from _unlabelled(text, source)
    for button in source.buttons.values():
        if names(button.unit.text) or has_stray_brace(button.unit.text):
            yield _at(button.unit, "a label has no placeholders", "take the braces out")
    for translation in translations:
        for unit in said_in(source, translation).units():
            yield from untranslated(unit, translation)


def said_in(source: Source, translation: Translation) -> Source:
    """`source` as far as it is said in the language of `translation`.

    A country whose texts are not all translated is left out: the generic ones, which every
    language must have, are said there instead.
    """
    open_ = (unit for unit in source.units() if _is_open(unit, translation))
    partial = {split_key(unit.context)[1] for unit in open_} - {""}
    return replace(
        source,
        texts={key: text for key, text in source.texts.items() if text.country not in partial},
        buttons={
            id_: button
            for id_, button in source.buttons.items()
            if split_key(id_)[1] not in partial
        },
    )


def _is_open(unit: Unit, translation: Translation) -> bool:
    """Whether a translator still has to do it."""
    _, entry = translation.entries.get(unit.context, ("", None))
    if entry is None or not entry.translation.strip():
        return True
    return entry.fuzzy or entry.source != unit.text


def _missing(
    folder: Path, source: Source, keys: Collection[str], buttons: Collection[str]
) -> Iterator[Finding]:
    english = folder / SOURCE_LOCALE
    for key in sorted(set(keys) - set(source.texts) - source.off):
        file = english / f"{key.split('.')[0]}.yml"
        yield Finding(str(file), 1, key, "has no text, and the bot says it", "add this key")
    for button in sorted(set(buttons) - set(source.buttons)):
        file = english / BUTTONS_FILE
        yield Finding(str(file), 1, button, "has no label, and the bot shows it", "add this button")


def _broken(text: Text, source: Source) -> Iterator[Finding]:
    unit = text.unit
    if has_stray_brace(unit.text):
        yield _at(unit, "a brace is not part of a placeholder", "write {name}, or no brace")
    for name in dict.fromkeys(names(unit.text)):
        if is_param(name):
            if name not in text.params:
                mend = "name it under `params` with an example, if the bot fills it"
                yield _at(unit, f"unknown placeholder {{{name}}}", mend)
        elif ":" in name:
            if name not in source.buttons:
                yield _at(unit, f"{{{name}}} names no button", f"add it to {BUTTONS_FILE}")
        elif name not in source.texts:
            yield _at(unit, f"{{{name}}} names no text", "mend the name")
        elif names(source.texts[name].unit.text):
            mend = "quote a text without placeholders"
            yield _at(unit, f"{{{name}}} has placeholders of its own", mend)
    for button in (b for row in text.buttons for b in row):
        if len(button.encode()) > MAX_CALLBACK_BYTES:
            problem = f"the id of button {button} is too long"
            yield _at(
                unit, problem, f"at most {MAX_CALLBACK_BYTES} bytes", text.places.get("buttons")
            )
        elif _leads_nowhere(button, text, source):
            mend = f"add it to {BUTTONS_FILE}, or the page with a `label`"
            yield _at(unit, f"unknown button {button}", mend, text.places.get("buttons"))


def _leads_nowhere(button: str, text: Text, source: Source) -> bool:
    """A page that is there and lacks a label is a fault of the page."""
    if label_of(button, text.country, source.buttons):
        return False
    kind, _, name = button.partition(":")
    return not (kind == "page" and any(page_of(key) == name for key in source.texts))


def _unlabelled(text: Text, source: Source) -> Iterator[Finding]:
    """A page needs a label for the buttons that lead to it; a topic may have that of its intent."""
    page = page_of(text.key)
    topic = (f"intent:{page}",) if "." not in page else ()
    wanted = (page_button(text.key), *topic)
    if (
        not page
        or text.key in CORE
        or any(label_of(b, text.country, source.buttons) for b in wanted)
    ):
        return
    mend = "add `label` with the words on the button that leads here"
    yield _at(text.unit, "has no `label`", mend)


def untranslated(unit: Unit, translation: Translation) -> Iterator[Finding]:
    """Why the translation of `unit` may not be said, if it may not."""
    what = "safety-critical and " if unit.critical else ""
    locale = translation.locale
    if unit.context not in translation.entries:
        yield Finding(translation.file, 1, unit.context, f"{what}missing in {locale}", UPDATE)
        return
    file, entry = translation.entries[unit.context]

    def fault(problem: str, mend: str) -> Finding:
        return Finding(file, entry.line, unit.context, problem, mend)

    if not entry.translation.strip():
        yield fault(f"{what}not translated into {locale}", TRANSLATE)
    elif entry.fuzzy:
        mend = "check the translation and take the fuzzy mark off"
        yield fault(f"{what}fuzzy in {locale}: the English has changed", mend)
    elif entry.source != unit.text:
        yield fault(f"{what}out of date in {locale}: the English has changed", UPDATE)
    elif has_stray_brace(entry.translation):
        yield fault("a brace is not part of a placeholder", "copy the placeholders as they are")
    elif sorted(names(entry.translation)) != sorted(names(unit.text)):
        wanted = ", ".join(f"{{{n}}}" for n in names(unit.text)) or "none"
        yield fault("the placeholders differ from the English", f"use exactly: {wanted}")


def _at(unit: Unit, problem: str, mend: str, place: tuple[str, int] | None = None) -> Finding:
    file, line = place or (unit.file, unit.line)
    return Finding(file, line, unit.context.removeprefix("button/"), problem, mend)
