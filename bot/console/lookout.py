"""One look at the queue for all who ask at the same time: two hundred pages ask at once."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Final
from uuid import UUID

from bot.console.presenting import Presenter
from bot.console.schemas import HandoffView
from bot.conversation.advocacy import AdvocacyService, Front, QueuedHandoff
from bot.ids import AdvocateId, Locale
from bot.staff.service import StaffService

MOST: Final = 50
"""Of those who wait, and of those with colleagues: nobody reads further."""

NOBODY: Final = AdvocateId(UUID(int=0))

REST: Final = 9
"""After a look, so many times as long as it took: in a rush, looking takes a tenth of the time."""

Rows = list[tuple[UUID, str]]
"""Handoffs as JSON."""


class Seen:
    """What one look found, written out once for each language."""

    def __init__(self, front: Front, names: Mapping[AdvocateId, str]) -> None:
        self.front = front
        self.names = names
        self._written: dict[Locale, tuple[Rows, Rows]] = {}

    def with_own(self, own: Sequence[QueuedHandoff], mine: Presenter) -> bytes:
        """The `FrontView` of an advocate; `own`, looked at later, holds where the two differ."""
        waiting, claimed = self._for_anybody(mine)
        newer = {queued.handoff.id for queued in own}
        line = [(place, row) for place, (id_, row) in enumerate(waiting, 1) if id_ not in newer]
        with_us = list[str]()
        for queued in own:
            row = mine.queued(queued).model_dump_json()
            if queued.place is None:
                with_us.append(row)
            else:
                line.append((queued.place, row))
        with_us += [row for id_, row in claimed if id_ not in newer]
        waits = [row for _, row in sorted(line)]
        front = self.front
        return (
            f'{{"waiting":[{",".join(waits)}],"waiting_count":{front.waiting_count},'
            f'"claimed":[{",".join(with_us)}],"claimed_count":{front.claimed_count}}}'
        ).encode()

    def _for_anybody(self, mine: Presenter) -> tuple[Rows, Rows]:
        """Who waits, and who is with somebody, for those whom it does not concern."""
        found = self._written.get(mine.locale)
        if found is None:
            nobody = replace(mine, me=NOBODY, skills=())
            waiting = [(q.handoff.id, nobody.queued(q)) for q in self.front.waiting]
            claimed = [(handoff.id, nobody.handoff(handoff)) for handoff in self.front.claimed]
            found = _written(waiting), _written(claimed)
            self._written[mine.locale] = found
        return found


def _written(views: Iterable[tuple[UUID, HandoffView]]) -> Rows:
    return [(id_, view.model_dump_json()) for id_, view in views]


class Lookout:
    """Looks at the queue, one look at a time."""

    def __init__(self, advocacy: AdvocacyService, staff: StaffService) -> None:
        self._advocacy = advocacy
        self._staff = staff
        self._running: asyncio.Task[Seen] | None = None
        self._next: asyncio.Task[Seen] | None = None
        self._rests_until = 0.0
        self._page = asyncio.Lock()

    @asynccontextmanager
    async def look(self) -> AsyncIterator[Seen]:
        """What there is to see, by a look that begins after this call.

        One page at a time goes on from there: many that look let whoever claims go first.
        """
        if self._next is None:
            self._next = asyncio.create_task(self._after(self._running))
        seen = await asyncio.shield(self._next)
        async with self._page:
            yield seen

    async def _after(self, earlier: asyncio.Task[Seen] | None) -> Seen:
        clock = asyncio.get_running_loop().time
        if earlier is not None:
            await asyncio.wait([earlier])
        await asyncio.sleep(self._rests_until - clock())
        # Whoever asks from here on might miss what happens meanwhile.
        self._running, self._next = self._next, None
        began = clock()
        try:
            return Seen(await self._advocacy.front(MOST), await self._staff.names())
        finally:
            self._rests_until = clock() + REST * (clock() - began)
