"""What people send besides words, and messages that they change, through whole turns."""

import asyncio
from pathlib import Path

from bot.conversation.intake import InboundKind, InboundUpdate
from bot.dialogue.understanding import Parse
from bot.ids import Address, Locale
from tests.fakes.channel import FakePhone
from tests.integration.test_turns import rows
from tests.integration.town import Town, town

NUMBERS = iter(range(10_000, 99_999))


async def arrive(t: Town, phone: FakePhone, message: str, **more: object) -> None:
    """An update is stored, and not yet handled."""
    fields = {"kind": InboundKind.TEXT, **more}
    await t.sidelight.intake.accept(
        InboundUpdate(
            channel=t.channel.name,
            update_id=str(next(NUMBERS)),
            address=Address(phone.address),
            message_ids=(message,),
            **fields,  # type: ignore[arg-type]
        )
    )


class HeldModel:
    """Keeps the town's model from answering until it is let; what is asked waits meanwhile."""

    def __init__(self, t: Town) -> None:
        self.asked, self.answers = asyncio.Event(), asyncio.Event()
        self._parse = t.nlu.parse
        t.nlu.parse = self._held  # type: ignore[method-assign]

    async def _held(self, text: str, locale: Locale | None) -> Parse:
        self.asked.set()
        await self.answers.wait()
        return await self._parse(text, locale)


def answers(phone: FakePhone) -> list[str]:
    """What the bot said, in its first words."""
    return [text[:24] for text in phone.texts(mine=False)]


async def test_media_vanish_at_the_deadline_like_text(tmp_path: Path, database_url: str) -> None:
    """A picture is answered, leaves the chat with everything else, and leaves no row."""
    async with town(tmp_path, database_url) as t:
        phone = t.channel.phone()
        await t.write(phone, "hello")
        picture = t.channel.write(phone.address, "")
        await arrive(t, phone, picture, kind=InboundKind.MEDIA, content="photo")
        await t.settle()
        assert answers(phone)[-1] == "I cannot see pictures or"
        await t.advance(minutes=61)
        assert phone.screen() == []
        assert any(picture in ids for _, ids in t.channel.deletions)
        assert await rows(t.sidelight.database) == {}


async def test_an_album_is_answered_once_and_deleted_whole(
    tmp_path: Path, database_url: str
) -> None:
    """Three pictures sent as one get one answer; all three vanish at the deadline."""
    async with town(tmp_path, database_url) as t:
        phone = t.channel.phone()
        await t.write(phone, "hello")
        before = len(answers(phone))
        pictures = [t.channel.write(phone.address, "") for _ in range(3)]
        for picture in pictures:
            kind = InboundKind.MEDIA
            await arrive(t, phone, picture, kind=kind, content="photo", album="7")
            await t.settle()
        assert len(answers(phone)) == before + 1
        await t.advance(minutes=61)
        assert phone.screen() == []


async def test_danger_in_any_caption_of_an_album_is_heard(
    tmp_path: Path, database_url: str
) -> None:
    """That the pictures were answered already does not silence the words beneath them."""
    async with town(tmp_path, database_url) as t:
        phone = t.channel.phone()
        await t.write(phone, "hello")
        for caption in ("", "he is hitting me right now"):
            picture = t.channel.write(phone.address, "")
            kind = InboundKind.MEDIA
            await arrive(t, phone, picture, kind=kind, content="photo", album="7", caption=caption)
            await t.settle()
        assert any(text.startswith("If you can, move now") for text in answers(phone))


async def test_a_change_of_a_waiting_message_stands_for_it(
    tmp_path: Path, database_url: str
) -> None:
    """Whoever corrects a message before it is answered gets one answer, to the corrected one."""
    async with town(tmp_path, database_url) as t:
        phone = t.channel.phone()
        await t.write(phone, "hello")
        before = len(answers(phone))
        message = t.channel.write(phone.address, "where can i sleep")
        model = HeldModel(t)
        await arrive(t, phone, message, content="qwerty")
        await model.asked.wait()
        await arrive(t, phone, message, content="qwertz", edits=True)
        await arrive(t, phone, message, content="where can i sleep", edits=True)
        async with t.sidelight.database.reading() as unit:
            (conversation,) = await unit.inbox.with_work(10)
            assert len(await unit.inbox.all(conversation)) == 1
        model.answers.set()
        await t.settle()
        assert len(answers(phone)) == before + 1
        assert t.nlu.asked[-1][0] == "where can i sleep"


async def test_a_change_of_an_answered_message_is_answered_once(
    tmp_path: Path, database_url: str
) -> None:
    """The changed words get an answer of their own, once however often they are delivered."""
    async with town(tmp_path, database_url) as t:
        phone = t.channel.phone()
        await t.write(phone, "hello")
        message = t.channel.write(phone.address, "qwerty")
        await arrive(t, phone, message, content="qwerty")
        await t.settle()
        before = len(answers(phone))
        change = InboundUpdate(
            channel=t.channel.name,
            update_id="77",
            address=Address(phone.address),
            kind=InboundKind.TEXT,
            content="where can i sleep",
            message_ids=(message,),
            edits=True,
        )
        assert await t.sidelight.intake.accept(change)
        await t.settle()
        assert not await t.sidelight.intake.accept(change)
        await t.settle()
        assert len(answers(phone)) == before + 1
        await t.advance(minutes=61)
        assert phone.screen() == []
        assert await rows(t.sidelight.database) == {}


async def test_a_change_puts_nothing_else_aside(tmp_path: Path, database_url: str) -> None:
    """Other messages that wait are answered all the same."""
    async with town(tmp_path, database_url) as t:
        phone = t.channel.phone()
        await t.write(phone, "hello")
        before = len(answers(phone))
        first, second = (t.channel.write(phone.address, "x") for _ in range(2))
        await arrive(t, phone, first, content="where can i sleep")
        await arrive(t, phone, second, content="what is kept", edits=True)
        await t.settle()
        assert len(answers(phone)) == before + 2
