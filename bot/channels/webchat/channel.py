"""The web chat as a `Channel`: the messages stay on the server, and the page is woken to look."""

from collections.abc import Collection, Sequence
from typing import Final

from bot.channels.webchat.sessions import Departures, is_token
from bot.conversation.interfaces import AddressUnreachable, ChannelTraits, OutgoingMessage
from bot.conversation.transcript import topic
from bot.ids import Address, ChannelName
from bot.signals import Signals

WEBCHAT: Final = ChannelName("webchat")
MAX_TEXT: Final = 4000
_TRAITS: Final = ChannelTraits(max_text=MAX_TEXT, keeps_messages=False, deletable_for=None)


class WebchatChannel:
    """Pages in browsers. `departures` are the sessions whose people left by the quick exit."""

    def __init__(self, signals: Signals) -> None:
        self._signals = signals
        self.departures = Departures()

    @property
    def name(self) -> ChannelName:
        """``webchat``."""
        return WEBCHAT

    @property
    def traits(self) -> ChannelTraits:
        """The page shows what the server still holds, so everything can be deleted at any time."""
        return _TRAITS

    def mark(self) -> str:
        """Nothing: a page knows each message by its id, and shows none twice."""
        return ""

    async def send(self, address: Address, message: OutgoingMessage) -> tuple[str, ...]:
        """Let the page look. The id is the message's own.

        Raises AddressUnreachable for an address of no session, and for one whose person left:
        their cookie is gone, so nobody can ever see the message.
        """
        self._look(address)
        return (message.idempotency_key,)

    async def withdraw(self, address: Address, mark: str, spare: Collection[str] = ()) -> None:
        """Nothing to do, see `mark`. Raises AddressUnreachable as `send` does."""
        self._look(address)

    async def delete(
        self, address: Address, message_ids: Sequence[str], *, urgent: bool = False
    ) -> None:
        """Let the page look again: it drops what the server no longer holds.

        Raises AddressUnreachable as `send` does.
        """
        self._look(address)

    def _look(self, address: Address) -> None:
        if not is_token(address) or address in self.departures:
            raise AddressUnreachable("nobody is at this address of the web chat")
        self._signals.touch(topic(WEBCHAT, address))
