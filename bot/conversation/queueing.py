"""Who is offered to whom: by language and skill, in the queue's order, within one's capacity."""

from collections.abc import Collection
from datetime import datetime, timedelta

from bot.conversation.holding import CONSOLE, AlreadyTaken, Holding, existing
from bot.conversation.storage import UnitOfWork
from bot.handoff.desks import Desk, Duty, Skill, suits
from bot.handoff.models import Handoff
from bot.handoff.offers import Offer
from bot.handoff.waits import KNOWN_FOR
from bot.ids import AdvocateId, HandoffId, Locale
from bot.staff.audit import Act, note

TRIES = 10
"""Candidates wanted in one go: so many colleagues may be a moment faster."""

PAGE = 12
"""Opened at first, and each time twice as many."""

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

    async def set_duty(
        self, advocate_id: AdvocateId, duty: Duty, by: AdvocateId | None = None
    ) -> None:
        """Take people on, have a break, or finish with those one has.

        `by`: a supervisor, who does it for somebody who went off without a word. It is logged,
        and stands on the advocate's desk until they choose themselves.
        """
        now = self._clock.now()
        async with self._database.writing() as unit:
            await unit.desks.set_duty(advocate_id, duty, by)
            if by is not None:
                await note(unit, self._vault, by, Act.DESK, now, advocate_id)
            await unit.events.publish("desk", advocate_id, now)
        self._signals.touch(CONSOLE)

    async def equip(
        self, advocate_id: AdvocateId, skills: Collection[Skill], capacity: int | None
    ) -> None:
        """Set what the advocate can do, and how many they take on at once."""
        async with self._database.writing() as unit:
            await unit.desks.equip(advocate_id, skills, capacity)
            await unit.events.publish("desk", advocate_id, self._clock.now())
        self._signals.touch(CONSOLE)

    async def offer(self, advocate_id: AdvocateId, languages: Collection[Locale]) -> Offer | None:
        """Ask the advocate to take somebody on, before the others and for `offer_ttl`.

        None for nobody, or off duty, or enough to do. An offer that stands comes again as it is.
        Whoever is declined, or passed over, is offered again after `match_fallback_after`.
        """
        now = self._clock.now()
        async with self._database.reading() as unit:
            if standing := await self._standing(unit, advocate_id, now):
                return standing
            passed = await unit.offers.passed_over(advocate_id, now)
            found = await self._candidates(unit, advocate_id, languages, passed, asked=True)
        until = now + self._settings.offer_ttl
        for handoff in found:
            async with self._database.writing() as unit:
                # Two pages of one advocate show one offer.
                if standing := await self._standing(unit, advocate_id, now):
                    return standing
                if not await unit.offers.make(handoff.id, advocate_id, now, until):
                    continue
                again = until + self._settings.match_fallback_after
                await unit.offers.pass_over(handoff.id, advocate_id, again, declined=False)
            return Offer(handoff, until)
        return None

    async def decline(self, handoff_id: HandoffId, advocate_id: AdvocateId) -> None:
        """Let somebody else be asked. Raises NotYours when there is no such handoff."""
        now = self._clock.now()
        async with self._database.writing() as unit:
            await existing(unit, handoff_id)
            again = now + self._settings.match_fallback_after
            await unit.offers.withdraw(handoff_id, advocate_id)
            await unit.offers.pass_over(handoff_id, advocate_id, again, declined=True)
            await unit.events.publish("handoff.changed", handoff_id, now)
        self._signals.touch(CONSOLE)

    async def claim_next(
        self, advocate_id: AdvocateId, languages: Collection[Locale]
    ) -> Handoff | None:
        """Take on whom `offer` names, or who is next when a colleague was faster.

        Somebody whom a colleague is only being asked about is not kept waiting for the answer.
        """
        now = self._clock.now()
        async with self._database.writing() as unit:
            # Held until the end of the transaction: one advocate's claims come one by one, so
            # that two pages of theirs do not exceed the capacity.
            await unit.presence.seen(advocate_id, now)
            passed = await unit.offers.passed_over(advocate_id, now)
            declined = [handoff_id for handoff_id, said_no in passed.items() if said_no]
            found = await self._candidates(unit, advocate_id, languages, declined)
            for handoff in sorted(found, key=lambda h: h.offered_to != advocate_id):
                try:
                    claimed = await self._claim(unit, handoff, advocate_id)
                except AlreadyTaken:
                    continue
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

    async def _standing(
        self, unit: UnitOfWork, advocate_id: AdvocateId, now: datetime
    ) -> Offer | None:
        offer = await unit.offers.standing(advocate_id, now)
        if offer is None:
            return None
        (opened,) = await self._reader.handoffs(unit, [offer.handoff])
        return Offer(opened, offer.until)

    async def _candidates(
        self,
        unit: UnitOfWork,
        advocate_id: AdvocateId,
        languages: Collection[Locale],
        but: Collection[HandoffId],
        *,
        asked: bool = False,
    ) -> list[Handoff]:
        desk = await unit.desks.get(advocate_id)
        if desk.duty is not Duty.ON:
            return []
        if await unit.handoffs.held_by(advocate_id) >= self.capacity(desk):
            return []
        now, chosen = self._clock.now(), list[Handoff]()
        fallback_after = self._settings.match_fallback_after
        # Languages and topics are sealed: a page is opened at a time, mostly the first alone.
        offset, wanted = 0, PAGE
        while offset < FURTHEST:
            page = await unit.handoffs.ready(now, wanted, offset, advocate_id if asked else None)
            for handoff in await self._reader.handoffs(unit, page):
                fits = suits(handoff, languages, desk.skills, now, fallback_after)
                if fits and handoff.id not in but:
                    chosen.append(handoff)
            if len(page) < wanted or len(chosen) >= TRIES:
                break
            offset, wanted = offset + wanted, 2 * wanted
        return chosen
