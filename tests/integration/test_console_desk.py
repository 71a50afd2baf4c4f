"""What an advocate has at hand: phrases, services and drafts."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.dialogue.intents import Intent
from tests.integration.console_parts import Console, House, an_advocate, open_house
from tests.unit.directory.test_choosing import service


@pytest.fixture
async def house(tmp_path: Path, database_url: str) -> AsyncIterator[House]:
    async with open_house(tmp_path, services=[service("line")], database_url=database_url) as house:
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
