"""Check-ins as they are lived, over Telegram: each story is a transcript, played as it reads.

`sidelight serve` with the Telegram adapter against the strict stub, and the advocates' API. There
is no model: buttons, times and own words decide. A half hour is made of seconds; people wait
for a minute, the shortest time there is, all of them at once.

    >  somebody writes               [ ]  presses a button, by what stands on it
    <  reads, as the next message    *    what the advocates hear of it
    ~  what goes on meanwhile
"""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import aiohttp
import pyotp
import pytest
import pytest_asyncio

from tests.functional.serving import Serving, serving
from tests.stub_telegram.control import RemotePerson, stub_process

STORIES = {
    "set up, and home in time": """
        ~ Noor meets a colleague, and wants somebody to notice if she does not come back.
        > /checkin
        < Hello. I am a bot, a computer program, not a person.
        < I can check on you with a message that looks like something ordinary.
        > in 1 minute
        < How may the message look?
        [A recipe]
        < Please look it over.
        [Yes, do that]
        < It is set. I write: in
        ~ She is on the bus when the phone lights up.
        < Recipe of the day: lentil soup with lemon.
        [Got it]
        < Thank you, noted. Nothing else to do.
        * nothing
    """,
    "missed": """
        ~ Sam hands over the keys to the flat, and leaves a note in case it goes wrong.
        > /checkin
        < Hello. I am a bot, a computer program, not a person.
        < I can check on you
        > in 1 minute
        < How may the message look?
        [A parcel]
        < Please look it over.
        [If I do not answer]
        < What should happen if you do not answer?
        [Advocates are told]
        < Is there something the advocates should know then?
        > Handing over the keys at the old flat. Ring my sister first.
        < Please look it over.
        [Yes, do that]
        < It is set.
        ~ The phone is on the floor, under a coat.
        < Your parcel is ready for collection today.
        < Reminder: your parcel is still at the collection point.
        ~ Half an hour without an answer.
        * missed: Handing over the keys at the old flat. Ring my sister first.
    """,
    "the word for danger": """
        ~ Ines knows that someone may stand beside her when the message comes.
        > /checkin
        < Hello. I am a bot, a computer program, not a person.
        < I can check on you
        > in 1 minute
        < How may the message look?
        [My own words]
        < Write the message as it should arrive
        > The library has your book.
        < Please look it over.
        [If I do not answer]
        < What should happen if you do not answer?
        [Advocates are told]
        < Is there something the advocates should know then?
        > If I write the second word, somebody makes me write it.
        < Please look it over.
        [Safe word]
        < A safe word shows that it is really you.
        > raincoat
        < You can choose a second word for danger
        > blue bicycle
        < Please look it over.
        [Yes, do that]
        < It is set.
        ~ He reads over her shoulder.
        < The library has your book.
        > blue bicycle
        < Thank you, noted. Nothing else to do.
        ~ The same words as ever stand on the screen.
        * duress: If I write the second word, somebody makes me write it.
    """,
    "late, and all clear": """
        ~ Kim's train stands still, and the battery is empty.
        > /checkin
        < Hello. I am a bot, a computer program, not a person.
        < I can check on you
        > in 1 minute
        < How may the message look?
        [House plants]
        < Please look it over.
        [If I do not answer]
        < What should happen
        [Advocates are told]
        < Is there something the advocates should know then?
        > On the evening train from the coast.
        < Please look it over.
        [Yes, do that]
        < It is set.
        < Plant tip: the basil needs a little water today.
        < Plant tip: the basil is still waiting for water.
        * missed: On the evening train from the coast.
        ~ Home at last, and the phone is on the charger.
        [Got it]
        < Thank you, noted. The team knows that all is well now.
        * all clear
    """,
    "cancelled": """
        ~ Alex stays at home after all.
        > /checkin
        < Hello. I am a bot, a computer program, not a person.
        < I can check on you
        > in 1 minute
        < How may the message look?
        [The weather]
        < Please look it over.
        [Yes, do that]
        < It is set.
        [Cancel the check-in]
        < The check-in is cancelled. I will not write.
        ~ The time comes and goes, and the phone stays dark.
        * nothing
    """,
    "the phone was taken": """
        ~ Someone else has Jo's phone and deletes everything. What was agreed stands.
        > /checkin
        < Hello. I am a bot, a computer program, not a person.
        < I can check on you
        > in 1 minute
        < How may the message look?
        [A gym class]
        < Please look it over.
        [If I do not answer]
        < What should happen
        [Advocates are told]
        < Is there something the advocates should know then?
        > I hid the spare key with the neighbour.
        < Please look it over.
        [Yes, do that]
        < It is set.
        > exit
        < Thank you, that is all for today.
        ~ All messages are gone, and still:
        < Gym class: there is a free place on Thursday.
        < Gym class: the place on Thursday is still free.
        * missed: I hid the spare key with the neighbour.
    """,
    "put off": """
        ~ Mika's bus is late; there is time for one more stop.
        > /checkin
        < Hello. I am a bot, a computer program, not a person.
        < I can check on you
        > in 1 minute
        < How may the message look?
        [A study group]
        < Please look it over.
        [Yes, do that]
        < It is set.
        > 30 minutes more
        < All right: in 3
        ~ The first time passes, and the phone stays dark.
        * nothing
    """,
    "another time": """
        ~ Rosa sets it for later, and then decides to leave at once.
        > /checkin
        < Hello. I am a bot, a computer program, not a person.
        < I can check on you
        [In 2 hours]
        < How may the message look?
        [A gym class]
        < Please look it over.
        [Yes, do that]
        < It is set. I write: in 2 hours.
        [What is set]
        < These are set.
        [in 2 hours]
        < When: in 2 hours, only once.
        [Another time]
        < I can check on you
        > in 1 minute
        < It is changed. I write: in
        < Gym class: there is a free place on Thursday.
        [Got it]
        < Thank you, noted. Nothing else to do.
        * nothing
    """,
    "a pause": """
        ~ Every evening somebody notices; this week Toni's mother is there.
        > /checkin
        < Hello. I am a bot, a computer program, not a person.
        < I can check on you
        [In 2 hours]
        < How may the message look?
        [House plants]
        < Please look it over.
        [How often]
        < How often should I check on you?
        [Every day]
        < What time is it with you now?
        > {now}
        < Please look it over.
        [Yes, do that]
        < It is set.
        [What is set]
        < These are set.
        [the one there is]
        < then every day.
        [Pause]
        < It is paused. I do not write until you let it go on.
        [What is set]
        < These are set.
        [Paused]
        < Paused (then every day).
        ~ A week later she goes home, and Toni lives alone again.
        [Go on]
        < It is changed. I write:
        * nothing
    """,
}

WHOLE = 75.0
"""Seconds after which everything that a story leads to has happened."""


class Advocates:
    """What the advocates' API says of alerts."""

    def __init__(self, bot: Serving, http: aiohttp.ClientSession) -> None:
        self._bot = bot
        self._http = http

    async def sign_in(self) -> None:
        """With password and one-time code."""
        printed = await self._bot.command("advocate", "add", "Ada", "--print-secrets")
        password, secret = (line.partition(": ")[2] for line in printed.strip().splitlines()[-2:])
        body = {"name": "Ada", "password": password, "totp": pyotp.TOTP(secret).now()}
        async with self._http.post("/api/v1/session", json=body) as answer:
            answer.raise_for_status()

    async def alerts(self) -> list[str]:
        """All there are, in the words of the stories."""
        async with self._http.get("/api/v1/alerts") as answer:
            answer.raise_for_status()
            return [
                "all clear" if alert["all_clear_at"] else f"{alert['reason']}: {alert['note']}"
                for alert in await answer.json()
            ]

    async def hear(self, wanted: str) -> None:
        """Wait until there is such an alert."""
        async with asyncio.timeout(WHOLE):
            while wanted not in await self.alerts():  # noqa: ASYNC110 - another process raises it
                await asyncio.sleep(0.5)


async def play(story: str, person: RemotePerson, advocates: Advocates) -> None:
    """Do what the transcript says, and see that what is read comes next, and nothing between."""
    started, read = asyncio.get_running_loop().time(), 0
    for line in filter(None, map(str.strip, story.splitlines())):
        words = line[1:].strip(" ]")
        match line[0]:
            case ">":
                await person.write(words.format(now=_clock(datetime.now(UTC))))
            case "[" if words == "the one there is":
                shown = (await person.screen())[-1]
                await person.press(next(i for row in shown.ids for i in row if "pick:" in i))
            case "[":
                await person.press(words)
            case "<":
                texts = await _said(person, read + 1)
                assert words in texts[read], f"{words!r} was to come, and {texts[read]!r} came"
                read += 1
            case "*" if words == "nothing":
                await asyncio.sleep(started + WHOLE - asyncio.get_running_loop().time())
            case "*":
                await advocates.hear(words)
    assert len(await _said(person, read)) == read, "more was said"


def _clock(now: datetime) -> str:
    """The time as a person writes it, with the half of the day where 10:30 could be either."""
    return f"{now:%I:%M %p}" if now.hour in {10, 11, 12} else f"{now:%H:%M}"


async def _said(person: RemotePerson, count: int) -> list[str]:
    """All that the bot ever said, once there are `count` of it."""
    async with asyncio.timeout(WHOLE + 15):
        while True:
            said = [m.text for m in await person.history() if not m.mine]
            if len(said) >= count:
                return said
            await asyncio.sleep(0.1)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def played(
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[tuple[dict[str, asyncio.Task[None]], Advocates]]:
    """All stories, under way with one bot."""
    async with (
        stub_process() as stub,
        serving(
            tmp_path_factory.mktemp("stories"),
            BOT_TELEGRAM_TOKEN=stub.token,
            BOT_TELEGRAM_API_URL=stub.url,
            BOT_LOCALES="en",
            BOT_CHECKIN_REMIND_AFTER="2",
            BOT_CHECKIN_ESCALATE_AFTER="6",
        ) as bot,
        aiohttp.ClientSession(bot.url, cookie_jar=aiohttp.CookieJar(unsafe=True)) as http,
    ):
        await bot.start()
        advocates = Advocates(bot, http)
        await advocates.sign_in()
        tasks = {}
        for name, story in STORIES.items():
            person = await stub.person(language="en")
            tasks[name] = asyncio.create_task(play(story, person, advocates))
        yield tasks, advocates
        for task in tasks.values():
            task.cancel()
        assert await bot.stop() == 0
        assert await stub.violations() == []


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("name", STORIES)
async def test_the_story_goes_as_it_is_written(
    played: tuple[dict[str, asyncio.Task[None]], Advocates], name: str
) -> None:
    """Each message comes in its turn, and the advocates hear what they are to hear."""
    tasks, _ = played
    await tasks[name]


@pytest.mark.asyncio(loop_scope="module")
async def test_the_advocates_heard_of_nothing_else(
    played: tuple[dict[str, asyncio.Task[None]], Advocates],
) -> None:
    """One alert for each story that ends in one, none for the others."""
    tasks, advocates = played
    await asyncio.gather(*tasks.values())
    ends = [[line for line in map(str.strip, story.splitlines()) if line[:1] == "*"][-1]
            for story in STORIES.values()]  # fmt: skip
    wanted = [end[1:].strip() for end in ends if end != "* nothing"]
    assert sorted(await advocates.alerts()) == sorted(wanted)
