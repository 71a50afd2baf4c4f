"""When a person wants to be checked on: what is plain is found, what is not is asked."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.checkins import clocktimes, durations
from bot.checkins.times import (
    LONGEST,
    SHORTEST,
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

EN, ES = Locale("en"), Locale("es")
NOW = datetime(2026, 11, 22, 18, 30, tzinfo=UTC)
"""A Sunday; the same in London."""
LONDON = ZoneInfo("Europe/London")


def spans(language: Locale, minutes: float, *texts: str) -> list[tuple[Locale, str, timedelta]]:
    return [(language, text, timedelta(minutes=minutes)) for text in texts]


SPANS = [
    *spans(
        EN, 30, "in half an hour", "half hour", "half an hr", "30 min", "30mins", "thirty minutes"
    ),
    *spans(EN, 60, "an hour", "1h", "in 1 hr", "one hour", "60 minutes", "in an hour please"),
    *spans(EN, 120, "in 2 hours", "2h", "two hours", "a couple of hours", "couple hours", "2hrs"),
    *spans(EN, 120, "check on me in two hours please", "around 2 hours", "in about two hours"),
    *spans(EN, 90, "1h30", "1h 30", "1h30m", "1 h 30 min", "an hour and a half", "1.5 hours"),
    *spans(EN, 90, "one and a half hours", "hour and a half", "1 1/2 hours", "1 hour and 30 mins"),
    *spans(EN, 150, "2 and a half hours", "two hours and a half", "2.5h", "2 hours, 30 minutes"),
    *spans(EN, 15, "quarter of an hour", "fifteen minutes", "15m"),
    *spans(EN, 45, "three quarters of an hour", "forty five minutes", "forty-five mins"),
    *spans(EN, 25, "twenty five minutes", "IN TWENTY-FIVE MINUTES!!"),
    *spans(EN, 27 * 60, "in 1 day and 3 hours"),
    *spans(EN, 7 * 24 * 60, "7 days", "a week", "10080 min"),
    *spans(EN, 1, "1 minute", "a minute", "60 seconds"),
    *spans(EN, 60, "i left 2 hours ago, check on me in 1 hour"),
    *spans(EN, 120, "2 hours 5 kids"),
    *spans(ES, 30, "dentro de media hora", "media hora", "en 30 minutos", "media horita", "30 min"),
    *spans(ES, 60, "en una hora", "1 hora", "una hora", "1h", "en 1 hr porfa"),
    *spans(ES, 120, "en dos horas", "2 horas", "un par de horas", "avísame en dos horas por favor"),
    *spans(ES, 90, "en una hora y media", "hora y media", "1h30", "una hora y 30 minutos"),
    *spans(ES, 75, "una hora y cuarto", "hora y cuarto"),
    *spans(ES, 150, "en 2 horas y media", "dos horas y media", "2,5 horas"),
    *spans(ES, 45, "tres cuartos de hora", "cuarenta y cinco minutos"),
    *spans(ES, 15, "un cuarto de hora", "quince minutos"),
    *spans(ES, 25, "veinticinco minutos"),
    *spans(ES, 3 * 24 * 60, "en 3 días", "tres dias"),
    *spans(ES, 120, "in two hours"),
    *spans(EN, 120, "en dos horas"),
]


@pytest.mark.parametrize(("locale", "text", "span"), SPANS, ids=[f"{s[0]}: {s[1]}" for s in SPANS])
@pytest.mark.parametrize("tz", [None, LONDON], ids=["no zone", "zone"])
def test_a_span_is_found_exactly(
    locale: Locale, text: str, span: timedelta, tz: ZoneInfo | None
) -> None:
    """Spans are read out of sentences to the second, and need no time zone."""
    assert parse_when(text, locale, NOW, tz) == Found(NOW + span, span)


def at(day: int, hour: int, minute: int = 0) -> Found:
    due_at = datetime(2026, 11, day, hour, minute, tzinfo=UTC)
    return Found(due_at, due_at - NOW)


CLOCKS: list[tuple[Locale, str, When]] = [
    (EN, "at 9 tonight", at(22, 21)),
    (EN, "9pm", at(22, 21)),
    (EN, "9 p.m.", at(22, 21)),
    (EN, "9 a m", at(23, 9)),
    (EN, "at 21:30", at(22, 21, 30)),
    (EN, "check at 7.30pm ok?", at(22, 19, 30)),
    (EN, "tomorrow 8am", at(23, 8)),
    (EN, "tmrw at 8 in the morning", at(23, 8)),
    (EN, "good morning, check on me at 9pm", at(22, 21)),
    (EN, "half past eight tonight", at(22, 20, 30)),
    (EN, "quarter to nine pm", at(22, 20, 45)),
    (EN, "noon", at(23, 12)),
    (EN, "at midnight", at(23, 0)),
    (EN, "at 2 tonight", at(23, 2)),
    (EN, "monday at 5pm", at(23, 17)),
    (EN, "next friday 7pm", at(27, 19)),
    (EN, "sunday at 9", at(22, 21)),
    (EN, "day after tomorrow at 10am", at(24, 10)),
    (EN, "at 9", Ambiguous((at(22, 21), at(23, 9)))),
    (EN, "8 o'clock", Ambiguous((at(22, 20), at(23, 8)))),
    (EN, "tomorrow at 8", Ambiguous((at(23, 8), at(23, 20)))),
    (EN, "yesterday at 5pm", Past()),
    (EN, "today at 5pm", Past()),
    (ES, "a las 9 de la noche", at(22, 21)),
    (ES, "a las 21 hs", at(22, 21)),
    (ES, "a las 21h30", at(22, 21, 30)),
    (ES, "mañana por la mañana a las 8", at(23, 8)),
    (ES, "al mediodía", at(23, 12)),
    (ES, "a medianoche", at(23, 0)),
    (ES, "el lunes a las 5 de la tarde", at(23, 17)),
    (ES, "buenas noches, avísame a las 8 de la mañana", at(23, 8)),
    (ES, "a las ocho y media de la noche", at(22, 20, 30)),
    (ES, "a las 9 menos cuarto de la noche", at(22, 20, 45)),
    (ES, "21:30", at(22, 21, 30)),
    (ES, "cuando vuelva, tipo 8", Ambiguous((at(22, 20), at(23, 8)))),
    (ES, "mañana a las 8", Ambiguous((at(23, 8), at(23, 20)))),
    (ES, "hoy a las 5 de la tarde", Past()),
]


@pytest.mark.parametrize(
    ("locale", "text", "when"), CLOCKS, ids=[f"{c[0]}: {c[1]}" for c in CLOCKS]
)
def test_a_clock_time_is_the_persons_own(locale: Locale, text: str, when: When) -> None:
    """With a zone, plain clock times are found, past ones told, unclear ones given as choices."""
    assert parse_when(text, locale, NOW, LONDON) == when


@pytest.mark.parametrize(("locale", "text"), [c[:2] for c in CLOCKS])
def test_a_clock_time_needs_a_zone(locale: Locale, text: str) -> None:
    """Without a zone no clock time is guessed."""
    assert parse_when(text, locale, NOW, None) == NeedsTimeZone()


@pytest.mark.parametrize(
    ("locale", "text", "when"),
    [
        (EN, "30 seconds", TooSoon()),
        (EN, "0 minutes", TooSoon()),
        (EN, "366 days", TooFar()),
        (EN, "525601 min", TooFar()),
        (EN, "999999999999 hours", TooFar()),
        (ES, "en sesenta semanas", TooFar()),
        (EN, "2 hours ago", Past()),
        (ES, "hace dos horas", Past()),
        (EN, "every 2 hours", NotFound()),
        (ES, "cada dos horas", NotFound()),
        (EN, "in a few hours", NotFound()),
        (EN, "in the morning", NotFound()),
        (EN, "soon", NotFound()),
        (EN, "5", NotFound()),
        (EN, "in 90", NotFound()),
        (EN, "-5 hours", NotFound()),
        (EN, "i have 3 kids, one is 2", NotFound()),
        (ES, "en un rato", NotFound()),
        (ES, "", NotFound()),
    ],
)
def test_what_cannot_be_kept_is_not_promised(locale: Locale, text: str, when: When) -> None:
    """Too soon, too far, over, repeated or vague: each is told apart, none is guessed."""
    assert parse_when(text, locale, NOW, LONDON) == when


@pytest.mark.parametrize(
    ("locale", "text"), [(EN, "in 2-3 hours"), (EN, "two or three hours"), (ES, "de 2 a 3 horas")]
)
def test_a_range_is_asked_about(locale: Locale, text: str) -> None:
    """Both ends of a range are given, the sooner first."""
    two, three = timedelta(hours=2), timedelta(hours=3)
    assert parse_when(text, locale, NOW, None) == Ambiguous(
        (Found(NOW + two, two), Found(NOW + three, three))
    )


def test_clocks_that_are_put_forward_or_back() -> None:
    """A time that the spring skips comes an hour later; of one that autumn repeats, the first."""
    spring = datetime(2027, 3, 27, 20, 0, tzinfo=UTC)
    skipped = parse_when("at 1:30 am", EN, spring, LONDON)
    assert skipped == Found(
        datetime(2027, 3, 28, 1, 30, tzinfo=UTC), timedelta(hours=5, minutes=30)
    )
    autumn = datetime(2026, 10, 24, 20, 0, tzinfo=UTC)
    repeated = parse_when("at 1:30 am", EN, autumn, LONDON)
    assert repeated == Found(
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC), timedelta(hours=4, minutes=30)
    )


def test_a_span_over_a_change_of_clocks_is_not_stretched() -> None:
    """Two hours are two hours, whatever the clocks do in between."""
    now = datetime(2027, 3, 28, 0, 30, tzinfo=LONDON)
    found = parse_when("in 2 hours", EN, now, LONDON)
    assert found == Found(datetime(2027, 3, 28, 2, 30, tzinfo=UTC), timedelta(hours=2))


def test_now_may_be_in_any_zone() -> None:
    """The answer is in UTC, and the same wherever the server's clock stands."""
    tokyo = NOW.astimezone(ZoneInfo("Asia/Tokyo"))
    assert parse_when("at 9 tonight", EN, tokyo, LONDON) == at(22, 21)


@pytest.mark.parametrize("locale", ["sw", "zh-Hant", "xx", ""])
def test_a_language_without_words_of_time_is_no_fault(locale: str) -> None:
    """In a language that is not known here the known ones are tried, and none fails."""
    assert parse_when("30 min", Locale(locale), NOW, None) == Found(
        NOW + timedelta(minutes=30), timedelta(minutes=30)
    )
    assert parse_when("...", Locale(locale), NOW, None) == NotFound()
    assert durations.find("30 min", locale) is None
    assert clocktimes.find("9:30", locale) is None


ZONES = st.sampled_from(["Europe/London", "America/St_Johns", "Asia/Kathmandu", "Pacific/Apia"])
INSTANTS = st.integers(0, 15 * 366 * 24 * 60).map(
    lambda minutes: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
SAID = (
    "in at by en a las dentro de 2 9 12 00 30 9:30 24:00 two dos half an hour hours hora horas",
    "and y media minutes min h d days tomorrow tonight manana la noche am pm past to quarter",
    "cuarto menos every ago hace monday lunes 99999999 - : . , noon dans heure heures et demie",
    "ce soir à 20h30 demain matin il y a daqui às oito da noite amanhã meia بعد ساعة ساعتين ونص",
    "الساعة ٩ مساء بكرا الصبح إلا ربع كل يوم घंटे में बजे रात कल सुबह साढ़े नौ पहले हर ghante baje raat",
    "kal 24/12 december 3 2026-12-24 mai next week each",
)
LOCALES = st.sampled_from([*map(Locale, ("en", "es", "fr", "pt-BR", "ar", "hi"))])
WORDS = st.sampled_from([word for line in SAID for word in line.split()])


def keeps_its_promise(when: When, now: datetime) -> bool:
    match when:
        case Found(due_at, spoken_relative):
            in_limits = SHORTEST <= due_at - now <= LONGEST
            return in_limits and due_at == now + spoken_relative and due_at.tzinfo is UTC
        case Ambiguous(choices):
            ordered = sorted(choices, key=lambda choice: choice.due_at)
            return (
                len(set(choices)) > 1
                and list(choices) == ordered
                and all(keeps_its_promise(choice, now) for choice in choices)
            )
    return True


@given(st.lists(WORDS, max_size=8), INSTANTS, ZONES | st.none(), LOCALES)
@example(["at", "2", "tonight"], datetime(2026, 11, 22, 1, 0, tzinfo=UTC), "Europe/London", EN)
def test_what_is_found_lies_within_the_limits(
    words: list[str], now: datetime, zone: str | None, locale: Locale
) -> None:
    """However words of time are shuffled, what is found is after now and within the limits."""
    tz = ZoneInfo(zone) if zone else None
    assert keeps_its_promise(parse_when(" ".join(words), locale, now, tz), now)


@given(st.text(alphabet=st.characters(codec=None), max_size=200))
@example("1" * 4096)
@example("two " * 1000 + "hours")
@example("a las " * 700)
@example("\ud800 in 2 hours")
def test_no_text_raises(text: str) -> None:
    """Any text at all gets an answer, lone surrogates and floods included."""
    assert keeps_its_promise(parse_when(text, Locale("pt-BR"), NOW, LONDON), NOW)
