"""What comes again is understood in all languages, and stays on the person's own clock."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.checkins.repeats import (
    ALL_DAYS,
    LONGEST,
    NotRepeated,
    Recurrence,
    Repeats,
    RepeatsWithoutTime,
    RepeatsWithoutZone,
    parse_repeats,
)
from bot.checkins.times import NotFound, parse_when
from bot.ids import Locale

NOW = datetime(2026, 11, 22, 18, 30, tzinfo=UTC)
"""A Sunday; the same in London."""
LONDON = ZoneInfo("Europe/London")

# days of the week, hours of the choices, the first and the last day of November (+30 in December)
CASES = {
    "en": [
        ("every evening at 9 this week", "0123456 21:00 22-28"),
        ("every day at 8", "0123456 20:00,08:00 22-35"),
        ("every Monday at 7pm", "0 19:00 22-35"),
        ("every mon, wed and fri at 8pm", "024 20:00 22-35"),
        ("mondays and thursdays at 20:00", "03 20:00 22-35"),
        ("every weekday at 9 am", "01234 09:00 22-35"),
        ("every night at 2", "0123456 02:00 22-35"),
        ("daily at 21:00 until friday", "0123456 21:00 22-27"),
        ("every day at 8 am and 8 pm", "0123456 20:00,08:00 22-35"),
        ("every morning at 7 for 3 days", "0123456 07:00 22-24"),
        ("every day at 9pm from tomorrow for the next two weeks", "0123456 21:00 23-36"),
        ("every evenin at 9", "0123456 21:00 22-35"),
        ("each night at 11 for a week", "0123456 23:00 22-28"),
        ("everyday at 8pm for 90 days", "0123456 20:00 22-35"),
        ("har roz raat 9 baje", "0123456 21:00 22-35"),
        ("todas las noches a las 9", "0123456 21:00 22-35"),
        ("every tuesday and thursday at half past eight pm till friday", "13 20:30 22-27"),
    ],
    "es": [
        ("todos los días a las 8", "0123456 20:00,08:00 22-35"),
        ("cada noche a las 9", "0123456 21:00 22-35"),
        ("los lunes y jueves a las 8 de la noche", "03 20:00 22-35"),
        ("todas las noches a las 9 esta semana", "0123456 21:00 22-28"),
        ("cada día a las 21 por 5 días", "0123456 21:00 22-26"),
        ("todos los dias a las 9 de la noche hasta el viernes", "0123456 21:00 22-27"),
        ("entre semana a las 8 de la mañana", "01234 08:00 22-35"),
        ("los fines de semana a las 10 de la mañana", "56 10:00 22-35"),
        ("todas las mañanas a las 7 durante una semana", "0123456 07:00 22-28"),
    ],
    "fr": [
        ("tous les soirs à 21h", "0123456 21:00 22-35"),
        ("chaque jour à 20h30", "0123456 20:30 22-35"),
        ("chaque soir à 9h cette semaine", "0123456 21:00 22-28"),
        ("tous les jours à 8h", "0123456 20:00,08:00 22-35"),
        ("les mardis et jeudis à 18h", "13 18:00 22-35"),
        ("tous les matins à 7h pendant 5 jours", "0123456 07:00 22-26"),
        ("chaque soir à 21h jusqu'à vendredi", "0123456 21:00 22-27"),
        ("chaque nuit à minuit", "0123456 00:00 22-35"),
        ("tous les jours à 20h à partir de demain", "0123456 20:00 23-36"),
    ],
    "pt-BR": [
        ("todo dia às 8", "0123456 20:00,08:00 22-35"),
        ("todas as noites às 21h", "0123456 21:00 22-35"),
        ("toda segunda às 19h", "0 19:00 22-35"),
        ("toda noite às 9 esta semana", "0123456 21:00 22-28"),
        ("às segundas e quintas às 20h", "03 20:00 22-35"),
        ("todo dia às 21h até sexta", "0123456 21:00 22-27"),
        ("todos os dias às 7 da manhã por 5 dias", "0123456 07:00 22-26"),
        ("dias úteis às 18h", "01234 18:00 22-35"),
    ],
    "ar": [
        ("كل يوم الساعة ٩ مساء", "0123456 21:00 22-35"),
        ("كل ليلة الساعة 9", "0123456 21:00 22-35"),
        ("كل مساء الساعة ٩ هذا الأسبوع", "0123456 21:00 22-28"),
        ("كل اثنين وخميس الساعة ٨ مساء", "03 20:00 22-35"),
        ("كل يوم جمعة الساعة ٧ المسا", "4 19:00 22-35"),
        ("كل يوم الساعة ٨ لمدة ٣ أيام", "0123456 20:00,08:00 22-24"),
        ("كل يوم الساعة ٩ مساء حتى الجمعة", "0123456 21:00 22-27"),
        ("kol yom el sa3a 9 bel leil", "0123456 21:00 22-35"),
        ("كل يوم الساعة ٩ مساء لمدة يومين", "0123456 21:00 22-23"),
        ("يوميا الساعة ٢١:٠٠", "0123456 21:00 22-35"),
    ],
    "hi": [
        ("हर दिन रात 9 बजे", "0123456 21:00 22-35"),
        ("हर रोज़ शाम 6 बजे", "0123456 18:00 22-35"),
        ("roz raat 9 baje", "0123456 21:00 22-35"),
        ("हर सोमवार और गुरुवार रात 8 बजे", "03 20:00 22-35"),
        ("इस हफ्ते हर रात 9 बजे", "0123456 21:00 22-28"),
        ("हर शाम 6 बजे 3 दिन तक", "0123456 18:00 22-24"),
        ("हर रात 9 बजे शुक्रवार तक", "0123456 21:00 22-27"),
        ("रोज़ 8 बजे", "0123456 20:00,08:00 22-35"),
        ("har raat 9 baje ek hafte tak", "0123456 21:00 22-28"),
        ("kal se roz raat 9 baje", "0123456 21:00 23-36"),
    ],
}
PARAMS = [
    pytest.param(Locale(locale), text, meant, id=f"{locale}: {text}")
    for locale, listed in CASES.items()
    for text, meant in listed
]


def meaning(meant: str) -> Repeats:
    days, hours, span = meant.split(" ")
    first, last = (date(2026, 11, 1) + timedelta(days=int(n) - 1) for n in span.split("-"))
    return Repeats(
        tuple(
            Recurrence(frozenset(map(int, days)), time.fromisoformat(at), first, last)
            for at in hours.split(",")
        )
    )


@pytest.mark.parametrize(("locale", "text", "meant"), PARAMS)
def test_what_comes_again_is_understood(locale: Locale, text: str, meant: str) -> None:
    """Days, times and the end are read as said; both halves of the day where neither is named."""
    assert parse_repeats(text, locale, NOW, LONDON) == meaning(meant)


@pytest.mark.parametrize(("locale", "text", "meant"), PARAMS)
def test_what_comes_again_is_not_taken_for_one_time(locale: Locale, text: str, meant: str) -> None:
    """A single check-in is never set up out of words that ask for several."""
    if "kal se" not in text and "demain" not in text and "tomorrow" not in text:
        assert parse_when(text, locale, NOW, LONDON) == NotFound()
    assert parse_repeats(text, locale, NOW, None) == RepeatsWithoutZone()


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("en", "at 9 tonight"),
        ("en", "every 2 hours"),
        ("en", "i walk home every day, check on me at 9 tonight"),
        ("es", "cada dos horas"),
        ("fr", "toutes les deux heures"),
        ("pt-BR", "a cada duas horas"),
        ("ar", "كل ساعتين"),
        ("hi", "हर दो घंटे"),
        ("en", ""),
    ],
)
def test_what_is_said_once_does_not_come_again(locale: str, text: str) -> None:
    """One time, or a rhythm of hours, is no recurrence."""
    assert parse_repeats(text, Locale(locale), NOW, LONDON) == NotRepeated()


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        *(("en", "every day"), ("es", "todos los días"), ("fr", "tous les jours")),
        ("en", "every day between 6 and 7 pm"),
        *(("pt-BR", "todo dia"), ("ar", "كل يوم"), ("hi", "हर दिन")),
    ],
)
def test_days_without_a_time_are_asked_about(locale: str, text: str) -> None:
    """“Every day” alone has no time, and none is made up."""
    assert parse_repeats(text, Locale(locale), NOW, LONDON) == RepeatsWithoutTime()


def test_a_day_that_the_clock_skips_or_repeats_has_one_time() -> None:
    """In spring the skipped time comes an hour later, in autumn the repeated one comes once."""
    nightly = Recurrence(ALL_DAYS, time(1, 30), date(2027, 3, 27), date(2027, 3, 29))
    assert times(nightly, datetime(2027, 3, 26, 12, tzinfo=UTC), LONDON) == [
        datetime(2027, 3, 27, 1, 30, tzinfo=UTC),
        datetime(2027, 3, 28, 1, 30, tzinfo=UTC),  # 2:30 on the clock
        datetime(2027, 3, 29, 0, 30, tzinfo=UTC),
    ]
    autumn = Recurrence(ALL_DAYS, time(1, 30), date(2026, 10, 25), date(2026, 10, 26))
    assert times(autumn, datetime(2026, 10, 24, 12, tzinfo=UTC), LONDON) == [
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        datetime(2026, 10, 26, 1, 30, tzinfo=UTC),
    ]


def times(recurrence: Recurrence, after: datetime, zone: ZoneInfo) -> list[datetime]:
    found = []
    while (at := recurrence.next_after(after, zone)) is not None:
        found.append(at)
        after = at
    return found


ZONES = st.sampled_from(
    ["Europe/London", "America/St_Johns", "Asia/Kathmandu", "Pacific/Apia", "America/Havana"]
).map(ZoneInfo)


@given(
    st.frozensets(st.integers(0, 6), min_size=1),
    st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    st.dates(date(2020, 1, 1), date(2030, 12, 31)),
    st.integers(0, 13),
    ZONES,
)
def test_each_chosen_day_has_exactly_one_time(
    weekdays: frozenset[int], at: time, first: date, days: int, zone: ZoneInfo
) -> None:
    """Whatever the clocks do: once on every chosen day, in order, at most 14 times, then over."""
    last = first + timedelta(days=days)
    found = times(
        Recurrence(weekdays, at, first, last),
        datetime.combine(first, time(), UTC) - timedelta(days=2),
        zone,
    )
    local = [instant.astimezone(zone) for instant in found]
    chosen = [
        day
        for day in (first + timedelta(days=n) for n in range(days + 1))
        if day.weekday() in weekdays
    ]
    assert found == sorted(set(found))
    assert [instant.date() for instant in local] == chosen
    assert len(found) <= LONGEST.days
    assert all(
        instant.time() == at or instant.replace(tzinfo=None) > datetime.combine(instant.date(), at)
        for instant in local
    )


@given(st.text(max_size=80), st.sampled_from(["en", "es", "fr", "pt-BR", "ar", "hi", "xx"]))
def test_no_text_raises(text: str, locale: str) -> None:
    """Any text at all gets an answer, whatever follows “every day at”."""
    for said in (text, f"every day at 9pm {text}", f"كل يوم {text}"):
        found = parse_repeats(said, Locale(locale), NOW, LONDON)
        for choice in found.choices if isinstance(found, Repeats) else ():
            assert choice.next_after(NOW, LONDON) is not None
            assert choice.last - choice.first < LONGEST
