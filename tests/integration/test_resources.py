"""“What is near me”, through whole turns: looked up here, confirmed, shown, and kept from all."""

import sqlite3
from pathlib import Path

from bot.dialogue.intents import Intent
from bot.dialogue.understanding import Guess
from tests.fakes.channel import FakePhone
from tests.integration.town import Town, town

ASK = "where can i get help around here"


def files_with(folder: Path, words: bytes) -> list[str]:
    """The names of the files in which `words` stand."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return [path.name for path in files if words in path.read_bytes().lower()]


async def asked(t: Town) -> FakePhone:
    """Somebody who was just asked where."""
    t.nlu.understand(ASK, Guess(Intent.ASK_LOCATION_RESOURCES, 0.95))
    phone = t.channel.phone()
    await t.write(phone, ASK)
    assert "Where would you like help?" in phone.texts(mine=False)[-1]
    return phone


async def test_a_town_with_a_slip_leads_to_services_of_its_country(
    tmp_path: Path, database_url: str
) -> None:
    """Confirmed by a button with the place's full name; then it is known."""
    async with town(tmp_path, database_url) as t:
        phone = await asked(t)
        await t.write(phone, "in manchestr")
        (place,) = (
            b.label
            for row in phone.screen()[-1].buttons
            for b in row
            if b.label.startswith("Manchester, England")
        )
        await t.press(phone, place)
        shown = phone.texts(mine=False)[-1]
        assert shown.startswith("Help for Manchester.")
        assert shown.count("\n• ") <= 3
        assert "Call: " in shown
        await t.press(phone, "resources:change")
        assert "Where would you like help?" in phone.texts(mine=False)[-1]


async def test_a_place_that_is_known_goes_neither_to_the_model_nor_to_the_disk(
    tmp_path: Path, sqlite_url: str
) -> None:
    """It is looked up in this process, and sealed with the rest."""
    async with town(tmp_path, sqlite_url) as t:
        phone = await asked(t)
        await t.write(phone, "Aberystwyth")
        await t.press(phone, next(b.id for row in phone.screen()[-1].buttons for b in row))
        assert [text for text, _ in t.nlu.asked] == [ASK]
        with sqlite3.connect(tmp_path / "sidelight.db") as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        database.close()
    assert files_with(tmp_path, b"aberystwyth") == []


async def test_danger_is_answered_before_any_place(tmp_path: Path, sqlite_url: str) -> None:
    """Also where the words name a town."""
    async with town(tmp_path, sqlite_url) as t:
        phone = await asked(t)
        await t.write(phone, "he is going to kill me")
        assert "Can you write safely right now?" in phone.texts(mine=False)[-1]


async def test_a_place_that_nobody_knows_is_asked_for_again(
    tmp_path: Path, sqlite_url: str
) -> None:
    """With ways that need no place."""
    async with town(tmp_path, sqlite_url) as t:
        phone = await asked(t)
        await t.write(phone, "qwrtzpsdf")
        assert phone.texts(mine=False)[-1].startswith("I do not know that place.")
        assert phone.button("intent:talk_to_human").label


async def test_the_texts_of_a_country_follow_the_place(tmp_path: Path, sqlite_url: str) -> None:
    """General before, the country's own after, and it says which it is."""
    async with town(tmp_path, sqlite_url) as t:
        t.nlu.understand("can a court keep them away", Guess(Intent.ASK_PROTECTION_ORDER, 0.95))
        phone = t.channel.phone()
        await t.write(phone, "can a court keep them away")
        assert "General information, last checked in" in phone.texts(mine=False)[-1]
        await t.press(phone, "where:ask_protection_order")
        await t.write(phone, "Leeds")
        await t.press(phone, next(b.id for row in phone.screen()[-1].buttons for b in row))
        assert "For United Kingdom, last checked in" in phone.texts(mine=False)[-1]
        await t.write(phone, "delete it all")
        await t.write(phone, "can a court keep them away")
        assert "General information, last checked in" in phone.texts(mine=False)[-1]


async def test_an_organisations_country_holds_until_another_place_is_named(
    tmp_path: Path, sqlite_url: str
) -> None:
    """Whoever is helped there sees its texts and services at once."""
    async with town(tmp_path, sqlite_url, country="GB") as t:
        t.nlu.understand(ASK, Guess(Intent.ASK_LOCATION_RESOURCES, 0.95))
        phone = t.channel.phone()
        await t.write(phone, ASK)
        assert "Call: " in phone.texts(mine=False)[-1]
