"""Whose turn it is: who wrote much of late lets others go first, and nobody waits for ever.

A thousand accounts can each write as calmly as people do, and be more between them than a machine
answers. Then what each of them wrote in the last minute tells them from somebody who writes now and
then; while the machine keeps up, nobody waits and there is nothing to tell.
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from heapq import heappop, heappush
from itertools import count
from math import exp
from typing import Final

from bot.ids import ConversationId

OF_LATE: Final = 20.0
"""Seconds after which a message counts for about a third, and so on: who writes one each second
comes to twenty, who writes one in ten seconds to two and a half."""

CALM: Final = 0.1
"""Messages of late that are as good as none."""

A_MESSAGE: Final = 3.0
"""Seconds by which somebody lets others go first, for each message of late beyond the first."""

LONGEST: Final = 60.0
"""The most that these seconds come to."""

KNOWN: Final = 10_000
"""Conversations remembered; of more, those that wrote longest ago count as calm."""


class Line:
    """Conversations that wait to be worked on, each once."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._numbers = count()
        self._order: list[tuple[float, int, ConversationId]] = []
        self._waiting: dict[ConversationId, tuple[float, float]] = {}
        """Since when each waits, and its place; other places in `_order` don't count any more."""
        self._wrote: OrderedDict[ConversationId, tuple[float, float]] = OrderedDict()
        """How many messages of late there were when the last one came, and when that was."""

    def __len__(self) -> int:
        return len(self._waiting)

    def wrote(self, conversation_id: ConversationId) -> None:
        """A message came from there."""
        now = self._now()
        self._wrote[conversation_id] = self._of_late(conversation_id, now) + 1, now
        self._wrote.move_to_end(conversation_id)
        while self._wrote:
            eldest = next(iter(self._wrote))
            if len(self._wrote) <= KNOWN and self._of_late(eldest, now):
                break
            del self._wrote[eldest]

    def join(self, conversation_id: ConversationId) -> None:
        """Have it wait, too; of one that does, see to its place."""
        now = self._now()
        since, before = self._waiting.get(conversation_id, (now, None))
        beyond = max(0.0, self._of_late(conversation_id, now) - 1)
        place = since + min(LONGEST, beyond * A_MESSAGE)
        if before is None or place > before:
            self._waiting[conversation_id] = since, place
            heappush(self._order, (place, next(self._numbers), conversation_id))

    def next(self) -> ConversationId:
        """Take out whose turn it is. Raises IndexError where nobody waits."""
        while True:
            place, _, conversation_id = heappop(self._order)
            if self._waiting.get(conversation_id, (0.0, None))[1] == place:
                del self._waiting[conversation_id]
                return conversation_id

    def _of_late(self, conversation_id: ConversationId, now: float) -> float:
        messages, at = self._wrote.get(conversation_id, (0.0, now))
        left = messages * exp((at - now) / OF_LATE)
        return left if left > CALM else 0.0
