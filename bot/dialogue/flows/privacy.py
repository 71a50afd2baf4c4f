"""What is kept, until when, and all of it gone at once.

```mermaid
stateDiagram-v2
    [*] --> [*]: ask_confidentiality / overview
    [*] --> [*]: a time / SetMessageTtl
    [*] --> [*]: a silence / Step.quiet_after
    [*] --> [*]: delete_history / Purge
```
"""

from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.dialogue.effects import (
    Effect,
    Purge,
    Reviewed,
    Say,
    SetMessageTtl,
    TimeOfDay,
    WithdrawAsContact,
)
from bot.dialogue.events import ButtonPressed, FlowEvent, IntentRecognised
from bot.dialogue.flow import Step, end
from bot.dialogue.intents import Intent
from bot.dialogue.state import CheckinPhase, Context, Frame

NAME = "privacy"

OVERVIEW = "privacy.overview"
TTL_SET = "privacy.ttl_set"
CLEARED = "privacy.cleared"
CLEARED_KEEPING_REMINDER = "privacy.cleared.reminder_kept"
QUIET = "privacy.quiet"
QUIET_SET = "privacy.quiet_set"
TODAY = "privacy.until.today"
TOMORROW = "privacy.until.tomorrow"
LATER = "privacy.until.later"
ANYWHERE = "privacy.until.anywhere"
TEXTS = frozenset({OVERVIEW, TTL_SET, CLEARED, CLEARED_KEEPING_REMINDER, QUIET, QUIET_SET})
TEXTS |= {TODAY, TOMORROW, LATER, ANYWHERE}

KEPT = (CheckinPhase.SCHEDULED, CheckinPhase.AWAITING_REPLY, CheckinPhase.PAUSED)
"""Check-ins that outlive every deletion."""

CHOICES = {
    "privacy:ttl_5m": timedelta(minutes=5),
    "privacy:ttl_1h": timedelta(hours=1),
    "privacy:ttl_24h": timedelta(hours=24),
}

QUIET_BUTTON = "privacy:quiet"
QUIET_AFTER = {
    "privacy:quiet_1m": timedelta(minutes=1),
    "privacy:quiet_5m": timedelta(minutes=5),
    "privacy:quiet_15m": timedelta(minutes=15),
    "privacy:quiet_30m": timedelta(minutes=30),
}
"""Never longer: after half an hour somebody else may well hold the phone."""


def step(frame: Frame | None, event: FlowEvent, ctx: Context) -> Step | None:
    """Explain, change the deadline, or delete everything. A live check-in is never cancelled."""
    match event:
        case IntentRecognised(Intent.ASK_CONFIDENTIALITY, understanding):
            ttl = ctx.message_ttl
            # What a model takes for this question may be another: “did my wife write to you?”. A
            # time of day would tell that somebody has told their zone.
            zone = ctx.zone if understanding.parse is None else ""
            return end(Say(OVERVIEW, params={"ttl": ttl, "until": until(ttl, ctx, zone)}))
        case ButtonPressed(button) if button in CHOICES:
            ttl = CHOICES[button]
            said = Say(TTL_SET, params={"ttl": ttl, "until": until(ttl, ctx, ctx.zone)})
            return end(SetMessageTtl(ttl), said)
        case ButtonPressed(button) if button == QUIET_BUTTON:
            return end(Say(QUIET))
        case ButtonPressed(button) if button in QUIET_AFTER:
            after = QUIET_AFTER[button]
            return Step(None, (Say(QUIET_SET, params={"after": after}),), quiet_after=after)
        case IntentRecognised(Intent.DELETE_HISTORY):
            live = ctx.checkins_in(*KEPT)
            left: tuple[Effect, ...] = (WithdrawAsContact(),) if ctx.stands_by else ()
            return end(Purge(), *left, Say(CLEARED_KEEPING_REMINDER if live else CLEARED))
    return None


def until(ttl: timedelta, ctx: Context, zone: str) -> Reviewed:
    """Until when what is here now stays: a time of day on the clocks of `zone`, the next full
    minute; without a zone, how to tell it from the time that stands beside each message."""
    if not zone:
        return Reviewed(ANYWHERE)
    gone_at = ctx.now + ttl + timedelta(seconds=59)
    clock = ("time", TimeOfDay(gone_at, zone))
    day, today = (at.astimezone(ZoneInfo(zone)).date() for at in (gone_at, ctx.now))
    match (day - today).days:
        case 0:
            return Reviewed(TODAY, (clock,))
        case 1:
            return Reviewed(TOMORROW, (clock,))
        case _:
            return Reviewed(LATER, (clock, ("day", day)))
