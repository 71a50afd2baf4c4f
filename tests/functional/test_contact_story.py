"""Two people and a note, over Telegram, as it is lived: a transcript that is played as it reads.

A whole Sidelight with its Telegram adapter against the strict stub; only the clock is in our
hands, so that an evening takes seconds. There is no model: buttons, times and own words decide.

    Ana > writes          Ana [presses]         Ana < reads, next, a text with these words
    Ana @ opens the link that was sent          + minutes go by
    * why the advocates are told                ~ what goes on meanwhile
"""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path

import pytest

from bot.bootstrap import Sidelight, build
from bot.channels.telegram import TelegramPoller
from bot.ids import Locale
from bot.storage import schema
from tests.fakes.clock import FakeClock
from tests.fakes.nlu import FakeNluClient
from tests.integration.town import settings_for
from tests.stub_telegram import Person, StubTelegram, until
from tests.stub_telegram.phones import Shown

INVITED = """
    ~ Ana walks home late on Thursdays, and would like her sister to notice.
    Ana > /checkin
    Ana < Hello. I am a bot
    Ana < I can check on you
    Ana [In 1 hour]
    Ana < How may the message look?
    Ana [A recipe]
    Ana < Please look it over.
    Ana [If I do not answer]
    Ana < What should happen if you do not answer?
    Ana [A person I trust]
    Ana < After that, a person you trust gets a note that you approve.
    Ana [Yes, do that]
    Ana < It is set.
    Ana < What should I call you towards them?
    Ana > A.
    Ana < What should the note say?
    Ana [That they call]
    Ana < they get exactly this, once:
    Ana [Yes, that is right]
    Ana < This link is for them alone.
    ~ She sends the link from work, and tells Eva the number on the phone.
    Eva @
    Eva < This link is for a short note from somebody you know.
    Eva [Yes, go on]
    Eva < Which number were you given with the link?
    Eva > {code}
    Eva < A. would like to count on you.
    Eva [Yes, I accept]
    Eva < When the note comes, please press
    Ana < Your contact has accepted
"""

STORIES = {
    "a sister who reacts": INVITED
    + """
    + 61
    Ana < Recipe of the day
    ~ The phone lies somewhere in the park.
    + 31
    Ana < Still saved for later
    Ana < Still saved for later
    Eva < A.: Please call me when you read this.
    Eva [I have seen it]
    ~ By now, Eva's chat is a small service with recipes, and says no more than that.
    Eva < Gladly! Enjoy your meal.
    + 15
    * nobody else
    ~ Somebody has found the phone, and Ana is home.
    Ana [Got it]
    Eva < A.: All is well. Thank you.
    + 30
    * nobody else
    """,
    "a sister who does not look": INVITED
    + """
    + 61
    Ana < Recipe of the day
    + 31
    Ana < Still saved for later
    Ana < Still saved for later
    Eva < A.: Please call me when you read this.
    ~ Eva is at the cinema, with the phone in her coat.
    + 11
    * contact_silent
    """,
    "a partner who finds the link": INVITED.split("    ~ She sends")[0]
    + """
    ~ Ana had sent it to herself; he opens it on his own phone.
    Eva @
    Eva < This link is for a short note from somebody you know.
    Eva [Yes, go on]
    Eva < Which number were you given with the link?
    Eva > 1122
    Eva < That is not the number.
    Eva > is it 4?
    Eva < That is not the number.
    Eva > 9
    Eva < That is not the number.
    Eva > {code}
    Eva < This link cannot be used here.
    Ana < Your contact is not there any more, or did not accept.
    + 61
    Ana < Recipe of the day
    + 31
    Ana < Still saved for later
    Ana < Still saved for later
    * contact_lost
    """,
}


class Stage:
    """Plays a story, and holds what each of the people has read of it."""

    def __init__(self, sidelight: Sidelight, clock: FakeClock, stub: StubTelegram) -> None:
        self._sidelight = sidelight
        self._clock = clock
        self.people = {name: stub.person(first_name=name, language="en") for name in ("Ana", "Eva")}
        self._read = dict.fromkeys(self.people, 0)
        self._token = self._code = ""

    async def play(self, story: str) -> None:
        """Line by line; each must come true before the next."""
        for line in filter(None, map(str.strip, story.splitlines())):
            name, _, rest = line.partition(" ")
            if line.startswith("~"):
                continue
            if name == "+":
                self._clock.advance(timedelta(minutes=float(rest)))
            elif name == "*":
                await self._advocates(rest)
            else:
                await self._act(name, rest)

    async def _act(self, name: str, act: str) -> None:
        person, said = self.people[name], act[1:].strip()
        match act[0]:
            case ">":
                person.write(said.format(code=self._code))
            case "@":
                person.write(f"/start {self._token}")
            case "[":
                await until(lambda: _button(person, said[:-1]) is not None, 10)
                person.press(said[:-1])
            case "<":
                text = await self._next(name, said)
                self._note(text)

    async def _next(self, name: str, wanted: str) -> str:
        """The next text that the bot sent to them; it says `wanted`."""

        def sent() -> list[Shown]:
            return [m for m in self.people[name].history if not m.mine]

        await until(lambda: len(sent()) > self._read[name], 10)
        message = sent()[self._read[name]]
        self._read[name] += 1
        assert wanted in message.text, (name, wanted, message.text)
        assert message.protected == ("This link is for them alone" not in message.text)
        return message.text

    def _note(self, text: str) -> None:
        """What is to be passed on."""
        if found := re.search(r"https://t\.me/stub_bot\?start=([\w-]{32})\n", text):
            self._token = found[1]
            code = re.search(r"by voice: (\d{4})\n", text)
            assert code is not None
            self._code = code[1]

    async def _advocates(self, why: str) -> None:
        wanted = [] if why == "nobody else" else [why]
        for _ in range(200):
            told = [alert.reason for alert in await self._sidelight.advocacy.alerts()]
            if told == wanted:
                return
            await asyncio.sleep(0.05)
        raise AssertionError((told, wanted))


def _button(person: Person, label: str) -> str | None:
    found = (m.button(label) for m in reversed(person.screen()) if not m.mine)
    return next((button for button in found if button), None)


async def _go_on(sidelight: Sidelight) -> None:
    """What the workers of a process do, with the clock in our hands."""
    while True:
        await sidelight.keeper.scan()
        await sidelight.dispatcher.settled()
        await sidelight.timer_worker.run_due()
        await asyncio.sleep(0.02)


@asynccontextmanager
async def stage(folder: Path, url: str) -> AsyncIterator[Stage]:
    """A bot that runs, and a stub whose violations fail the story."""
    async with StubTelegram() as stub:
        clock = FakeClock()
        settings = settings_for(folder, url, locales=(Locale("en"),)).model_copy(
            update={
                "telegram_token": type(settings_for(folder, url).telegram_token)(stub.token),
                "telegram_api_url": stub.url,
            }
        )
        sidelight = build(settings, FakeNluClient(), clock=clock)
        assert sidelight.telegram is not None
        telegram = sidelight.telegram
        await schema.upgrade(sidelight.database)
        await telegram.api.start()
        await telegram.api.verify()
        poller = TelegramPoller(telegram.api, telegram.receiver, wait=timedelta(seconds=1))
        jobs = [
            asyncio.create_task(job)
            for job in (poller.run(), sidelight.dispatcher.run(), _go_on(sidelight))
        ]
        try:
            yield Stage(sidelight, clock, stub)
        finally:
            for job in jobs:
                job.cancel()
                with suppress(asyncio.CancelledError):
                    await job
            await sidelight.close()
        assert stub.violations == []


@pytest.mark.parametrize("story", STORIES.values(), ids=STORIES)
async def test_the_story_of(tmp_path: Path, sqlite_url: str, story: str) -> None:
    """Every line comes true in its order, and nothing else is said."""
    async with stage(tmp_path, sqlite_url) as played:
        await played.play(story)
