"""The source texts: English, in YAML. Here is what they are; `reading` reads them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field, HttpUrl

from bot.content.placeholders import names
from bot.ids import Locale

SOURCE_LOCALE = Locale("en")
PAGES = "options."
"""What the keys of topics and of their pages begin with."""


class Layer(StrEnum):
    """For whom a text is true: for anyone, in one country, or by an organisation's own word."""

    GENERIC = "generic"
    COUNTRY = "country"
    ORGANISATION = "organisation"


class Citation(BaseModel):
    """The page that a fact was taken from."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str = Field(min_length=1)
    url: HttpUrl


@dataclass(frozen=True, slots=True)
class Unit:
    """Something to translate: `context` is a text's key, or ``button/<id>``.

    `file` and `line` (from 1) say where its English stands.
    """

    context: str
    text: str
    note: str
    critical: bool
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Text:
    """A source text. `params` names its placeholders, each with an example of a value.

    `places` says in which file and line (from 1) each of its fields stands.
    """

    unit: Unit
    buttons: tuple[tuple[str, ...], ...]
    max: int
    params: Mapping[str, str]
    sources: tuple[Citation, ...]
    reviewed_on: date | None
    layer: Layer
    places: Mapping[str, tuple[str, int]] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The key that the bot says, whatever the country."""
        return split_key(self.unit.context)[0]

    @property
    def country(self) -> str:
        """The country for which it stands (ISO 3166-1, two capitals), or empty."""
        return split_key(self.unit.context)[1]


@dataclass(frozen=True, slots=True)
class ButtonText:
    """A button's source label. A `fixed` one is the same in every language."""

    unit: Unit
    fixed: bool


@dataclass(frozen=True, slots=True)
class Source:
    """All source texts by key, and all buttons by id; `off` are the keys switched off."""

    texts: Mapping[str, Text] = field(default_factory=dict)
    buttons: Mapping[str, ButtonText] = field(default_factory=dict)
    off: frozenset[str] = frozenset()

    def units(self) -> Iterator[Unit]:
        """Everything that a translator has to translate, in the order of the files."""
        for text in self.texts.values():
            yield text.unit
        for button in self.buttons.values():
            if not button.fixed:
                yield button.unit


def split_key(key: str) -> tuple[str, str]:
    """The key that is said, and the country (``GB``) of ``options.ask_money@gb``, or empty."""
    said, _, country = key.partition("@")
    return said, country.upper()


def for_country(key: str, country: str) -> str:
    """The name of the text of `key`, or of a button, in `country` (two capitals)."""
    return f"{key}@{country.lower()}"


def page_of(key: str) -> str:
    """The page's name in buttons (``ask_money.debts``); empty when `key` is none."""
    said, _ = split_key(key)
    return said.removeprefix(PAGES) if said.startswith(PAGES) else ""


def page_button(key: str) -> str:
    """The button that leads to the page of `key`; its country is kept."""
    _, at, country = key.partition("@")
    return f"page:{page_of(key)}{at}{country}"


def button_context(button: str) -> str:
    """The context of a button's label."""
    return f"button/{button}"


def label_of(button: str, country: str, known: Mapping[str, object]) -> str:
    """Under which id the label of `button` is `known`: its country's, its own, or its kind's.

    ``back:ask_money`` is labelled by ``back``. Empty when nothing labels it.
    """
    for candidate in (for_country(button, country), button, button.partition(":")[0]):
        if candidate in known:
            return candidate
    return ""


def critical_buttons(source: Source) -> Source:
    """`source` with what safety-critical texts show or quote marked as critical, too."""
    shown: set[str] = set()
    for text in source.texts.values():
        if text.unit.critical:
            shown.update(names(text.unit.text))
            shown.update(
                split_key(label_of(button, text.country, source.buttons))[0]
                for row in text.buttons
                for button in row
            )

    def marked(unit: Unit, name: str) -> Unit:
        return replace(unit, critical=unit.critical or split_key(name)[0] in shown)

    return replace(
        source,
        texts={key: replace(t, unit=marked(t.unit, key)) for key, t in source.texts.items()},
        buttons={id_: replace(b, unit=marked(b.unit, id_)) for id_, b in source.buttons.items()},
    )
