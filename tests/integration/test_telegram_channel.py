"""What Telegram's channel does beyond the contract of all channels."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.channels.telegram import TelegramApi, TelegramChannel
from bot.channels.telegram.texts import units
from bot.channels.telegram.updates import Reading, read
from bot.content.catalogue import Button
from bot.conversation.interfaces import (
    AddressUnreachable,
    ChannelUnavailable,
    MessageRefused,
    OutgoingMessage,
)
from bot.errors import ConfigurationError
from bot.ids import Address
from tests.integration.telegram_parts import Line, address, line
from tests.stub_telegram import (
    StubTelegram,
    cut_after,
    delayed,
    garbled,
    refused,
    stalled_after,
)

GO = ((Button("go", "Go"),),)


@pytest.fixture
async def tg() -> AsyncIterator[Line]:
    async with line(answer_within=0.3) as opened:
        yield opened


def message(text: str = "hola", buttons: tuple[tuple[Button, ...], ...] = ()) -> OutgoingMessage:
    return OutgoingMessage("1", text, buttons)


async def test_a_message_is_silent_protected_and_without_preview(tg: Line) -> None:
    """No sound, no forwarding, no preview of a link, and no markup read into the text."""
    person = tg.stub.person()
    text = "<b>*_https://example.org_*</b> &amp;"
    ids = await tg.channel.send(address(person), message(text, GO))
    (shown,) = person.screen()
    assert (shown.silent, shown.protected, shown.preview) == (True, True, False)
    assert shown.text == text
    assert shown.ids == [["go"]]
    assert ids == (str(shown.message_id),)


async def test_a_long_text_comes_in_parts_with_the_buttons_last(tg: Line) -> None:
    """Parts are in order, all ids are returned, and only the last part has buttons."""
    person = tg.stub.person()
    text = "\n".join(f"{n:04} " + "😀" * 20 for n in range(300))
    ids = await tg.channel.send(address(person), message(text, GO))
    screen = person.screen()
    assert len(screen) == len(ids) > 1
    assert "\n".join(m.text for m in screen) == text
    assert all(units(m.text) <= 4096 for m in screen)
    assert [bool(m.ids) for m in screen] == [False] * (len(screen) - 1) + [True]
    await tg.channel.delete(address(person), ids)
    assert person.screen() == []


@pytest.mark.parametrize("fault", [refused(429, retry_after=2), cut_after(), refused(500)])
async def test_a_long_text_that_broke_off_can_be_withdrawn(tg: Line, fault: object) -> None:
    """If a later part fails, the error is uncertain, and a withdrawal takes the first one away."""
    person = tg.stub.person()
    await tg.channel.send(address(person), message("earlier"))
    mark = tg.channel.mark()
    tg.stub.script("sendMessage", delayed(0), fault)  # type: ignore[arg-type]
    with pytest.raises(ChannelUnavailable) as caught:
        await tg.channel.send(address(person), message("word " * 1500))
    assert caught.value.uncertain
    await tg.channel.withdraw(address(person), mark)
    assert person.texts() == ["earlier"]


@pytest.mark.parametrize(
    "fault",
    [cut_after(), stalled_after(5), garbled(), garbled("{}"), garbled('{"ok":true,"result":5}')],
)
async def test_an_answer_that_is_lost_leaves_doubt(tg: Line, fault: object) -> None:
    """A cut, a timeout or an unreadable answer is uncertain; resending shows one message."""
    person = tg.stub.person()
    person.write("hola")
    await tg.receiver.receive(_read(tg.stub))
    mark = tg.channel.mark()
    tg.stub.script("sendMessage", fault)  # type: ignore[arg-type]
    with pytest.raises(ChannelUnavailable) as caught:
        await tg.channel.send(address(person), message("answer"))
    assert caught.value.uncertain
    assert person.texts() == ["hola", "answer"]
    await tg.channel.withdraw(address(person), mark)
    await tg.channel.send(address(person), message("answer"))
    assert person.texts() == ["hola", "answer"]


def _read(stub: StubTelegram) -> Reading:
    return read(stub.updates.popleft())


async def test_no_connection_is_certain_not_to_have_sent(tg: Line) -> None:
    """With nobody listening nothing was sent, and nobody has to withdraw."""
    person = tg.stub.person()
    await tg.stub.stop()
    with pytest.raises(ChannelUnavailable) as caught:
        await tg.channel.send(address(person), message())
    assert not caught.value.uncertain


async def test_a_restarted_bot_withdraws_by_the_mark_on_record(tg: Line) -> None:
    """A new process finds what the old one left, by the mark that was stored before the send."""
    person, other = tg.stub.person(), tg.stub.person()
    earlier = await tg.channel.send(address(person), message("earlier"))
    mark = tg.channel.mark()
    tg.stub.script("sendMessage", cut_after())
    with pytest.raises(ChannelUnavailable):
        await tg.channel.send(address(person), message("lost"))
    # Meanwhile the count of the account moves on with other people's messages.
    for number in range(300):
        other.write(f"{number}")
    reborn = TelegramChannel(tg.api)
    await reborn.withdraw(address(person), mark)
    await reborn.send(address(person), message("lost"))
    assert person.texts() == ["earlier", "lost"]
    assert len(other.screen()) == 300
    assert int(earlier[0]) <= int(mark)


async def test_a_restarted_bot_spares_what_is_on_record(tg: Line) -> None:
    """An old mark reaches back over answers that were sent since: those are known, and stay."""
    person = tg.stub.person()
    own = person.write("hello")
    mark = str(own - 1)
    answered = await tg.channel.send(address(person), message("earlier"))
    tg.stub.script("sendMessage", cut_after())
    with pytest.raises(ChannelUnavailable):
        await tg.channel.send(address(person), message("lost"))
    reborn = TelegramChannel(tg.api)
    await reborn.withdraw(address(person), mark, spare=[str(own), *answered])
    assert person.texts() == ["hello", "earlier"]


async def test_a_busy_account_does_not_hide_the_lost_message(tg: Line) -> None:
    """Hundreds of other messages around the lost one don't keep it from being found."""
    person, other = tg.stub.person(), tg.stub.person()
    await tg.channel.send(address(person), message("earlier"))
    mark = tg.channel.mark()
    for number in range(400):
        other.write(f"{number}")
    tg.stub.script("sendMessage", cut_after())
    with pytest.raises(ChannelUnavailable):
        await tg.channel.send(address(person), message("lost"))
    for number in range(400):
        other.write(f"{number}")
    while tg.stub.updates:
        await tg.receiver.receive(_read(tg.stub))
    await tg.channel.withdraw(address(person), mark)
    assert person.texts() == ["earlier"]
    assert len(other.screen()) == 800


async def test_without_any_mark_nothing_is_touched(tg: Line) -> None:
    """A process that has seen nothing yet deletes nothing; a floor gives it a mark."""
    person = tg.stub.person()
    (first,) = await tg.channel.send(address(person), message("earlier"))
    fresh = TelegramChannel(tg.api)
    mark = fresh.mark()
    assert mark == "0"
    fresh.marks.reached(int(first) + 1)
    await fresh.withdraw(address(person), mark)
    assert person.texts() == ["earlier"]
    floored = TelegramChannel(tg.api, floor=int(first))
    assert floored.mark() == first
    tg.stub.script("sendMessage", cut_after())
    mark = floored.mark()
    with pytest.raises(ChannelUnavailable):
        await floored.send(address(person), message("lost"))
    await floored.withdraw(address(person), mark)
    assert person.texts() == ["earlier"]


async def test_a_button_too_long_for_telegram_is_refused_before_any_call(tg: Line) -> None:
    """Ids are bounded by 64 bytes, not characters."""
    person = tg.stub.person()
    with pytest.raises(MessageRefused):
        await tg.channel.send(address(person), message("x", ((Button("é" * 33, "x"),),)))
    assert tg.stub.counts["sendMessage"] == 0
    await tg.channel.send(address(person), message("x", ((Button("é" * 32, "x"),),)))
    assert len(person.screen()) == 1


@pytest.mark.parametrize("text", ["", "   ", "\n"])
async def test_an_empty_text_is_refused(tg: Line, text: str) -> None:
    """Telegram takes no empty message; the person is reachable all the same."""
    with pytest.raises(MessageRefused):
        await tg.channel.send(address(tg.stub.person()), message(text))


@pytest.mark.parametrize("where", ["", "abc", "-100123", "12.5", "１２"])
async def test_a_foreign_address_is_unreachable(tg: Line, where: str) -> None:
    """What is no private chat's id is never called."""
    with pytest.raises(AddressUnreachable):
        await tg.channel.send(Address(where), message())
    assert tg.stub.counts == {}


async def test_a_deleted_account_is_unreachable(tg: Line) -> None:
    """Nobody is there any more."""
    person = tg.stub.person()
    person.delete_account()
    with pytest.raises(AddressUnreachable):
        await tg.channel.send(address(person), message())


async def test_deletion_goes_in_batches_of_a_hundred(tg: Line) -> None:
    """250 ids are three calls, each within Telegram's bound."""
    person = tg.stub.person()
    ids = [str(person.write(f"{n}")) for n in range(250)]
    await tg.channel.delete(address(person), [*ids, *ids])
    assert person.screen() == []
    batches = [len(c.params["message_ids"]) for c in tg.stub.calls if c.method == "deleteMessages"]
    assert batches == [100, 100, 50]


async def test_what_is_too_old_is_told_and_does_not_save_the_rest(tg: Line) -> None:
    """Of old and new messages the new ones go, and the caller learns that some remain."""
    person = tg.stub.person()
    old = str(person.write("old"))
    tg.stub.advance(49 * 3600)
    new = str(person.write("new"))
    with pytest.raises(MessageRefused):
        await tg.channel.delete(address(person), [old, new])
    assert person.texts() == ["old"]


async def test_a_limited_deletion_can_be_repeated(tg: Line) -> None:
    """A 429 or a 5xx amid a deletion is passed on; repeating all of it finishes the work."""
    person = tg.stub.person()
    ids = [str(person.write(f"{n}")) for n in range(150)]
    tg.stub.script("deleteMessages", delayed(0), refused(429, retry_after=1), refused(502))
    with pytest.raises(ChannelUnavailable) as limited:
        await tg.channel.delete(address(person), ids)
    assert limited.value.retry_after == timedelta(seconds=1)
    assert len(person.screen()) == 50
    with pytest.raises(ChannelUnavailable):
        await tg.channel.delete(address(person), ids)
    await tg.channel.delete(address(person), ids)
    assert person.screen() == []


async def test_many_sends_at_once_all_arrive(tg: Line) -> None:
    """Two hundred people are written to at the same time over a bounded pool."""
    people = [tg.stub.person() for _ in range(200)]
    sends = (tg.channel.send(address(person), message()) for person in people)
    ids = await asyncio.gather(*sends)
    assert all(person.texts() == ["hola"] for person in people)
    assert len(set(itertools.chain(*ids))) == 200


async def test_a_wrong_token_is_a_clear_error(tg: Line) -> None:
    """`verify` names the setting, and not the token; sending with it is certain not to happen."""
    wrong = tg.stub.token[:-1] + ("a" if tg.stub.token[-1] != "a" else "b")
    api = TelegramApi(wrong, tg.stub.url)
    await api.start()
    with pytest.raises(ConfigurationError, match="BOT_TELEGRAM_TOKEN") as caught:
        await api.verify()
    assert wrong not in str(caught.value)
    assert caught.value.__context__ is None
    with pytest.raises(ChannelUnavailable) as unsent:
        await TelegramChannel(api).send(address(tg.stub.person()), message())
    assert not unsent.value.uncertain
    await api.close()


async def test_an_address_with_a_placeholder_for_the_token_works(tg: Line) -> None:
    """The base address may say where the token goes, as python-telegram-bot's may."""
    api = TelegramApi(tg.stub.token, tg.stub.url + "{token}")
    await api.start()
    await api.verify()
    await api.close()
    assert tg.stub.counts["getMe"] == 1


async def test_telegram_that_is_away_is_no_wrong_token(tg: Line) -> None:
    """`verify` tells a bad token from a bad day."""
    await tg.stub.stop()
    with pytest.raises(ChannelUnavailable):
        await tg.api.verify()


async def test_what_was_answered_and_could_not_be_recorded_is_withdrawn(tg: Line) -> None:
    """The same process takes it back, and spares what is on record and what others have."""
    person, other = tg.stub.person(), tg.stub.person()
    kept = await tg.channel.send(address(person), OutgoingMessage("1", "on record"))
    mark = tg.channel.mark()
    recorded = await tg.channel.send(address(person), OutgoingMessage("2", "recorded, too"))
    await tg.channel.send(address(other), OutgoingMessage("3", "somebody else's"))
    await tg.channel.send(address(person), OutgoingMessage("4", "answered, then the disk was full"))
    await tg.channel.withdraw(address(person), mark, spare=[*kept, *recorded])
    assert person.texts(mine=False) == ["on record", "recorded, too"]
    assert other.texts(mine=False) == ["somebody else's"]
