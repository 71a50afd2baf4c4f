"""What the web chat asks of the core."""

from typing import Protocol

from bot.conversation.transcript import View
from bot.ids import Address, ChannelName


class TranscriptReader(Protocol):
    """Reads what a page may show."""

    async def read(self, channel: ChannelName, address: Address, after: int = 0) -> View:
        """See `Transcript.read`."""
        ...
