"""What stands behind the web chat in tests: a conversation held in memory, and words to say."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from uuid import uuid4

from bot.channels.webchat.words import TEXTS
from bot.content.catalogue import Button, Rendered
from bot.content.errors import UnknownText
from bot.conversation.intake import InboundKind, InboundUpdate
from bot.conversation.transcript import Entry, View
from bot.dialogue.flows import quick_exit
from bot.history.models import Author
from bot.ids import Address, ChannelName, Locale, MessageId

PARTING = "That was all for today."


class FakeCatalogue:
    """Says each key as the key itself with its locale, or as `texts` has it."""

    def __init__(
        self,
        locales: tuple[str, ...] = ("en", "es"),
        texts: Mapping[tuple[str, str], str] | None = None,
        drafts: tuple[str, ...] = (),
    ) -> None:
        self.locales = tuple(Locale(locale) for locale in locales)
        self.drafts = frozenset(Locale(locale) for locale in drafts)
        self._texts = dict(texts or {})
        for locale in locales:
            self._texts.setdefault((locale, quick_exit.COVER), PARTING)

    def render(
        self,
        key: str,
        locale: Locale,
        params: Mapping[str, str],
        buttons: tuple[str, ...] | None = None,
        also: tuple[str, ...] = (),
        country: str = "",
    ) -> Rendered:
        if locale not in self.locales or (key not in TEXTS and key != quick_exit.COVER):
            raise UnknownText(key)
        return Rendered(self._texts.get((locale, key), f"{key} [{locale}]"))

    def label(self, button: str, locale: Locale, country: str = "") -> str:
        return f"{button} [{locale}]"

    def pages(self, country: str) -> tuple[str, ...]:
        return ()

    @property
    def localised(self) -> frozenset[str]:
        return frozenset()

    def own_words(self, tag: str) -> str | None:
        return None


@dataclass
class Chat:
    """One address: its language, whether its person is away, and its messages in order."""

    locale: Locale
    quiet: bool = False
    entries: list[Entry] = field(default_factory=list)


class InMemoryChats:
    """`Intake` and transcript in one.

    `answer` is called with each update and its chat, once. `failures` is how many of the next
    calls fail, `lost` how many of the next are carried out and fail all the same.
    """

    def __init__(self) -> None:
        self.chats: dict[Address, Chat] = {}
        self.updates: list[InboundUpdate] = []
        self.failures = 0
        self.lost = 0
        self.reads = 0
        self.answer: Callable[[InboundUpdate, Chat], None] = lambda update, chat: None
        self.error: Callable[[], Exception] = lambda: RuntimeError("out of order")
        self._seq = 0

    async def accept(self, update: InboundUpdate) -> bool:
        if self.failures:
            self.failures -= 1
            raise self.error()
        known = any(u.update_id == update.update_id for u in self.updates)
        if not known:
            self.updates.append(update)
            locale = Locale(update.language or "en")
            chat = self.chats.setdefault(update.address, Chat(locale))
            chat.quiet = False
            if update.kind is InboundKind.TEXT:
                self.say(chat, update.content, Author.PERSON, ids=update.message_ids)
            self.answer(update, chat)
        if self.lost:
            self.lost -= 1
            raise self.error()
        return not known

    async def read(self, channel: ChannelName, address: Address, after: int = 0) -> View:
        self.reads += 1
        chat = self.chats.get(address)
        if chat is None:
            return View(locale=None)
        entries = tuple(e for e in chat.entries if e.seq > after)
        return View(chat.locale, entries, tuple(e.id for e in chat.entries), chat.quiet)

    def say(
        self,
        chat: Chat,
        text: str,
        author: Author = Author.BOT,
        *,
        buttons: tuple[tuple[str, str], ...] = (),
        ids: tuple[str, ...] = (),
        cover: bool = False,
        seq: int | None = None,
    ) -> Entry:
        """Put a message into the chat; `buttons` are pairs of id and label, one a row."""
        self._seq += 1
        message = Rendered(text, tuple((Button(*pair),) for pair in buttons))
        now = datetime.now(UTC)
        entry = Entry(
            MessageId(uuid4()), self._seq if seq is None else seq, author, message, now, ids, cover
        )
        chat.entries.append(entry)
        chat.entries.sort(key=lambda e: e.seq)
        return entry

    def drop(self, chat: Chat, *entries: Entry) -> None:
        """Let messages vanish; all of them if none is named."""
        gone = {e.id for e in entries or chat.entries}
        chat.entries = [e for e in chat.entries if e.id not in gone]

    def change(self, chat: Chat, entry: Entry, **changes: object) -> None:
        """Change one message."""
        chat.entries = [
            replace(e, **changes) if e.id == entry.id else e  # type: ignore[arg-type]
            for e in chat.entries
        ]
