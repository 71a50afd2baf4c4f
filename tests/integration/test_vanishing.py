"""Promise 2, everything ends; promise 1, nothing unprompted tells; on real databases."""

import sqlite3
from datetime import timedelta
from pathlib import Path

from bot.conversation.interfaces import ChannelUnavailable
from bot.conversation.keeping import rotate
from bot.handoff.models import HandoffState
from tests.fakes.channel import FakeChannel
from tests.integration.test_turns import rows
from tests.integration.town import town

CANARY = "canaryzebrafinch"


async def test_messages_vanish_on_both_sides_at_their_deadline(
    tmp_path: Path, database_url: str
) -> None:
    """After the time to live nothing is on the phone and nothing in the database."""
    async with town(tmp_path, database_url) as t:
        phone = t.channel.phone()
        await t.write(phone, "hello")
        await t.write(phone, "where can i sleep")
        await t.advance(minutes=58)
        assert len(phone.screen()) == 4
        await t.advance(minutes=4)
        assert phone.screen() == []
        assert await rows(t.sidelight.database) == {}


async def test_the_person_sets_the_deadline(tmp_path: Path, database_url: str) -> None:
    """Five minutes apply to what was said before, too."""
    async with town(tmp_path, database_url) as t:
        phone = t.channel.phone()
        await t.write(phone, "hello")
        await t.write(phone, "what is kept")
        await t.press(phone, "privacy:ttl_5m")
        await t.advance(minutes=6)
        assert phone.screen() == []
        assert await rows(t.sidelight.database) == {}


async def test_clear_deletes_everything_at_once(tmp_path: Path, database_url: str) -> None:
    """What is left is one cover line, and it goes too."""
    async with town(tmp_path, database_url) as t:
        phone = t.channel.phone()
        await t.write(phone, "hello")
        await t.write(phone, "where can i sleep")
        await t.write(phone, "delete it all")
        assert len(phone.screen()) == 1
        assert phone.texts(mine=True) == []
        await t.advance(minutes=5)
        assert phone.screen() == []
        assert await rows(t.sidelight.database) == {}


async def test_a_deletion_that_fails_is_tried_until_it_is_done(
    tmp_path: Path, database_url: str
) -> None:
    """An outage delays a deletion and never drops it."""
    async with town(tmp_path, database_url) as t:
        phone = t.channel.phone()
        await t.write(phone, "hello")
        await t.advance(minutes=59)
        t.channel.fail(*[ChannelUnavailable(timedelta(seconds=30))] * 3)
        await t.advance(minutes=1)
        assert phone.screen()
        await t.advance(minutes=5)
        assert phone.screen() == []
        assert await rows(t.sidelight.database) == {}


async def test_an_advocates_words_wait_while_the_phone_is_quiet(
    tmp_path: Path, database_url: str
) -> None:
    """One neutral nudge for any number of messages; they come after the tap."""
    async with town(tmp_path, database_url) as t:
        phone = t.channel.phone()
        handoff, advocate = await t.request_advocate(phone), t.advocate()
        await t.sidelight.advocacy.claim(handoff, advocate)
        await t.settle()
        for _ in range(6):
            await t.sidelight.advocacy.present(advocate)
            await t.advance(minutes=1)
        before = len(phone.screen())
        await t.say(handoff, advocate, f"are you there? {CANARY}")
        await t.say(handoff, advocate, "it is me again")
        shown = phone.screen()[before:]
        assert len(shown) == 1
        assert CANARY not in shown[0].text
        lines = await t.sidelight.advocacy.lines(handoff, advocate)
        assert [line.delivery for line in lines] == ["held", "held"]
        await t.press(phone, "flow:show")
        assert [CANARY in text for text in phone.texts(mine=False)[-2:]] == [True, False]


async def test_a_late_answer_after_an_outage_waits_behind_the_nudge(
    tmp_path: Path, database_url: str
) -> None:
    """What was asked an hour ago must not light up the phone now."""
    async with town(tmp_path, database_url) as t:
        phone = t.channel.phone()
        await t.write(phone, "hello")
        at = t.clock.now()
        t.clock.advance(timedelta(minutes=30))
        await t.write(phone, "where can i sleep", sent_at=at)
        assert len(phone.texts(mine=False)) == 2
        nudge = phone.screen()[-1]
        assert [b.id for row in nudge.buttons for b in row] == ["flow:show"]
        await t.press(phone, "flow:show")
        assert len(phone.texts(mine=False)) == 3


async def test_purging_in_the_queue_gives_up_the_place(tmp_path: Path, database_url: str) -> None:
    """Who leaves at once is no longer shown to anyone."""
    async with town(tmp_path, database_url) as t:
        phone = t.channel.phone()
        await t.request_advocate(phone)
        await t.write(phone, "delete it all")
        assert await t.sidelight.advocacy.handoffs(HandoffState.WAITING) == ()
        await t.advance(minutes=5)
        assert await rows(t.sidelight.database) == {}


async def test_a_conversation_with_an_advocate_vanishes(tmp_path: Path, database_url: str) -> None:
    """Both sides' words, the handoff and the key go."""
    async with town(tmp_path, database_url) as t:
        phone = t.channel.phone()
        handoff, advocate = await t.request_advocate(phone), t.advocate()
        await t.sidelight.advocacy.claim(handoff, advocate)
        await t.settle()
        await t.write(phone, "thank you for being there")
        await t.say(handoff, advocate, "of course")
        lines = await t.sidelight.advocacy.lines(handoff, advocate)
        assert [line.text for line in lines] == ["thank you for being there", "of course"]
        await t.sidelight.advocacy.close(handoff, advocate)
        await t.advance(minutes=62)
        assert phone.screen() == []
        assert await rows(t.sidelight.database) == {}


async def test_no_canary_is_left_in_any_file(tmp_path: Path, sqlite_url: str) -> None:
    """Neither in plain nor sealed: the bytes of every ciphertext are gone from all files."""
    channel = FakeChannel("webchat-like", keeps_messages=False)
    async with town(tmp_path, sqlite_url, channel) as t:
        phone = t.channel.phone(f"address-{CANARY}")
        await t.write(phone, f"hello i am {CANARY}")
        handoff, advocate = await t.request_advocate(phone), t.advocate()
        await t.sidelight.advocacy.claim(handoff, advocate)
        await t.settle()
        await t.write(phone, f"my name is {CANARY}")
        await t.say(handoff, advocate, f"hello {CANARY}")
        sealed = _sealed_values(tmp_path / "sidelight.db")
        assert len(sealed) > 6
        assert not any(CANARY.encode() in content for content in _files(tmp_path))
        assert all(any(value in content for content in _files(tmp_path)) for value in sealed)
        await t.write(phone, "/clear")
        await t.advance(minutes=5)
        assert await rows(t.sidelight.database) == {}
        for content in _files(tmp_path):
            assert CANARY.encode() not in content
            assert not any(value in content for value in sealed)


async def test_an_ended_epoch_makes_old_copies_unreadable(
    tmp_path: Path, database_url: str
) -> None:
    """Live conversations go on; what was wrapped before cannot be unwrapped any more."""
    async with town(tmp_path, database_url) as t:
        phone = t.channel.phone()
        await t.write(phone, "hello")
        async with t.sidelight.database.reading() as unit:
            [(_, old)] = await unit.conversations.keys_before(10**6, 10)
        epoch = await rotate(t.sidelight.database, t.sidelight.vault)
        assert old.epoch < epoch
        ring = (tmp_path / "keyring.json").read_bytes()
        assert f'"id":{old.epoch},'.encode() not in ring.replace(b" ", b"")
        await t.write(phone, "where can i sleep")
        assert len(phone.texts(mine=False)) == 2


def _files(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in folder.rglob("*") if path.is_file()]


def _sealed_values(path: Path) -> list[bytes]:
    """Every sealed column of every row, as it lies in the database."""
    connection = sqlite3.connect(path)
    columns = {
        "conversations": ("address", "state", "key_wrapped"),
        "messages": ("body", "platform_ids"),
    }
    found = [
        value
        for table, names in columns.items()
        for name in names
        for (value,) in connection.execute(f"SELECT {name} FROM {table} WHERE {name} IS NOT NULL")
    ]
    connection.close()
    return found
