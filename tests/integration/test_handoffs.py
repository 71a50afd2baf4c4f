"""Promise 6: a handoff has one advocate. On real databases."""

import asyncio
from pathlib import Path
from uuid import uuid4

import pytest

from bot.conversation.advocacy import AlreadyTaken, NotYours
from bot.handoff.models import HandoffState
from tests.integration.town import town


async def test_of_many_claims_exactly_one_wins(tmp_path: Path, database_url: str) -> None:
    """Twenty people, ten advocates who all want all of them."""
    async with town(tmp_path, database_url) as t:
        handoffs = [await t.request_advocate(t.channel.phone()) for _ in range(20)]
        advocates = [t.advocate() for _ in range(10)]
        wins: list[object] = []

        async def claim(handoff: object, advocate: object) -> None:
            try:
                await t.sidelight.advocacy.claim(handoff, advocate)  # type: ignore[arg-type]
                wins.append(handoff)
            except AlreadyTaken:
                pass

        await asyncio.gather(*(claim(h, a) for h in handoffs for a in advocates))
        assert sorted(map(str, wins)) == sorted(map(str, handoffs))


async def test_both_sides_talk(tmp_path: Path, database_url: str) -> None:
    """The person hears who is there, both are heard in order, and the end is said."""
    async with town(tmp_path, database_url) as t:
        phone, advocate = t.channel.phone(), t.advocate()
        handoff = await t.request_advocate(phone)
        await t.sidelight.advocacy.claim(handoff, advocate)
        await t.settle()
        await t.write(phone, "i am here")
        await t.say(handoff, advocate, "good, so am i")
        await t.write(phone, "thank you")
        lines = await t.sidelight.advocacy.lines(handoff, advocate)
        assert [(line.author, line.text) for line in lines] == [
            ("person", "i am here"),
            ("advocate", "good, so am i"),
            ("person", "thank you"),
        ]
        assert "good, so am i" in phone.texts(mine=False)
        said = len(phone.texts(mine=False))
        await t.sidelight.advocacy.close(handoff, advocate)
        await t.settle()
        assert len(phone.texts(mine=False)) == said + 1
        await t.write(phone, "where can i sleep")
        assert len(phone.texts(mine=False)) == said + 2


async def test_a_message_sent_twice_by_the_console_is_seen_once(
    tmp_path: Path, database_url: str
) -> None:
    """A console that retries with the same id does no harm."""
    async with town(tmp_path, database_url) as t:
        phone, advocate = t.channel.phone(), t.advocate()
        handoff = await t.request_advocate(phone)
        await t.sidelight.advocacy.claim(handoff, advocate)
        message = uuid4()
        for _ in range(3):
            await t.sidelight.advocacy.say(handoff, advocate, "once", message)
            await t.settle()
        assert phone.texts(mine=False).count("once") == 1


async def test_an_advocate_who_vanishes_loses_the_claim(tmp_path: Path, database_url: str) -> None:
    """The person goes back to the old place, is told, and another advocate sees what was said."""
    async with town(tmp_path, database_url) as t:
        phone, gone, next_one = t.channel.phone(), t.advocate(), t.advocate()
        first = await t.request_advocate(phone)
        await t.advance(seconds=1)
        await t.request_advocate(t.channel.phone())
        await t.sidelight.advocacy.claim(first, gone)
        await t.settle()
        await t.write(phone, "hello are you there")
        await t.advance(minutes=3)
        waiting = await t.sidelight.advocacy.handoffs(HandoffState.WAITING)
        assert waiting[0].handoff.id == first
        assert len(waiting) == 2
        with pytest.raises(NotYours):
            await t.say(first, gone, "sorry")
        await t.sidelight.advocacy.claim(first, next_one)
        lines = await t.sidelight.advocacy.lines(first, next_one)
        assert [line.text for line in lines] == ["hello are you there"]


async def test_a_present_advocate_keeps_the_claim(tmp_path: Path, database_url: str) -> None:
    """An open console renews the lease."""
    async with town(tmp_path, database_url) as t:
        advocate = t.advocate()
        handoff = await t.request_advocate(t.channel.phone())
        await t.sidelight.advocacy.claim(handoff, advocate)
        for _ in range(10):
            await t.sidelight.advocacy.present(advocate)
            await t.advance(minutes=1)
        assert await t.sidelight.advocacy.lines(handoff, advocate) == ()


async def test_danger_goes_first_and_then_who_waited_longest(
    tmp_path: Path, database_url: str
) -> None:
    """The queue's order, and each one's place in it."""
    async with town(tmp_path, database_url) as t:
        calm = [await t.request_advocate(t.channel.phone()) for _ in range(2)]
        phone = t.channel.phone()
        await t.write(phone, "he has a knife and is going to kill me")
        await t.press(phone, "intent:talk_to_human")
        await t.press(phone, "handoff:share")
        waiting = await t.sidelight.advocacy.handoffs(HandoffState.WAITING)
        assert [queued.handoff.id for queued in waiting][1:] == calm
        assert waiting[0].handoff.topic in {"immediate_danger", "threats_weapon"}
        assert [queued.place for queued in waiting] == [1, 2, 3]


async def test_nothing_is_shared_that_was_not_agreed_to(tmp_path: Path, database_url: str) -> None:
    """Share nothing: the advocate sees no topic."""
    async with town(tmp_path, database_url) as t:
        phone = t.channel.phone()
        await t.write(phone, "where can i sleep")
        await t.write(phone, "a person please")
        await t.press(phone, "handoff:share_nothing")
        [queued] = await t.sidelight.advocacy.handoffs(HandoffState.WAITING)
        assert queued.handoff.topic == ""


async def test_another_advocates_handoff_is_closed_to_all_but_them(
    tmp_path: Path, database_url: str
) -> None:
    """Reading, writing, releasing and closing are for who holds it."""
    async with town(tmp_path, database_url) as t:
        holder, other = t.advocate(), t.advocate()
        handoff = await t.request_advocate(t.channel.phone())
        service = t.sidelight.advocacy
        await service.claim(handoff, holder)
        for attempt in (
            service.lines(handoff, other),
            service.say(handoff, other, "x", uuid4()),
            service.release(handoff, other),
            service.close(handoff, other),
            service.transfer(handoff, other, other),
        ):
            with pytest.raises(NotYours):
                await attempt
        await service.transfer(handoff, holder, other)
        assert await service.lines(handoff, other) == ()


async def test_events_tell_the_console_to_look_and_nothing_else(
    tmp_path: Path, database_url: str
) -> None:
    """Kinds and ids, in order, replayable from any point."""
    async with town(tmp_path, database_url) as t:
        phone, advocate = t.channel.phone(), t.advocate()
        handoff = await t.request_advocate(phone)
        await t.sidelight.advocacy.claim(handoff, advocate)
        await t.settle()
        await t.write(phone, "secret words")
        await t.sidelight.advocacy.release(handoff, advocate)
        events = await t.sidelight.advocacy.events(after=0)
        assert [event.kind for event in events] == [
            "handoff.waiting",
            "handoff.claimed",
            "message",
            "handoff.returned",
        ]
        assert {event.subject for event in events} == {str(handoff)}
        assert await t.sidelight.advocacy.events(events[1].id) == events[2:]
