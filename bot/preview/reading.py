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

Stamp = tuple[int, int, int]
"""When a file was saved, its size, and which file it is on the disk."""

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

    What a damaged file holds is as it was read last; `damage` says what is wrong with it, by the
    language of the file. `stamps` tell one version of a file from another, by its path.
    """

    stamps: Mapping[str, Stamp]
    source: Source = field(default_factory=Source)
    translations: Mapping[Locale, Translation] = field(default_factory=dict)
    reviews: Mapping[Locale, Reviews] = field(default_factory=dict)
    damage: Mapping[Locale, Sequence[Finding]] = field(default_factory=dict)

    @property
    def version(self) -> str:
        """A name for the files as they are: another one as soon as one is saved or removed."""
        return sha256(repr(sorted(self.stamps.items())).encode()).hexdigest()[:VERSION_LENGTH]

    @property
    def faults(self) -> tuple[Finding, ...]:
        """All that is wrong with the files."""
        return tuple(dict.fromkeys(f for findings in self.damage.values() for f in findings))


def read_state(place: Place, before: State | None = None) -> State:
    """All texts of `place` as they are now.

    `before` lends what has not changed since, and what is damaged now.
    """
    stamps = stamps_of(place)
    before = before or State({})
    changed = {path for path, _ in stamps.items() ^ before.stamps.items()}

    def same(*names: str) -> bool:
        return not any(name in Path(path).parts for path in changed for name in names)

    source, damage = before.source, {SOURCE_LOCALE: before.damage.get(SOURCE_LOCALE, ())}
    if not same(SOURCE_LOCALE):
        source, findings = read_source(place.folder, place.overlay)
        source = critical_buttons(source)
        if findings:
            source = _patched(source, before.source, {finding.file for finding in findings})
        damage[SOURCE_LOCALE] = findings
    translations, reviews = {}, {}
    for locale in available(place.folder):
        if locale == SOURCE_LOCALE:
            continue
        old = before.translations.get(locale)
        if old and same(locale, f"{locale}.toml"):
            translations[locale], reviews[locale] = old, before.reviews[locale]
            damage[locale] = before.damage[locale]
            continue
        translation, findings = read_translation(place.folder, locale, place.overlay)
        if findings and old:
            translation = replace(translation, entries={**old.entries, **translation.entries})
        translations[locale] = translation
        reviews[locale], spoilt = read_reviews(place.folder, locale, place.overlay)
        damage[locale] = [*findings, *spoilt]
    return State(stamps, source, translations, reviews, damage)


def stamps_of(place: Place) -> dict[str, Stamp]:
    """Which versions of which files there are now."""
    return dict(_stamps(place.folders))


def _stamps(folders: Sequence[Path]) -> Iterator[tuple[str, Stamp]]:
    paths = (path for at in folders for name in WATCHED for path in (at / name).rglob("*"))
    for path in paths:
        if path.suffix not in _SUFFIXES or path.name.startswith("."):
            continue
        try:
            found = path.stat()
        except OSError:
            continue  # Replaced this very moment: the next look sees it.
        yield str(path), (found.st_mtime_ns, found.st_size, found.st_ino)


def _patched(now: Source, before: Source, damaged: set[str]) -> Source:
    """`now` with what stood before in the `damaged` files and could not be read."""

    def lent(text: Text | ButtonText) -> bool:
        return text.unit.file in damaged

    texts = {k: t for k, t in before.texts.items() if k in now.texts or lent(t)}
    buttons = {k: b for k, b in before.buttons.items() if k in now.buttons or lent(b)}
    return replace(now, texts={**texts, **now.texts}, buttons={**buttons, **now.buttons})
