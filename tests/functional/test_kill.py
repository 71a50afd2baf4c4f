"""Promise 4: kill -9 anywhere loses nothing and repeats nothing that a person would see."""

import asyncio
import random
import sqlite3
import time
from pathlib import Path

from tests.functional.forking import Forked, mother
from tests.stub_telegram.control import RemotePerson, stub_process

KILLS = 100
PEOPLE = 4
CALM = 1.05
"""Seconds between what one of them writes: who writes faster for long is taken for a flood."""

LONGEST_WAIT = 0.12
"""Seconds from a message to the kill: whole turns take about half of it here."""

SCRIPT = ("/menu", "/privacy", "/help", "/language", "/privacy", "/menu")
"""What a person writes, over and over; each word has one answer, whatever was said before."""


async def answers(person: RemotePerson) -> list[str]:
    """What the bot said that is still on the screen, in order."""
    return [message.text for message in await person.screen() if not message.mine]


async def test_a_hundred_kills_lose_and_repeat_nothing(tmp_path: Path) -> None:
    """People write while the bot is killed at random points, and see what they should."""
    seed = random.SystemRandom().randrange(10**6)
    chance = random.Random(seed)
    async with (
        stub_process() as stub,
        mother() as by,
    ):
        bot = Forked(
            by,
            tmp_path,
            BOT_TELEGRAM_TOKEN=stub.token,
            BOT_TELEGRAM_API_URL=stub.url,
            BOT_QUIET_AFTER="3600",
            BOT_MESSAGE_TTL="7200",
        )
        await bot.command("keys", "init")
        await bot.start()
        people = [await stub.person() for _ in range(PEOPLE)]
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
        expected = [list(undisturbed) for _ in people]
        wrote = [0.0] * PEOPLE

        for number in range(KILLS):
            word = SCRIPT[number % len(SCRIPT)]
            calm = [who for who in range(PEOPLE) if time.monotonic() - wrote[who] > CALM]
            for who in chance.sample(calm, min(len(calm), chance.choice((1, 1, 2, 3)))):
                wrote[who] = time.monotonic()
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
        assert await bot.stop() == 0
    database = sqlite3.connect(tmp_path / "data" / "sidelight.db")
    kinds = [kind for (kind,) in database.execute("SELECT kind FROM timers ORDER BY kind")]
    database.close()
    assert kinds == sorted(["checkin_due", "checkin_escalate", "vanish"] * PEOPLE)
