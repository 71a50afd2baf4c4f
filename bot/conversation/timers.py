"""The kinds of timers that conversations set."""

VANISH = "vanish"
"""ref: a conversation. Its earliest message deadline has come."""

CLAIM_EXPIRY = "claim_expiry"
"""ref: a handoff. Its advocate may have vanished."""

DUE = "checkin_due"
REMIND = "checkin_remind"
ESCALATE = "checkin_escalate"
"""ref: a check-in. Several reminders are told apart by a suffix: `checkin_remind:0`."""


def reminder(index: int) -> str:
    """The kind of the reminder number `index`, from 0."""
    return f"{REMIND}:{index}"
