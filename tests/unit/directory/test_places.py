"""Where a person is, from the words that they answer with."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bot.directory.place_building import read_lines, read_regions, stamp
from bot.directory.place_postcodes import regions_of
from bot.directory.places import KnownPlace, PlaceFinder


def first(found: list[KnownPlace]) -> tuple[str, str, str]:
    """City, region's code and country of the likeliest."""
    return (found[0].city, found[0].region, found[0].country) if found else ("", "", "")


@pytest.mark.parametrize(
    ("text", "country", "city", "region"),
    [
        ("London", "", "London", "GB-ENG"),
        ("londn", "", "London", "GB-ENG"),
        ("Lodnon", "GB", "London", "GB-ENG"),
        ("Guadalajra", "", "Guadalajara", "MX-JAL"),
        ("barselona", "ES", "Barcelona", "ES-CT"),
        ("birmingam", "", "Birmingham", "GB-ENG"),
        ("los angles", "US", "Los Angeles", "US-CA"),
        ("marseile", "", "Marseille", "FR-PAC"),
        ("القاهرة", "", "Cairo", "EG-C"),
        ("القاهره", "EG", "Cairo", "EG-C"),
        ("الدار البيضاء", "", "Casablanca", "MA-06"),
        ("मुंबई", "", "Mumbai", "IN-MH"),
        ("Москва", "", "Moscow", "RU-MOW"),
        ("東京", "", "Tokyo", "JP-13"),
        ("Sao Paulo", "", "São Paulo", "BR-SP"),
        ("SÃO PAULO", "", "São Paulo", "BR-SP"),
        ("I live in Leeds", "", "Leeds", "GB-ENG"),
        ("near bath please", "GB", "Bath", "GB-ENG"),
        ("zona de Sevilla", "", "Sevilla", "ES-AN"),
        ("j'habite à Lyon", "", "Lyon", "FR-ARA"),
        ("moro em Recife", "", "Recife", "BR-PE"),
        ("أنا في القاهرة", "", "Cairo", "EG-C"),
        ("मैं पुणे में रहती हूँ", "", "Pune", "IN-MH"),
        ("La Paz", "", "La Paz", "BO-L"),
        ("Springfield, Illinois", "", "Springfield", "US-IL"),
        ("springfield il", "", "Springfield", "US-IL"),
        ("Paris, Texas", "", "Paris", "US-TX"),
        ("France, Lyon", "", "Lyon", "FR-ARA"),
        ("Londn, Ontario", "", "London", "CA-ON"),
        ("London", "CA", "London", "CA-ON"),
        ("Valencia", "ES", "Valencia", "ES-VC"),
        ("Valencia", "VE", "Valencia", "VE-G"),
        ("Cambridge", "US", "Cambridge", "US-MA"),
        ("Delhi", "", "Delhi", "IN-DL"),
    ],
)
def test_a_city_is_found(
    finder: PlaceFinder, text: str, country: str, city: str, region: str
) -> None:
    """With slips, in other scripts, without accents, and with words around it."""
    assert first(finder.find(text, "en", country)) == (city, region, region[:2])


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("UK", "GB"), ("USA", "US"), ("EE. UU.", "US"), ("Estados Unidos", "US"), ("UAE", "AE"),
        ("Alemania", "DE"), ("Allemagne", "DE"), ("germny", "DE"), ("भारत", "IN"),
        ("السعودية", "SA"), ("I live in Mexico", "MX"), ("Brasil", "BR"), ("Turkey", "TR"),
    ],
)  # fmt: skip
def test_a_country_is_found(finder: PlaceFinder, text: str, country: str) -> None:
    """By its names in the bot's languages, and what people call it."""
    assert first(finder.find(text, "en", "")) == ("", "", country)


@pytest.mark.parametrize(
    ("text", "locale", "code", "name"),
    [
        ("Illinois", "en", "US-IL", "Illinois"),
        ("England", "es", "GB-ENG", "Inglaterra"),
        ("Cataluña", "fr", "ES-CT", "Catalogne"),
        ("catalunya", "es", "ES-CT", "Cataluña"),
        ("महाराष्ट्र", "hi", "IN-MH", "महाराष्ट्र"),
        ("Maharashtra", "ar", "IN-MH", "ماهاراشترا"),
        ("Escócia", "pt-BR", "GB-SCT", "Escócia"),
        ("Scotland", "nl", "GB-SCT", "Scotland"),
    ],
)
def test_a_region_is_found_and_called_in_the_readers_language(
    finder: PlaceFinder, text: str, locale: str, code: str, name: str
) -> None:
    """English, where it has no name in that language."""
    found = finder.find(text, locale, "")[0]
    assert (found.id, found.region, found.region_name, found.city) == (code, code, name, "")


def test_places_of_one_name_are_told_apart(finder: PlaceFinder) -> None:
    """Several, each in a region of its own."""
    regions = [place.region for place in finder.find("Springfield", "en", "US")]
    assert len(regions) >= 3
    assert len(set(regions)) == len(regions)
    assert {"US-IL", "US-MA", "US-MO"} <= set(regions)
    countries = {place.country for place in finder.find("Santiago", "es", "")}
    assert {"CL", "DO"} <= countries


def test_no_two_offers_read_alike(finder: PlaceFinder) -> None:
    """A button must say what it means."""
    for name in ("San José", "Santiago", "Victoria", "London", "القاهرة", "New York", "Valencia"):
        found = finder.find(name, "en", "")
        labels = [(place.city, place.region_name, place.country) for place in found]
        assert len(set(labels)) == len(labels), name


@pytest.mark.parametrize(
    ("text", "country", "region"),
    [
        ("90210", "US", "US-CA"), ("90210-1234", "", "US-CA"), ("02134", "US", "US-MA"),
        ("SW1A 1AA", "", "GB-ENG"), ("EH1 1YZ", "", "GB-SCT"), ("bt1 5gs", "", "GB-NIR"),
        ("CF10", "GB", "GB-WLS"), ("K1A 0B1", "", "CA-ON"), ("h2x", "CA", "CA-QC"),
        ("X0A 0H0", "", "CA-NU"), ("01310-100", "", "BR-SP"), ("70040010", "BR", "BR-DF"),
        ("28013", "ES", "ES-MD"), ("75011", "FR", "FR-IDF"), ("20000", "FR", "FR-20R"),
        ("06700", "MX", "MX-CMX"), ("110001", "IN", "IN-DL"), ("४००००१", "IN", "IN-MH"),
        ("٧٥٠١١", "FR", "FR-IDF"), ("00184", "IT", "IT-62"), ("2601", "AU", "AU-ACT"),
        ("my postcode is 2000", "AU", "AU-NSW"),
    ],
)  # fmt: skip
def test_a_postal_code_names_its_region(
    finder: PlaceFinder, text: str, country: str, region: str
) -> None:
    """In the country that is known, or where the shape alone tells the country."""
    assert first(finder.find(text, "en", country)) == ("", region, region[:2])


def test_bare_digits_are_offered_for_several_countries(finder: PlaceFinder) -> None:
    """First for the countries where the reader's language is spoken most."""
    for locale, country in (("en", "US"), ("es", "ES"), ("fr", "FR")):
        found = [place.country for place in finder.find("28013", locale, "")]
        assert found[0] == country
        assert {"US", "ES", "FR", "MX", "IT"} == set(found)


def test_digits_that_no_country_has_are_no_place(finder: PlaceFinder) -> None:
    """Telephone numbers, dates and codes beyond the last one among them."""
    for text in ("00000", "1", "999999999", "0044 20 7946 0000", "12/03/2020", "99999"):
        assert finder.find(text, "en", "GB") == [], text
    assert regions_of("53000", "es", "ES") == []


@pytest.mark.parametrize(
    "text",
    ["", " ", "?", "🙂", "🙂🙂 🙂", "x" * 4096, "ab " * 1365, "in", "I live in", "en la", "'", "%",
     "\x00", "\u202e\u200d", "' OR 1=1 --", "़", "qwrtzpsdfg", "-" * 4096, "à" * 4096, "ب", "ب ب",
     "در" * 2000, "\ud800", "ﷺ", "ß", "…", ",,,,", "London," * 500, "12/03/2020"],
)  # fmt: skip
def test_what_names_no_place_finds_none(finder: PlaceFinder, text: str) -> None:
    """And nothing that is written breaks it."""
    assert finder.find(text, "en", "GB") == []
    for locale in ("en", "ar", "hi", "xx"):
        assert all(place.country for place in finder.find(text, locale, "ZZ"))
        assert finder.spot(text, locale, "") == []


def test_answers_are_few_and_always_the_same(finder: PlaceFinder, places: Path) -> None:
    """Another process, with its own order of sets, says so too."""
    asked = ["San Jose", "Springfield", "sann jose", "Valencia", "santa", "القاهرة", "Victora"]
    here = [[place.id for place in finder.find(text, "en", "")] for text in asked]
    assert all(1 <= len(found) <= 5 for found in here)
    script = (
        "import json, sys; from pathlib import Path; from bot.directory.places import PlaceFinder\n"
        "finder = PlaceFinder(Path(sys.argv[1]))\n"
        "asked = json.loads(sys.argv[2])\n"
        "print(json.dumps([[p.id for p in finder.find(t, 'en', '')] for t in asked]))"
    )
    there = subprocess.run(
        [sys.executable, "-c", script, str(places), json.dumps(asked)],
        capture_output=True, check=True,
    )  # fmt: skip
    assert json.loads(there.stdout) == here


def test_one_whole_index_is_left(places: Path) -> None:
    """Those of other versions and what was being written are gone."""
    assert [path.name for path in places.iterdir()] == [stamp()]


def test_an_index_that_is_there_is_not_built_again(places: Path) -> None:
    """It is opened as it is."""
    before = (places / stamp()).stat()
    finder = PlaceFinder(places)
    finder.prepare()
    assert finder.find("Leeds", "en", "")
    after = (places / stamp()).stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_a_folder_that_cannot_be_is_told(tmp_path: Path) -> None:
    """Without the words that were looked up."""
    (tmp_path / "places").write_text("a file")
    with pytest.raises(OSError, match="could not be built") as told:
        PlaceFinder(tmp_path / "places").find("Leeds", "en", "")
    assert "Leeds" not in str(told.value)


def test_our_tables_agree() -> None:
    """Each postal region is a region, each region has its country's code, and none stands twice."""
    regions = list(read_regions())
    codes = {region.code for region in regions if region.code}
    assert len({region.id for region in regions}) == len(regions)
    assert all(len(region.names) == 6 and all(region.names) for region in regions)
    for line in read_lines("postcodes.tsv"):
        country, region, spans = line.split("\t")
        assert f"{country}-{region}" in codes
        for span in spans.split():
            start, _, end = span.partition("-")
            assert not end or (start < end and len(start) == len(end)), line
