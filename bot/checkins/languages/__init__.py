"""The languages whose words of time are known, by their code without a region."""

from collections.abc import Mapping

from bot.checkins.languages import ar, en, es, fr, hi, pt
from bot.checkins.wording import ClockWords, RepeatWords, SpanWords

SPANS: Mapping[str, SpanWords] = {
    "en": en.SPANS,
    "es": es.SPANS,
    "fr": fr.SPANS,
    "pt": pt.SPANS,
    "ar": ar.SPANS,
    "hi": hi.SPANS,
}
CLOCKS: Mapping[str, ClockWords] = {
    "en": en.CLOCK,
    "es": es.CLOCK,
    "fr": fr.CLOCK,
    "pt": pt.CLOCK,
    "ar": ar.CLOCK,
    "hi": hi.CLOCK,
}
REPEATS: Mapping[str, RepeatWords] = {
    "en": en.REPEATS,
    "es": es.REPEATS,
    "fr": fr.REPEATS,
    "pt": pt.REPEATS,
    "ar": ar.REPEATS,
    "hi": hi.REPEATS,
}


def ordered(locale: str) -> list[str]:
    """All of them, that of `locale` first."""
    first = locale.split("-")[0]
    return sorted(SPANS, key=lambda language: language != first)
