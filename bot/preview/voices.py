"""In which words the messages are shown: a language, a pretended one, or the longest of all."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from babel import Locale as BabelLocale

from bot.content import layers
from bot.content.errors import UnfilledPlaceholder
from bot.content.languages import autonym
from bot.content.limits import columns
from bot.content.placeholders import fill, quote
from bot.content.pseudo import accented, mirrored
from bot.content.source import SOURCE_LOCALE, Text, button_context
from bot.ids import Locale
from bot.preview.reading import State

ACCENTED: Final = "en-XA"
MIRRORED: Final = "ar-XB"
LONGEST: Final = "longest"

_PRETENDED: Final[Mapping[str, tuple[str, Callable[[str], str]]]] = {
    ACCENTED: ("Pseudo: accented, longer", accented),
    MIRRORED: ("Pseudo: right to left", mirrored),
}
_LONGEST_NAME: Final = "Longest text"


@dataclass(frozen=True, slots=True)
class Voice:
    """All words of one language by context, and labels by button; English where there are none.

    `own` are the contexts with words of their own, and `spoken_in` their languages where these
    differ from `locale`: in the longest of all.
    """

    tag: str
    name: str
    locale: Locale
    words: Mapping[str, str]
    labels: Mapping[str, str]
    own: frozenset[str]
    spoken_in: Mapping[str, Locale]

    def locale_of(self, context: str) -> Locale:
        """The language in which `context` is shown."""
        return self.spoken_in.get(context, self.locale if context in self.own else SOURCE_LOCALE)


def choices(state: State) -> Iterator[tuple[str, str]]:
    """What can be shown, each with its name: the English first, the pretended ones last."""
    yield SOURCE_LOCALE, autonym(SOURCE_LOCALE)
    for locale in state.translations:
        yield locale, autonym(locale)
    for tag, (name, _) in _PRETENDED.items():
        yield tag, name
    yield LONGEST, _LONGEST_NAME


def voice(state: State, tag: str) -> Voice:
    """The words of `tag`; raises KeyError for one that is not among the `choices`."""
    name = dict(choices(state))[tag]
    source = state.source
    words = {unit.context: unit.text for unit in source.units()}
    fixed = {button_context(id_) for id_, button in source.buttons.items() if button.fixed}
    own = {*words, *fixed}
    where: dict[str, Locale] = {}
    if tag in _PRETENDED:
        _, pretend = _PRETENDED[tag]
        words = {context: pretend(text) for context, text in words.items()}
    elif tag == LONGEST:
        words, where = _longest(state, words)
    elif tag != SOURCE_LOCALE:
        said = _own(state, Locale(tag))
        words |= {context: text for context, text in said.items() if context in words}
        own = {*said, *fixed}
    labels = {
        id_: button.unit.text if button.fixed else words[button_context(id_)]
        for id_, button in source.buttons.items()
    }
    locale = SOURCE_LOCALE if tag == LONGEST else Locale(tag)
    return Voice(tag, name, locale, words, labels, frozenset(own), where)


def is_rtl(locale: Locale) -> bool:
    """Whether `locale` is written from right to left (Unicode CLDR)."""
    return bool(_known(locale).character_order == "right-to-left")


def spoken(text: Text, voice: Voice) -> str:
    """`text` with what it quotes and the examples filled in.

    A text whose placeholders are broken is shown as it is written: `check` tells why.
    """
    written = voice.words[text.unit.context]
    try:
        return fill(quote(written, voice.words, voice.labels), text.params)
    except UnfilledPlaceholder:
        return written


def sent(said: str, text: Text, voice: Voice, organization: str) -> str:
    """What `text` says, with the line of its layer below."""
    locale = Locale(str(_known(voice.locale_of(text.unit.context))).replace("_", "-"))
    try:
        return layers.with_layer(said, text, voice.words, locale, organization)
    except UnfilledPlaceholder:
        return said


def _own(state: State, locale: Locale) -> dict[str, str]:
    entries = state.translations[locale].entries
    said = ((context, entry.translation.strip()) for context, (_, entry) in entries.items())
    return {context: text for context, text in said if text}


def _longest(state: State, english: Mapping[str, str]) -> tuple[dict[str, str], dict[str, Locale]]:
    words, where = dict(english), dict.fromkeys(english, SOURCE_LOCALE)
    for locale in state.translations:
        for context, text in _own(state, locale).items():
            if context in words and columns(text) > columns(words[context]):
                words[context], where[context] = text, locale
    return words, where


def _known(locale: Locale) -> BabelLocale:
    """What the CLDR knows of `locale`; a pretended one is as its language."""
    return BabelLocale.parse(locale.partition("-")[0] if locale in _PRETENDED else locale, sep="-")
