"""A channel in memory, with phones to look at."""

import itertools
from collections import deque
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from bot.content.catalogue import Button
from bot.conversation.interfaces import (
    AddressUnreachable,
    ChannelTraits,
    ChannelUnavailable,
    MessageRefused,
    OutgoingMessage,
)
from bot.errors import BotError
from bot.ids import Address, ChannelName


@dataclass(slots=True)
class FakeMessage:
    """One message in a chat. `known` is whether the sender was told its id."""

    message_id: str
    text: str
    buttons: tuple[tuple[Button, ...], ...] = ()
    mine: bool = False
    deleted: bool = False
    known: bool = True
    sounds: bool = False


@dataclass(slots=True)
class FakePhone:
    """One person's side of the chat. `messages` has all that ever was on the screen."""

    address: Address
    reachable: bool = True
    messages: list[FakeMessage] = field(default_factory=list)

    def screen(self) -> list[FakeMessage]:
        """What is there now, oldest first."""
        return [message for message in self.messages if not message.deleted]

    def texts(self, *, mine: bool | None = None) -> list[str]:
        """The texts on the screen; only the person's own, or only the bot's, if `mine` says so."""
        return [m.text for m in self.screen() if mine is None or m.mine is mine]

    def button(self, label_or_id: str) -> Button:
        """The newest such button on the screen. Raises LookupError."""
        for message in reversed(self.screen()):
            for button in (button for row in message.buttons for button in row):
                if label_or_id in (button.id, button.label):
                    return button
        raise LookupError("no such button on the screen")


class FakeChannel:
    """Keeps the contract of `Channel` without a platform.

    `fail` scripts what the next calls of send, delete and withdraw raise instead of doing
    anything; `interrupt` lets the next sends happen, and then raise as if the answer were lost.
    """

    def __init__(
        self,
        name: str = "fake",
        *,
        keeps_messages: bool = True,
        deletable_for: timedelta | None = timedelta(hours=48),
        max_text: int = 4096,
    ) -> None:
        self._name = ChannelName(name)
        self._traits = ChannelTraits(max_text, keeps_messages, deletable_for)
        self._ids = itertools.count(1)
        self._addresses = itertools.count(1)
        self._highest = 0
        self._failures: deque[BotError] = deque()
        self._interruptions = 0
        self.phones: dict[Address, FakePhone] = {}
        self.deletions: list[tuple[Address, tuple[str, ...]]] = []
        """What was asked to be deleted, call by call."""
        self.urgent: list[str] = []
        self.ordinary: list[str] = []
        """The same, by how soon it had to be."""
        self.stuck: set[str] = set()
        """Ids that the platform will never delete."""

    @property
    def name(self) -> ChannelName:
        """As given."""
        return self._name

    @property
    def traits(self) -> ChannelTraits:
        """As given."""
        return self._traits

    def phone(self, address: str | None = None) -> FakePhone:
        """The phone at `address`, a new one if there is none."""
        where = Address(address or f"person-{next(self._addresses)}")
        return self.phones.setdefault(where, FakePhone(where))

    def write(self, address: Address, text: str) -> str:
        """The person writes; returns the message's id. Nothing is told to an intake."""
        message = FakeMessage(self._next_id(), text, mine=True)
        self.phone(address).messages.append(message)
        return message.message_id

    def fail(self, *failures: BotError) -> None:
        """Let the next calls raise these, one each, and do nothing."""
        self._failures += failures

    def interrupt(self, times: int = 1) -> None:
        """Let the next sends be carried out without the caller learning of it."""
        self._interruptions += times

    def mark(self) -> str:
        """The number of the latest message."""
        return str(self._highest)

    async def send(self, address: Address, message: OutgoingMessage) -> tuple[str, ...]:
        """Put the message on the screen."""
        phone = self._reach(address)
        shown = FakeMessage(self._next_id(), message.text, message.buttons, sounds=message.sounds)
        phone.messages.append(shown)
        if self._interruptions:
            self._interruptions -= 1
            shown.known = False
            raise ChannelUnavailable(uncertain=True)
        return (shown.message_id,)

    async def withdraw(self, address: Address, mark: str, spare: Collection[str] = ()) -> None:
        """Remove what was shown after `mark` without its sender learning the id."""
        for message in self._reach(address).messages:
            spared = message.message_id in spare
            if not message.known and not spared and int(message.message_id) > int(mark):
                message.deleted = True

    async def delete(
        self, address: Address, message_ids: Sequence[str], *, urgent: bool = False
    ) -> None:
        """Remove messages from the screen."""
        phone = self._reach(address)
        self.deletions.append((address, tuple(message_ids)))
        (self.urgent if urgent else self.ordinary).extend(message_ids)
        for message in phone.messages:
            if message.message_id in message_ids and message.message_id not in self.stuck:
                message.deleted = True
        if self.stuck.intersection(message_ids):
            raise MessageRefused("some of them stay")

    def _reach(self, address: Address) -> FakePhone:
        if self._failures:
            raise self._failures.popleft()
        phone = self.phones.get(address)
        if phone is None or not phone.reachable:
            raise AddressUnreachable("nobody is there")
        return phone

    def _next_id(self) -> str:
        self._highest = next(self._ids)
        return str(self._highest)
