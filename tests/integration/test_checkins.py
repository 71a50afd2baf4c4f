"""Promise 5: every check-in ends once. On real databases, with a clock in our hands."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from bot.conversation.advocacy import AlreadyTaken
from bot.handoff.models import HandoffState
from tests.fakes.channel import FakePhone
from tests.integration.test_turns import rows
from tests.integration.town import Town, town


async def set_up(t: Town, phone: FakePhone) -> None:
    """A check-in in two hours, with a recipe for a cover."""
    await t.write(phone, "check on me in two hours")
    await t.press(phone, "checkin:cover_recipe")
    await t.press(phone, "checkin:yes")


async def test_a_checkin_survives_the_deletion_of_its_messages(
    tmp_path: Path, database_url: str
) -> None:
    """It outlives every purge, asks in cover text, and ends when it is answered."""
    async with town(tmp_path, database_url) as t:
        phone = t.channel.phone()
        await set_up(t, phone)
        await t.write(phone, "delete it all")
        await t.advance(minutes=119)
        assert phone.screen() == []
        assert set(await rows(t.sidelight.database)) == {"conversations", "checkins", "timers"}
        await t.advance(minutes=2)
        [ping] = phone.screen()
        assert "recipe" in ping.text.lower()
        await t.press(phone, "checkin:ok")
        assert await t.sidelight.advocacy.alerts() == ()
        await t.advance(hours=2)
        assert phone.screen() == []
        assert await rows(t.sidelight.database) == {}


async def test_a_silence_is_reminded_and_then_told_to_the_advocates_once(
    tmp_path: Path, database_url: str
) -> None:
    """Ping, two reminders, one alert and one urgent handoff; nothing telling on the phone."""
    async with town(tmp_path, database_url) as t:
        phone = t.channel.phone()
        await set_up(t, phone)
        await t.advance(minutes=119)
        before = len(phone.messages)
        await t.advance(minutes=35)
        sent = phone.messages[before:]
        assert len(sent) == 3
        [alert] = await t.sidelight.advocacy.alerts()
        assert alert.reason == "missed"
        [queued] = await t.sidelight.advocacy.handoffs(HandoffState.WAITING)
        assert queued.handoff.priority == 0
        await t.advance(hours=3)
        assert len(await t.sidelight.advocacy.alerts()) == 1
        assert len(phone.messages) == before + 3


async def test_an_alert_is_acknowledged_by_exactly_one(tmp_path: Path, database_url: str) -> None:
    """Ten advocates at once: one gets the alert, and with it the person."""
    async with town(tmp_path, database_url) as t:
        phone = t.channel.phone()
        await set_up(t, phone)
        await t.advance(minutes=155)
        [alert] = await t.sidelight.advocacy.alerts()
        advocates = [t.advocate() for _ in range(10)]
        outcomes = await asyncio.gather(
            *(t.sidelight.advocacy.acknowledge(alert.id, a) for a in advocates),
            return_exceptions=True,
        )
        assert sum(isinstance(o, AlreadyTaken) for o in outcomes) == 9
        [claimed] = await t.sidelight.advocacy.handoffs(HandoffState.CLAIMED)
        assert claimed.handoff.id in outcomes


async def test_all_clear_after_an_escalation_stops_it(tmp_path: Path, database_url: str) -> None:
    """Nobody claims a person who is home; the alert says so."""
    async with town(tmp_path, database_url) as t:
        phone = t.channel.phone()
        await set_up(t, phone)
        await t.advance(minutes=155)
        await t.write(phone, "i am home")
        [alert] = await t.sidelight.advocacy.alerts()
        assert alert.all_clear_at is not None
        assert await t.sidelight.advocacy.handoffs(HandoffState.WAITING) == ()


async def test_not_ok_escalates_at_once(tmp_path: Path, database_url: str) -> None:
    """The other cover button."""
    async with town(tmp_path, database_url) as t:
        phone = t.channel.phone()
        await set_up(t, phone)
        await t.advance(minutes=121)
        await t.press(phone, "checkin:not_ok")
        [alert] = await t.sidelight.advocacy.alerts()
        assert alert.reason == "not_ok"


async def test_a_checkin_that_the_system_slept_through_escalates_as_late(
    tmp_path: Path, database_url: str
) -> None:
    """Down for a day: asked and escalated on waking, never dropped."""
    async with town(tmp_path, database_url) as t:
        phone = t.channel.phone()
        await set_up(t, phone)
        t.clock.advance(timedelta(days=1))
        await t.settle()
        await t.settle()
        [alert] = await t.sidelight.advocacy.alerts()
        assert alert.reason == "late"


async def test_an_unreachable_phone_is_told_apart_from_silence(
    tmp_path: Path, database_url: str
) -> None:
    """A ping that could not be delivered is neither safety nor silence."""
    async with town(tmp_path, database_url) as t:
        phone = t.channel.phone()
        await set_up(t, phone)
        phone.reachable = False
        await t.advance(minutes=155)
        [alert] = await t.sidelight.advocacy.alerts()
        assert alert.reason == "undelivered"


@pytest.mark.parametrize("word", ["cancel", "button"])
async def test_a_cancelled_checkin_asks_nothing(
    tmp_path: Path, database_url: str, word: str
) -> None:
    """Cancelled by words or by button, it never lights up the phone."""
    async with town(tmp_path, database_url) as t:
        phone = t.channel.phone()
        await set_up(t, phone)
        if word == "button":
            await t.press(phone, "checkin:cancel")
        else:
            await t.write(phone, "cancel the check in")
        await t.advance(minutes=59)
        before = len(phone.messages)
        await t.advance(hours=3)
        assert len(phone.messages) == before
        assert await t.sidelight.advocacy.alerts() == ()
