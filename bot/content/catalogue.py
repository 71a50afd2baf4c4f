"""The catalogue: key and locale in, text and buttons out."""

from collections.abc import Mapping
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
    """A text ready to send, with its rows of buttons."""

    text: str
    buttons: tuple[tuple[Button, ...], ...] = ()


class Catalogue(Protocol):
    """All that the bot can say."""

    @property
    def locales(self) -> tuple[Locale, ...]:
        """The enabled locales, the source language first."""
        ...

    def render(
        self,
        key: str,
        locale: Locale,
        params: Mapping[str, str],
        buttons: tuple[str, ...] | None = None,
        also: tuple[str, ...] = (),
    ) -> Rendered:
        """The text of `key` in `locale` with its placeholders filled.

        `buttons` (ids) replace the text's own, `also` (ids) are added. Raises UnknownText for a
        key, locale or button that the catalogue does not hold: it never falls back to another
        language.
        """
        ...

    def label(self, button: str, locale: Locale) -> str:
        """The label of one button. Raises UnknownText."""
        ...

    def own_words(self, tag: str) -> str | None:
        """That we do not speak the language `tag`, in that language; None without words for it."""
        ...
