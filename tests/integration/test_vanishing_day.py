"""Nothing remains of a day with many people: the database is as it was, but for counters."""

from datetime import timedelta
from pathlib import Path

from sqlalchemy import insert, select

from bot.conversation.intake import InboundKind
from bot.conversation.keeping import UPDATES_KNOWN_FOR
from bot.storage.database import SqlDatabase
from bot.storage.tables import channel_marks, conversations, metadata, tallies
from tests.integration.town import Town, town

OF_THE_STAFF = {"audit"}
"""What its members did; it names nobody who wrote."""

COUNTERS = {channel_marks.name, tallies.name, "figures"}
PEOPLE = 12
A_THOUSAND = {"sqlite": 1000, "postgresql": 40}
"""People of a whole day, by engine."""
AT_A_TIME = 40


async def snapshot(database: SqlDatabase) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, but for counters and the staff's log."""
    async with database.reading() as unit:
        return {
            table.name: [tuple(row) for row in await unit.connection.execute(select(table))]
            for table in metadata.sorted_tables
            if table.name not in COUNTERS | OF_THE_STAFF
        }


async def a_visit(t: Town, number: int) -> None:
    """Somebody comes, and leaves in one of several ways."""
    phone = t.channel.phone()
    await t.write(phone, "hello")
    await t.write(phone, "where can i sleep")
    match number % 4:
        case 1:
            await t.write(phone, "delete it all")
        case 2:
            handoff, advocate = await t.request_advocate(phone), t.advocate()
            await t.sidelight.advocacy.claim(handoff, advocate)
            await t.settle()
            await t.say(handoff, advocate, "hello")
            await t.sidelight.advocacy.close(handoff, advocate)
        case 3:
            phone.reachable = False


async def test_after_a_day_the_database_is_as_empty_as_before(
    tmp_path: Path, database_url: str
) -> None:
    """Whoever stayed, purged, talked to an advocate or blocked the bot: no row tells of them."""
    async with town(tmp_path, database_url) as t:
        before = await snapshot(t.sidelight.database)
        for number in range(PEOPLE):
            await a_visit(t, number)
        during = await snapshot(t.sidelight.database)
        assert len(during["conversations"]) >= PEOPLE / 2
        await t.advance(minutes=70)
        t.clock.advance(UPDATES_KNOWN_FOR + timedelta(hours=1))
        await t.sidelight.keeper.tidy()
        await t.settle()
        assert await snapshot(t.sidelight.database) == before


VISITS = (
    "hello",
    "where can i sleep",
    "delete it all",
    "check on me in two hours",
    "a person please",
)
"""What somebody comes with, and then says no more."""


async def a_crowd(t: Town, count: int) -> None:
    """Some people at a time; one in six blocks the bot before it answers."""
    for number in range(count):
        phone, text = t.channel.phone(), VISITS[number % len(VISITS)]
        phone.reachable = number % 6 != 5
        await t.arrive(phone, InboundKind.TEXT, text, (t.channel.write(phone.address, text),))
    await t.settle()


async def test_a_day_with_a_thousand_people_leaves_an_empty_database(
    tmp_path: Path, database_url: str
) -> None:
    """Whoever asked, purged, began with a check-in, or with an advocate, or blocked the bot."""
    async with town(tmp_path, database_url) as t:
        before = await snapshot(t.sidelight.database)
        people = A_THOUSAND[t.sidelight.database.url.get_backend_name()]
        for _ in range(0, people, AT_A_TIME):
            await a_crowd(t, AT_A_TIME)
        during = await snapshot(t.sidelight.database)
        assert len(during["conversations"]) >= people / 2
        t.clock.advance(timedelta(minutes=70))
        await t.settle()
        t.clock.advance(UPDATES_KNOWN_FOR + timedelta(hours=1))
        while not await t.sidelight.keeper.tidy():
            pass
        await t.settle()
        assert await snapshot(t.sidelight.database) == before


async def test_a_conversation_that_no_timer_would_end_is_found(
    tmp_path: Path, database_url: str
) -> None:
    """Even one whose timer was lost, however that came about, does not stay."""
    async with town(tmp_path, database_url) as t:
        phone = t.channel.phone()
        await t.write(phone, "hello")
        kept = await snapshot(t.sidelight.database)
        [row] = kept["conversations"]
        await t.advance(minutes=70)
        async with t.sidelight.database.writing() as unit:
            await unit.connection.execute(insert(conversations).values(row))
        await t.sidelight.keeper.tidy()
        await t.settle()
        t.clock.advance(timedelta(minutes=11))
        await t.sidelight.keeper.tidy()
        await t.settle()
        assert (await snapshot(t.sidelight.database))["conversations"] == []
