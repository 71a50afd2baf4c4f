"""What a phone without memory of its own may show: the web chat's messages."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from bot.clock import Clock
from bot.content.catalogue import Rendered
from bot.conversation.accepting import address_index
from bot.conversation.codec import load_rendered, load_state
from bot.conversation.delivery import is_quiet
from bot.conversation.sealing import Envelope
from bot.conversation.storage import Database
from bot.history.models import Author
from bot.ids import Address, ChannelName, Locale, MessageId
from bot.settings import Settings
from bot.vault.vault import Vault


@dataclass(frozen=True, slots=True)
class Entry:
    """One message; `seq` grows with each.

    `platform_ids` are the channel's own ids of it, `cover` marks a text that may be seen while the
    person is not here.
    """

    id: MessageId
    seq: int
    author: Author
    message: Rendered
    created_at: datetime
    platform_ids: tuple[str, ...] = ()
    cover: bool = False


@dataclass(frozen=True, slots=True)
class View:
    """What the page shows: the entries asked for, and the ids of all that still exist.

    `quiet` is True when the person has not been here lately: a page opened then shows nothing
    of what was said (promise 1).
    """

    locale: Locale | None
    entries: tuple[Entry, ...] = ()
    present: tuple[MessageId, ...] = ()
    quiet: bool = True


def topic(channel: ChannelName, address: Address) -> str:
    """The topic of `Signals` that is touched when the phone has something new to look at.

    Other processes are told of it: only for addresses of so many random bits that nobody finds
    them by their hash.
    """
    return f"{channel}/{hashlib.sha256(address.encode()).hexdigest()}"


class Transcript:
    """Reads the messages of one address."""

    def __init__(self, database: Database, vault: Vault, clock: Clock, settings: Settings) -> None:
        self._database = database
        self._vault = vault
        self._clock = clock
        self._settings = settings

    async def read(self, channel: ChannelName, address: Address, after: int = 0) -> View:
        """The messages with a `seq` above `after`; an empty view where nobody wrote."""
        index = address_index(self._vault, channel, address)
        async with self._database.reading() as unit:
            conversation = await unit.conversations.find(channel, index)
            if conversation is None:
                return View(locale=None)
            messages = await unit.messages.of_conversation(conversation.id, 0)
        envelope = Envelope.of(self._vault, conversation)
        opened = envelope.open(conversation.state, "conversations.state")
        state = load_state(opened, self._settings.locales)
        now = self._clock.now()
        shut = state.lock.is_shut(now, self._settings.lock_after)
        behind = state.lock.behind
        shown = [
            m
            for m in messages
            if m.body is not None
            and (m.cover or not shut)
            and (m.cover or behind is None or m.created_at >= behind)
        ]
        entries = tuple(
            Entry(
                id=m.id,
                seq=m.seq,
                author=m.author,
                message=load_rendered(envelope.open(m.body or b"", "messages.body", m.id)),
                created_at=m.created_at,
                platform_ids=envelope.open_ids(m.platform_ids, m.id),
                cover=m.cover,
            )
            for m in shown
            if m.seq > after
        )
        quiet = shut or is_quiet(conversation, now, state.quiet_after or self._settings.quiet_after)
        return View(state.locale, entries, tuple(m.id for m in shown), quiet)
