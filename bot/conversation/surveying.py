"""Looking at the queue, and at who has whom."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from bot.checkins.models import Alert
from bot.conversation.holding import Holding
from bot.handoff.models import Handoff, HandoffState
from bot.ids import AdvocateId, HandoffId


@dataclass(frozen=True, slots=True)
class QueuedHandoff:
    """A handoff as the console lists it; `place` counts from 1 while it waits."""

    handoff: Handoff
    place: int | None


@dataclass(frozen=True, slots=True)
class Front:
    """The front of the queue, and of those with an advocate; and how many there are in all."""

    waiting: tuple[QueuedHandoff, ...]
    waiting_count: int
    claimed: tuple[Handoff, ...]
    claimed_count: int


class Survey(Holding):
    """The queue as it is; languages and topics are opened for those alone who are asked for."""

    async def handoffs(self, state: HandoffState) -> tuple[QueuedHandoff, ...]:
        """All handoffs in `state`, in the queue's order."""
        async with self._database.reading() as unit:
            found = await self._reader.handoffs(unit, await unit.handoffs.list_by_state(state))
        waiting = state is HandoffState.WAITING
        return tuple(
            QueuedHandoff(handoff, index if waiting else None)
            for index, handoff in enumerate(found, start=1)
        )

    async def front(self, most: int) -> Front:
        """At most `most` of those who wait, the first, and as many of those with an advocate."""
        async with self._database.reading() as unit:
            states = (HandoffState.WAITING, HandoffState.CLAIMED)
            found = [await unit.handoffs.list_by_state(state, most) for state in states]
            counts = [await unit.handoffs.count_by_state(state) for state in states]
            opened = await self._reader.handoffs(unit, [*found[0], *found[1]])
        waiting, claimed = opened[: len(found[0])], opened[len(found[0]) :]
        return Front(
            tuple(QueuedHandoff(each, place) for place, each in enumerate(waiting, start=1)),
            counts[0],
            claimed,
            counts[1],
        )

    async def concerning(
        self, advocate_id: AdvocateId, also: Collection[HandoffId]
    ) -> tuple[QueuedHandoff, ...]:
        """What the advocate holds, supports, or may be asked to take over; and `also` these."""
        async with self._database.reading() as unit:
            found = await unit.handoffs.concerning(advocate_id, also)
            opened = await self._reader.handoffs(unit, found)
            waits = [h.id for h in opened if h.state is HandoffState.WAITING]
            places = {id_: await unit.handoffs.place(id_) for id_ in waits}
        return tuple(QueuedHandoff(each, places.get(each.id)) for each in opened)

    async def holds(self) -> Mapping[AdvocateId, int]:
        """How many people each advocate has who has any."""
        async with self._database.reading() as unit:
            return await unit.handoffs.holds()

    async def open_handoffs(self, alerts: Collection[Alert]) -> Sequence[Handoff]:
        """The open handoffs of the people whom alerts are about, without what is sealed."""
        async with self._database.reading() as unit:
            return await unit.handoffs.open_among({alert.conversation_id for alert in alerts})
