"""Times as people say and misspell them, in all languages: what is plain is found, and no more.

The cases stand in `said`, each list of texts under what they mean: "+90" minutes from now,
"22 21:00" the day of November and the time, "2027-05-05 20:00" a date, "|" between choices.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.checkins.languages import CLOCKS, SPANS
from bot.checkins.times import (
    Ambiguous,
    Found,
    NeedsTimeZone,
    NotFound,
    Past,
    TooFar,
    TooSoon,
    When,
    parse_when,
)
from bot.ids import Locale

NOW = datetime(2026, 11, 22, 18, 30, tzinfo=UTC)
"""A Sunday; the same in London."""
LONDON = ZoneInfo("Europe/London")
LOCALES = {"en": "en-GB", "es": "es", "fr": "fr", "pt": "pt-BR", "ar": "ar", "hi": "hi"}
AT_LEAST = 40
"""Cases that each language has, at the least."""


def meant(said: str) -> When:
    match said:
        case "past":
            return Past()
        case "toofar":
            return TooFar()
        case "none":
            return NotFound()
    if said.startswith("+"):
        found = tuple(spoken(timedelta(minutes=float(m))) for m in said[1:].split("-"))
    else:
        found = tuple(spoken(instant(at) - NOW) for at in said.split("|"))
    return found[0] if len(found) == 1 else Ambiguous(found)


def instant(said: str) -> datetime:
    day, at = said.split(" ")
    return datetime.fromisoformat(f"{day if '-' in day else f'2026-11-{day}'}T{at}+00:00")


def spoken(span: timedelta) -> Found:
    return Found(NOW + span, span)


def cases(language: str) -> list[tuple[str, str]]:
    path = Path(__file__).parent / "said" / f"{language}.yml"
    listed: dict[str, list[str]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return [(str(text), when) for when, texts in listed.items() for text in texts]


CASES = [
    pytest.param(locale, text, when, id=f"{language}: {text}")
    for language, locale in LOCALES.items()
    for text, when in cases(language)
]


@pytest.mark.parametrize(("locale", "text", "when"), CASES)
def test_a_time_is_understood_as_people_say_it(locale: str, text: str, when: str) -> None:
    """Each case means exactly what stands above it."""
    assert parse_when(text, Locale(locale), NOW, LONDON) == meant(when)


@pytest.mark.parametrize(("locale", "text", "when"), CASES)
def test_no_clock_time_is_found_without_a_zone(locale: str, text: str, when: str) -> None:
    """Without a zone only spans are found; whatever hangs on the clock needs the zone first."""
    found = parse_when(text, Locale(locale), NOW, None)
    if when.startswith("+") or when in ("none", "toofar"):
        assert found == meant(when)
    else:
        assert found in (NeedsTimeZone(), meant(when) if when == "past" else NeedsTimeZone())


@pytest.mark.parametrize("language", LOCALES)
def test_each_language_has_enough_cases(language: str) -> None:
    """None is left behind."""
    assert len(cases(language)) >= AT_LEAST


@pytest.mark.parametrize("language", LOCALES)
def test_numbers_up_to_a_day_are_known_in_words(language: str) -> None:
    """Each hour of a day can be spelt, of a span, and as far as people do of the clock."""
    hours = next(
        word for word, unit in SPANS[language].units.items() if unit == 60 and len(word) > 3
    )
    known = {number for number in SPANS[language].numbers.values() if number % 1 == 0}
    assert set(range(1, 25)) <= known
    assert set(range(1, 13)) <= {int(hour) for hour in CLOCKS[language].hours.values()}
    for word, number in SPANS[language].numbers.items():
        if 1 < number <= 24 and "1/2" not in word:
            found = parse_when(f"{word} {hours}", Locale(LOCALES[language]), NOW, None)
            assert found in (spoken(timedelta(hours=number)), NeedsTimeZone()), word


DIGITS = {"ar": "٠١٢٣٤٥٦٧٨٩", "hi": "०१२३४५६७८९"}
UNITS = {"en": "min", "es": "minutos", "fr": "minutes", "pt": "min", "ar": "دقيقة", "hi": "मिनट"}


@given(st.integers(1, 2000), st.sampled_from([*LOCALES]))
def test_minutes_are_read_to_the_minute_in_any_digits(minutes: int, language: str) -> None:
    """A number of minutes means just that, in European and in a language's own digits."""
    own = str(minutes).translate(str.maketrans("0123456789", DIGITS.get(language, "0123456789")))
    for number in (str(minutes), own):
        found = parse_when(f"{number} {UNITS[language]}", Locale(LOCALES[language]), NOW, None)
        assert found == spoken(timedelta(minutes=minutes))


AT = {
    "en": "at {}",
    "es": "a las {}",
    "fr": "à {}",
    "pt": "às {}",
    "ar": "الساعة {}",
    "hi": "{} बजे",
}
ZONES = st.sampled_from(
    ["Europe/London", "America/Havana", "Australia/Lord_Howe", "Africa/Cairo", "Asia/Kolkata"]
)
INSTANTS = st.integers(0, 6 * 366 * 24 * 60).map(
    lambda minutes: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


@given(
    st.integers(13, 23) | st.just(0), st.integers(0, 59), ZONES, INSTANTS, st.sampled_from([*AT])
)
def test_the_clock_shows_what_was_said_when_the_time_comes(
    hour: int, minute: int, zone: str, now: datetime, language: str
) -> None:
    """A time of 24 hours is found within a day, and then stands on the clock, but for its jumps."""
    tz = ZoneInfo(zone)
    said = AT[language].format(f"{hour:02}:{minute:02}")
    found = parse_when(said, Locale(LOCALES[language]), now, tz)
    if isinstance(found, Found):
        local = found.due_at.astimezone(tz)
        skipped = local.replace(tzinfo=None) - timedelta(hours=1)
        assert found.spoken_relative <= timedelta(hours=26)
        assert (local.hour, local.minute) == (hour, minute) or jumps(skipped, tz)
    else:
        assert found == TooSoon()


def jumps(local: datetime, tz: ZoneInfo) -> bool:
    """Whether the clock skips or repeats `local`, or the half hour around it."""
    around = [local + timedelta(minutes=m) for m in (-30, 0, 30)]
    return any(
        at.replace(tzinfo=tz).utcoffset() != at.replace(tzinfo=tz, fold=1).utcoffset()
        for at in around
    )
