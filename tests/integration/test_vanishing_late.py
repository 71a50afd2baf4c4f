"""Deletions that meet trouble: outages, blocked bots, and what can't be deleted any more."""

from datetime import timedelta
from pathlib import Path

from bot.conversation.interfaces import ChannelUnavailable
from bot.conversation.vanishing import TOLD_WITHIN
from bot.settings import LONGEST_TTL
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
        for _ in range(12 * 60):
            t.clock.advance(timedelta(minutes=1))
            await t.sidelight.timer_worker.run_due()
        assert phone.screen()
        tries -= len(t.channel._failures)
        assert 12 * 60 / 6 <= tries < 300, "patient, but no more than five minutes apart"
        t.channel._failures.clear()
        await t.advance(minutes=6)
        assert phone.screen() == []
        assert await rows(t.sidelight.database) == {}


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
        told = [text for text in phone.texts(mine=False) if "could not delete" in text]
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


async def test_a_blocked_bot_ends_it(tmp_path: Path, database_url: str) -> None:
    """Nothing is tried again, nothing is kept, and nothing is said to have been deleted."""
    async with town(tmp_path, database_url) as t:
        phone = t.channel.phone()
        await t.write(phone, "hello")
        phone.reachable = False
        await t.advance(minutes=62)
        assert len(phone.screen()) == 2
        assert await rows(t.sidelight.database) == {}
