"""What all that advocates do has in common: who holds a person, and telling console and person."""

from datetime import datetime

from bot.clock import Clock
from bot.conversation import summoning, timers
from bot.conversation.alarms import append
from bot.conversation.dispatcher import Dispatcher
from bot.conversation.opening import Reader
from bot.conversation.storage import Database, UnitOfWork
from bot.conversation.turns import HANDOFF
from bot.errors import PermanentError
from bot.handoff.models import Handoff, HandoffState
from bot.handoff.waits import waited
from bot.ids import AdvocateId, HandoffId
from bot.settings import Settings
from bot.signals import Signals
from bot.staff.audit import Act, note
from bot.staff.audit import waited as waited_under
from bot.vault.vault import Vault

CONSOLE = "console"
"""The topic of `Signals` that is touched when the console has something new to look at."""


class NotYours(PermanentError):
    """The handoff is not, or no longer, this advocate's, or does not exist."""


class AlreadyTaken(PermanentError):
    """Somebody else was first."""


class Holding:
    """The ground of the advocates' services.

    All write in one order, which is a turn's as well, as rows get locked by it: the handoff, its
    timers, the conversation, the timer that makes messages vanish, the log, the counts.
    """

    def __init__(
        self,
        database: Database,
        vault: Vault,
        clock: Clock,
        settings: Settings,
        dispatcher: Dispatcher,
        signals: Signals,
    ) -> None:
        self._database = database
        self._vault = vault
        self._clock = clock
        self._settings = settings
        self._dispatcher = dispatcher
        self._signals = signals
        self._reader = Reader(vault, settings.locales)

    async def _claim(self, unit: UnitOfWork, handoff: Handoff, advocate_id: AdvocateId) -> Handoff:
        """The handoff as it is now, with language and topic.

        Raises AlreadyTaken unless the person waits and may be taken on.
        """
        now = self._clock.now()
        lease_until = now + self._settings.claim_ttl
        if not await unit.handoffs.claim(handoff.id, advocate_id, now, lease_until):
            raise AlreadyTaken("somebody else has taken this handoff, or it has ended")
        await self._expect_word(unit, handoff.id, now)
        (claimed,) = await self._reader.handoffs(unit, [await existing(unit, handoff.id)])
        await self._tell(unit, handoff, "claimed")
        # Last: the log is one chain and the counts are few rows, so from here on all who claim at
        # the same time wait for each other, each until the one before is on the disk.
        await self._log(unit, advocate_id, Act.CLAIMED, claimed)
        since = handoff.ready_at or handoff.queued_at
        await unit.tallies.count(waited(handoff.priority, now - since), now)
        return claimed

    async def _log(self, unit: UnitOfWork, who: AdvocateId, act: Act, handoff: Handoff) -> None:
        """Into the log and the figures; what a former holder had typed goes.

        Of somebody who is claimed, language and topic are counted too.
        """
        now = self._clock.now()
        if act is Act.CLAIMED:
            await unit.drafts.delete_but_of(handoff.id, who, now)
        else:
            await unit.drafts.delete(handoff.id)
        await note(unit, self._vault, who, act, now, handoff.id)
        await unit.figures.count(now, "outcome", act)
        if act is Act.CLAIMED:
            await unit.figures.count(now, "language", handoff.locale)
            await unit.figures.count(now, "topic", handoff.topic or "none")
            await unit.figures.count(now, "wait", waited_under(now - handoff.queued_at))

    async def _expect_word(self, unit: UnitOfWork, handoff_id: HandoffId, now: datetime) -> None:
        """The holder's page must stay, and the holder must write."""
        lease_until = now + self._settings.claim_ttl
        await unit.timers.schedule(timers.CLAIM_EXPIRY, handoff_id, lease_until)
        silent_at = now + self._settings.silence_after
        await unit.timers.schedule(timers.SILENCE, handoff_id, silent_at)

    async def _return(self, unit: UnitOfWork, handoff: Handoff, holder: AdvocateId) -> None:
        """Back to the old place in the queue. Raises NotYours unless `holder` holds it."""
        if not await unit.handoffs.release(handoff.id, holder):
            raise NotYours("you do not hold this handoff")
        await unit.timers.cancel(timers.CLAIM_EXPIRY, handoff.id)
        await self._tell(unit, handoff, "returned")

    async def _tell(
        self, unit: UnitOfWork, handoff: Handoff, what: str, kind: str | None = None
    ) -> None:
        """Tell console (an event of `kind`, usually `what`) and person what became of it."""
        kind = kind or f"handoff.{what}"
        now = self._clock.now()
        await unit.events.publish(kind, handoff.id, now)
        if kind == "handoff.returned":
            await summoning.for_person(unit, self._settings, handoff.id, handoff.priority, now)
        await unit.conversations.touch(handoff.conversation_id)
        event = (HANDOFF, what)
        await append(unit, self._vault, self._clock, handoff.conversation_id, event)

    @staticmethod
    async def _held(unit: UnitOfWork, handoff_id: HandoffId, advocate_id: AdvocateId) -> Handoff:
        """The handoff that the advocate holds. Raises NotYours."""
        handoff = await existing(unit, handoff_id)
        if handoff.advocate_id != advocate_id or handoff.state is not HandoffState.CLAIMED:
            raise NotYours("you do not hold this handoff")
        return handoff

    @staticmethod
    async def _open_to(unit: UnitOfWork, handoff_id: HandoffId, advocate_id: AdvocateId) -> Handoff:
        """The handoff that the advocate holds or supports. Raises NotYours."""
        handoff = await existing(unit, handoff_id)
        if not handoff.is_open_to(advocate_id):
            raise NotYours("you are not in this conversation")
        return handoff

    def _wake(self, handoff: Handoff) -> None:
        self._dispatcher.wake(handoff.conversation_id)
        self._signals.touch(CONSOLE)


async def existing(unit: UnitOfWork, handoff_id: HandoffId) -> Handoff:
    """The handoff. Raises NotYours when there is none."""
    handoff = await unit.handoffs.get(handoff_id)
    if handoff is None:
        raise NotYours("there is no such handoff")
    return handoff
