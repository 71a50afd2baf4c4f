"""The lock on a real database: what is held, what is kept, and what goes."""

from datetime import timedelta
from pathlib import Path

from bot.conversation.intake import InboundKind
from bot.conversation.vanishing import WORD_KEPT_FOR
from bot.handoff.models import HandoffState
from bot.ids import Address
from tests.fakes.channel import FakeChannel, FakePhone
from tests.integration.test_vanishing import rows
from tests.integration.town import Town, town

WORD = "blue ladder"
PHRASE = "saffron and rain"


async def choose(t: Town, phone: FakePhone, word: str = WORD) -> None:
    """A word of one's own."""
    await t.write(phone, "/lock")
    await t.press(phone, "lock:choose")
    await t.write(phone, word)
    await t.write(phone, word)


def assert_nowhere(folder: Path, canary: bytes) -> None:
    """No file below holds it."""
    for path in folder.rglob("*"):
        assert not path.is_file() or canary not in path.read_bytes(), path.name


def newest(phone: FakePhone) -> str:
    """What the bot said last."""
    return phone.texts(mine=False)[-1]


async def test_what_an_advocate_writes_waits_behind_the_lock(
    tmp_path: Path, database_url: str
) -> None:
    """Whoever pokes about gets recipes; the handoff stands, and the own word brings it all."""
    async with town(tmp_path, database_url) as t:
        phone, advocate = t.channel.phone(), t.advocate()
        await choose(t, phone)
        handoff = await t.request_advocate(phone)
        await t.sidelight.advocacy.claim(handoff, advocate)
        await t.settle()
        await t.write(phone, WORD)
        await t.say(handoff, advocate, "are you safe")
        for words in ("who is this", "/start", "did my wife write to you"):
            await t.write(phone, words)
            assert "ecipe" in newest(phone)
        await t.press(phone, "flow:show")
        assert "are you safe" not in phone.texts()
        assert "who is this" not in [
            line.text for line in await t.sidelight.advocacy.lines(handoff, advocate)
        ]
        await t.write(phone, WORD)
        assert "are you safe" in phone.texts(mine=False)
        claimed = await t.sidelight.advocacy.handoffs(HandoffState.CLAIMED)
        assert [view.handoff.id for view in claimed] == [handoff]


async def test_the_word_is_nowhere(tmp_path: Path, sqlite_url: str) -> None:
    """Not on the phone after it was written, and not in any file."""
    async with town(tmp_path, sqlite_url) as t:
        phone = t.channel.phone()
        await choose(t, phone, "turquoise accordion")
        await t.write(phone, "turquoise accordion")
        await t.write(phone, "turquoise accordion")
        await t.settle()
        assert not any("accordion" in text for text in phone.texts())
    assert_nowhere(tmp_path, b"accordion")


async def test_hiding_clears_the_screen_and_keeps_the_rest(
    tmp_path: Path, database_url: str
) -> None:
    """What was on the screen goes at once; a place in the queue does not."""
    async with town(tmp_path, database_url) as t:
        phone = t.channel.phone()
        await choose(t, phone)
        await t.request_advocate(phone)
        await t.write(phone, WORD)
        await t.settle()
        assert len(phone.texts()) == 1
        assert len(await t.sidelight.advocacy.handoffs(HandoffState.WAITING)) == 1


async def test_silence_locks_and_the_phrase_opens(tmp_path: Path, database_url: str) -> None:
    """Without a word of one's own, after `lock_after`."""
    async with town(tmp_path, database_url) as t:
        phone = t.channel.phone()
        await t.write(phone, "hello")
        assert PHRASE in newest(phone)
        await t.advance(minutes=16)
        await t.write(phone, "where can i sleep")
        assert [b.id for row in phone.screen()[-1].buttons for b in row] == ["cover:more"]
        await t.write(phone, "Saffron and rain!")
        assert "back" in phone.texts(mine=False)[-2]


async def test_a_danger_is_answered_and_what_was_held_stays_held(
    tmp_path: Path, database_url: str
) -> None:
    """Promise 7 without giving up promise 10."""
    async with town(tmp_path, database_url) as t:
        phone, advocate = t.channel.phone(), t.advocate()
        await choose(t, phone)
        handoff = await t.request_advocate(phone)
        await t.sidelight.advocacy.claim(handoff, advocate)
        await t.settle()
        await t.write(phone, WORD)
        await t.say(handoff, advocate, "your sister called")
        t.clock.advance(timedelta(seconds=1))
        await t.write(phone, "he has a knife and is going to kill me")
        assert "danger:safe" in [b.id for m in phone.screen() for r in m.buttons for b in r]
        lines = await t.sidelight.advocacy.lines(handoff, advocate)
        assert lines[-1].text == "he has a knife and is going to kill me"
        t.clock.advance(timedelta(seconds=1))
        await t.say(handoff, advocate, "i am with you")
        assert "i am with you" in phone.texts(mine=False)
        assert "your sister called" not in phone.texts()
        await t.write(phone, WORD)
        assert "your sister called" in phone.texts(mine=False)


async def test_the_word_for_duress_raises_an_alert(tmp_path: Path, database_url: str) -> None:
    """Where that was chosen; the phone shows a menu of recipes and nothing follows."""
    async with town(tmp_path, database_url) as t:
        phone = t.channel.phone()
        await choose(t, phone)
        await t.press(phone, "lock:duress")
        await t.write(phone, "seven geese")
        await t.write(phone, "seven geese")
        await t.press(phone, "lock:alert")
        await t.write(phone, WORD)
        await t.write(phone, "seven geese")
        [alert] = await t.sidelight.advocacy.alerts()
        assert alert.reason == "duress"
        assert [b.id for row in phone.screen()[-1].buttons for b in row] == [
            *("cover:recipe", "cover:plant", "cover:study")
        ]
        await t.write(phone, "seven geese")
        assert len(await t.sidelight.advocacy.alerts()) == 1


async def test_without_a_word_an_exit_leaves_no_row(tmp_path: Path, database_url: str) -> None:
    """As ever: nothing is pending, so nothing stays."""
    async with town(tmp_path, database_url) as t:
        phone = t.channel.phone()
        await t.write(phone, "hello")
        await t.write(phone, "/exit")
        await t.write(phone, "who is this")
        assert "ecipe" in newest(phone)
        await t.advance(minutes=65)
        assert await rows(t.sidelight.database) == {}


async def test_a_word_outlives_the_exit_and_is_forgotten_in_the_end(
    tmp_path: Path, database_url: str
) -> None:
    """One sealed row stays for it, and goes after a month without a sign of life."""
    async with town(tmp_path, database_url) as t:
        phone = t.channel.phone()
        await choose(t, phone)
        await t.write(phone, "/exit")
        await t.advance(minutes=65)
        assert phone.texts() == []
        assert set(await rows(t.sidelight.database)) == {"conversations", "timers"}
        await t.write(phone, "/start")
        assert "recipe" in newest(phone)
        await t.write(phone, WORD)
        assert "back" in newest(phone)
        await t.write(phone, "/exit")
        await t.advance(minutes=65)
        t.clock.advance(WORD_KEPT_FOR)
        await t.settle()
        assert await rows(t.sidelight.database) == {}


async def test_who_blocked_the_bot_leaves_no_word_behind(tmp_path: Path, database_url: str) -> None:
    """Nobody comes back to it: the row goes with the last message."""
    async with town(tmp_path, database_url) as t:
        phone = t.channel.phone()
        await choose(t, phone)
        await t.update(phone, InboundKind.BLOCKED)
        await t.advance(hours=2)
        assert await rows(t.sidelight.database) == {}


async def test_a_forgotten_word_starts_afresh(tmp_path: Path, database_url: str) -> None:
    """The phrase shows what a newcomer sees, and what was held is gone."""
    async with town(tmp_path, database_url) as t:
        phone, advocate, newcomer = t.channel.phone(), t.advocate(), t.channel.phone()
        await t.write(newcomer, "hello")
        await choose(t, phone)
        handoff = await t.request_advocate(phone)
        await t.sidelight.advocacy.claim(handoff, advocate)
        await t.write(phone, WORD)
        await t.say(handoff, advocate, "are you safe")
        await t.write(phone, PHRASE)
        await t.settle()
        assert phone.texts(mine=False) == newcomer.texts(mine=False)
        assert await t.sidelight.advocacy.handoffs(HandoffState.CLAIMED) == ()


async def test_a_page_shows_only_cover_while_it_is_locked(tmp_path: Path, sqlite_url: str) -> None:
    """What the server holds for a phone without memory is hidden, and comes back with the word."""
    channel = FakeChannel(keeps_messages=False, deletable_for=None)
    async with town(tmp_path, sqlite_url, channel) as t:
        phone = t.channel.phone()
        await choose(t, phone)
        await t.write(phone, "where can i sleep")
        reader, address = t.sidelight.transcript, Address(phone.address)
        before = await reader.read(channel.name, address)
        assert len(before.entries) > 2
        await t.advance(minutes=16)
        shut = await reader.read(channel.name, address)
        assert (shut.entries, shut.present, shut.quiet) == ((), (), True)
        await t.write(phone, "hello")
        shut = await reader.read(channel.name, address)
        assert shut.entries[0].message.text == "hello"
        assert all(entry.cover for entry in shut.entries)
        await t.write(phone, WORD)
        opened = await reader.read(channel.name, address)
        assert {e.id for e in before.entries} <= {e.id for e in opened.entries}
