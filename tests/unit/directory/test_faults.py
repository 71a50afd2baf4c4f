"""Every fault that somebody may make is found, at its line."""

from datetime import date
from pathlib import Path

import pytest

from bot.dialogue.intents import Intent
from bot.directory.checks import check, expired, is_language
from bot.finding import Finding
from bot.settings import ROOT
from tests.unit.directory.entries import ENTRY, Write

TODAY = date(2026, 11, 22)


def found(folder: Path) -> list[Finding]:
    """What the check says of `folder`."""
    return check(folder, TODAY, frozenset(Intent))


def test_the_seeded_entry_is_without_fault(write: Write) -> None:
    """So that each finding below comes from its own fault."""
    assert found(write(ENTRY)) == []


def test_what_we_ship_is_without_fault() -> None:
    """Examples and countries, on the day on which this was written."""
    assert found(ROOT / "responses" / "directory") == []


FAULTS = (
    # what stands in the entry, what is written instead, the line of the finding, what it says
    ("gb-line:", "GB_line:", "GB_line", "is no id"),
    ("gb-line:", "line:", "line:", "begin with gb-"),
    ("  name: A Line\n", "", "gb-line", "`name` is missing"),
    ("  name: A Line\n", "  name:\n", "  name:", "`name` is missing"),
    ("name: A Line", f"name: {'A' * 101}", "AAA", "at most 100"),
    ("name: A Line", "name: A <b>Line</b>", "<b>", "markup <b>"),
    ("name: A Line", "name: A \u202eLine", "Line", "U+202E"),
    ("name: A Line", "name: A Line\n  name: B", "name: B", "names `name` twice"),
    ("name: A Line", "name: A Line\n  color: red", "color", "no field `color`"),
    ("name: A Line", "name: A Line\n  country: gb", "country", "told by the place"),
    ("kind: helpline", "kind: hotline", "kind: hotline", "kind"),
    ("    name: An Organisation\n", "", "organization:", "`organization.name` is missing"),
    ("https://organisation.example\n", "organisation\n", "website", "not a web address"),
    ("/line", "/a line", "source_url", "not a web address"),
    ("//organisation.example/line", "//a:b@o.example/", "source_url", "user name"),
    ("needs: [disclose_abuse,", "needs: [ask_sheltr,", "needs", "unknown “ask_sheltr”"),
    ("  needs: [disclose_abuse, ask_shelter]\n", "", "gb-line", "`needs` is missing"),
    ("0808 157 0142", "0808 157 0142 or 3", "or 3", "no phone number"),
    ("0808 157 0142", "0808 157 0142 / 0808 157 0143", "0143", "too long"),
    ("0808 157 0142", "+44 80", "+44 80", "too short"),
    (
        "number: 60142\n      type: text",
        "number: 0808 157 0142\n      type: voice",
        "HELLO",
        "call",
    ),
    ("60142\n      type: text\n      message: HELLO", "0808 157 0142", "0142", "there twice"),
    ("type: voice", "type: phone", "type: phone", "type"),
    ("type: voice", "shows_on_bill: maybe", "maybe", "shows_on_bill"),
    ("[en, pt-BR]", "[en, pt-XQ]", "pt-XQ", "“pt-XQ” is no language"),
    ("[en, pt-BR]", "[English]", "English", "“English” is no language"),
    ("en: People", "eng: People", "eng:", "“eng” is no language"),
    ("People who listen.", "People " * 60, "People", "at most 400"),
    ("[women, men]", "[women, dogs]", "dogs", "serves"),
    ("serves: [women, men]", "serves: [men]\n  excludes: [men]", "excludes", "excludes men"),
    ("serves: [women, men]", "minimum_age: 20\n  maximum_age: 10", "maximum_age", "this age"),
    ("serves: [women, men]", "minimum_age: old", "minimum_age", "minimum_age"),
    ("serves: [women, men]", "email: at home", "email", "not an e-mail address"),
    ("Europe/London", "Europe/Lundon", "Lundon", "not a time zone"),
    ("  timezone: Europe/London\n", "", "schedules", "without a time zone"),
    ("timezone: Europe/London", "always_open: true", "schedules", "always open"),
    ("[MO, TU]", "[Monday]", "Monday", "byday"),
    ("opens_at: 10:00", "opens_at: ten", "ten", "not a time"),
    ("closes_at: 17:00", "closes_at: 24:30", "24:30", "not a time"),
    ("closes_at: 17:00", "closes_at: 10:00", "10:00", "same time"),
    ("GB-SCT", "Scotland", "region: Scotland", "not a region"),
    ("GB-SCT", "FR-IDF", "FR-IDF", "not in this country"),
    ("  assured_date: 2026-11-02\n", "", "gb-line", "`assured_date` is missing"),
    ("assured_date: 2026-11-02", "assured_date: 2.11.2026", "2.11.2026", "not a date"),
    ("assured_date: 2026-11-02", "assured_date: 2026-12-02", "2026-12-02", "in the future"),
    ("assured_date: 2026-11-02", "assured_date: 2024-11-02", "expires_on", "two years"),
    ("expires_on: 2027-05-02", "expires_on: 2026-11-01", "expires_on", "before it was assured"),
    ("  assurance: page\n", "", "gb-line", "`assurance` is missing"),
    ("source_kind: own_site", "source_kind: hearsay", "hearsay", "source_kind"),
    ("needs: [disclose_abuse, ask_shelter]", "needs: *others", "*others", "another place"),
    ("[en, pt-BR]", "[en, pt-BR", "serves", "not YAML"),
    ("  name: A Line", "\tname: A Line", "\tname", "not YAML"),
)


@pytest.mark.parametrize(("clean", "faulty", "at", "problem"), FAULTS)
def test_a_fault_is_found_at_its_line(
    write: Write, clean: str, faulty: str, at: str, problem: str
) -> None:
    """The finding names file, line, and what is wrong; and a mend."""
    assert clean in ENTRY
    content = ENTRY.replace(clean, faulty, 1)
    findings = [f for f in found(write(content)) if problem in f.problem + f.mend]
    assert findings, found(write(content))
    finding = findings[0]
    assert at in content.splitlines()[finding.line - 1]
    assert finding.file.endswith("gb/national.yml")
    assert finding.mend


SECRET = ENTRY.replace("kind: helpline", "kind: shelter")


@pytest.mark.parametrize(
    ("clean", "faulty", "at"),
    [
        ("serves:", "walk_in: true\n  serves:", "walk_in"),
        ("serves:", "addresses:\n    - {address_1: 4 A, city: B}\n  serves:", "addresses"),
        ("People who listen.", "Ring at 12 Rose Lane after six.", "Rose Lane"),
        ("People who listen.", "Estamos en la calle Mayor 4.", "Mayor"),
        ("People who listen.", "Rosengasse 4", "Rosengasse"),
        ("/line", "/maps?ll=51.50074,-0.12462", "ll="),
        ("serves:", "url: https://maps.google.com/?q=x\n  serves:", "maps.google"),
        ("assurance:", "notes: it is in 7 Mill Road\n  assurance:", "Mill Road"),
        ("name: Scotland", "name: 7 Mill Road", "Mill Road"),
    ],
)
def test_the_place_of_a_shelter_is_refused(write: Write, clean: str, faulty: str, at: str) -> None:
    """In whatever field it stands, also in one that is never shown."""
    content = SECRET.replace(clean, faulty, 1)
    findings = found(write(content))
    assert [at in content.splitlines()[finding.line - 1] for finding in findings] == [True]
    assert "address" in findings[0].mend or "must not be known" in findings[0].problem


@pytest.mark.parametrize(
    "words",
    [
        "Open 24 hours, on the road to something new.",
        "Via WhatsApp 600 000 016 o llame al 016.",
        "Three family rooms and a square garden; call 0808 157 0142.",
        "https://a.example/rooms/12",
    ],
)
def test_a_shelter_may_speak_of_itself(write: Write, words: str) -> None:
    """Numbers and hours are no addresses."""
    assert found(write(SECRET.replace("People who listen.", words))) == []


def test_a_confidential_place_is_refused_like_a_shelter(write: Write) -> None:
    """An organisation may have secret rooms besides its public ones."""
    secret = "confidential: true\n  addresses: [{address_1: 4 A, city: B}]\n  needs:"
    findings = found(write(ENTRY.replace("needs:", secret)))
    assert ["`addresses`: its place must not be known" in f.problem for f in findings] == [True]


def test_an_id_stands_once_in_all_files(write: Write) -> None:
    """The second one is told where the first one is."""
    write(ENTRY)
    (finding,) = found(write("\n" + ENTRY, "gb/other.yml"))
    assert (Path(finding.file).name, finding.line) == ("other.yml", 2)
    assert "gb/national.yml:1" in finding.problem.replace("\\", "/")


@pytest.mark.parametrize(
    ("content", "name", "problem"),
    [
        (
            ENTRY.replace("gb-", "qq-").replace("GB-", "QQ-"),
            "qq/national.yml",
            "unknown country qq",
        ),
        (ENTRY, "britain/national.yml", "folder that is no country"),
        ("- a\n- b\n", "gb/national.yml", "not a list of entries"),
        ("gb-line: here\n", "gb/national.yml", "has no fields"),
        (b"gb-line: \xff\n", "gb/national.yml", "not UTF-8"),
        ("gb-line: \x00\n", "gb/national.yml", "not YAML"),
        ("[a]: b\n", "gb/national.yml", "no word"),
    ],
)
def test_a_file_that_is_no_directory_is_told(
    write: Write, content: str | bytes, name: str, problem: str
) -> None:
    """At its first line."""
    (finding,) = found(write(content, name))
    assert problem in finding.problem
    assert finding.line == 1


def test_too_much_to_show_is_found(write: Write) -> None:
    """Three entries have to fit a message; each language counts by itself."""
    prose = "x" * 390
    fields = ("accessibility", "fees_description", "eligibility_description")
    more = "".join(f"  {field}:\n    en: {prose}\n" for field in fields)
    (finding,) = found(write(ENTRY + more))
    assert "at most 1200 fit" in finding.problem


@pytest.mark.parametrize("tag", ["en", "pt-BR", "zh-Hant", "zh-Hans-CN", "yue", "es-419", "sgn-GB"])
def test_a_language_tag_is_known(tag: str) -> None:
    """With script and region, and sign languages by country."""
    assert is_language(tag)


@pytest.mark.parametrize("tag", ["", "EN", "xx", "en_GB", "en-XQ", "pt-br", "sgn-gb"])
def test_another_tag_is_not_known(tag: str) -> None:
    """Nobody could be matched with it."""
    assert not is_language(tag)


def test_what_has_expired_is_listed_and_is_no_fault(write: Write) -> None:
    """Time passes by itself; nobody's change is refused for it."""
    folder = write(ENTRY)
    assert found(folder) == []
    assert expired(folder, date(2027, 5, 1)) == []
    (late,) = expired(folder, date(2027, 5, 2))
    assert "expires_on" in ENTRY.splitlines()[late.line - 1]
    assert late.problem == "expired on 2027-05-02"
