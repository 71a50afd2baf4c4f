"""Times as people say and misspell them, in all languages: what is plain is found, and no more.

The cases stand in `said`, each list of texts under what they mean: "+90" minutes from now,
"22 21:00" the day of November and the time, "2027-05-05 20:00" a date, "|" between choices.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml

from bot.checkins.times import (
    Ambiguous,
    Found,
    NeedsTimeZone,
    NotFound,
    Past,
    TooFar,
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
