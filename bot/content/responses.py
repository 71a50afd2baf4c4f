"""The catalogue over the folder `responses/`."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from bot.collecting import no_garbage
from bot.content.catalogue import Button, Rendered
from bot.content.errors import UnfilledPlaceholder, UnknownText
from bot.content.integrity import faults, said_in
from bot.content.layers import with_layer
from bot.content.ownwords import read_own_words
from bot.content.placeholders import fill, quote
from bot.content.reading import read_source
from bot.content.reviews import read_reviews, unsigned
from bot.content.source import (
    SOURCE_LOCALE,
    Source,
    button_context,
    critical_buttons,
    for_country,
    label_of,
    page_of,
    split_key,
)
from bot.content.translations import Translation, read_translation
from bot.errors import ConfigurationError
from bot.finding import refuse
from bot.ids import Locale

T = TypeVar("T")


class ResponseCatalogue:
    """All reviewed texts in the enabled locales, held in memory. Build it with `load`."""

    def __init__(
        self,
        texts: Mapping[Locale, Mapping[str, str]],
        labels: Mapping[Locale, Mapping[str, str]],
        buttons: Mapping[str, tuple[tuple[str, ...], ...]],
        reviews: Mapping[Locale, str],
        own_words: Mapping[str, str],
        drafts: Mapping[Locale, int],
    ) -> None:
        self._texts = texts
        self._labels = labels
        self._buttons = buttons
        self._own_words = own_words
        self._pages = {locale: _pages_by_country(known) for locale, known in texts.items()}
        self._localised = {
            locale: frozenset(page_of(key) for key in known if split_key(key)[1])
            for locale, known in texts.items()
        }
        self.reviews = reviews
        """How far each translation was reviewed, as its file says (``machine-draft``)."""
        self.drafts = drafts
        """The languages with safety-critical texts that nobody has signed, and with how many."""

    @classmethod
    @no_garbage()
    def load(
        cls,
        folder: Path,
        locales: Sequence[Locale],
        overlay: Path | None = None,
        *,
        required_keys: Collection[str] = (),
        required_buttons: Collection[str] = (),
        organization: str = "",
    ) -> "ResponseCatalogue":
        """Read `folder` (and an organisation's `overlay` of the same shape) for `locales`.

        `organization` is the name under which the overlay's texts are said.

        Raises ConfigurationError, naming file, line, key and mend, for a damaged file, a language
        without a file, and any text that is missing, fuzzy or out of date in an enabled language,
        or whose placeholders are not those of the English.
        """
        if not locales:
            raise ConfigurationError("no language is enabled; name one in BOT_LOCALES, such as en")
        source, findings = read_source(folder, overlay)
        source = critical_buttons(source)
        translations, drafts = [], {}
        for locale in dict.fromkeys(locales):
            if locale != SOURCE_LOCALE:
                translation, damaged = read_translation(folder, locale, overlay)
                reviews, spoilt = read_reviews(folder, locale, overlay)
                findings += [*damaged, *spoilt]
                translations.append(translation)
                said = said_in(source, translation)
                if count := len(unsigned(said, translation, reviews)):
                    drafts[locale] = count
        own, damaged = read_own_words(folder, overlay)
        refuse([*findings, *damaged])
        refuse(list(faults(folder, source, translations, required_keys, required_buttons)))
        with_source = SOURCE_LOCALE in locales
        return cls._of(
            source, translations, own.texts, drafts, organization, with_source=with_source
        )

    @classmethod
    def _of(
        cls,
        source: Source,
        translations: Sequence[Translation],
        own_words: Mapping[str, str],
        drafts: Mapping[Locale, int],
        organization: str,
        *,
        with_source: bool,
    ) -> "ResponseCatalogue":
        said: dict[Locale, dict[str, str]] = {}
        sources: dict[Locale, Source] = {}
        if with_source:
            sources[SOURCE_LOCALE] = source
            said[SOURCE_LOCALE] = {unit.context: unit.text for unit in source.units()}
        for translation in translations:
            sources[translation.locale] = said_in(source, translation)
            said[translation.locale] = {
                unit.context: translation.entries[unit.context][1].translation.strip()
                for unit in sources[translation.locale].units()
            }
        labels = {
            locale: {
                id_: button.unit.text if button.fixed else words[button_context(id_)]
                for id_, button in sources[locale].buttons.items()
            }
            for locale, words in said.items()
        }
        texts = {
            locale: {
                key: with_layer(
                    quote(words[key], words, labels[locale]), text, words, locale, organization
                )
                for key, text in sources[locale].texts.items()
            }
            for locale, words in said.items()
        }
        buttons = {key: text.buttons for key, text in source.texts.items()}
        reviews = {t.locale: t.review for t in translations}
        return cls(texts, labels, buttons, reviews, own_words, drafts)

    def pages(self, country: str, locale: Locale) -> tuple[str, ...]:
        """The topics and pages on offer in `country`; see `Catalogue.pages`."""
        there = self._in(self._pages, locale)
        return there.get(country, there[""])

    def localised(self, locale: Locale) -> frozenset[str]:
        """The topics and pages that say something of their own in some country."""
        return self._in(self._localised, locale)

    @property
    def locales(self) -> tuple[Locale, ...]:
        """The enabled locales, the source language first where it is enabled."""
        return tuple(self._texts)

    def render(
        self,
        key: str,
        locale: Locale,
        params: Mapping[str, str],
        buttons: tuple[str, ...] | None = None,
        also: tuple[str, ...] = (),
        country: str = "",
    ) -> Rendered:
        """The text of `key` in `locale`; see `Catalogue.render`.

        Buttons given by the caller stand one a row. Raises UnknownText, and UnfilledPlaceholder
        when `params` lacks a placeholder of the text.
        """
        texts = self._in(self._texts, locale)
        there = for_country(key, country)
        key = there if there in texts else key
        if (text := texts.get(key)) is None:
            raise UnknownText(f"no text with the key {key}")
        rows = self._buttons[key] if buttons is None else tuple((b,) for b in buttons)
        shown = {b for row in rows for b in row}
        rows += _paired(tuple(b for b in also if b not in shown))
        try:
            filled = fill(text, params)
        except UnfilledPlaceholder as error:
            raise UnfilledPlaceholder(f"{key}: {error}") from None
        return Rendered(
            filled,
            tuple(tuple(Button(b, self.label(b, locale, country)) for b in row) for row in rows),
        )

    def templates(self, flow: str, locale: Locale) -> Mapping[str, str]:
        """The texts of `flow`, placeholders unfilled; see `Catalogue.templates`."""
        texts = self._in(self._texts, locale)
        begin = f"{flow}."
        return {k.removeprefix(begin): text for k, text in texts.items() if k.startswith(begin)}

    def label(self, button: str, locale: Locale, country: str = "") -> str:
        """The label of one button; see `Catalogue.label`. Raises UnknownText."""
        labels = self._in(self._labels, locale)
        if not (id_ := label_of(button, country, labels)):
            raise UnknownText(f"no button with the id {button}")
        return labels[id_]

    def own_words(self, tag: str) -> str | None:
        """That we do not speak the language `tag`; see `Catalogue.own_words`."""
        return self._own_words.get(tag)

    @staticmethod
    def _in(by_locale: Mapping[Locale, T], locale: Locale) -> T:
        if locale not in by_locale:
            raise UnknownText(f"the language {locale} is not enabled")
        return by_locale[locale]


def _paired(buttons: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """Two a row, but a single one or an odd last one alone."""
    return tuple(buttons[i : i + 2] for i in range(0, len(buttons), 2))


def _pages_by_country(keys: Iterable[str]) -> dict[str, tuple[str, ...]]:
    pages = [(page, split_key(key)[1]) for key in keys if (page := page_of(key))]
    return {
        country: tuple(dict.fromkeys(page for page, where in pages if where in ("", country)))
        for country in {"", *(where for _, where in pages)}
    }
