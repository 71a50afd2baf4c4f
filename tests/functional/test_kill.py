"""Promise 4: kill -9 anywhere loses nothing and repeats nothing that a person would see."""

import asyncio
import random
import sqlite3
from pathlib import Path

from tests.functional.serving import serving
from tests.stub_telegram.control import RemotePerson, stub_process

KILLS = 100
LONGEST_WAIT = 0.12
"""Seconds from a message to the kill: whole turns take about half of it here."""

SCRIPT = ("/menu", "/privacy", "/help", "/language", "/privacy", "/menu")
"""What a person writes, over and over; each word has one answer, whatever was said before."""


async def answers(person: RemotePerson) -> list[str]:
    """What the bot said that is still on the screen, in order."""
    return [message.text for message in await person.screen() if not message.mine]


async def test_a_hundred_kills_lose_and_repeat_nothing(tmp_path: Path) -> None:
    """Two people write while the bot is killed at random points, and see what they should."""
    seed = random.SystemRandom().randrange(10**6)
    chance = random.Random(seed)
    async with (
        stub_process() as stub,
        serving(
            tmp_path,
            BOT_TELEGRAM_TOKEN=stub.token,
            BOT_TELEGRAM_API_URL=stub.url,
            BOT_QUIET_AFTER="3600",
            BOT_MESSAGE_TTL="7200",
        ) as bot,
    ):
        await bot.start()
        people = [await stub.person(), await stub.person()]
        for person in people:
            await person.write("/start")
            await person.waits(lambda s: sum(not m.mine for m in s) == 1)
            await person.write("/checkin")
            await person.waits(lambda s: sum(not m.mine for m in s) == 2)
            for button in ("checkin:2h", "checkin:cover_recipe", "checkin:yes"):
                before = len(await answers(person))
                await person.press(button)
                await person.waits(lambda s, n=before: sum(not m.mine for m in s) > n)
            for word in dict.fromkeys(SCRIPT):
                before = len(await answers(person))
                await person.write(word)
                await person.waits(lambda s, n=before: sum(not m.mine for m in s) > n)
        undisturbed = await answers(people[0])
        said = dict(zip(dict.fromkeys(SCRIPT), undisturbed[-4:], strict=True))
        expected = [list(undisturbed), list(undisturbed)]

        for number in range(KILLS):
            for _ in range(chance.choice((1, 1, 2, 3))):
                who = chance.randrange(2)
                word = SCRIPT[number % len(SCRIPT)]
                await people[who].write(word)
                expected[who].append(said[word])
            await asyncio.sleep(chance.uniform(0, LONGEST_WAIT))
            await bot.kill()
            await bot.start()

        for person, wanted in zip(people, expected, strict=True):
            enough = len(wanted)
            await person.waits(lambda s, n=enough: sum(not m.mine for m in s) >= n, 60)
        await asyncio.sleep(2)
        for person, wanted in zip(people, expected, strict=True):
            assert await answers(person) == wanted, f"seed {seed}"
        assert await stub.violations() == []
    database = sqlite3.connect(tmp_path / "data" / "sidelight.db")
    kinds = [kind for (kind,) in database.execute("SELECT kind FROM timers ORDER BY kind")]
    database.close()
    assert kinds == ["checkin_due"] * 2 + ["checkin_escalate"] * 2 + ["vanish"] * 2
