"""Who is offered to whom: by language and skill, in the queue's order, within one's capacity."""

from collections.abc import Collection
from datetime import timedelta

from bot.conversation.holding import CONSOLE, AlreadyTaken, Holding
from bot.conversation.storage import UnitOfWork
from bot.handoff.desks import Desk, Duty, Skill, suits
from bot.handoff.models import Handoff
from bot.handoff.waits import KNOWN_FOR
from bot.ids import AdvocateId, HandoffId, Locale

TRIES = 10
"""Candidates wanted in one go: so many colleagues may be a moment faster."""

PAGE = 30
FURTHEST = 3000


class QueueService(Holding):
    """Desks, offers, and figures without content."""

    async def desk(self, advocate_id: AdvocateId) -> Desk:
        """The advocate's desk."""
        async with self._database.reading() as unit:
            return await unit.desks.get(advocate_id)

    async def desks(self) -> tuple[Desk, ...]:
        """All desks that were set up."""
        async with self._database.reading() as unit:
            return tuple(await unit.desks.all())

    def capacity(self, desk: Desk) -> int:
        """How many the advocate is offered at once."""
        return self._settings.capacity if desk.capacity is None else desk.capacity

    async def set_duty(self, advocate_id: AdvocateId, duty: Duty) -> None:
        """Take people on, have a break, or finish with those one has."""
        async with self._database.writing() as unit:
            await unit.desks.set_duty(advocate_id, duty)
            await unit.events.publish("desk", advocate_id, self._clock.now())
        self._signals.touch(CONSOLE)

    async def equip(
        self, advocate_id: AdvocateId, skills: Collection[Skill], capacity: int | None
    ) -> None:
        """Set what the advocate can do, and how many they take on at once."""
        async with self._database.writing() as unit:
            await unit.desks.equip(advocate_id, skills, capacity)
            await unit.events.publish("desk", advocate_id, self._clock.now())
        self._signals.touch(CONSOLE)

    async def offer(
        self,
        advocate_id: AdvocateId,
        languages: Collection[Locale],
        declined: Collection[HandoffId] = (),
    ) -> Handoff | None:
        """Whom the advocate should take on next; None for nobody, or off duty, or enough to do."""
        async with self._database.reading() as unit:
            found = await self._candidates(unit, advocate_id, languages, declined)
        return found[0] if found else None

    async def claim_next(
        self,
        advocate_id: AdvocateId,
        languages: Collection[Locale],
        declined: Collection[HandoffId] = (),
    ) -> Handoff | None:
        """Take on whom `offer` names, or who is next when a colleague was faster."""
        async with self._database.writing() as unit:
            # Held until the end of the transaction: one advocate's claims come one by one, so
            # that two pages of theirs do not exceed the capacity.
            await unit.presence.seen(advocate_id, self._clock.now())
            for handoff in await self._candidates(unit, advocate_id, languages, declined):
                try:
                    await self._claim(unit, handoff, advocate_id)
                except AlreadyTaken:
                    continue
                claimed = await unit.handoffs.get(handoff.id)
                break
            else:
                return None
        self._wake(handoff)
        return claimed

    async def figures(self, days: int = KNOWN_FOR.days) -> dict[str, int]:
        """All counts of the last `days`: waits, ends, and whether it helped."""
        since = self._clock.now() - timedelta(days=days)
        async with self._database.reading() as unit:
            return dict(await unit.tallies.since(since, ""))

    async def _candidates(
        self,
        unit: UnitOfWork,
        advocate_id: AdvocateId,
        languages: Collection[Locale],
        declined: Collection[HandoffId],
    ) -> list[Handoff]:
        desk = await unit.desks.get(advocate_id)
        if desk.duty is not Duty.ON:
            return []
        if await unit.handoffs.held_by(advocate_id) >= self.capacity(desk):
            return []
        now, chosen = self._clock.now(), list[Handoff]()
        fallback_after = self._settings.match_fallback_after
        # Languages and topics are sealed: a page is opened at a time, mostly the first alone.
        for offset in range(0, FURTHEST, PAGE):
            page = await unit.handoffs.ready(now, PAGE, offset)
            for handoff in await self._reader.handoffs(unit, page):
                fits = suits(handoff, languages, desk.skills, now, fallback_after)
                if fits and handoff.id not in declined:
                    chosen.append(handoff)
            if len(page) < PAGE or len(chosen) >= TRIES:
                break
        return chosen
