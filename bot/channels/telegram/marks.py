"""Which message ids exist, as far as this process knows."""

from collections import OrderedDict
from collections.abc import Iterable
from typing import Final

REMEMBERED: Final = 20_000
REACH: Final = 1_000
BEYOND: Final = 100


class MessageMarks:
    """The highest message id seen, and the latest ones that are accounted for.

    In private chats Telegram numbers messages by the bot's account, over all its chats and both
    directions, so that a message sent later always has a higher id, whoever it goes to.
    """

    def __init__(self, floor: int = 0) -> None:
        self._highest = floor
        self._known: OrderedDict[int, int | None] = OrderedDict()

    @property
    def highest(self) -> int:
        """The highest id seen or given as the floor."""
        return self._highest

    def reached(self, message_id: int) -> None:
        """An id up to `message_id` exists."""
        self._highest = max(self._highest, message_id)

    def account_for(self, message_ids: Iterable[int], sent_to: int | None = None) -> None:
        """These messages are known: somebody wrote them, or they were `sent_to` a chat."""
        for message_id in message_ids:
            self.reached(message_id)
            self._known[message_id] = sent_to
            self._known.move_to_end(message_id)
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)

    def unaccounted(self, mark: int, chat_id: int | None = None) -> list[int]:
        """Ids after `mark` that a lost message may have, ascending.

        With those that were sent to `chat_id`: one that was answered is lost all the same when the
        answer could not be recorded. Whoever has the records spares the others.

        The lost message was sent right after the mark was taken, and nothing known bears its id.
        Looked for are the REACH ids after the mark and, since other processes may have moved the
        count on unseen, the REACH ids before the highest one known now; in both cases BEYOND ids
        further than any known, where a message lies of which no answer came.
        """
        last = self._highest + BEYOND if self._highest > mark else mark + BEYOND
        near = range(mark + 1, min(mark + REACH, last) + 1)
        late = range(max(near.stop, last - REACH - BEYOND + 1), last + 1)
        return [i for span in (near, late) for i in span if self._may_be_lost(i, chat_id)]

    def _may_be_lost(self, message_id: int, chat_id: int | None) -> bool:
        if message_id not in self._known:
            return True
        return chat_id is not None and self._known[message_id] == chat_id
