"""What a page is told while it is open: what to add, and what still exists."""

import json
from collections.abc import AsyncIterator
from typing import Any, Final

from sse_starlette.event import ServerSentEvent

from bot.channels.webchat.channel import WEBCHAT
from bot.channels.webchat.interfaces import TranscriptReader
from bot.channels.webchat.sessions import Departures
from bot.channels.webchat.words import direction, words
from bot.content.catalogue import Catalogue
from bot.conversation.transcript import Entry, View, topic
from bot.dialogue.flows import quick_exit
from bot.ids import Address, Locale, MessageId
from bot.logs import logger
from bot.signals import Signals

_log = logger(__name__)

FIRST_PAUSE: Final = 0.1
LONGEST_PAUSE: Final = 10.0
"""Seconds between looks. A wake-up can come just before the rows change, or from a process that
cannot reach this one: so a page looks again soon after each change, and then ever more seldom."""

Change = dict[str, Any]


class Watch:
    """One page's view of its conversation.

    `seen` is the `seq` of the last message that the page says it has, 0 if it has none.
    """

    def __init__(
        self, reader: TranscriptReader, catalogue: Catalogue, address: Address, seen: int
    ) -> None:
        self._reader = reader
        self._catalogue = catalogue
        self._address = address
        self._partings = frozenset(
            catalogue.render(quick_exit.COVER, locale, {}).text for locale in catalogue.locales
        )
        self.seen = seen
        self._told: set[MessageId] = set()
        self._hidden: set[MessageId] = set()
        self._last: tuple[tuple[MessageId, ...], bool, Locale | None] | None = None

    async def look(self) -> Change | None:
        """What changed since the last look; None if nothing did.

        While the person is not here, only cover texts are shown (promise 1); the rest follows once
        they write. A message can become visible after younger ones, when it was held back.
        """
        first = self._last is None
        view = await self._read(first)
        if first:
            self._told = {entry.id for entry in view.entries if entry.seq <= self.seen}
        fresh = [entry for entry in view.entries if entry.id not in self._told]
        shown = [entry for entry in fresh if entry.cover or not view.quiet]
        self._told |= {entry.id for entry in shown}
        self._told &= set(view.present)
        self._hidden = set(view.present) - self._told
        self.seen = max([self.seen, *(entry.seq for entry in shown)])
        present = tuple(i for i in view.present if i in self._told)
        state = (present, view.quiet, view.locale)
        if state == self._last:
            return None
        change: Change = {"quiet": view.quiet, "present": [str(i) for i in present]}
        if shown:
            change["add"] = [_told(entry) for entry in shown]
        if any(entry.message.text in self._partings for entry in shown):
            change["leave"] = True
        if view.locale is not None and (self._last is None or view.locale != self._last[2]):
            change["locale"] = view.locale
            change["dir"] = direction(view.locale)
            change["words"] = words(self._catalogue, view.locale)
        self._last = state
        return change

    async def _read(self, whole: bool) -> View:
        """The conversation, with the entries that are new to this page, and maybe some more."""
        if whole or self._hidden:
            return await self._reader.read(WEBCHAT, self._address)
        view = await self._reader.read(WEBCHAT, self._address, self.seen)
        if set(view.present) <= self._told | {entry.id for entry in view.entries}:
            return view
        return await self._reader.read(WEBCHAT, self._address)


async def follow(
    watch: Watch, signals: Signals, departures: Departures, address: Address
) -> AsyncIterator[ServerSentEvent]:
    """The events of one page, until it goes away.

    An error ends the stream: the page comes back by itself.
    """
    subject = topic(WEBCHAT, address)
    pause = FIRST_PAUSE
    while True:
        if address in departures:
            yield _event({"leave": True, "present": []}, watch.seen)
            return
        generation = signals.generation(subject)
        try:
            change = await watch.look()
        except Exception as error:
            # Its message may quote what was said.
            _log.warning("a page could not be kept up to date", error=error)
            return
        if change is not None:
            pause = FIRST_PAUSE
            yield _event(change, watch.seen)
        if await signals.wait(subject, generation, within=pause):
            pause = FIRST_PAUSE
        else:
            pause = min(2 * pause, LONGEST_PAUSE)


def _event(change: Change, seen: int) -> ServerSentEvent:
    return ServerSentEvent(json.dumps(change), event="view", id=str(seen))


def _told(entry: Entry) -> Change:
    return {
        "id": str(entry.id),
        "ref": entry.platform_ids[0] if entry.platform_ids else None,
        "author": entry.author.value,
        "text": entry.message.text,
        "buttons": [[{"id": b.id, "label": b.label} for b in row] for row in entry.message.buttons],
        "at": entry.created_at.isoformat(),
    }
