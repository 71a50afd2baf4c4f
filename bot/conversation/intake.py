"""The way in: an update is stored, once, before its platform is told that it arrived."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.ids import Address, ChannelName


class InboundKind(StrEnum):
    """What a platform can bring."""

    TEXT = "text"
    BUTTON = "button"
    MEDIA = "media"
    BLOCKED = "blocked"
    """The person blocked the bot or deleted the chat; `content` is empty."""


@dataclass(frozen=True, slots=True)
class InboundUpdate:
    """One update of a platform, reduced to what the bot needs.

    `update_id` is the platform's own, unique within the channel: a repeated one is dropped.
    `content` is the text, or the button's id. `message_ids` are the platform's ids of the
    person's own message, to be deleted later (empty for a button). `language` is a hint from
    the platform (a BCP-47 tag), or None. Of media `content` is the kind (`MediaKind`), `caption`
    what the person wrote beneath it, and `album` the platform's id of the several that were sent
    as one, which are answered as one. `edits` says that it is an earlier message, changed: while
    that one waits it is put aside, and the change stands for both. `sent_at` is when the person
    sent it, where the platform says so: an update that was held up by an outage is not a sign
    that the person is there now.
    """

    channel: ChannelName
    update_id: str
    address: Address
    kind: InboundKind
    content: str = ""
    message_ids: tuple[str, ...] = ()
    language: str | None = None
    sent_at: datetime | None = None
    caption: str = ""
    album: str = ""
    edits: bool = False


class StaffCommands(Protocol):
    """Takes in what the staff write in their own chat."""

    async def hear(self, update_id: str, text: str) -> None:
        """Answer a command once, however often it is delivered; pass over anything else.

        Raises DatabaseUnavailable when nothing could be stored.
        """
        ...


class Intake(Protocol):
    """Takes updates in."""

    async def accept(self, update: InboundUpdate) -> bool:
        """Store `update` durably and wake its conversation; False if it was known already.

        When this returns, the platform may be told that the update arrived. When it raises, the
        platform must not be told, so that it delivers again.
        """
        ...
