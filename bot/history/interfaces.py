"""Where messages are kept. Every call is part of the surrounding transaction."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from bot.history.models import Message
from bot.ids import ChannelName, ConversationId, HandoffId, MessageId


class MessageRepository(Protocol):
    """The `messages` table: history and outbox in one."""

    async def add(self, message: Message) -> bool:
        """Store a message; its `seq` is given by the database. False if the id is known already."""
        ...

    async def add_all(self, messages: Sequence[Message]) -> None:
        """`add` each, in order."""
        ...

    async def some(self, message_ids: Collection[MessageId]) -> Mapping[MessageId, Message]:
        """Those of the messages that exist."""
        ...

    async def unsent_in(
        self, conversation_ids: Collection[ConversationId]
    ) -> Collection[ConversationId]:
        """Those of the conversations with a message that is PENDING or SENDING."""
        ...

    async def next_unsent(self, conversation_id: ConversationId) -> Message | None:
        """The first message, in order, that is PENDING or SENDING, due or not."""
        ...

    async def start_sending(self, message_id: MessageId, mark: bytes, until: datetime) -> bool:
        """PENDING → SENDING; False if somebody else was first.

        Until `until` nobody else may take it for abandoned.
        """
        ...

    async def keep_sending(self, message_id: MessageId, until: datetime) -> None:
        """The call is still under way: not abandoned before `until`."""
        ...

    async def take_abandoned(self, message_id: MessageId, now: datetime, until: datetime) -> bool:
        """Whether the caller, and nobody else before `until`, may undo what stopped in the middle.

        False when it is sent, or somebody else is at it.
        """
        ...

    async def remember_mark(self, channel: ChannelName, mark: str) -> None:
        """Keep a channel's latest mark: a count, which points at no person."""
        ...

    async def last_mark(self, channel: ChannelName) -> str | None:
        """The mark remembered for a channel, or None."""
        ...

    async def mark_sent(
        self, message_id: MessageId, platform_ids: bytes, *, keep_body: bool, delete_at: datetime
    ) -> None:
        """SENDING → SENT."""
        ...

    async def mark_all_sent(self, arrived: Sequence[tuple[MessageId, bytes, datetime]]) -> None:
        """`mark_sent` for each of (id, platform_ids, delete_at), without keeping a text."""
        ...

    async def retry_later(
        self, message_id: MessageId, not_before: datetime, *, uncertain: bool
    ) -> None:
        """SENDING → PENDING, or still SENDING when it may have got through; one attempt more."""
        ...

    async def mark_failed(self, message_id: MessageId) -> None:
        """Give the message up: it never reached the phone, and its text goes now."""
        ...

    async def fail_unsent(self, conversation_id: ConversationId) -> None:
        """Give up all that has not been sent."""
        ...

    async def hold_unsent(
        self, conversation_id: ConversationId, before: datetime | None = None
    ) -> int:
        """PENDING → HELD for all but cover texts, or those written before `before`; how many."""
        ...

    async def release_held(
        self, conversation_id: ConversationId, since: datetime | None = None
    ) -> int:
        """HELD → PENDING for all, or those written since; how many."""
        ...

    async def has_held(
        self, conversation_id: ConversationId, since: datetime | None = None
    ) -> bool:
        """Whether something, or something written since, waits for the person to be there."""
        ...

    async def expire(self, message_id: MessageId, at: datetime) -> None:
        """Erase its text and let it be due at `at`; one that was not sent is dropped."""
        ...

    async def expire_all(self, conversation_id: ConversationId, at: datetime) -> None:
        """Erase every text now, drop what was not sent, and let the rest be due at `at`."""
        ...

    async def expire_shown(self, conversation_id: ConversationId, at: datetime) -> None:
        """Erase what the phone shows and let it be due at `at`; what was not sent stays."""
        ...

    async def lengthen(
        self, conversation_id: ConversationId, ttl: timedelta, now: datetime
    ) -> None:
        """What is said with an advocate and has not vanished stays for `ttl` from its beginning."""
        ...

    async def shorten(self, conversation_id: ConversationId, until: datetime) -> None:
        """Let no message live longer than `until`."""
        ...

    async def due(
        self, conversation_id: ConversationId, now: datetime, limit: int
    ) -> Sequence[Message]:
        """Messages whose `delete_at` has come, the earliest first."""
        ...

    async def delete(self, seen: Collection[Message]) -> None:
        """Remove rows for good, unless their delivery went on since they were seen: of a message
        that is on its way now, the id on the phone would be lost."""
        ...

    async def next_deadline(self, conversation_id: ConversationId) -> datetime | None:
        """The earliest `delete_at`, or None when there is no message."""
        ...

    async def deadlines(
        self, conversation_ids: Collection[ConversationId]
    ) -> Mapping[ConversationId, datetime]:
        """`next_deadline` of each that has a message."""
        ...

    async def on_the_phone(self, conversation_id: ConversationId) -> Sequence[Message]:
        """The messages whose platform ids are on record."""
        ...

    async def of_handoff(self, handoff_id: HandoffId, after: int) -> Sequence[Message]:
        """The messages of a handoff with a `seq` above `after`, in order."""
        ...

    async def of_conversation(
        self, conversation_id: ConversationId, after: int
    ) -> Sequence[Message]:
        """What the phone of a web chat shows: all but notes, HELD, PENDING and FAILED, in order."""
        ...

    async def with_work(self, now: datetime, limit: int) -> Mapping[ConversationId, int]:
        """Conversations with something to send now, each with the number of the first of it; the
        oldest first."""
        ...

    async def recover(self, now: datetime) -> None:
        """Let SENDING messages of a process known to be dead be taken up at once."""
        ...

    async def hasten(self, latest: datetime) -> None:
        """Let nothing that is to be sent wait for longer than until `latest`."""
        ...

    async def undelivered(self, conversation_id: ConversationId, since: datetime) -> bool:
        """Whether the bot has written since, and nothing of it is known to have arrived."""
        ...

    async def get(self, message_id: MessageId) -> Message | None:
        """The message, or None when it is gone."""
        ...
