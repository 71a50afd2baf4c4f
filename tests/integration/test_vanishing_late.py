"""Deletions that meet trouble: outages, blocked bots, and what can't be deleted any more."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.conversation.interfaces import ChannelUnavailable, OutgoingMessage
from bot.conversation.turns import schedule_vanishing
from bot.conversation.vanishing import LATE, TOLD_WITHIN
from bot.ids import Address
from bot.scheduling.worker import LEASE
from bot.settings import LONGEST_TTL
from bot.storage.database import SqlDatabase
from tests.fakes.channel import FakeChannel
from tests.integration.test_checkins import set_up
from tests.integration.test_turns import rows
from tests.integration.town import town

LIMIT = timedelta(hours=48)
OUTAGE = timedelta(hours=12)


def test_the_longest_life_leaves_room_for_an_outage() -> None:
    """Twelve hours without Telegram at the deadline, an hour to catch up, and still in time."""
    assert LONGEST_TTL + OUTAGE + timedelta(hours=1) <= LIMIT


async def test_an_outage_of_twelve_hours_ends_inside_the_limit(
    tmp_path: Path, sqlite_url: str
) -> None:
    """Messages with the longest life go although nothing could be deleted for half a day."""
    ttl = LONGEST_TTL.total_seconds()
    async with town(tmp_path, sqlite_url, message_ttl=ttl, quiet_after=10**6) as t:
        phone = t.channel.phone()
        await t.write(phone, "hello")
        t.clock.advance(LONGEST_TTL - timedelta(minutes=1))
        t.channel.fail(*[ChannelUnavailable(uncertain=True)] * 300)
        tries = len(t.channel._failures)
        for _ in range(12 * 60 // 5):
            t.clock.advance(timedelta(minutes=5))
            await t.sidelight.timer_worker.run_due()
        assert phone.screen()
        tries -= len(t.channel._failures)
        assert tries >= 12 * 60 / 5, "it never gives up, nor waits for longer than a look"
        t.channel._failures.clear()
        await t.advance(minutes=2)
        assert phone.screen() == []
        assert await rows(t.sidelight.database) == {}


async def test_a_deletion_waits_no_longer_than_half_the_time_that_telegram_was_away(
    tmp_path: Path, database_url: str
) -> None:
    """However often workers were killed meanwhile: their tries say nothing of Telegram."""
    async with town(tmp_path, database_url, quiet_after=10**6) as t:
        phone = t.channel.phone()
        await t.write(phone, "hello")
        t.clock.advance(timedelta(minutes=60))
        for _ in range(8):
            async with t.sidelight.database.writing() as unit:
                assert await unit.timers.claim("killed", LEASE, 1)
            t.clock.advance(LEASE / 8)
            async with t.sidelight.database.writing() as unit:
                await unit.timers.release("killed")
        t.channel.fail(ChannelUnavailable())
        await t.settle()
        assert phone.screen()
        t.clock.advance(LEASE / 2)
        await t.settle()
        assert phone.screen() == []


async def test_what_was_written_during_an_outage_is_deleted_in_time(
    tmp_path: Path, sqlite_url: str
) -> None:
    """The platform counts from when it was written, not from when it reached us."""
    ttl = LONGEST_TTL.total_seconds()
    async with town(tmp_path, sqlite_url, message_ttl=ttl) as t:
        phone = t.channel.phone()
        written = t.clock.now()
        t.clock.advance(timedelta(hours=20))
        await t.write(phone, "hello", sent_at=written)
        assert phone.texts(mine=True) == ["hello"]
        t.clock.advance(LONGEST_TTL - timedelta(hours=20))
        await t.settle()
        assert phone.texts(mine=True) == []


async def test_a_purge_is_urgent_and_a_deadline_is_not(tmp_path: Path, sqlite_url: str) -> None:
    """Whoever asks for it goes first."""
    async with town(tmp_path, sqlite_url) as t:
        slow, quick = t.channel.phone(), t.channel.phone()
        await t.write(slow, "hello")
        await t.advance(minutes=61)
        assert t.channel.ordinary
        assert not t.channel.urgent
        await t.write(quick, "hello")
        await t.write(quick, "delete it all")
        assert t.channel.urgent


async def test_what_an_outage_made_old_goes_before_others(tmp_path: Path, sqlite_url: str) -> None:
    """At its own deadline it need not hurry; near the platform's limit it must."""
    ttl = LONGEST_TTL.total_seconds()
    async with town(tmp_path, sqlite_url, message_ttl=ttl, quiet_after=10**6) as t:
        phone = t.channel.phone()
        await t.write(phone, "hello")
        t.clock.advance(LATE + timedelta(minutes=1))
        await t.settle()
        assert phone.screen() == []
        assert t.channel.urgent
        assert not t.channel.ordinary


async def test_what_stays_on_the_phone_is_told_when_the_person_is_there_again(
    tmp_path: Path, database_url: str
) -> None:
    """Once, not unprompted, with how to clear it by hand; then the conversation ends as any."""
    async with town(tmp_path, database_url, lock_after=0) as t:
        phone = t.channel.phone()
        await t.write(phone, "hello")
        t.channel.stuck = {message.message_id for message in phone.screen()[:1]}
        await t.advance(minutes=62)
        assert len(phone.screen()) == 1, "nothing is sent to a phone that is quiet"
        await t.write(phone, "where can i sleep")
        told = [said for said in phone.texts(mine=False) if "could not delete" in said]
        assert len(told) == 1
        assert all(system in told[0] for system in ("Android", "iPhone", "Computer"))
        t.channel.stuck = set()
        await t.advance(minutes=62)
        assert await rows(t.sidelight.database) == {}


async def test_nobody_is_waited_for_without_end(tmp_path: Path, sqlite_url: str) -> None:
    """Who does not come back is forgotten after a week, told or not."""
    async with town(tmp_path, sqlite_url) as t:
        phone = t.channel.phone()
        await t.write(phone, "hello")
        t.clock.advance(LIMIT)
        await t.settle()
        assert len(phone.screen()) == 2
        assert (await rows(t.sidelight.database))["messages"] == 1
        t.clock.advance(TOLD_WITHIN)
        await t.settle()
        assert await rows(t.sidelight.database) == {}


class Meeting(FakeChannel):
    """Whose sends stay under way until `gate` opens, and which lets something happen while it
    deletes."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = asyncio.Event()
        self.gate.set()
        self.sending = asyncio.Event()
        self.meanwhile: Callable[[], Awaitable[None]] | None = None

    async def send(self, address: Address, message: OutgoingMessage) -> tuple[str, ...]:
        self.sending.set()
        await self.gate.wait()
        return await super().send(address, message)

    async def delete(
        self, address: Address, message_ids: Sequence[str], *, urgent: bool = False
    ) -> None:
        if self.meanwhile is not None:
            meanwhile, self.meanwhile = self.meanwhile, None
            await meanwhile()
        await super().delete(address, message_ids, urgent=urgent)


async def test_what_is_sent_while_it_is_deleted_does_not_stay(
    tmp_path: Path, database_url: str
) -> None:
    """An answer whose deadline came before it got through: its id on the phone is not lost."""
    channel = Meeting()
    more = {"message_ttl": 300, "quiet_after": 10**6, "lock_after": 0}
    async with town(tmp_path, database_url, channel, **more) as t:
        phone = t.channel.phone()
        channel.fail(ChannelUnavailable(timedelta(seconds=301)))
        await t.write(phone, "hello")
        t.clock.advance(timedelta(seconds=302))
        channel.sending.clear()
        channel.gate.clear()

        async def now_it_gets_through() -> None:
            await t.sidelight.keeper.scan()
            await channel.sending.wait()

        channel.meanwhile = now_it_gets_through
        await t.sidelight.timer_worker.run_due()
        assert channel.meanwhile is None, "it was on its way before its row was to go"
        channel.gate.set()
        await t.settle()
        assert phone.messages[-1].known
        await t.advance(minutes=1)
        assert phone.screen() == []
        assert await rows(t.sidelight.database) == {}


@pytest.mark.parametrize("asked", [False, True], ids=["an answer", "a check-in"])
async def test_the_time_of_a_message_counts_from_when_it_was_shown(
    tmp_path: Path, sqlite_url: str, *, asked: bool
) -> None:
    """A process that was held up for hours, its machine asleep, before it noted the sending."""
    channel = Meeting()
    more = {"message_ttl": 3 * 3600, "quiet_after": 10**6, "lock_after": 0}
    async with town(tmp_path, sqlite_url, channel, **more) as t:
        phone = t.channel.phone()
        if asked:
            await set_up(t, phone)
            t.clock.advance(timedelta(minutes=121))
        before = len(phone.messages)
        channel.sending.clear()
        channel.gate.clear()
        doing = t.sidelight.timer_worker.run_due() if asked else t.write(phone, "hello")
        under_way = asyncio.create_task(doing)
        await channel.sending.wait()
        t.clock.advance(timedelta(hours=2))
        channel.gate.set()
        await under_way
        await t.sidelight.dispatcher.settled()
        shown = next(message for message in phone.messages[before:] if not message.mine)
        assert not shown.deleted
        await t.advance(minutes=61)
        assert shown.deleted


async def test_a_purge_is_not_put_off_by_what_happens_beside_it(
    tmp_path: Path, postgres_url: str
) -> None:
    """Two transactions reckon the next deadline; the one that saw less commits last."""
    async with town(tmp_path, postgres_url) as t:
        await t.write(t.channel.phone(), "hello")
        database, now = t.sidelight.database, t.clock.now()
        async with database.reading() as unit:
            [(conversation, _)] = await unit.conversations.keys_before(10**6, 10)

        async def beside() -> None:
            async with database.writing() as unit:
                await schedule_vanishing(unit, conversation, now)

        async with database.writing() as purge:
            await purge.messages.expire_all(conversation, now)
            await schedule_vanishing(purge, conversation, now)
            other = asyncio.create_task(beside())
            await somebody_waits(database)
        await other
        async with database.reading() as unit:
            assert await unit.timers.next_due_at() == now


async def somebody_waits(database: SqlDatabase) -> None:
    """Until a transaction waits for another's lock."""
    async with asyncio.timeout(20):
        while True:
            async with database.reading() as unit:
                asked = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
                if (await unit.connection.execute(asked)).scalar_one():
                    return
            await asyncio.sleep(0.02)


async def test_a_blocked_bot_ends_it(tmp_path: Path, database_url: str) -> None:
    """Nothing is tried again, nothing is kept, and nothing is said to have been deleted."""
    async with town(tmp_path, database_url) as t:
        phone = t.channel.phone()
        await t.write(phone, "hello")
        phone.reachable = False
        await t.advance(minutes=62)
        assert len(phone.screen()) == 2
        assert await rows(t.sidelight.database) == {}
