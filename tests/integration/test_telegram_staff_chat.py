"""The staff's group on the stub: heard there alone, told with a sound, and seen once."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest

from bot.channels.telegram import TelegramReceiver
from bot.channels.telegram.leaving import Leaver
from bot.channels.telegram.pace import Pace
from bot.channels.telegram.staff_chat import TelegramStaffChat
from bot.conversation.interfaces import AddressUnreachable, ChannelUnavailable, OutgoingMessage
from bot.ids import Address
from tests.integration.telegram_parts import Line, line, polling
from tests.stub_telegram import cut_after, until
from tests.stub_telegram.phones import Group


@dataclass
class FakeStaffCommands:
    """Remembers what was heard."""

    heard: list[tuple[str, str]] = field(default_factory=list)

    async def hear(self, update_id: str, text: str) -> None:
        self.heard.append((update_id, text))


@dataclass
class Home:
    """The stub, its adapter, and the staff's group."""

    tg: Line
    group: Group
    chat: TelegramStaffChat
    commands: FakeStaffCommands

    @property
    def address(self) -> Address:
        return Address(str(self.group.id))


@pytest.fixture
async def home() -> AsyncIterator[Home]:
    async with line() as tg:
        group = tg.stub.group()
        group.has_bot = group.is_home = True
        commands = FakeStaffCommands()
        chat = TelegramStaffChat(tg.api, group.id, Pace(), commands)
        tg.receiver = TelegramReceiver(
            tg.api, tg.channel.marks, tg.intake, Leaver(tg.api), staff_chat=chat
        )
        try:
            yield Home(tg, group, chat, commands)
        finally:
            await tg.receiver.close()


async def test_it_stays_in_the_staffs_group_and_leaves_another(home: Home) -> None:
    """What is said in the other one is neither heard nor answered."""
    tg, other = home.tg, home.tg.stub.group()
    person = tg.stub.person()
    async with polling(tg.poller()):
        home.group.add_bot(person)
        other.add_bot(person)
        other.write(person, "/status")
        home.group.write(person, "/status")
        await other.loses_bot()
        await until(lambda: bool(home.commands.heard))
    assert home.group.has_bot
    assert [text for _, text in home.commands.heard] == ["/status"]
    assert tg.intake.accepted == []


async def test_a_survivors_words_are_no_commands(home: Home) -> None:
    """In a private chat “/status” is a message as any, and nothing in the group is an update."""
    person = home.tg.stub.person()
    async with polling(home.tg.poller()):
        person.write("/status")
        await home.tg.intake.has(1)
        home.group.write(person, "/silence 1h")
        await until(lambda: bool(home.commands.heard))
    assert home.tg.intake.contents() == ["/status"]
    assert [text for _, text in home.commands.heard] == ["/silence 1h"]


async def test_a_notice_sounds_and_an_answer_does_not(home: Home) -> None:
    """Both are protected from being passed on, and show no preview of the address."""
    await home.chat.send(home.address, OutgoingMessage("1", "1 person waiting", sounds=True))
    await home.chat.send(home.address, OutgoingMessage("2", "Here now: Ana"))
    notice, answer = home.group.screen()
    assert (notice.silent, answer.silent) == (False, True)
    assert all(m.protected and not m.preview for m in (notice, answer))


async def test_a_survivors_message_never_sounds(home: Home) -> None:
    """Whatever a message says of itself."""
    person = home.tg.stub.person()
    sounding = OutgoingMessage("1", "hello", sounds=True)
    await home.tg.channel.send(Address(str(person.id)), sounding)
    assert person.screen()[0].silent


async def test_what_a_cut_call_left_is_withdrawn_and_colleagues_words_stay(home: Home) -> None:
    """Also where the bot could delete them."""
    person = home.tg.stub.person()
    await home.chat.send(home.address, OutgoingMessage("1", "first"))
    home.group.write(person, "who takes this one")
    mark = home.chat.mark()
    home.tg.stub.script("sendMessage", cut_after())
    with pytest.raises(ChannelUnavailable) as caught:
        await home.chat.send(home.address, OutgoingMessage("2", "second"))
    assert caught.value.uncertain
    home.group.write(person, "me")
    await home.chat.withdraw(home.address, mark)
    await home.chat.send(home.address, OutgoingMessage("2", "second"))
    said = [m.text for m in home.group.screen()]
    assert said == ["first", "who takes this one", "me", "second"]


async def test_it_writes_to_no_other_chat(home: Home) -> None:
    """Not to a group that was the staff's once, nor to a person."""
    person = home.tg.stub.person()
    for other in ("-1", str(person.id)):
        with pytest.raises(AddressUnreachable):
            await home.chat.send(Address(other), OutgoingMessage("1", "1 person waiting"))
    assert home.tg.stub.counts["sendMessage"] == 0
