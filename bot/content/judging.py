"""Every text by every rule, in one language."""

from collections.abc import Iterator, Mapping

from bot.content import fidelity, layers, limits, plainness, shape
from bot.content.errors import UnfilledPlaceholder
from bot.content.placeholders import fill, quote
from bot.content.rules import Giveaways, Problems, Said, giveaways, is_discreet, wording
from bot.content.source import (
    SOURCE_LOCALE,
    Source,
    Text,
    Unit,
    button_context,
    label_of,
)
from bot.content.translations import Translation
from bot.content.wording import Avoided
from bot.finding import Finding

ALWAYS = (*shape.RULES, *limits.RULES, *plainness.RULES)


def judged(
    source: Source,
    translation: Translation | None,
    avoided: tuple[Avoided, ...],
    find: Giveaways | None,
) -> Iterator[Finding]:
    """What the rules find in the English, or in a `translation`; what is missing is left out."""
    for said, file, line in _all(source, translation):
        for problem, mend in _problems(said, avoided, find):
            yield Finding(file, line, said.unit.context, problem, mend)


def _problems(said: Said, avoided: tuple[Avoided, ...], find: Giveaways | None) -> Problems:
    for rule in ALWAYS:
        yield from rule(said)
    if not said.is_source and said.current:
        for rule in fidelity.RULES:
            yield from rule(said)
    yield from wording(said, avoided)
    if find is not None:
        yield from giveaways(said, find)


def _all(source: Source, translation: Translation | None) -> Iterator[tuple[Said, str, int]]:
    """Every text as it reads in one language, with file and line."""
    locale = translation.locale if translation else SOURCE_LOCALE
    entries = translation.entries if translation else {}
    words = {u.context: u.text for u in source.units()}
    words |= {c: e.translation.strip() for c, (_, e) in entries.items() if e.translation.strip()}
    labels = {
        id_: b.unit.text if b.fixed else words[button_context(id_)]
        for id_, b in source.buttons.items()
    }
    paired, discreet = _paired(source), _discreet(source)
    for unit in source.units():
        key, file, line = unit.context, unit.file, unit.line
        raw, current = unit.text, True
        if translation:
            if key not in entries or not entries[key][1].translation.strip():
                continue
            file, entry = entries[key]
            line, raw = entry.line, entry.translation
            current = not entry.fuzzy and entry.source == unit.text
        text = source.texts.get(key)
        spoken = _spoken(unit, text, words, labels)
        said = Said(
            unit=unit,
            locale=locale,
            words=words[key],
            raw=raw,
            spoken=spoken,
            sent=layers.with_layer(spoken, text, words, locale, _longest(source)) if text else "",
            max=text.max if text else 0,
            is_source=translation is None,
            is_button=text is None,
            paired=key in paired,
            discreet=is_discreet(key) or key in discreet,
            current=current,
        )
        yield said, file, line


def _spoken(
    unit: Unit, text: Text | None, words: Mapping[str, str], labels: Mapping[str, str]
) -> str:
    try:
        return fill(quote(words[unit.context], words, labels), text.params if text else {})
    except UnfilledPlaceholder:
        return words[unit.context]  # a fault of its own, found by `integrity`


def _longest(source: Source) -> str:
    """An organisation's name, to measure the line that has it."""
    text = source.texts.get(layers.ORGANISATION)
    return text.params.get("organisation", "") if text else ""


def _paired(source: Source) -> frozenset[str]:
    """The labels that share a row somewhere: pages about a danger are offered two a row, too."""
    shared = {
        button_context(label_of(button, text.country, source.buttons))
        for text in source.texts.values()
        for row in text.buttons
        if len(row) > 1
        for button in row
    }
    pages = {button_context(id_) for id_ in source.buttons if id_.startswith("page:")}
    return frozenset(shared | pages)


def _discreet(source: Source) -> frozenset[str]:
    return frozenset(
        button_context(button)
        for key, text in source.texts.items()
        if is_discreet(key)
        for row in text.buttons
        for button in row
    )
