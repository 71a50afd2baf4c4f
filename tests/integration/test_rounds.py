"""Check-ins that are due together are asked together, and each of them once, whatever happens."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.checkins.models import Phase
from bot.conversation import outbound
from bot.conversation.interfaces import AddressUnreachable, ChannelUnavailable
from bot.conversation.rounds import Rounds
from bot.history.models import Delivery
from bot.storage.tables import checkins, conversations, messages, timers
from tests.fakes.channel import FakePhone
from tests.integration.test_checkins import set_up
from tests.integration.town import Town, town

OPEN = timedelta(0)


async def crowd(t: Town, count: int = 3) -> list[FakePhone]:
    """People with a check-in each, all due at the same time."""
    phones = [t.channel.phone() for _ in range(count)]
    for phone in phones:
        await set_up(t, phone)
    return phones


def pings(phone: FakePhone) -> int:
    """How many questions are on the screen."""
    return sum("Recipe of the day" in message.text for message in phone.screen())


def _asked(phone: FakePhone) -> int:
    """How many questions ever came."""
    return sum(message.text.startswith("Recipe of the day") for message in phone.messages)


async def found(t: Town, which: Any) -> Sequence[Any]:
    """Rows."""
    async with t.sidelight.database.reading() as unit:
        return (await unit.connection.execute(which)).all()


async def test_a_crowd_is_asked_in_one_round(tmp_path: Path, database_url: str) -> None:
    """Each once; reminded and let vanish like any message, and its text is not kept."""
    async with town(tmp_path, database_url, lock_after=OPEN) as t:
        phones = await crowd(t)
        t.clock.advance(timedelta(minutes=121))
        assert await t.sidelight.timer_worker.run_due() > 0
        await t.sidelight.dispatcher.settled()
        assert [pings(phone) for phone in phones] == [1, 1, 1]
        assert {row.phase for row in await found(t, select(checkins))} == {Phase.AWAITING_REPLY}
        sent = [row for row in await found(t, select(messages)) if row.cover]
        assert {(row.delivery, row.body, row.mark) for row in sent} == {(Delivery.SENT, None, None)}
        kinds = [row.kind for row in await found(t, select(timers))]
        wanted = {"checkin_remind:0": 3, "checkin_remind:1": 3, "checkin_escalate": 3, "vanish": 3}
        assert {kind: kinds.count(kind) for kind in set(kinds)} == wanted
        await t.advance(minutes=6)
        assert all(len(phone.screen()) == 2 for phone in phones), "question and reminder"
        await t.press(phones[0], "checkin:ok")
        await t.advance(minutes=30)
        assert len(await t.sidelight.advocacy.alerts()) == 2


async def test_what_changes_meanwhile_is_not_overwritten(
    tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One of three has their state changed between the look and the writing of it."""
    write = Rounds._write

    async with town(tmp_path, database_url) as t:
        phones = await crowd(t)
        [first, *_] = await found(t, select(conversations.c.id, conversations.c.message_ttl))
        changed = []

        async def overtaken(self: Rounds, asked: Any) -> None:
            if not changed:
                changed.append(True)
                async with t.sidelight.database.writing() as unit:
                    person = await unit.conversations.get(first.id)
                    assert person is not None
                    shorter = {"message_ttl": 60, "version": person.version + 1}
                    await unit.connection.execute(
                        update(conversations).where(conversations.c.id == first.id).values(shorter)
                    )
            await write(self, asked)

        monkeypatch.setattr(Rounds, "_write", overtaken)
        t.clock.advance(timedelta(minutes=121))
        await t.settle()
        assert changed
        assert [pings(phone) for phone in phones] == [1, 1, 1]
        [after] = await found(t, select(conversations).where(conversations.c.id == first.id))
        assert after.message_ttl == 60


async def test_one_that_is_damaged_holds_up_no_other(tmp_path: Path, sqlite_url: str) -> None:
    """Its plan does not open; the others are asked at once."""
    async with town(tmp_path, sqlite_url) as t:
        phones = await crowd(t)
        [first, *_] = await found(t, select(checkins.c.id, checkins.c.conversation_id))
        async with t.sidelight.database.writing() as unit:
            await unit.checkins.seal_plan(first.id, b"damaged")
        t.clock.advance(timedelta(minutes=121))
        await t.sidelight.timer_worker.run_due()
        await t.sidelight.dispatcher.settled()
        assert sorted(pings(phone) for phone in phones) == [0, 1, 1]


async def test_beyond_what_is_sent_at_once_the_others_wait_their_turn(
    tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And come all the same."""
    monkeypatch.setattr(outbound, "MOST", 1)
    async with town(tmp_path, database_url) as t:
        phones = await crowd(t)
        t.clock.advance(timedelta(minutes=121))
        await t.sidelight.timer_worker.run_due()
        await t.sidelight.dispatcher.settled()
        assert [pings(phone) for phone in phones] == [1, 1, 1]


async def test_what_a_platform_refuses_is_tried_again_or_told(
    tmp_path: Path, database_url: str
) -> None:
    """One is refused for now, one is gone for good, one arrives."""
    async with town(tmp_path, database_url, lock_after=OPEN) as t:
        phones = await crowd(t)
        t.clock.advance(timedelta(minutes=100))
        await t.settle()  # what they wrote is gone: only the questions are left to be refused
        assert all(phone.screen() == [] for phone in phones)
        t.clock.advance(timedelta(minutes=21))
        t.channel.fail(ChannelUnavailable(), AddressUnreachable())
        await t.sidelight.timer_worker.run_due()
        await t.sidelight.dispatcher.settled()
        assert sum(pings(phone) for phone in phones) == 1
        await t.advance(minutes=2)
        assert sorted(pings(phone) for phone in phones) == [0, 1, 1]
        await t.advance(minutes=30)
        reasons = sorted(alert.reason for alert in await t.sidelight.advocacy.alerts())
        assert reasons == ["missed", "missed", "undelivered"]


async def test_a_round_that_was_cut_short_is_taken_back_and_sent_anew(
    tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its process dies after the platform took the messages, and before that was noted."""
    async with town(tmp_path, database_url) as t:
        phones = await crowd(t)

        async def dies(*_: object) -> None:
            for phone in phones:
                if "Recipe of the day" in phone.messages[-1].text:
                    phone.messages[-1].known = False
            raise RuntimeError

        monkeypatch.setattr(outbound.Outbound, "_note", dies)
        t.clock.advance(timedelta(minutes=121))
        await t.sidelight.timer_worker.run_due()
        await t.sidelight.dispatcher.settled()
        assert [pings(phone) for phone in phones] == [1, 1, 1]
        sending = select(messages).where(messages.c.delivery == Delivery.SENDING)
        assert len(await found(t, sending)) == 3
        monkeypatch.undo()
        await t.advance(minutes=1)
        assert [pings(phone) for phone in phones] == [1, 1, 1]
        assert all(_asked(phone) == 2 for phone in phones), "one of the two was taken back"
        assert await found(t, sending) == []


async def test_two_of_one_person_are_both_asked(tmp_path: Path, sqlite_url: str) -> None:
    """One in the round, one in its turn."""
    async with town(tmp_path, sqlite_url) as t:
        phone = t.channel.phone()
        await set_up(t, phone)
        await t.press(phone, "checkin:list")
        await t.write(phone, "/checkin")
        await t.press(phone, "checkin:new")
        await t.press(phone, "checkin:2h")
        await t.press(phone, "checkin:cover_recipe")
        await t.press(phone, "checkin:yes")
        t.clock.advance(timedelta(minutes=121))
        await t.settle()
        assert pings(phone) == 2
