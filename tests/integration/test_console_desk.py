"""What an advocate has at hand: phrases, services and drafts."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.dialogue.intents import Intent
from tests.fakes.channel import FakePhone
from tests.integration.console_parts import Console, House, an_advocate, open_house
from tests.unit.directory.test_choosing import service


@pytest.fixture
async def house(tmp_path: Path, database_url: str) -> AsyncIterator[House]:
    async with open_house(
        tmp_path, services=[service("line")], database_url=database_url, idle_lock_after=timedelta()
    ) as house:
        yield house


async def held(house: House, intent: Intent | None = None) -> tuple[Console, str]:
    """Robin, and the path of a handoff that Robin holds."""
    robin = await an_advocate(house)
    _, handoff = await house.someone_waits(intent)
    path = f"/api/v1/handoffs/{handoff}"
    assert (await robin.http.post(f"{path}/claim")).status_code == 200
    return robin, path


async def test_phrases_come_with_everything_filled_in(house: House) -> None:
    """The advocate's name, and how long the person lets messages stay."""
    robin, path = await held(house)
    hand = (await robin.http.get(f"{path}/hand")).json()
    said = {phrase["name"]: phrase["text"] for phrase in hand["phrases"]}
    assert "my name is Robin" in said["hello"]
    assert "vanishes after 1 hour" in said["vanish"]
    assert not any("{" in text for text in said.values())
    assert hand["message_ttl"] == house.settings.message_ttl.total_seconds()


async def test_a_danger_that_was_shared_is_named_and_other_topics_are_not(house: House) -> None:
    """Only what they agreed to share."""
    robin, path = await held(house, Intent.STALKING)
    assert (await robin.http.get(f"{path}/hand")).json()["risk"]
    _, other = await house.someone_waits(Intent.ASK_SHELTER)
    await robin.http.post(f"/api/v1/handoffs/{other}/claim")
    assert (await robin.http.get(f"/api/v1/handoffs/{other}/hand")).json()["risk"] == ""


async def test_services_are_worded_as_the_bot_words_them(house: House) -> None:
    """By country, in the person's language; none in a language that nobody reviewed."""
    robin, path = await held(house)
    hand = (await robin.http.get(f"{path}/hand")).json()
    assert "GB" in [country["id"] for country in hand["countries"]]
    asked = {"country": "GB", "locale": "en"}
    (found,) = (await robin.http.get("/api/v1/services", params=asked)).json()
    assert found["text"].startswith("line")
    odd = await robin.http.get("/api/v1/services", params={**asked, "locale": "xx"})
    assert odd.json() == []


async def test_a_draft_is_there_again_and_nobody_else_gets_it(house: House) -> None:
    """Sealed in the database, kept no longer than a message, and gone with the conversation."""
    robin, path = await held(house)
    sam = await an_advocate(house, "Sam")
    await robin.http.put(f"{path}/draft", json={"text": "half a canary sentence"})
    assert (await robin.http.get(f"{path}/draft")).json()["text"] == "half a canary sentence"
    assert (await sam.http.get(f"{path}/draft")).status_code == 403
    if house.database.is_sqlite:
        files = Path(house.database.url.database or "").parent.glob("*.db*")
        assert not any(b"canary" in file.read_bytes() for file in files)
    house.clock.move(house.settings.message_ttl + timedelta(seconds=1))
    robin_again = await robin.http.get(f"{path}/draft")
    assert robin_again.json()["text"] == ""
    await robin.http.put(f"{path}/draft", json={"text": "more"})
    await robin.http.post(f"{path}/release")
    await robin.http.post(f"{path}/claim")
    assert (await robin.http.get(f"{path}/draft")).json()["text"] == ""


async def asked(house: House) -> tuple[Console, FakePhone, str]:
    """Robin, a person who is asked whether messages may stay longer, and the handoff's path."""
    robin = await an_advocate(house)
    person, handoff = await house.someone_waits()
    path = f"/api/v1/handoffs/{handoff}"
    await robin.http.post(f"{path}/claim")
    await robin.http.post(f"{path}/messages", json={"text": "The address is on page 4."})
    await house.dispatcher.settled()
    assert (await robin.http.post(f"{path}/keep-longer")).status_code == 204
    await house.dispatcher.settled()
    return robin, person, path


async def stays(robin: Console, path: str) -> list[timedelta]:
    """For how long each message stays, to the minute."""
    found = (await robin.http.get(f"{path}/messages")).json()
    spans = [
        datetime.fromisoformat(m["delete_at"]) - datetime.fromisoformat(m["created_at"])
        for m in found
    ]
    return [timedelta(minutes=round(span / timedelta(minutes=1))) for span in spans]


async def test_messages_stay_longer_only_if_the_person_agrees(house: House) -> None:
    """They are asked; their yes holds for what is here already, too; then there is no longer."""
    robin, person, path = await asked(house)
    question = person.screen()[-1]
    assert "stay for 24 hours, instead of 60 minutes" in question.text
    ids = [button.id for row in question.buttons for button in row]
    assert ids == ["handoff:keep_24h", "handoff:keep_no"]
    assert await stays(robin, path) == [timedelta(hours=1)]
    await house.presses(person, "handoff:keep_24h")
    assert await stays(robin, path) == [timedelta(hours=24)]
    hand = (await robin.http.get(f"{path}/hand")).json()
    assert (hand["message_ttl"], hand["may_stay_longer"]) == (86400, False)
    assert (await robin.http.post(f"{path}/keep-longer")).status_code == 409
    house.clock.move(timedelta(hours=2))
    await house.run_timers()
    assert "The address is on page 4." in [message.text for message in person.screen()]


async def test_a_no_changes_nothing_and_neither_does_a_yes_that_came_too_late(
    house: House,
) -> None:
    """Once nobody is there, the old button is no way to keep things on the phone for longer."""
    robin, person, path = await asked(house)
    await house.presses(person, "handoff:keep_no")
    assert "Nothing changes" in person.screen()[-1].text
    assert await stays(robin, path) == [timedelta(hours=1)]
    await robin.http.post(f"{path}/close")
    await house.dispatcher.settled()
    await house.presses(person, "handoff:keep_24h")
    assert "Nothing changes" in person.screen()[-1].text
    house.clock.move(timedelta(minutes=61))
    await house.run_timers()
    assert "The address is on page 4." not in [message.text for message in person.screen()]


async def test_only_who_has_the_person_may_ask_and_a_quiet_phone_shows_nothing_of_it(
    house: House,
) -> None:
    """The question waits like everything else that tells."""
    robin, path = await held(house)
    sam = await an_advocate(house, "Sam")
    assert (await sam.http.post(f"{path}/keep-longer")).status_code == 403
    [phone] = house.channel.phones.values()
    house.clock.move(timedelta(minutes=7))
    assert (await robin.http.post(f"{path}/keep-longer")).status_code == 204
    await house.dispatcher.settled()
    assert "stay" not in phone.screen()[-1].text
    await house.presses(phone, "flow:show")
    assert any("instead of 60 minutes" in message.text for message in phone.screen())
