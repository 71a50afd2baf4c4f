"""Whole turns on real databases: what goes in, and what people see."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.conversation.intake import InboundKind, InboundUpdate
from bot.conversation.interfaces import ChannelUnavailable, MessageRefused
from bot.ids import ChannelName, Locale
from bot.storage.database import SqlDatabase
from bot.storage.tables import metadata
from tests.fakes.channel import FakeChannel
from tests.integration.town import town


async def rows(database: SqlDatabase) -> dict[str, int]:
    """How many rows each table with any has, but for what identifies nobody."""
    async with database.reading() as unit:
        counts = {
            table.name: await unit.connection.scalar(select(func.count()).select_from(table))
            for table in metadata.sorted_tables
        }
    harmless = {"seen_updates", "events", "channel_marks", "tallies", "figures", "audit"}
    return {name: n for name, n in counts.items() if n and name not in harmless}


async def test_hello_is_answered_with_the_greeting(tmp_path: Path, database_url: str) -> None:
    """A person writes, and the bot introduces itself."""
    async with town(tmp_path, database_url) as t:
        phone = t.channel.phone()
        await t.write(phone, "hello")
        assert len(phone.texts(mine=False)) == 1
        assert "bot" in phone.texts(mine=False)[0].lower()


async def test_a_repeated_update_is_handled_once(tmp_path: Path, database_url: str) -> None:
    """Platforms deliver again; people see one answer."""
    async with town(tmp_path, database_url) as t:
        phone = t.channel.phone()
        update = InboundUpdate(t.channel.name, "u1", phone.address, InboundKind.TEXT, "hello")
        assert await t.sidelight.intake.accept(update) is True
        assert await t.sidelight.intake.accept(update) is False
        await t.settle()
        assert await t.sidelight.intake.accept(update) is False
        await t.settle()
        assert len(phone.texts(mine=False)) == 1


async def test_the_same_id_on_another_channel_is_another_update(
    tmp_path: Path, database_url: str
) -> None:
    """Ids are the platforms' own."""
    async with town(tmp_path, database_url) as t:
        phone = t.channel.phone()
        one = InboundUpdate(t.channel.name, "7", phone.address, InboundKind.TEXT, "hello")
        other = InboundUpdate(ChannelName("other"), "7", phone.address, InboundKind.TEXT, "hello")
        assert await t.sidelight.intake.accept(one)
        assert await t.sidelight.intake.accept(other)


async def test_messages_are_answered_in_order(tmp_path: Path, database_url: str) -> None:
    """Twenty messages at once, twenty answers in their order."""
    async with town(tmp_path, database_url) as t:
        phone = t.channel.phone()
        await t.write(phone, "hello")
        topics = ["intent:ask_shelter", "intent:ask_money"] * 10
        for number, button in enumerate(topics):
            await t.sidelight.intake.accept(
                InboundUpdate(
                    t.channel.name, f"b{number}", phone.address, InboundKind.BUTTON, button
                )
            )
        await t.settle()
        answers = phone.texts(mine=False)[1:]
        assert len(answers) == 20
        assert answers[0] != answers[1]
        assert answers == [answers[0], answers[1]] * 10


async def test_many_people_are_kept_apart(tmp_path: Path, database_url: str) -> None:
    """Everyone gets their own answers, and nobody another's."""
    async with town(tmp_path, database_url) as t:
        phones = [t.channel.phone() for _ in range(25)]
        for phone in phones:
            await t.sidelight.intake.accept(
                InboundUpdate(
                    t.channel.name, f"u-{phone.address}", phone.address, InboundKind.TEXT, "hello"
                )
            )
        await t.settle()
        assert [len(phone.texts(mine=False)) for phone in phones] == [1] * 25


async def test_a_typed_label_is_as_good_as_a_pressed_button(
    tmp_path: Path, database_url: str
) -> None:
    """Buttons and free text both work."""
    async with town(tmp_path, database_url) as t:
        phone = t.channel.phone()
        await t.write(phone, "hello")
        label = phone.button("intent:help_menu").label
        await t.write(phone, f" {label.upper()} ")
        typed = phone.texts(mine=False)[-1]
        await t.press(phone, "intent:help_menu")
        assert phone.texts(mine=False)[-1] == typed


@pytest.mark.parametrize("text", ["", "  ", "\u200b", "😀", "\ud83d", "x" * 4096, "/", "\x00\x07"])
async def test_odd_messages_get_an_answer(tmp_path: Path, sqlite_url: str, text: str) -> None:
    """Nothing a platform can deliver is left unanswered or breaks a turn."""
    async with town(tmp_path, sqlite_url) as t:
        phone = t.channel.phone()
        await t.write(phone, text)
        assert phone.texts(mine=False)
        assert "inbox" not in await rows(t.sidelight.database)


async def test_with_the_model_down_buttons_and_danger_still_work(
    tmp_path: Path, sqlite_url: str
) -> None:
    """Promise 7: danger is heard without the model."""
    async with town(tmp_path, sqlite_url) as t:
        t.nlu.break_down()
        phone = t.channel.phone()
        await t.write(phone, "he has a knife and is going to kill me")
        assert "danger:safe" in [b.id for m in phone.screen() for r in m.buttons for b in r]
        await t.press(phone, "intent:quick_exit")
        assert phone.texts(mine=True) == []


async def test_a_channel_that_is_down_gets_everything_later_once(
    tmp_path: Path, database_url: str
) -> None:
    """Failures before a call leaves are retried, in order."""
    async with town(tmp_path, database_url) as t:
        phone = t.channel.phone()
        t.channel.fail(ChannelUnavailable(), ChannelUnavailable(timedelta(seconds=20)))
        await t.write(phone, "hello")
        await t.write(phone, "where can i sleep")
        assert phone.texts(mine=False) == []
        await t.advance(minutes=2)
        assert len(phone.texts(mine=False)) == 2


async def test_a_sending_cut_short_is_seen_once(tmp_path: Path, database_url: str) -> None:
    """An answer whose sending nobody knows the end of is withdrawn and sent again."""
    async with town(tmp_path, database_url) as t:
        phone = t.channel.phone()
        t.channel.interrupt(2)
        await t.write(phone, "hello")
        await t.advance(minutes=2)
        assert len(phone.texts(mine=False)) == 1


async def test_a_refused_message_does_not_hold_up_the_next(
    tmp_path: Path, database_url: str
) -> None:
    """A message that the platform never takes is given up."""
    async with town(tmp_path, database_url) as t:
        phone = t.channel.phone()
        t.channel.fail(MessageRefused("no"))
        await t.write(phone, "hello")
        await t.write(phone, "where can i sleep")
        assert len(phone.texts(mine=False)) == 1


async def test_a_fault_of_ours_is_answered_and_holds_up_nobody(
    tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever writes is shown a way on; the next message is handled as ever."""
    async with town(tmp_path, sqlite_url) as t:
        phone = t.channel.phone()
        await t.write(phone, "hello")
        with monkeypatch.context() as broken:
            broken.setattr("bot.conversation.turns.route", lambda *_: {}["no such thing"])
            await t.write(phone, "where can i sleep")
        menu = t.sidelight.catalogue.render("clarify.menu", Locale("en"), {})
        assert phone.texts(mine=False)[1:] == [menu.text]
        await t.write(phone, "where can i sleep")
        assert len(phone.texts(mine=False)) == 3


async def test_who_blocked_the_bot_is_not_written_to(tmp_path: Path, database_url: str) -> None:
    """Nothing is sent any more, nothing is left, and coming back starts anew."""
    async with town(tmp_path, database_url) as t:
        phone = t.channel.phone()
        handoff = await t.request_advocate(phone)
        phone.reachable = False
        await t.update(phone, InboundKind.BLOCKED)
        assert (await t.sidelight.advocacy.handoff(handoff)).closed_at is not None
        await t.advance(hours=2)
        assert await rows(t.sidelight.database) == {}
        phone.reachable = True
        await t.write(phone, "hello")
        assert phone.texts(mine=False)


async def test_a_channel_without_memory_keeps_texts_until_the_deadline(
    tmp_path: Path, sqlite_url: str
) -> None:
    """A web chat is read from the server; on Telegram the server forgets a text once sent."""
    for keeps in (True, False):
        channel = FakeChannel(f"fake-{keeps}", keeps_messages=keeps)
        async with town(tmp_path, sqlite_url, channel) as t:
            phone = t.channel.phone()
            await t.write(phone, "hello")
            view = await t.sidelight.transcript.read(channel.name, phone.address)
            assert [e.author for e in view.entries] == ([] if keeps else ["person", "bot"])
