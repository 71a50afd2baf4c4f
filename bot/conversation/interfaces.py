"""What the core asks of the world: to be understood, and to reach a person.

Implementations live in `bot.rasa` and `bot.channels`; each is held to one contract test.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from bot.content.catalogue import Button
from bot.dialogue.understanding import Parse
from bot.errors import PermanentError, TransientError
from bot.ids import Address, ChannelName, Locale


class NluUnavailable(TransientError):
    """The model is down, slow or answered nonsense. The bot goes on by net and buttons."""


class NluClient(Protocol):
    """Asks the model what a text means."""

    async def parse(self, text: str, locale: Locale | None) -> Parse:
        """The model's guesses for `text`, the likeliest first.

        Raises NluUnavailable when there is no usable answer within the client's time limit.
        Never logs or keeps the text.
        """
        ...


class ChannelUnavailable(TransientError):
    """The platform did not take a call, or nobody knows whether it did.

    `retry_after` is how long the platform asked to wait (429), or None. `uncertain` is True when
    the call may have been carried out all the same (a timeout, a cut connection).
    """

    def __init__(self, retry_after: timedelta | None = None, *, uncertain: bool = False) -> None:
        super().__init__("the channel did not take the call")
        self.retry_after = retry_after
        self.uncertain = uncertain


class AddressUnreachable(PermanentError):
    """The person blocked the bot, deleted the account, or left: nothing reaches them."""


class MessageRefused(PermanentError):
    """The platform will never take this message (a malformed call); the person is reachable."""


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """One message to a person. `idempotency_key` is stable over retries of the same message.

    Only a `copyable` one may be copied and passed on by the person's app. `sounds` is for the
    staff's own chat: what goes to survivors never makes a sound.
    """

    idempotency_key: str
    text: str
    buttons: tuple[tuple[Button, ...], ...] = ()
    copyable: bool = False
    sounds: bool = False


@dataclass(frozen=True, slots=True)
class ChannelTraits:
    """What a channel can do.

    `max_text` counts characters. `keeps_messages` is True where the platform keeps sent messages
    on the phone itself (they must be deleted there, and the server forgets the text once sent),
    False where the phone shows what the server still holds. `deletable_for` is how long after
    sending a message can be deleted; None for ever.
    """

    max_text: int
    keeps_messages: bool
    deletable_for: timedelta | None


class Channel(Protocol):
    """A surface on which people chat with the bot."""

    @property
    def name(self) -> ChannelName:
        """The channel's name, as stored with its conversations."""
        ...

    @property
    def traits(self) -> ChannelTraits:
        """What the channel can do."""
        ...

    def mark(self) -> str:
        """A point in the platform's order of messages, taken just before `send`.

        It tells `withdraw` where to look for a message whose sending was cut short.
        """
        ...

    async def send(self, address: Address, message: OutgoingMessage) -> tuple[str, ...]:
        """Send without sound, protected from forwarding unless it is `copyable`; return the
        platform's message ids.

        Raises ChannelUnavailable, AddressUnreachable or MessageRefused.
        """
        ...

    async def withdraw(self, address: Address, mark: str, spare: Collection[str] = ()) -> None:
        """Remove what an interrupted `send` after `mark` may have left, so that it can be resent.

        Afterwards a repeated send is seen once. `spare` are the platform's ids of messages that
        are on record: they stay. Raises as `send` does.
        """
        ...

    async def delete(
        self, address: Address, message_ids: Sequence[str], *, urgent: bool = False
    ) -> None:
        """Delete messages, sent and received, on both sides. Ids already gone are no error.

        Where the platform has limits, replies go first, and `urgent` deletions before others.

        Raises ChannelUnavailable (try again), AddressUnreachable (nothing can be deleted), or
        MessageRefused (the platform will never delete some of them; the others are deleted).
        """
        ...
