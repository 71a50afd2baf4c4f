"""The kinds of timers that conversations set."""

from bot.ids import HandoffId
from bot.scheduling.interfaces import TimerRepository

VANISH = "vanish"
"""ref: a conversation. Its earliest message deadline has come."""

CLAIM_EXPIRY = "claim_expiry"
"""ref: a handoff. Its advocate may have vanished."""

SILENCE = "silence"
"""ref: a handoff. Its advocate may have left the person without a word."""

PLACE = "place"
"""ref: a handoff. The person may have moved up in the queue."""

CALL_BACK = "call_back"
"""ref: a handoff. The time has come at which the person wants to hear from an advocate."""

OVERDUE = "overdue"
"""ref: a handoff. Somebody in danger may have been taken on by nobody."""

UNHEEDED = "unheeded"
"""ref: an alert. Nobody may have acknowledged it."""

ROOM = "room"
"""ref: always the same. The notice in the staff's chat may not be true any more."""

DUE = "checkin_due"
REMIND = "checkin_remind"
ESCALATE = "checkin_escalate"
CONTACT = "checkin_contact"
"""ref: a check-in. Several reminders are told apart by a suffix: `checkin_remind:0`."""


RETRIED = (VANISH, DUE, REMIND, ESCALATE, CONTACT)
"""Put off only where they failed, and then for LONGEST_RETRY at most (`bot.conversation.outages`);
the others are put off to a time that means something."""


def reminder(index: int) -> str:
    """The kind of the reminder number `index`, from 0."""
    return f"{REMIND}:{index}"


async def let_go(timers: TimerRepository, handoff_id: HandoffId) -> None:
    """Cancel all timers of a handoff that has ended: nothing is left that points to it."""
    for kind in (CLAIM_EXPIRY, SILENCE, PLACE, CALL_BACK, OVERDUE):
        await timers.cancel(kind, handoff_id)
