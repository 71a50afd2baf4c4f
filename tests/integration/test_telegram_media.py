"""What people send besides words, on the stub: told apart, never fetched, deleted like text."""

from collections.abc import AsyncIterator, Callable

import pytest

from bot.conversation.intake import InboundKind
from tests.integration.telegram_parts import Line, address, line, polling
from tests.stub_telegram import Person, until


@pytest.fixture
async def tg() -> AsyncIterator[Line]:
    async with line() as opened:
        yield opened


KINDS: dict[str, Callable[[Person], int]] = {
    "photo": Person.send_photo,
    "voice": Person.send_voice,
    "file": Person.send_file,
    "location": Person.send_location,
    "contact": Person.send_contact,
    "sticker": Person.send_sticker,
    "forwarded": lambda person: person.forward("canary"),
}


@pytest.mark.parametrize("kind", sorted(KINDS))
async def test_each_kind_is_told_apart_and_can_be_deleted(tg: Line, kind: str) -> None:
    """Of what was sent its kind and its message's id are taken in, and by that id it goes."""
    person = tg.stub.person()
    async with polling(tg.poller()):
        message = KINDS[kind](person)
        await tg.intake.has(1)
    (update,) = tg.intake.accepted
    assert (update.kind, update.content) == (InboundKind.MEDIA, kind)
    assert update.message_ids == (str(message),)
    assert "canary" not in repr(update)
    await tg.channel.delete(address(person), update.message_ids)
    assert person.screen() == []


async def test_nothing_is_ever_fetched(tg: Line) -> None:
    """Whatever is sent, the bot asks Telegram for no file, and says nothing by itself."""
    person = tg.stub.person()
    async with polling(tg.poller()):
        for send in KINDS.values():
            send(person)
        person.send_video()
        await tg.intake.has(len(KINDS) + 1)
    called = {call.method for call in tg.stub.calls}
    assert called == {"deleteWebhook", "getUpdates"}


async def test_words_beneath_a_picture_come_with_it(tg: Line) -> None:
    """A caption is what the person wrote."""
    person = tg.stub.person()
    async with polling(tg.poller()):
        person.send_photo("look")
        await tg.intake.has(1)
    assert (tg.intake.accepted[0].content, tg.intake.accepted[0].caption) == ("photo", "look")


async def test_a_change_comes_once_under_the_same_message(tg: Line) -> None:
    """However often it is delivered, a changed text is taken in once, as a change."""
    person = tg.stub.person()
    tg.stub.duplicates = 3
    async with polling(tg.poller()):
        message = person.write("one")
        person.edit(message, "two")
        await tg.intake.has(2)
        await until(lambda: not tg.stub.updates)
    first, change = tg.intake.accepted
    assert (first.edits, change.edits) == (False, True)
    assert (first.content, change.content) == ("one", "two")
    assert first.message_ids == change.message_ids
