"""Whose clock it is: out of a place, or out of what time it is there, and never guessed."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.checkins.zones import zone_of_place, zones_for_local_time
from bot.ids import Locale
from tests.unit.checkins.zone_table import PATH, cities, keeps

NOW = datetime(2026, 11, 22, 18, 30, tzinfo=UTC)
"""A Sunday."""


MANY = 50_000
"""People of a city whose zone must be known."""


def keys(zones: tuple[ZoneInfo, ...]) -> list[str]:
    return [zone.key for zone in zones]


@pytest.mark.parametrize(
    ("country", "region", "zones"),
    [
        ("FR", "", ["Europe/Paris"]),
        ("IN", "IN-MH", ["Asia/Kolkata"]),
        ("BR", "BR-SP", ["America/Sao_Paulo"]),
        ("BR", "BR-AC", ["America/Rio_Branco"]),
        ("US", "US-CA", ["America/Los_Angeles"]),
        ("US", "US-AZ", ["America/Phoenix"]),
        ("ES", "ES-CN", ["Atlantic/Canary"]),
        ("ES", "", ["Europe/Madrid", "Atlantic/Canary"]),
        ("ES", "US-CA", ["Europe/Madrid", "Atlantic/Canary"]),
        ("SA", "", ["Asia/Riyadh"]),
        ("", "", []),
        ("ZZ", "ZZ-1", []),
    ],
)
def test_a_place_has_its_zones(country: str, region: str, zones: list[str]) -> None:
    """One where there is one, several where there are, the country's without a known region."""
    assert keys(zone_of_place(country, region)) == zones


def test_a_large_country_has_several() -> None:
    """Those in which more people live come first, and each keeps another time."""
    assert keys(zone_of_place("US"))[:4] == [
        *("America/New_York", "America/Chicago", "America/Los_Angeles", "America/Denver")
    ]


LOCAL = [
    ("en", "9:30 pm", "", ["Etc/GMT-3"]),
    ("en", "9:30", "", ["Etc/GMT-3", "Etc/GMT+9"]),
    ("en", "it's 7:30 pm", "", ["Etc/GMT-1"]),
    ("en", "half past one", "US", ["America/New_York"]),
    ("en", "1:30pm", "US", ["America/New_York"]),
    ("en", "1:33pm", "US", ["America/New_York"]),
    ("en", "10:30 am", "US", ["America/Los_Angeles"]),
    ("en", "its 6", "GB", ["Europe/London"]),
    ("en", "1930", "", ["Etc/GMT-1"]),
    ("en", "midnight", "", ["Asia/Kolkata"]),
    ("en", "00:15", "", ["Asia/Kathmandu"]),
    ("en", "monday 7:30am", "", ["Etc/GMT-13"]),
    ("en", "sunday 7:30am", "", ["Etc/GMT+11"]),
    ("en", "no idea", "", []),
    ("en", "why do you ask?", "IN", []),
    ("en", "9:30 pm", "IN", []),
    ("en", "25:00", "", []),
    ("es", "las 3 y media de la tarde", "AR", ["America/Argentina/Buenos_Aires"]),
    ("es", "son las 3 y media", "AR", ["America/Argentina/Buenos_Aires"]),
    ("es", "12 y media", "MX", ["America/Mexico_City", "America/Matamoros"]),
    ("fr", "il est 19h30", "", ["Etc/GMT-1"]),
    ("fr", "19h30", "FR", ["Europe/Paris"]),
    ("fr", "sept heures et demie", "FR", ["Europe/Paris"]),
    ("pt-BR", "são 3 e meia da tarde", "BR", ["America/Sao_Paulo"]),
    ("pt-BR", "15h30", "BR", ["America/Sao_Paulo"]),
    ("pt-BR", "13:30", "BR", ["America/Rio_Branco"]),
    ("ar", "الساعة ٩ ونص", "SA", ["Asia/Riyadh"]),
    ("ar", "٩:٣٠", "SA", ["Asia/Riyadh"]),
    ("ar", "تسعة ونص بالليل", "SA", ["Asia/Riyadh"]),
    ("hi", "रात 12 बजे", "IN", ["Asia/Kolkata"]),
    ("hi", "12 baj rahe hain raat ke", "IN", ["Asia/Kolkata"]),
    ("hi", "raat ke baarah", "IN", ["Asia/Kolkata"]),
]


@pytest.mark.parametrize(
    ("locale", "text", "country", "zones"), LOCAL, ids=[f"{c[0]}: {c[1]} {c[2]}" for c in LOCAL]
)
def test_the_time_there_tells_the_zone(
    locale: str, text: str, country: str, zones: list[str]
) -> None:
    """The zones whose clocks show what was said; none where nothing fits."""
    assert sorted(keys(zones_for_local_time(text, Locale(locale), NOW, country))) == sorted(zones)


def test_a_region_narrows_it_down() -> None:
    """In a region with one zone, nothing is left to ask."""
    found = zones_for_local_time("12:30", Locale("es"), NOW, "MX", "MX-TAM")
    assert keys(found) == ["America/Matamoros", "America/Mexico_City"]
    assert keys(zones_for_local_time("12:30", Locale("es"), NOW, "MX", "MX-CMX")) == [
        "America/Mexico_City"
    ]


COUNTRIES = ["AR", "AU", "BR", "CA", "EG", "FR", "GB", "IN", "IR", "MX", "NP", "NZ", "SA", "US"]
INSTANTS = st.integers(0, 3 * 365 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


@given(st.sampled_from(COUNTRIES), INSTANTS, st.integers(-5, 5), st.data())
def test_what_a_clock_shows_leads_back_to_it(
    country: str, now: datetime, slow: int, data: st.DataObject
) -> None:
    """Whoever reads out their clock, some minutes off, is found, with or without their country."""
    zone = data.draw(st.sampled_from(zone_of_place(country)))
    shown = (now + timedelta(minutes=slow)).astimezone(zone)
    text = shown.strftime("%H:%M" if shown.hour > 12 or shown.hour == 0 else "%I:%M %p")
    found = zones_for_local_time(text, Locale("en"), now, country)
    assert zone in found
    offset = now.astimezone(zone).utcoffset()
    assert {now.astimezone(other).utcoffset() for other in found} == {offset}
    if offset is not None and offset % timedelta(hours=1) == timedelta():
        anywhere = zones_for_local_time(text, Locale("en"), now)
        assert offset in {now.astimezone(other).utcoffset() for other in anywhere}


def test_every_large_city_keeps_the_time_of_its_place() -> None:
    """Wherever many people live, their clock is among those of their region and country."""
    strange = [
        (country, region, zone)
        for country, region, zone in {city[:3] for city in cities() if city[3] >= MANY}
        for place in (zone_of_place(country), zone_of_place(country, region))
        if keeps(zone) not in {keeps(other) for other in keys(place)}
    ]
    assert strange == [], "make the table anew: python tests/unit/checkins/zone_table.py"


def test_all_zones_of_the_table_exist() -> None:
    """No zone is named that this machine's time zone database lacks."""
    named = {
        name
        for line in PATH.read_text(encoding="utf-8").splitlines()
        if line[:1] != "#"
        for name in line.split("\t")[1].split()
    }
    assert named <= available_timezones()
