"""Promise 5: every check-in ends once. On real databases, with a clock in our hands."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from bot.conversation.advocacy import AlreadyTaken
from bot.conversation.interfaces import ChannelUnavailable
from bot.dialogue.intents import Intent
from bot.dialogue.understanding import Guess
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


async def test_an_outage_of_the_platform_is_told_apart_from_silence(
    tmp_path: Path, database_url: str
) -> None:
    """The question still waits to be sent when the deadline comes: nobody was asked."""
    async with town(tmp_path, database_url) as t:
        phone = t.channel.phone()
        await set_up(t, phone)
        t.channel.fail(*[ChannelUnavailable() for _ in range(1000)])
        await t.advance(minutes=155)
        [alert] = await t.sidelight.advocacy.alerts()
        assert alert.reason == "undelivered"


async def test_a_question_that_arrived_and_vanished_was_asked(
    tmp_path: Path, database_url: str
) -> None:
    """Messages that live for minutes alone are gone before the deadline: it is a miss."""
    async with town(tmp_path, database_url, message_ttl=timedelta(minutes=4)) as t:
        phone = t.channel.phone()
        await set_up(t, phone)
        await t.advance(minutes=155)
        [alert] = await t.sidelight.advocacy.alerts()
        assert alert.reason == "missed"


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


async def agree(t: Town, phone: FakePhone, *steps: str) -> None:
    """A check-in in two hours; each step is a button (with a colon), or words."""
    await t.write(phone, "check on me in two hours")
    for step in ("checkin:cover_recipe", *steps, "checkin:yes"):
        if step.startswith(("checkin:", "zone:")):
            await t.press(phone, step)
        else:
            await t.write(phone, step)


WORDS = ("checkin:change_words", "raincoat", "blue bicycle")
NOTE = ("checkin:change_miss", "checkin:miss_advocate", "At my sister's; call her first.")


@pytest.mark.parametrize("word", ["raincoat", "blue bicycle"])
async def test_the_phone_cannot_tell_the_safe_word_from_the_one_for_danger(
    tmp_path: Path, database_url: str, word: str
) -> None:
    """The same screen now and later, whatever is pressed; only the advocates learn of it."""
    async with town(tmp_path, database_url, lock_after=timedelta(0)) as t:
        phone = t.channel.phone()
        await agree(t, phone, *WORDS, *NOTE)
        await t.advance(minutes=121)
        before = len(phone.messages)
        await t.write(phone, word)
        await t.press(phone, "checkin:ok")
        await t.advance(minutes=60)
        after = [message.text for message in phone.messages[before:]]
        assert after == [word, "Thank you, noted. Nothing else to do.", after[-1]]
        assert after[-1] == "Nothing is set at the moment."
        alerts = await t.sidelight.advocacy.alerts()
        assert await t.sidelight.advocacy.handoffs(HandoffState.WAITING) == ()
        if word == "raincoat":
            assert alerts == ()
        else:
            [alert] = alerts
            assert (alert.reason, alert.note) == ("duress", "At my sister's; call her first.")


async def test_the_note_is_for_the_alert_alone_and_goes_with_its_plan(
    tmp_path: Path, database_url: str
) -> None:
    """Shown on escalation; gone a day after somebody took the alert on."""
    async with town(tmp_path, database_url) as t:
        phone = t.channel.phone()
        await agree(t, phone, *NOTE)
        await t.advance(minutes=155)
        [alert] = await t.sidelight.advocacy.alerts()
        assert alert.note == "At my sister's; call her first."
        await t.sidelight.advocacy.acknowledge(alert.id, t.advocate())
        t.clock.advance(timedelta(hours=23))
        await t.sidelight.keeper.tidy()
        [alert] = await t.sidelight.advocacy.alerts()
        assert alert.note
        t.clock.advance(timedelta(hours=2))
        await t.sidelight.keeper.tidy()
        assert [a.note for a in await t.sidelight.advocacy.alerts() if a.note] == []


async def test_a_miss_that_is_only_noted_is_told_on_returning(
    tmp_path: Path, database_url: str
) -> None:
    """Nobody else hears of it, and it is said once, also after everything was deleted."""
    async with town(tmp_path, database_url, lock_after=timedelta(0)) as t:
        phone = t.channel.phone()
        await agree(t, phone, "checkin:change_miss", "checkin:miss_note")
        await t.write(phone, "delete it all")
        await t.advance(hours=5)
        assert await t.sidelight.advocacy.alerts() == ()
        await t.write(phone, "hello")
        assert "was not answered" in phone.screen()[-1].text
        await t.write(phone, "hello")
        assert "was not answered" not in phone.screen()[-1].text
        await t.advance(hours=2)
        assert await rows(t.sidelight.database) == {}


async def test_one_that_repeats_comes_again_after_each_end(
    tmp_path: Path, database_url: str
) -> None:
    """Confirmed today, missed tomorrow, and asked the day after."""
    async with town(tmp_path, database_url) as t:
        phone = t.channel.phone()
        clock = f"{t.clock.now():%H:%M}"
        await agree(t, phone, "checkin:change_repeat", "checkin:repeat_daily", clock, "zone:0")
        t.clock.advance(timedelta(minutes=121))
        await t.settle()
        await t.press(phone, "checkin:ok")
        t.clock.advance(timedelta(days=1))
        await t.settle()
        t.clock.advance(timedelta(minutes=31))
        await t.settle()
        assert len(await t.sidelight.advocacy.alerts()) == 1
        t.clock.advance(timedelta(hours=23, minutes=29))
        await t.settle()
        assert any("recipe" in message.text.lower() for message in phone.screen())
        async with t.sidelight.database.reading() as unit:
            assert await unit.timers.next_due_at() is not None


async def test_more_time_moves_question_and_deadline(tmp_path: Path, database_url: str) -> None:
    """Asked again half an hour later, with all reminders, and late for nothing."""
    async with town(tmp_path, database_url, lock_after=timedelta(0)) as t:
        phone = t.channel.phone()
        await set_up(t, phone)
        await t.advance(minutes=121)
        await t.write(phone, "30 minutes more")
        before = len(phone.messages)
        await t.advance(minutes=29)
        assert len(phone.messages) == before
        await t.advance(minutes=2)
        assert "recipe" in phone.messages[-1].text.lower()
        await t.advance(minutes=31)
        [alert] = await t.sidelight.advocacy.alerts()
        assert alert.reason == "missed"


async def test_a_persons_own_words_go_to_no_model_and_must_not_tell(
    tmp_path: Path, database_url: str
) -> None:
    """A cover with a telling word is refused; notes and words are nobody else's."""
    async with town(tmp_path, database_url) as t:
        phone = t.channel.phone()
        telling, harmless = "Your bed at the shelter is free", "The library has your book."
        await t.write(phone, "check on me in two hours")
        asked = len(t.nlu.asked)
        await t.press(phone, "checkin:cover_own")
        await t.write(phone, telling)
        assert "shelter" in phone.screen()[-1].text
        await t.write(phone, harmless)
        for step in (*WORDS, *NOTE, "checkin:yes"):
            await (t.press if step.startswith("checkin:") else t.write)(phone, step)
        assert t.nlu.asked[asked:] == []
        await t.advance(minutes=121)
        assert phone.messages[-1].text == harmless


async def test_every_evening_this_week_ends_with_the_week(
    tmp_path: Path, database_url: str
) -> None:
    """Said on a Sunday: asked up to Saturday, as was announced; then nothing is left."""
    async with town(tmp_path, database_url, lock_after=timedelta(0)) as t:
        phone = t.channel.phone()
        t.nlu.understand("every evening this week at 9 pm", Guess(Intent.START_CHECKIN, 0.95))
        await t.write(phone, "every evening this week at 9 pm")
        await t.write(phone, f"{t.clock.now():%H:%M}")
        await t.press(phone, "zone:0")
        await t.press(phone, "checkin:cover_recipe")
        assert "(for the last time: Sat, Mar 7)" in phone.screen()[-1].text
        await t.press(phone, "checkin:yes")
        asked = []
        for hours in (9, *(15, 9) * 8):
            t.clock.advance(timedelta(hours=hours))
            await t.settle()
            if any("recipe" in m.text.lower() and not m.mine for m in phone.screen()):
                asked.append(t.clock.now().day)
                await t.press(phone, "checkin:ok")
        assert asked == [1, 2, 3, 4, 5, 6, 7]
        assert await rows(t.sidelight.database) == {}
