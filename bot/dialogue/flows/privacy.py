"""What is kept, until when, and all of it gone at once.

```mermaid
stateDiagram-v2
    [*] --> [*]: ask_confidentiality / overview
    [*] --> [*]: a time / SetMessageTtl
    [*] --> [*]: delete_history / Purge
```
"""

from datetime import timedelta

from bot.dialogue.effects import Purge, Say, SetMessageTtl
from bot.dialogue.events import ButtonPressed, FlowEvent, IntentRecognised
from bot.dialogue.flow import Step, end
from bot.dialogue.intents import Intent
from bot.dialogue.state import CheckinPhase, Context, Frame

NAME = "privacy"

OVERVIEW = "privacy.overview"
TTL_SET = "privacy.ttl_set"
CLEARED = "privacy.cleared"
CLEARED_KEEPING_REMINDER = "privacy.cleared.reminder_kept"
TEXTS = frozenset({OVERVIEW, TTL_SET, CLEARED, CLEARED_KEEPING_REMINDER})

KEPT = (CheckinPhase.SCHEDULED, CheckinPhase.AWAITING_REPLY, CheckinPhase.PAUSED)
"""Check-ins that outlive every deletion."""

CHOICES = {
    "privacy:ttl_5m": timedelta(minutes=5),
    "privacy:ttl_1h": timedelta(hours=1),
    "privacy:ttl_24h": timedelta(hours=24),
}


def step(frame: Frame | None, event: FlowEvent, ctx: Context) -> Step | None:
    """Explain, change the deadline, or delete everything. A live check-in is never cancelled."""
    match event:
        case IntentRecognised(Intent.ASK_CONFIDENTIALITY):
            return end(Say(OVERVIEW, params={"ttl": ctx.message_ttl}))
        case ButtonPressed(button) if button in CHOICES:
            ttl = CHOICES[button]
            return end(SetMessageTtl(ttl), Say(TTL_SET, params={"ttl": ttl}))
        case IntentRecognised(Intent.DELETE_HISTORY):
            live = ctx.checkins_in(*KEPT)
            return end(Purge(), Say(CLEARED_KEEPING_REMINDER if live else CLEARED))
    return None
