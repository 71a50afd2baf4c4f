"""What is known of each message, side by side with the English, and grouped by topic."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from pathlib import Path

from bot.content.integrity import untranslated
from bot.content.layers import country_name
from bot.content.po import PoEntry
from bot.content.reviews import Reviews, Signature
from bot.content.source import SOURCE_LOCALE, Citation, Source, Text, Unit, split_key
from bot.content.translations import Translation
from bot.finding import Finding
from bot.ids import Locale
from bot.preview.phones import Bubble, Phone
from bot.preview.reading import Place, State
from bot.preview.voices import voice


class Progress(StrEnum):
    """How far a message has come; `MADE` is what nobody translates: English, and pretended."""

    MADE = "made"
    DONE = "done"
    MISSING = "missing"
    FUZZY = "fuzzy"


@dataclass(frozen=True, slots=True)
class Card:
    """One message or label. `text` is None for a label, `shown` for the English alone.

    `written` is the translation with its placeholders, `previous` the English that a fuzzy one was
    made from, `signed` the signature that holds. `own` is True for an organisation's own words.
    """

    unit: Unit
    text: Text | None
    english: Bubble
    shown: Bubble | None
    progress: Progress
    findings: tuple[Finding, ...] = ()
    written: str = ""
    previous: str = ""
    signed: Signature | None = None
    own: bool = False

    @property
    def key(self) -> str:
        """The message's name, or that of the label (``button/…``)."""
        return self.unit.context

    @property
    def country(self) -> str:
        """The name of the country that it is for, in English, or empty."""
        code = split_key(self.key)[1]
        return country_name(code, SOURCE_LOCALE) if code else ""

    @property
    def sources(self) -> tuple[Citation, ...]:
        """The pages that its facts were taken from."""
        return self.text.sources if self.text else ()

    @property
    def reviewed_on(self) -> date | None:
        """When these facts were last confirmed."""
        return self.text.reviewed_on if self.text else None

    @property
    def unsigned(self) -> bool:
        """Whether it is safety-critical, and nobody has signed its translation as it is."""
        return self.unit.critical and self.progress is not Progress.MADE and self.signed is None


def cards(
    state: State,
    tag: str,
    findings: Sequence[Finding],
    place: Place,
) -> Iterator[Card]:
    """All messages and labels in the order of the files, shown in `tag` beside the English.

    `findings` are those of the checks, for the English and for `tag`. Raises KeyError for a tag
    that cannot be shown.
    """
    source = state.source
    name = place.organization or _example(source)
    english = Phone(source, voice(state, SOURCE_LOCALE), name)
    shown = Phone(source, voice(state, tag), name) if tag != SOURCE_LOCALE else None
    known = _Known(
        state.translations.get(Locale(tag)),
        state.reviews.get(Locale(tag)),
        _by_key(findings),
        place.overlay,
    )
    for text in source.texts.values():
        bubble = shown.message(text) if shown else None
        yield known.card(text.unit, text, english.message(text), bubble)
    for id_, button in source.buttons.items():
        if not button.fixed:
            bubble = shown.label(id_) if shown else None
            yield known.card(button.unit, None, english.label(id_), bubble)


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of one language; `translation` is None for English, and what is pretended."""

    translation: Translation | None
    reviews: Reviews | None
    findings: Mapping[str, Sequence[Finding]]
    overlay: Path | None

    def card(self, unit: Unit, text: Text | None, english: Bubble, shown: Bubble | None) -> Card:
        plain = Card(unit, text, english, shown, Progress.MADE)
        faults = self.findings.get(unit.context, ())
        if self.translation is None:
            return replace(plain, findings=tuple(faults), own=self._is_own(unit.file))
        file, entry = self.translation.entries.get(unit.context, (unit.file, None))
        progress = _progress(unit, entry)
        if progress is not Progress.DONE:
            told = set(untranslated(unit, self.translation))  # said by the card itself
            faults = [fault for fault in faults if fault not in told]
        written = entry.translation.strip() if entry else ""
        fuzzy = entry is not None and progress is Progress.FUZZY
        return replace(
            plain,
            progress=progress,
            findings=tuple(faults),
            written=written if "{" in written else "",
            previous=(entry.previous or entry.source) if entry and fuzzy else "",
            signed=self.reviews.valid(unit, self.translation) if self.reviews else None,
            own=self._is_own(unit.file) or self._is_own(file),
        )

    def _is_own(self, file: str) -> bool:
        return self.overlay is not None and Path(file).is_relative_to(self.overlay)


def _progress(unit: Unit, entry: PoEntry | None) -> Progress:
    if entry is None or not entry.translation.strip():
        return Progress.MISSING
    return Progress.FUZZY if entry.fuzzy or entry.source != unit.text else Progress.DONE


def _by_key(findings: Sequence[Finding]) -> dict[str, list[Finding]]:
    """The findings by context: some name a button by its id alone."""
    found: defaultdict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        found[finding.key].append(finding)
        if not finding.key.startswith("button/"):
            found[f"button/{finding.key}"].append(finding)
    return found


def _example(source: Source) -> str:
    text = source.texts.get("layer.organisation")
    return text.params.get("organisation", "") if text else ""
