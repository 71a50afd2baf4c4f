"""Passing a person on, helping a colleague, taking up again, and closing the queue to somebody."""

from uuid import uuid4

from bot.content.catalogue import Rendered
from bot.conversation import timers
from bot.conversation.codec import dump_rendered
from bot.conversation.holding import CONSOLE, AlreadyTaken, Holding, NotYours, existing
from bot.conversation.sealing import Envelope
from bot.conversation.storage import UnitOfWork
from bot.conversation.turns import schedule_vanishing
from bot.dialogue.events import HandoffChange
from bot.dialogue.flows.handoff import longer
from bot.handoff.desks import Skill
from bot.handoff.models import CloseKind, Handoff
from bot.history.models import Author, Delivery, Message
from bot.ids import AdvocateId, HandoffId, MessageId
from bot.staff.audit import Act
from bot.staff.audit import note as put_down


class HandoverService(Holding):
    """The person is told of every change of advocate, and is welcomed once."""

    async def hand_to(
        self, handoff_id: HandoffId, holder: AdvocateId, to: AdvocateId, note: str = ""
    ) -> None:
        """Another advocate has the person from now on. Raises NotYours."""
        async with self._database.writing() as unit:
            handoff = await self._held(unit, handoff_id, holder)
            await self._pass(unit, handoff, holder, to)
            await self._note(unit, handoff, holder, note)
            await self._log(unit, holder, Act.TRANSFERRED, handoff)
        self._wake(handoff)

    async def reassign(self, handoff_id: HandoffId, by: AdvocateId, to: AdvocateId | None) -> None:
        """Give a person who is with somebody to somebody else, or (None) back to their old place.

        Raises NotYours unless they are with somebody.
        """
        async with self._database.writing() as unit:
            handoff = await existing(unit, handoff_id)
            if handoff.advocate_id is None:
                raise NotYours("nobody holds this handoff")
            if to is None:
                await self._return(unit, handoff, handoff.advocate_id)
            else:
                await self._pass(unit, handoff, handoff.advocate_id, to)
            await self._log(unit, by, Act.REASSIGNED, handoff)
        self._wake(handoff)

    async def _pass(
        self, unit: UnitOfWork, handoff: Handoff, holder: AdvocateId, to: AdvocateId
    ) -> None:
        now = self._clock.now()
        lease_until = now + self._settings.claim_ttl
        if not await unit.handoffs.transfer(handoff.id, holder, to, lease_until):
            raise NotYours("you do not hold this handoff")
        await self._expect_word(unit, handoff.id, now)
        await self._tell(unit, handoff, "changed", "handoff.claimed")

    async def hand_to_skill(
        self, handoff_id: HandoffId, holder: AdvocateId, skill: Skill, note: str = ""
    ) -> None:
        """Back to the old place in the queue, for somebody with `skill`. Raises NotYours."""
        async with self._database.writing() as unit:
            handoff = await self._held(unit, handoff_id, holder)
            if not await unit.handoffs.release(handoff_id, holder):
                raise NotYours("you do not hold this handoff")
            await unit.handoffs.seek(handoff_id, await self._sealed(unit, handoff, skill))
            await unit.timers.cancel(timers.CLAIM_EXPIRY, handoff_id)
            await self._tell(unit, handoff, "passed", "handoff.returned")
            await self._note(unit, handoff, holder, note)
            await self._log(unit, holder, Act.TRANSFERRED, handoff)
        self._wake(handoff)

    async def ask_to_take_over(
        self,
        handoff_id: HandoffId,
        holder: AdvocateId,
        to: AdvocateId | None = None,
        skill: Skill | None = None,
        note: str = "",
    ) -> None:
        """Ask a colleague, or any with `skill`, to take over; the holder stays until then.

        Asking neither takes the request back. Raises NotYours.
        """
        async with self._database.writing() as unit:
            handoff = await self._held(unit, handoff_id, holder)
            sealed = None if skill is None else await self._sealed(unit, handoff, skill)
            if not await unit.handoffs.passing(handoff_id, holder, to, sealed):
                raise NotYours("you do not hold this handoff")
            await self._note(unit, handoff, holder, note)
            kind = "handoff.changed" if to is None and skill is None else "handoff.passing"
            await unit.events.publish(kind, handoff_id, self._clock.now())
        self._signals.touch(CONSOLE)

    async def take_over(self, handoff_id: HandoffId, advocate_id: AdvocateId) -> None:
        """Take over from a colleague who asked for it. Raises AlreadyTaken, or NotYours."""
        now = self._clock.now()
        async with self._database.writing() as unit:
            handoff = await existing(unit, handoff_id)
            asked_for = await self._asked_for(unit, handoff, advocate_id)
            lease_until = now + self._settings.claim_ttl
            if not await unit.handoffs.take_over(
                handoff_id, advocate_id, asked_for, now, lease_until
            ):
                raise AlreadyTaken("nobody asks you, or no longer, to take this over")
            await self._expect_word(unit, handoff_id, now)
            await self._tell(unit, handoff, "changed", "handoff.claimed")
            await self._log(unit, advocate_id, Act.TRANSFERRED, handoff)
        self._wake(handoff)

    async def invite(
        self, handoff_id: HandoffId, holder: AdvocateId, support: AdvocateId | None
    ) -> None:
        """Let a second advocate read and write along, or (None) no longer. Raises NotYours."""
        async with self._database.writing() as unit:
            handoff = await self._held(unit, handoff_id, holder)
            if handoff.support_id == support:
                return
            if not await unit.handoffs.support(handoff_id, holder, support):
                raise NotYours("you do not hold this handoff")
            what = "supported" if support else "unsupported"
            await self._tell(unit, handoff, what, "handoff.changed")
            if support:
                now = self._clock.now()
                await put_down(unit, self._vault, holder, Act.SUPPORTED, now, handoff_id)
        self._wake(handoff)

    async def ask_to_keep(self, handoff_id: HandoffId, holder: AdvocateId) -> bool:
        """Ask the person whether messages may stay longer: it changes only if they agree.

        False where they stay as long as they may. Raises NotYours.
        """
        async with self._database.writing() as unit:
            handoff = await self._held(unit, handoff_id, holder)
            conversation = await unit.conversations.get(handoff.conversation_id)
            if conversation is None:
                raise NotYours("this conversation has ended")
            if not longer(conversation.message_ttl):
                return False
            await self._tell(unit, handoff, HandoffChange.KEEP_LONGER, "handoff.changed")
        self._wake(handoff)
        return True

    async def step_out(self, handoff_id: HandoffId, support: AdvocateId) -> None:
        """The second advocate helps no longer. Raises NotYours unless they do."""
        async with self._database.reading() as unit:
            handoff = await self._open_to(unit, handoff_id, support)
        if handoff.support_id != support or handoff.advocate_id is None:
            raise NotYours("you do not support this handoff")
        await self.invite(handoff_id, handoff.advocate_id, None)

    async def reopenable(self, advocate_id: AdvocateId) -> tuple[Handoff, ...]:
        """What the advocate has closed and may take up again, the newest first."""
        now, found = self._clock.now(), list[Handoff]()
        async with self._database.reading() as unit:
            closed = await unit.handoffs.closed_by(advocate_id)
            for handoff in closed:
                conversation = await unit.conversations.get(handoff.conversation_id)
                if conversation is None or handoff.closed_at is None:
                    continue
                lives = now - handoff.closed_at < conversation.message_ttl
                if lives and await unit.handoffs.open_of(conversation.id) is None:
                    found.append(handoff)
            return await self._reader.handoffs(unit, found)

    async def reopen(self, handoff_id: HandoffId, advocate_id: AdvocateId) -> None:
        """Take up again what one has closed, while its messages live. Raises NotYours.

        Not where the person ended it: coming back is up to them.
        """
        now = self._clock.now()
        async with self._database.writing() as unit:
            handoff = await existing(unit, handoff_id)
            conversation = await unit.conversations.get(handoff.conversation_id)
            if conversation is None or await unit.handoffs.open_of(handoff.conversation_id):
                raise NotYours("this can not be taken up again")
            closed_after = now - conversation.message_ttl
            lease_until = now + self._settings.claim_ttl
            if not await unit.handoffs.reopen(
                handoff_id, advocate_id, now, closed_after, lease_until
            ):
                raise NotYours("this can not be taken up again")
            await self._expect_word(unit, handoff_id, now)
            await self._tell(unit, handoff, "reopened", "handoff.claimed")
            await put_down(unit, self._vault, advocate_id, Act.REOPENED, now, handoff_id)
        self._wake(handoff)

    async def block(self, handoff_id: HandoffId, holder: AdvocateId) -> None:
        """End it as abusive, and close the queue to this address for a while. Raises NotYours.

        The bot's own help stays open to them, and so does the escalation of a check-in: whoever
        abused the queue may not be the person who holds the phone next.
        """
        now = self._clock.now()
        async with self._database.writing() as unit:
            handoff = await self._held(unit, handoff_id, holder)
            conversation = await unit.conversations.get(handoff.conversation_id)
            if conversation is None:
                raise NotYours("this conversation has ended")
            until = now + self._settings.block_ttl
            index = conversation.address_index
            await unit.blocks.add(conversation.channel, index, holder, until)
            await unit.handoffs.close(handoff_id, now, CloseKind.ABUSIVE)
            await timers.let_go(unit.timers, handoff_id)
            await self._tell(unit, handoff, "blocked", "handoff.closed")
            await unit.drafts.delete(handoff_id)
            await put_down(unit, self._vault, holder, Act.BLOCKED, now, handoff_id)
            await unit.tallies.count(f"closed.{CloseKind.ABUSIVE}", now)
        self._wake(handoff)

    async def _asked_for(
        self, unit: UnitOfWork, handoff: Handoff, advocate_id: AdvocateId
    ) -> bytes | None:
        """The sealed skill that is asked for and that the advocate has; None for none such."""
        if handoff.passing_to is not None or handoff.sealed_skill is None:
            return None
        [opened] = await self._reader.handoffs(unit, [handoff])
        desk = await unit.desks.get(advocate_id)
        return handoff.sealed_skill if opened.skill in desk.skills else None

    async def _sealed(self, unit: UnitOfWork, handoff: Handoff, skill: Skill) -> bytes:
        conversation = await unit.conversations.get(handoff.conversation_id)
        if conversation is None:
            raise NotYours("this conversation has ended")
        envelope = Envelope.of(self._vault, conversation)
        return envelope.seal(skill, "handoffs.skill", handoff.id)

    async def _note(
        self, unit: UnitOfWork, handoff: Handoff, holder: AdvocateId, note: str
    ) -> None:
        """A note for the next advocate lies among the messages, and vanishes like them.

        Written after the conversation, as in a turn: two of them would wait for each other.
        """
        conversation = await unit.conversations.get(handoff.conversation_id)
        if not note or conversation is None:
            return
        now = self._clock.now()
        message = MessageId(uuid4())
        body = dump_rendered(Rendered(note))
        await unit.messages.add(
            Message(
                id=message,
                conversation_id=conversation.id,
                author=Author.NOTE,
                delivery=Delivery.RECEIVED,
                body=Envelope.of(self._vault, conversation).seal(body, "messages.body", message),
                created_at=now,
                delete_at=now + conversation.message_ttl,
                handoff_id=handoff.id,
                advocate_id=holder,
            )
        )
        await schedule_vanishing(unit, conversation.id, now)
