"""Everything in the folder of texts at one moment, as far as it can be read."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

from bot.content.languages import available
from bot.content.reading import read_source
from bot.content.reviews import Reviews, read_reviews
from bot.content.source import SOURCE_LOCALE, ButtonText, Source, Text, critical_buttons
from bot.content.translations import Translation, read_translation
from bot.finding import Finding
from bot.ids import Locale

VERSION_LENGTH = 16

WATCHED = ("en", "locales", "wording", "reviews", "languages")
"""The folders that a translation is made of; local resources are not among them."""

_SUFFIXES = frozenset({".yml", ".po", ".toml"})


@dataclass(frozen=True, slots=True)
class Place:
    """Where the texts stand: our folder, an organisation's `overlay`, and its name."""

    folder: Path
    overlay: Path | None = None
    organization: str = ""

    @property
    def folders(self) -> tuple[Path, ...]:
        """Ours, and the overlay where there is one."""
        return (self.folder, self.overlay) if self.overlay else (self.folder,)


@dataclass(frozen=True, slots=True)
class State:
    """The texts at one moment.

    What a damaged file holds is as it was read last; `faults` say what is damaged. `version`
    changes whenever a file does.
    """

    version: str
    source: Source = field(default_factory=Source)
    translations: Mapping[Locale, Translation] = field(default_factory=dict)
    reviews: Mapping[Locale, Reviews] = field(default_factory=dict)
    faults: tuple[Finding, ...] = ()


def read_state(place: Place, before: State | None = None) -> State:
    """All texts of `place` as they are now; `before` lends what is damaged now."""
    version = version_of(place)
    source, findings = read_source(place.folder, place.overlay)
    if findings and before:
        source = _patched(source, before.source, {finding.file for finding in findings})
    translations, reviews = {}, {}
    for locale in available(place.folder):
        if locale == SOURCE_LOCALE:
            continue
        translation, damaged = read_translation(place.folder, locale, place.overlay)
        if damaged and before and locale in before.translations:
            entries = {**before.translations[locale].entries, **translation.entries}
            translation = replace(translation, entries=entries)
        translations[locale] = translation
        reviews[locale], spoilt = read_reviews(place.folder, locale, place.overlay)
        findings += [*damaged, *spoilt]
    faults = tuple(dict.fromkeys(findings))
    return State(version, critical_buttons(source), translations, reviews, faults)


def version_of(place: Place) -> str:
    """A name for the files as they are: another one as soon as one is saved, added or removed."""
    stamps = sorted(_stamps(place.folders))
    return sha256(repr(stamps).encode()).hexdigest()[:VERSION_LENGTH]


def _stamps(folders: Sequence[Path]) -> Iterator[tuple[str, int, int, int]]:
    paths = (path for at in folders for name in WATCHED for path in (at / name).rglob("*"))
    for path in paths:
        if path.suffix not in _SUFFIXES or path.name.startswith("."):
            continue
        try:
            found = path.stat()
        except OSError:
            continue  # Replaced this very moment: the next look sees it.
        yield str(path), found.st_mtime_ns, found.st_size, found.st_ino


def _patched(now: Source, before: Source, damaged: set[str]) -> Source:
    """`now` with what stood before in the `damaged` files and could not be read."""

    def lent(text: Text | ButtonText) -> bool:
        return text.unit.file in damaged

    texts = {k: t for k, t in before.texts.items() if k in now.texts or lent(t)}
    buttons = {k: b for k, b in before.buttons.items() if k in now.buttons or lent(b)}
    return replace(now, texts={**texts, **now.texts}, buttons={**buttons, **now.buttons})
