"""The catalogue: key and locale in, text and buttons out."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Protocol

from bot.ids import Locale


@dataclass(frozen=True, slots=True)
class Button:
    """A button: `id` travels in the platform's callback data (at most 64 bytes), never text."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """A text ready to send, with its rows of buttons. `copyable` ones are there to be passed on,
    and what `sounds` may do so, in the staff's own chat.
    """

    text: str
    buttons: tuple[tuple[Button, ...], ...] = ()
    copyable: bool = False
    sounds: bool = False


class Catalogue(Protocol):
    """All that the bot can say."""

    @property
    def locales(self) -> tuple[Locale, ...]:
        """The enabled locales, the source language first."""
        ...

    @property
    def drafts(self) -> Collection[Locale]:
        """The enabled locales with a safety-critical text that no reviewer has signed."""
        ...

    def render(
        self,
        key: str,
        locale: Locale,
        params: Mapping[str, str],
        buttons: tuple[str, ...] | None = None,
        also: tuple[str, ...] = (),
        country: str = "",
    ) -> Rendered:
        """The text of `key` in `locale` with its placeholders filled.

        `buttons` (ids) replace the text's own, `also` (ids) are added, two a row. Where there is a
        text of its own for `country` (ISO 3166-1, two capitals), that is the one. Raises
        UnknownText for a key, locale or button that the catalogue does not hold: it never falls
        back to another language.
        """
        ...

    def templates(self, flow: str, locale: Locale) -> Mapping[str, str]:
        """The texts of `flow` in `locale` as they are written, by what follows ``<flow>.``."""
        ...

    def label(self, button: str, locale: Locale, country: str = "") -> str:
        """The label of one button. Raises UnknownText.

        A button without a label of its own (``back:ask_money``) bears that of its kind (``back``).
        """
        ...

    def pages(self, country: str, locale: Locale) -> tuple[str, ...]:
        """The topics and pages on offer in `country` in `locale` (``ask_money.debts``)."""
        ...

    def localised(self, locale: Locale) -> frozenset[str]:
        """The topics and pages that say something of their own in some country, in `locale`."""
        ...

    def own_words(self, tag: str) -> str | None:
        """That we do not speak the language `tag`, in that language; None without words for it."""
        ...
