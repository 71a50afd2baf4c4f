"""Several processes on one PostgreSQL: they wake each other, and share what each must know."""

import asyncio
from typing import Final
from uuid import UUID

from bot.bootstrap import Sidelight, Telegram
from bot.errors import TransientError
from bot.ids import ConversationId
from bot.logs import logger
from bot.storage.notices import Notices

_log = logger(__name__)

LOOK: Final = "look"
"""Then a topic of `Signals`."""
LEFT: Final = "left"
"""Then the hash of a web chat's session that was left by the quick exit."""
WORK: Final = "work"
"""Then the id of a conversation that somebody should work on."""

MARK_EVERY: Final = 1.0
"""Seconds between looks at how far Telegram's count of messages has come elsewhere."""


def connect(sidelight: Sidelight, *, works: bool) -> Notices:
    """Tell other processes of this one's signals, and take theirs. To be run.

    A process that works on no conversations (`works`) has the others do it.
    """

    def heard(notice: str) -> None:
        kind, _, rest = notice.partition(":")
        if kind == LOOK:
            sidelight.signals.heard(rest)
        elif kind == LEFT:
            sidelight.webchat.departures.heard(rest)
        elif kind == WORK and works and (conversation := _conversation(rest)) is not None:
            # Mostly somebody wrote; an advocate's words count as a message, too.
            sidelight.dispatcher.wake(conversation, wrote=True)

    notices = Notices(sidelight.database.url, heard)
    sidelight.signals.spread(lambda topic: notices.tell(f"{LOOK}:{topic}"))
    sidelight.webchat.departures.spread(lambda digest: notices.tell(f"{LEFT}:{digest}"))
    if not works:
        sidelight.dispatcher.hand_over(lambda conversation: notices.tell(f"{WORK}:{conversation}"))
    return notices


async def follow_marks(sidelight: Sidelight, telegram: Telegram) -> None:
    """Know how far the account's messages are counted, whoever sent them, until cancelled.

    A send that was cut short is looked for from there: see `TelegramChannel.withdraw`.
    """
    while True:
        try:
            async with sidelight.database.reading() as unit:
                mark = await unit.messages.last_mark(telegram.channel.name)
            telegram.channel.marks.reached(int(mark or 0))
        except TransientError as error:
            _log.warning("the count of messages is not known", error=error)
        await asyncio.sleep(MARK_EVERY)


def _conversation(text: str) -> ConversationId | None:
    try:
        return ConversationId(UUID(text))
    except ValueError:
        return None
