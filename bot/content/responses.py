"""The catalogue over the folder `responses/`."""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from bot.content.catalogue import Button, Rendered
from bot.content.errors import UnfilledPlaceholder, UnknownText
from bot.content.finding import refuse
from bot.content.integrity import faults
from bot.content.ownwords import read_own_words
from bot.content.placeholders import fill, quote
from bot.content.source import (
    SOURCE_LOCALE,
    Source,
    button_context,
    critical_buttons,
    read_source,
)
from bot.content.translations import Translation, read_translation
from bot.errors import ConfigurationError
from bot.ids import Locale


class ResponseCatalogue:
    """All reviewed texts in the enabled locales, held in memory. Build it with `load`."""

    def __init__(
        self,
        texts: Mapping[Locale, Mapping[str, str]],
        labels: Mapping[Locale, Mapping[str, str]],
        buttons: Mapping[str, tuple[tuple[str, ...], ...]],
        reviews: Mapping[Locale, str],
        own_words: Mapping[str, str],
    ) -> None:
        self._texts = texts
        self._labels = labels
        self._buttons = buttons
        self._own_words = own_words
        self.reviews = reviews
        """How far each translation was reviewed, as its file says (``machine-draft``)."""

    @classmethod
    def load(
        cls,
        folder: Path,
        locales: Sequence[Locale],
        overlay: Path | None = None,
        *,
        required_keys: Collection[str] = (),
        required_buttons: Collection[str] = (),
    ) -> "ResponseCatalogue":
        """Read `folder` (and an organisation's `overlay` of the same shape) for `locales`.

        Raises ConfigurationError, naming file, line, key and mend, for a damaged file, a language
        without a file, and any text that is missing, fuzzy or out of date in an enabled language,
        or whose placeholders are not those of the English.
        """
        if not locales:
            raise ConfigurationError("no language is enabled; name one in BOT_LOCALES, such as en")
        source, findings = read_source(folder, overlay)
        source = critical_buttons(source)
        translations = []
        for locale in dict.fromkeys(locales):
            if locale != SOURCE_LOCALE:
                translation, damaged = read_translation(folder, locale, overlay)
                findings += damaged
                translations.append(translation)
        own, damaged = read_own_words(folder, overlay)
        refuse([*findings, *damaged])
        refuse(list(faults(folder, source, translations, required_keys, required_buttons)))
        return cls._of(source, translations, own.texts, with_source=SOURCE_LOCALE in locales)

    @classmethod
    def _of(
        cls,
        source: Source,
        translations: Sequence[Translation],
        own_words: Mapping[str, str],
        *,
        with_source: bool,
    ) -> "ResponseCatalogue":
        said: dict[Locale, dict[str, str]] = {}
        if with_source:
            said[SOURCE_LOCALE] = {unit.context: unit.text for unit in source.units()}
        for translation in translations:
            said[translation.locale] = {
                unit.context: translation.entries[unit.context][1].translation.strip()
                for unit in source.units()
            }
        labels = {
            locale: {
                id_: button.unit.text if button.fixed else words[button_context(id_)]
                for id_, button in source.buttons.items()
            }
            for locale, words in said.items()
        }
        texts = {
            locale: {key: quote(words[key], words, labels[locale]) for key in source.texts}
            for locale, words in said.items()
        }
        buttons = {key: text.buttons for key, text in source.texts.items()}
        reviews = {t.locale: t.review for t in translations}
        return cls(texts, labels, buttons, reviews, own_words)

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
    ) -> Rendered:
        """The text of `key` in `locale`; see `Catalogue.render`.

        Buttons given by the caller stand one a row. Raises UnknownText, and UnfilledPlaceholder
        when `params` lacks a placeholder of the text.
        """
        text = self._in(self._texts, locale).get(key)
        if text is None:
            raise UnknownText(f"no text with the key {key}")
        rows = self._buttons[key] if buttons is None else tuple((b,) for b in buttons)
        shown = {b for row in rows for b in row}
        rows += tuple((b,) for b in also if b not in shown)
        try:
            filled = fill(text, params)
        except UnfilledPlaceholder as error:
            raise UnfilledPlaceholder(f"{key}: {error}") from None
        return Rendered(
            filled, tuple(tuple(Button(b, self.label(b, locale)) for b in row) for row in rows)
        )

    def label(self, button: str, locale: Locale) -> str:
        """The label of one button. Raises UnknownText."""
        label = self._in(self._labels, locale).get(button)
        if label is None:
            raise UnknownText(f"no button with the id {button}")
        return label

    def own_words(self, tag: str) -> str | None:
        """That we do not speak the language `tag`; see `Catalogue.own_words`."""
        return self._own_words.get(tag)

    @staticmethod
    def _in(by_locale: Mapping[Locale, Mapping[str, str]], locale: Locale) -> Mapping[str, str]:
        if locale not in by_locale:
            raise UnknownText(f"the language {locale} is not enabled")
        return by_locale[locale]
