"""Which messages are wanted, and in which order they are found."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.content.source import PAGES, Source, label_of, page_of, split_key
from bot.preview.cards import Card, Progress

FILTERS: Final[Mapping[str, tuple[str, Callable[[Card], bool]]]] = {
    "all": ("All", lambda card: True),
    "missing": ("Missing", lambda card: card.progress is Progress.MISSING),
    "fuzzy": ("Fuzzy", lambda card: card.progress is Progress.FUZZY),
    "findings": ("With findings", lambda card: bool(card.findings)),
    "critical": ("Safety-critical", lambda card: card.unit.critical),
    "unsigned": ("Unsigned", lambda card: card.unsigned),
}
"""By name: what it is called, and which messages it lets through."""

BUTTONS: Final = "Buttons"
TOPICS: Final = "Topics"
TALK: Final = "Conversation"


@dataclass(frozen=True, slots=True)
class Section:
    """The messages of one topic. `group` is the heading under which the contents list it."""

    id: str
    title: str
    group: str
    cards: tuple[Card, ...]


def chosen(cards: Iterable[Card], show: str, query: str) -> list[Card]:
    """Those that the filter `show` lets through (an unknown one lets all), with all of the words
    of `query` in key, English, translation or note, whatever their case.
    """
    _, lets = FILTERS.get(show, FILTERS["all"])
    words = query.casefold().split()
    return [card for card in cards if lets(card) and all(w in _haystack(card) for w in words)]


def counts(cards: Sequence[Card]) -> dict[str, int]:
    """How many messages each filter lets through."""
    return {name: sum(map(lets, cards)) for name, (_, lets) in FILTERS.items()}


def sections(cards: Iterable[Card], source: Source) -> list[Section]:
    """The topics in the order of their files, with a page's label and countries behind it."""
    order = {key: at for at, key in enumerate(source.texts)}
    found: dict[tuple[str, str], list[Card]] = {}
    for card in sorted(cards, key=lambda card: _rank(card, order)):
        found.setdefault(_place(card), []).append(card)
    ranked = sorted(found, key=lambda place: (TALK, TOPICS, BUTTONS).index(place[0]))
    return [
        Section(f"topic-{group}-{name}".lower(), _title(group, name, source), group, tuple(inside))
        for group, name in ranked
        for inside in (found[group, name],)
    ]


def _haystack(card: Card) -> str:
    shown = (card.shown.text,) if card.shown and card.shown.there else ()
    parts = (card.key, card.english.text, card.unit.text, *shown, card.written, card.unit.note)
    return "\n".join(parts).casefold()


def _said(card: Card) -> tuple[str, str]:
    """The key of the text that the card is, or leads to, and the country; empty for others."""
    if card.text is not None:
        return split_key(card.key)
    page, country = split_key(card.key.removeprefix("button/"))
    kind, _, name = page.partition(":")
    return (f"{PAGES}{name}", country) if kind == "page" else ("", country)


def _place(card: Card) -> tuple[str, str]:
    said, _ = _said(card)
    if page := page_of(said):
        return TOPICS, page.partition(".")[0]
    return (TALK, said.partition(".")[0]) if said else (BUTTONS, "buttons")


def _rank(card: Card, order: Mapping[str, int]) -> tuple[int, str, bool]:
    said, country = _said(card)
    return order.get(said, len(order)), country, card.text is None


def _title(group: str, name: str, source: Source) -> str:
    if group == TOPICS:
        for button in (f"intent:{name}", f"page:{name}"):
            if id_ := label_of(button, "", source.buttons):
                return source.buttons[id_].unit.text
    return name.replace("_", " ").capitalize()
