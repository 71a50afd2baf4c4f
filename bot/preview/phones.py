"""A message as a phone shows it: the words, and the buttons in their rows."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.content.source import Source, Text, button_context, label_of, page_of, split_key
from bot.dialogue.flows import options
from bot.dialogue.state import Context
from bot.ids import Locale
from bot.preview.voices import Voice, is_rtl, sent, spoken


@dataclass(frozen=True, slots=True)
class Key:
    """A button on the phone. `own` is False where its label is the English for want of another;
    `added` is one that the bot adds by itself.
    """

    id: str
    label: str
    own: bool
    added: bool = False


@dataclass(frozen=True, slots=True)
class Bubble:
    """A message, or a label (`text`, without rows), in `locale`. `there` is False without words.

    `length` is in characters, and leaves out the line of the layer, as `max` does.
    """

    text: str
    locale: Locale
    rtl: bool
    length: int
    there: bool = True
    rows: tuple[tuple[Key, ...], ...] = ()


class Phone:
    """Shows the texts of `source` in one voice; `organization` is said below its own texts."""

    def __init__(self, source: Source, voice: Voice, organization: str) -> None:
        self._source = source
        self._voice = voice
        self._organization = organization
        pages = tuple(dict.fromkeys(page for key in source.texts if (page := page_of(key))))
        localised = frozenset(page_of(key) for key in source.texts if split_key(key)[1])
        self._context = Context(datetime.now(UTC), (), pages=pages, localised=localised)

    def message(self, text: Text) -> Bubble:
        """The text with its buttons, those that the bot adds as well."""
        context = text.unit.context
        shown = [button for row in text.buttons for button in row]
        added = [button for button in self._added(text) if button not in shown]
        pairs = [added[at : at + 2] for at in range(0, len(added), 2)]
        rows = (
            *(tuple(self._key(b, text.country) for b in row) for row in text.buttons),
            *(tuple(self._key(b, text.country, added=True) for b in pair) for pair in pairs),
        )
        said = spoken(text, self._voice)
        whole = sent(said, text, self._voice, self._organization)
        return self._bubble(context, whole, len(said), rows)

    def label(self, button: str) -> Bubble:
        """A label alone."""
        label = self._voice.labels[button]
        return self._bubble(button_context(button), label, len(label))

    def _bubble(
        self, context: str, text: str, length: int, rows: tuple[tuple[Key, ...], ...] = ()
    ) -> Bubble:
        locale = self._voice.locale_of(context)
        there = context in self._voice.own
        return Bubble(text, locale, is_rtl(locale), length, there, rows)

    def _key(self, button: str, country: str, *, added: bool = False) -> Key:
        id_ = label_of(button, country, self._source.buttons)
        if not id_:
            return Key(button, f"{button}?", own=False, added=added)
        return Key(button, self._voice.labels[id_], button_context(id_) in self._voice.own, added)

    def _added(self, text: Text) -> Iterator[str]:
        """What the dialogue puts below a page; in a country's, the place is known."""
        page = page_of(text.key)
        if page and text.key not in (options.MENU, options.OFF):
            also = options.page(page, self._context).also
            yield from (b for b in also if not (text.country and b.startswith("where:")))
