"""Transactions about one person at the same time wait, but not for each other; else, once more."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.conversation.advocacy import AdvocacyService
from bot.conversation.errors import Overtaken
from bot.conversation.turns import schedule_vanishing
from bot.handoff.desks import Skill
from bot.handoff.models import Handoff, HandoffState
from bot.ids import AdvocateId, HandoffId
from bot.storage.database import SqlDatabase
from tests.integration.console_parts import MovableClock, an_advocate, open_house
from tests.integration.town import town

Act = Callable[[AdvocacyService, HandoffId, AdvocateId, AdvocateId], Awaitable[object]]

ACTS: dict[str, Act] = {
    "claims": lambda s, h, me, _: s.claim(h, me),
    "hands over": lambda s, h, me, other: s.handover.hand_to(h, me, other, "a note"),
    "hands on": lambda s, h, me, _: s.handover.hand_to_skill(h, me, next(iter(Skill)), "a note"),
    "reassigns": lambda s, h, me, other: s.handover.reassign(h, me, other),
    "takes over": lambda s, h, _, other: s.handover.take_over(h, other),
    "takes up again": lambda s, h, me, _: s.handover.reopen(h, me),
    "gives back": lambda s, h, me, _: s.release(h, me),
    "ends": lambda s, h, me, _: s.close(h, me),
    "blocks": lambda s, h, me, _: s.handover.block(h, me),
}


async def somebody_waits(database: SqlDatabase) -> None:
    """Until a transaction waits for another's lock."""
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )
    async with asyncio.timeout(10), database.reading() as unit:
        while not await unit.connection.scalar(waiting):  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("what", ACTS)
async def test_what_an_advocate_does_waits_for_the_persons_turn(
    tmp_path: Path, postgres_url: str, what: str
) -> None:
    """And holds nothing meanwhile that the turn still writes after the conversation."""
    async with town(tmp_path, postgres_url) as t:
        service, phone = t.sidelight.advocacy, t.channel.phone()
        me, other = t.advocate(), t.advocate()
        handoff = await t.request_advocate(phone)
        if what != "claims":
            await service.claim(handoff, me)
        if what == "takes over":
            await service.handover.ask_to_take_over(handoff, me, other)
        if what == "takes up again":
            await service.close(handoff, me)
        await t.settle()
        conversation = (await service.handoff(handoff)).conversation_id
        async with t.sidelight.database.writing() as turn:
            await turn.conversations.touch(conversation)
            acting = asyncio.ensure_future(ACTS[what](service, handoff, me, other))
            await somebody_waits(t.sidelight.database)
            await schedule_vanishing(turn, conversation, t.clock.now())
        await acting


@pytest.mark.parametrize("prepared", [True, False])
async def test_what_was_broken_off_is_called_overtaken(
    tmp_path: Path, postgres_url: str, *, prepared: bool
) -> None:
    """By either way to the database: the prepared statement's, and SQLAlchemy's."""
    async with town(tmp_path, postgres_url) as t:
        for _ in range(2):
            await t.request_advocate(t.channel.phone())
        waiting = await t.sidelight.advocacy.handoffs(HandoffState.WAITING)
        handoffs = [queued.handoff for queued in waiting]
        both = asyncio.Barrier(2)

        async def write(first: Handoff, second: Handoff) -> None:
            async with t.sidelight.database.writing() as unit:
                for handoff in (first, second):
                    if prepared:
                        await unit.conversations.touch(handoff.conversation_id)
                    else:
                        await unit.handoffs.told(handoff.id, 1)
                    if handoff is first:
                        await both.wait()

        ends = await asyncio.gather(
            write(*handoffs), write(*reversed(handoffs)), return_exceptions=True
        )
        assert [type(end) for end in ends if end is not None] == [Overtaken]


async def test_a_claim_that_was_broken_off_is_made_once_more(
    tmp_path: Path, postgres_url: str
) -> None:
    """The advocate sees nothing of it."""
    async with open_house(tmp_path, MovableClock(), database_url=postgres_url) as house:
        robin = await an_advocate(house)
        _, handoff = await house.someone_waits()
        conversation = (await house.advocacy.handoff(handoff)).conversation_id
        async with house.database.writing() as unit:
            await unit.conversations.touch(conversation)
            claim = robin.http.post(f"/api/v1/handoffs/{handoff}/claim")
            claiming = asyncio.ensure_future(claim)
            await somebody_waits(house.database)
            # The claim waited first, so it is the first to look, and is broken off.
            await unit.handoffs.told(handoff, 1)
        assert (await claiming).status_code == 200
        [held] = await house.advocacy.handoffs(HandoffState.CLAIMED)
        assert held.handoff.id == handoff
