"""The staff's chat and what gets louder, on real databases: nobody waits unnoticed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.conversation.interfaces import ChannelUnavailable
from bot.conversation.louder import Louder
from bot.conversation.timers import OVERDUE, ROOM, UNHEEDED
from bot.errors import ConfigurationError
from bot.handoff.desks import Duty
from bot.handoff.models import HandoffState
from bot.ids import HandoffId
from bot.settings import load_settings
from bot.staff.room import PACE
from bot.storage.tables import timers
from tests.fakes.channel import FakeChannel, FakeMessage, FakePhone
from tests.integration.town import Town, town

CHAT = "-100123"
HE_CAN_KILL = "he has a knife and is going to kill me"
FIVE = timedelta(minutes=5)


class Staff:
    """The staff's chat in a town."""

    def __init__(self, t: Town, chat: FakePhone) -> None:
        self.t = t
        self.chat = chat

    @property
    def notice(self) -> FakeMessage:
        """The one message that stands in the chat."""
        [message] = self.chat.screen()
        return message

    @property
    def sounds(self) -> int:
        """How many messages have sounded so far."""
        return sum(message.sounds for message in self.chat.messages)

    async def command(self, text: str, update_id: str) -> str:
        """What the bot answers."""
        await self.t.sidelight.room.hear(update_id, text)
        await self.t.settle()
        return self.chat.screen()[-1].text

    async def kinds(self) -> list[str]:
        """What the console was told."""
        return [event.kind for event in await self.t.sidelight.advocacy.events(after=0)]

    async def in_danger(self) -> HandoffId:
        """Somebody in danger asks for an advocate."""
        phone = self.t.channel.phone()
        await self.t.write(phone, HE_CAN_KILL)
        await self.t.press(phone, "intent:talk_to_human")
        await self.t.press(phone, "handoff:share")
        waiting = await self.t.sidelight.advocacy.handoffs(HandoffState.WAITING)
        return waiting[0].handoff.id

    async def missed_checkin(self) -> FakePhone:
        """Somebody does not answer a check-in."""
        phone = self.t.channel.phone()
        await self.t.write(phone, "check on me in two hours")
        await self.t.press(phone, "checkin:cover_parcel")
        await self.t.press(phone, "checkin:yes")
        await self.later(hours=2)
        await self.later(minutes=31)
        return phone

    async def later(self, **by: float) -> None:
        """Time passes in one leap, and what is due then happens."""
        self.t.clock.advance(timedelta(**by))
        await self.t.settle()

    async def timers(self) -> set[str]:
        """The kinds of all timers that run."""
        async with self.t.sidelight.database.reading() as unit:
            return set((await unit.connection.execute(select(timers.c.kind))).scalars())


@asynccontextmanager
async def staffed(folder: Path, url: str, **more: object) -> AsyncIterator[Staff]:
    """A town with a staff's chat."""
    channel = FakeChannel("staff")
    chat = channel.phone(CHAT)
    usual = {"staff_chat_id": CHAT, "alert_after": FIVE, "public_url": "https://chat.example.org"}
    async with town(folder, url, also=(channel,), **{**usual, **more}) as t:
        yield Staff(t, chat)


async def test_a_person_who_waits_is_told_without_whose_or_what(
    tmp_path: Path, sqlite_url: str
) -> None:
    """Count, language, urgency and the console's address: with a sound, and nothing else."""
    async with staffed(tmp_path, sqlite_url) as s:
        await s.t.request_advocate(s.t.channel.phone())
        await s.t.settle()
        assert s.notice.text == "1 person waiting (en)\nhttps://chat.example.org/console"
        assert s.notice.sounds
        await s.in_danger()
        await s.t.advance(seconds=PACE.total_seconds())
        assert s.notice.text.splitlines()[0] == "2 people waiting (en, urgent: 1)"


async def test_a_flood_is_one_message(tmp_path: Path, sqlite_url: str) -> None:
    """Ten people within a minute: one notice at a time, with a pause between two."""
    async with staffed(tmp_path, sqlite_url) as s:
        for _ in range(10):
            await s.t.request_advocate(s.t.channel.phone())
            await s.later(seconds=4)
        await s.t.advance(seconds=PACE.total_seconds())
        assert s.notice.text.startswith("10 people waiting")
        assert len(s.chat.messages) <= 40 / PACE.total_seconds() + 2


async def test_the_notice_goes_when_nobody_waits(tmp_path: Path, sqlite_url: str) -> None:
    """Fewer are shown without a sound, none at all by an empty chat, and no timer is left."""
    async with staffed(tmp_path, sqlite_url) as s:
        first, second = [await s.t.request_advocate(s.t.channel.phone()) for _ in range(2)]
        await s.later(seconds=30)
        sounds = s.sounds
        await s.t.sidelight.advocacy.claim(first, s.t.advocate())
        await s.later(seconds=30)
        assert s.notice.text.startswith("1 person waiting")
        assert s.sounds == sounds
        await s.t.sidelight.advocacy.claim(second, s.t.advocate())
        await s.later(seconds=30)
        assert s.chat.screen() == []
        assert ROOM not in await s.timers()


async def test_who_is_put_back_is_told_again(tmp_path: Path, sqlite_url: str) -> None:
    """An advocate who vanished leaves somebody waiting: the chat hears of it."""
    async with staffed(tmp_path, sqlite_url) as s:
        handoff = await s.t.request_advocate(s.t.channel.phone())
        await s.t.sidelight.advocacy.claim(handoff, s.t.advocate())
        await s.later(seconds=30)
        assert s.chat.screen() == []
        await s.later(minutes=2)
        assert s.notice.text.startswith("1 person waiting")


async def test_an_outage_collapses_too(tmp_path: Path, sqlite_url: str) -> None:
    """What could not be sent meanwhile is one message afterwards."""
    channel = FakeChannel("staff")
    chat = channel.phone(CHAT)
    async with town(
        tmp_path, sqlite_url, also=(channel,), staff_chat_id=CHAT, alert_after=FIVE
    ) as t:
        channel.fail(*[ChannelUnavailable() for _ in range(4)])
        for _ in range(3):
            await t.request_advocate(t.channel.phone())
            await t.advance(seconds=30)
        await t.advance(minutes=2)
        assert [m.text.splitlines()[0] for m in chat.messages] == ["3 people waiting (en)"]


async def test_a_send_whose_answer_was_lost_is_seen_once(tmp_path: Path, sqlite_url: str) -> None:
    """It is withdrawn before it is sent anew."""
    channel = FakeChannel("staff")
    chat = channel.phone(CHAT)
    async with town(
        tmp_path, sqlite_url, also=(channel,), staff_chat_id=CHAT, alert_after=FIVE
    ) as t:
        channel.interrupt()
        await t.request_advocate(t.channel.phone())
        await t.advance(minutes=2)
        assert len(chat.messages) == 2
        assert len(chat.screen()) == 1


async def test_a_notice_that_could_not_be_shown_is_tried_again(
    tmp_path: Path, sqlite_url: str
) -> None:
    """The bot was thrown out of the chat, and is taken back: it tells who waits."""
    async with staffed(tmp_path, sqlite_url) as s:
        s.chat.reachable = False
        await s.t.request_advocate(s.t.channel.phone())
        await s.later(minutes=1)
        assert s.chat.messages == []
        s.chat.reachable = True
        await s.later(minutes=1)
        assert s.notice.text.startswith("1 person waiting")
        assert s.notice.sounds


async def test_commands_are_answered_once(tmp_path: Path, database_url: str) -> None:
    """Whatever Telegram delivers twice; and who is on call is named."""
    async with staffed(tmp_path, database_url, demo=True) as s:
        assert await s.command("/status", "1") == "Nobody is waiting, and no alert is open."
        assert len(s.chat.messages) == 1
        await s.command("/status", "1")
        assert len(s.chat.messages) == 1
        assert "Nobody has the console open" in await s.command("/oncall", "2")
        await s.t.sidelight.staff.demo_session("Ana")
        assert await s.command("/oncall", "3") == "Here now: Ana"
        await s.t.sidelight.room.hear("4", "what a night")
        await s.t.settle()
        assert len(s.chat.messages) == 3
        assert s.sounds == 0


async def test_whose_shift_it_is_and_who_is_not_there_is_told(
    tmp_path: Path, sqlite_url: str
) -> None:
    """By the rota; whoever is here, or whose shift is over, is not missed."""
    async with staffed(tmp_path, sqlite_url, demo=True) as s:
        sidelight, now = s.t.sidelight, s.t.clock.now()
        for name in ("Ana", "Kim", "Lee"):
            await sidelight.staff.demo_session(name)
        ids = {a.advocate.name: a.advocate.id for a in await sidelight.staff.accounts()}
        hour = timedelta(hours=1)
        for name, start in (("Ana", now), ("Kim", now), ("Lee", now - 3 * hour)):
            await sidelight.roster.add(ids[name], start, start + 2 * hour)
        await sidelight.advocacy.queue.set_duty(ids["Kim"], Duty.BREAK)
        told = (await s.command("/oncall", "1")).splitlines()
        assert told == ["Here now: Ana and Lee", "On the rota now, and not here: Kim"]


async def test_a_silence_shows_and_sounds_at_its_end(tmp_path: Path, sqlite_url: str) -> None:
    """Who still waits then is heard of; a silence never loses anybody."""
    async with staffed(tmp_path, sqlite_url, alert_after=timedelta(hours=1)) as s:
        assert "No sound here for 30 minutes" in await s.command("/silence 30m", "1")
        await s.in_danger()
        await s.later(minutes=25)
        assert any(m.text.startswith("1 person waiting") for m in s.chat.screen())
        assert s.sounds == 0
        assert "another" in await s.command("/status", "2")
        await s.later(minutes=6)
        assert s.sounds == 1


async def test_an_alert_gets_louder_until_somebody_has_acknowledged(
    tmp_path: Path, database_url: str
) -> None:
    """Each step once: a line for the console, a mark, a sound in the chat; then silence."""
    async with staffed(tmp_path, database_url) as s:
        await s.missed_checkin()
        [alert] = await s.t.sidelight.advocacy.alerts()
        assert "1 check-in alert that nobody has taken care of (en)" in s.notice.text
        for step in (1, 2, 3):
            sounds = s.sounds
            await s.later(minutes=5)
            assert (await s.kinds()).count("alert.unheeded") == step
            [found] = await s.t.sidelight.advocacy.alerts()
            assert found.louder == step
            assert s.sounds > sounds
        assert "For 15 minutes already" in s.notice.text
        advocate = s.t.advocate()
        handoff = await s.t.sidelight.advocacy.acknowledge(alert.id, advocate)
        assert handoff is not None
        await s.t.sidelight.advocacy.close(handoff, advocate)
        sounds = s.sounds
        await s.later(minutes=5)
        await s.later(minutes=5)
        assert (await s.kinds()).count("alert.unheeded") == 3
        assert s.sounds == sounds
        assert UNHEEDED not in await s.timers()


async def test_all_clear_ends_it(tmp_path: Path, sqlite_url: str) -> None:
    """The person is well after all: nothing gets louder, and the chat is empty."""
    async with staffed(tmp_path, sqlite_url) as s:
        phone = await s.missed_checkin()
        await s.t.write(phone, "i am home")
        await s.later(minutes=5)
        await s.later(minutes=5)
        assert "alert.unheeded" not in await s.kinds()
        assert s.chat.screen() == []
        assert not {UNHEEDED, OVERDUE} & await s.timers()


async def test_two_workers_make_one_step(tmp_path: Path, database_url: str) -> None:
    """Ten at once run the timer: one line, one mark."""
    async with staffed(tmp_path, database_url) as s:
        await s.missed_checkin()
        s.t.clock.advance(FIVE)
        await asyncio.gather(*(s.t.sidelight.timer_worker.run_due() for _ in range(10)))
        await s.t.settle()
        assert (await s.kinds()).count("alert.unheeded") == 1


async def test_a_worker_that_was_taken_for_dead_makes_no_second_step(
    tmp_path: Path, database_url: str
) -> None:
    """It wakes after its lease, and somebody else has made the step meanwhile."""
    async with staffed(tmp_path, database_url) as s:
        await s.missed_checkin()
        s.t.clock.advance(FIVE)
        sidelight = s.t.sidelight
        async with sidelight.database.writing() as unit:
            claimed = await unit.timers.claim("slow", timedelta(seconds=30), 50)
        [timer] = [timer for timer in claimed if timer.kind == UNHEEDED]
        louder = Louder(sidelight.database, s.t.clock, sidelight.settings)
        await louder.unheeded(timer)
        await louder.unheeded(timer)
        assert (await s.kinds()).count("alert.unheeded") == 1


async def test_a_step_whose_worker_died_is_made_once(tmp_path: Path, database_url: str) -> None:
    """Claimed and never run: its lease runs out, and somebody else makes it."""
    async with staffed(tmp_path, database_url) as s:
        await s.missed_checkin()
        s.t.clock.advance(FIVE)
        async with s.t.sidelight.database.writing() as unit:
            claimed = await unit.timers.claim("dead", timedelta(seconds=30), 50)
        assert UNHEEDED in {timer.kind for timer in claimed}
        await s.t.settle()
        assert (await s.kinds()).count("alert.unheeded") == 0
        await s.later(minutes=1)
        assert (await s.kinds()).count("alert.unheeded") == 1


async def test_somebody_in_danger_whom_nobody_takes_on_gets_louder(
    tmp_path: Path, database_url: str
) -> None:
    """Until they are taken on; somebody without danger does not."""
    async with staffed(tmp_path, database_url) as s:
        await s.t.request_advocate(s.t.channel.phone())
        urgent = await s.in_danger()
        await s.later(minutes=5)
        await s.later(minutes=5)
        assert (await s.kinds()).count("handoff.overdue") == 2
        assert (await s.t.sidelight.advocacy.handoff(urgent)).louder == 2
        await s.t.sidelight.advocacy.claim(urgent, s.t.advocate())
        assert (await s.t.sidelight.advocacy.handoff(urgent)).louder == 0
        await s.later(minutes=1)
        assert (await s.kinds()).count("handoff.overdue") == 2


async def test_an_advocate_who_stays_silent_is_told_to_the_others(
    tmp_path: Path, database_url: str
) -> None:
    """After twice the time of silence, and again after each pause, until they write."""
    async with staffed(tmp_path, database_url, silence_after=timedelta(minutes=2)) as s:
        advocate, service = s.t.advocate(), s.t.sidelight.advocacy
        handoff = await s.t.request_advocate(s.t.channel.phone())
        await service.claim(handoff, advocate)

        async def minutes(count: int) -> int:
            for _ in range(count):
                await service.present(advocate)
                await s.t.advance(minutes=1)
            return (await s.kinds()).count("handoff.unanswered")

        assert await minutes(5) == 1
        assert "had no answer from their advocate" in s.notice.text
        assert await minutes(5) == 2
        await s.t.say(handoff, advocate, "here")
        assert await minutes(6) == 2
        assert s.chat.screen() == []


async def test_without_a_chat_the_console_is_told_all_the_same(
    tmp_path: Path, sqlite_url: str
) -> None:
    """What gets louder does not hang on Telegram; and nothing is written for a chat."""
    async with town(tmp_path, sqlite_url, alert_after=FIVE) as t:
        s = Staff(t, FakePhone(t.channel.phone().address))
        await s.missed_checkin()
        await s.later(minutes=5)
        assert (await s.kinds()).count("alert.unheeded") == 1
        assert ROOM not in await s.timers()


@pytest.mark.parametrize("wrong", ["12345", "staff", "-0", "--1"])
def test_a_private_chat_is_no_staffs_chat(wrong: str) -> None:
    """Survivors write in private chats: one of theirs must never get what staff are told."""
    with pytest.raises(ConfigurationError, match="STAFF_CHAT_ID"):
        load_settings(staff_chat_id=wrong)
