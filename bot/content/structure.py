"""How texts and buttons hang together: what is used, reached, dated, and told apart."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date, timedelta

from bot.content.placeholders import names
from bot.content.source import (
    PAGES,
    Source,
    Text,
    button_context,
    label_of,
    page_button,
    page_of,
)
from bot.content.translations import Translation
from bot.finding import Finding

MAX_BUTTONS = 8
"""Buttons of a text's own: four rows of two, so that text and buttons fit a phone's screen."""

MAX_CHOICES = 16
"""The same for a menu, which is little but its buttons."""

MENU_TEXT = 200
"""Characters up to which a text is a menu."""

ALWAYS = ("back", "intent:help_menu", "intent:quick_exit")
"""The buttons that the bot adds below every topic and page."""

STALE_AFTER = timedelta(days=365)


def loose_ends(
    source: Source, keys: Collection[str], buttons: Collection[str], today: date | None
) -> Iterator[Finding]:
    """Everything of the source that leads nowhere, is reached by nothing, or is out of time.

    `keys` are all that the bot says of itself, and `buttons` all that it shows besides those
    that the texts name; without `buttons`, unused ones are not looked for.
    """
    yield from _unused(source, keys, buttons)
    for text in source.texts.values():
        yield from _page(text, source)
        yield from _facts(text, today)
        yield from _alike(text, source)


def twins(source: Source, translation: Translation) -> Iterator[Finding]:
    """Two buttons of one text that read the same in a translation, where the English tells them
    apart.
    """
    words = {c: e.translation.strip() for c, (_, e) in translation.entries.items()}
    told: set[frozenset[str]] = set()
    for text in source.texts.values():
        seen: dict[str, str] = {}
        for id_ in _labels(text, source):
            context = button_context(id_)
            label = source.buttons[id_].unit.text
            if not source.buttons[id_].fixed:
                label = words.get(context, "")
            if not label:
                continue
            other = seen.setdefault(label.casefold(), id_)
            pair = frozenset((other, id_))
            same = source.buttons[other].unit.text == source.buttons[id_].unit.text
            if other == id_ or pair in told or same or context not in translation.entries:
                continue
            told.add(pair)
            file, entry = translation.entries[context]
            problem = f"reads the same as {other} below {text.unit.context}"
            yield Finding(file, entry.line, context, problem, "tell them apart")


def stale(source: Source, today: date) -> Iterator[Finding]:
    """Texts whose facts were last confirmed more than a year ago: for a look, not for a fault."""
    for text in source.texts.values():
        if text.reviewed_on and today - text.reviewed_on > STALE_AFTER:
            problem = f"facts last confirmed on {text.reviewed_on}, more than a year ago"
            mend = "look at the sources again, and renew `reviewed_on`"
            yield _at(text, "reviewed_on", problem, mend)


def _unused(source: Source, keys: Collection[str], buttons: Collection[str]) -> Iterator[Finding]:
    reached = _reached(source, keys)
    for key, text in source.texts.items():
        if key not in reached:
            problem, mend = "nothing says this text", "mend the key, or take it out"
            if page_of(key):
                problem, mend = "no button leads here", f"add the button {page_button(text.key)}"
            yield Finding(text.unit.file, text.unit.line, key, problem, mend)
    if not buttons:
        return
    quoted = {name for text in source.texts.values() for name in names(text.unit.text)}
    shown = {b for text in source.texts.values() for row in text.buttons for b in row}
    for id_, button in source.buttons.items():
        is_page = id_.startswith("page:")
        if not is_page and id_.partition("@")[0] not in {*shown, *buttons, *quoted, *ALWAYS}:
            problem, mend = "nothing shows this button", "mend the id, or take it out"
            yield Finding(button.unit.file, button.unit.line, id_, problem, mend)


def _reached(source: Source, keys: Collection[str]) -> set[str]:
    """The texts that are said: of themselves, quoted, about a danger, or behind a button."""
    by_said: dict[str, list[str]] = {}
    for key, text in source.texts.items():
        by_said.setdefault(text.key, []).append(key)
    quoted = {name for text in source.texts.values() for name in names(text.unit.text)}
    ahead = [
        key
        for key, text in source.texts.items()
        if {key, text.key} & {*keys, *quoted} or _is_about_danger(text, source)
    ]
    reached: set[str] = set()
    while ahead:
        key = ahead.pop()
        if key in reached:
            continue
        reached.add(key)
        for button in (b for row in source.texts[key].buttons for b in row):
            kind, _, page = button.partition(":")
            if kind == "page":
                ahead += by_said.get(f"{PAGES}{page}", [])
    return reached


def _is_about_danger(text: Text, source: Source) -> bool:
    """A page about a danger is offered by itself, below the advice."""
    topic, dot, _ = page_of(text.key).partition(".")
    return bool(dot) and f"danger.{topic}" in source.texts


def _page(text: Text, source: Source) -> Iterator[Finding]:
    topic, dot, _ = page_of(text.key).partition(".")
    homes = (f"{PAGES}{topic}", f"danger.{topic}")
    said = {other.key for other in source.texts.values()} if dot else set()
    if dot and not said.intersection(homes):
        yield _at(text, "", f"its topic {topic} has no text", f"add {homes[0]}, or mend the key")
    count = sum(map(len, text.buttons))
    most = MAX_CHOICES if len(text.unit.text) <= MENU_TEXT else MAX_BUTTONS
    if count > most:
        yield _at(text, "buttons", f"{count} buttons, at most {most} fit", "make a page of some")


def _facts(text: Text, today: date | None) -> Iterator[Finding]:
    if text.sources and text.reviewed_on is None:
        mend = "add `reviewed_on` with the date on which the facts were last confirmed"
        yield _at(text, "sources", "states facts without a date", mend)
    if today and text.reviewed_on and text.reviewed_on > today:
        problem = f"reviewed_on {text.reviewed_on} is in the future"
        yield _at(text, "reviewed_on", problem, "write the day on which it was done")
    for name in text.params:
        if name not in names(text.unit.text):
            problem = f"the placeholder {{{name}}} is not used"
            yield _at(text, "params", problem, "use it, or take it out")


def _alike(text: Text, source: Source) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    for id_ in _labels(text, source):
        label = source.buttons[id_].unit.text.casefold()
        if (other := seen.setdefault(label, id_)) != id_:
            problem = f"the buttons {other} and {id_} read the same"
            yield _at(text, "buttons", problem, "change one label")


def _labels(text: Text, source: Source) -> tuple[str, ...]:
    """The ids under which the labels of its buttons are known, those that the bot adds as well."""
    added = ALWAYS if page_of(text.key) else ()
    shown = (*(b for row in text.buttons for b in row), *added)
    known: Mapping[str, object] = source.buttons
    found = (label_of(button, text.country, known) for button in dict.fromkeys(shown))
    return tuple(dict.fromkeys(id_ for id_ in found if id_))


def _at(text: Text, field: str, problem: str, mend: str) -> Finding:
    unit = text.unit
    file, line = text.places.get(field, (unit.file, unit.line))
    return Finding(file, line, unit.context, problem, mend)
