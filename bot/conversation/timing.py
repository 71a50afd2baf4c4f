"""What a person's words say of time, as the check-in that is under way needs it."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.checkins.repeats import Repeats, RepeatsWithoutZone, parse_repeats
from bot.checkins.times import (
    Ambiguous,
    Found,
    NeedsTimeZone,
    Past,
    TooFar,
    TooSoon,
    When,
    parse_when,
)
from bot.checkins.zones import zones_for_local_time
from bot.dialogue.flows import checkin_draft
from bot.dialogue.flows.checkin_draft import State
from bot.dialogue.state import CheckinPhase, Context, DialogueState
from bot.dialogue.understanding import Timing, Untimed, ZoneGuess

_UNTIMED: dict[type[When], Untimed] = {
    Past: Untimed.PAST,
    TooSoon: Untimed.TOO_SOON,
    TooFar: Untimed.TOO_FAR,
}
_MORE = re.compile(
    r"\b(?:more|longer|extra|another|extend\w*)\b"
    r"|\b(?:más|otr[oa]s?|extra)\b"
    r"|\b(?:de plus|encore|supplémentaires?|en plus|prolong\w+)\b"
    r"|\b(?:mais|extra|prolonga\w*)\b"
    r"|(?:زيادة|إضافية|اضافية|كمان|أخرى|اخرى|تمديد)"
    r"|(?:और|ज़्यादा|ज्यादा|अतिरिक्त|\baur\b)"
)
SOON = timedelta(hours=12)
"""More time is asked for a check-in that is this near."""


def awaited(state: DialogueState) -> str:
    """What the check-in that is set up waits for; empty where none is."""
    active = state.active
    return active.state if active and active.flow == checkin_draft.NAME else ""


def timing(
    text: str, state: DialogueState, ctx: Context, country: str, *, asked: bool
) -> tuple[datetime | None, Timing]:
    """The instant that `text` names, if it names one, and what else it says of time.

    `asked` says that the words themselves ask for a check-in.
    """
    waits = awaited(state)
    if waits in (State.AWAITING_ZONE, State.AWAITING_ZONE_CHOICE):
        return None, _guesses(text, state, ctx, country)
    if waits in checkin_draft.TIMED or asked:
        zone = ZoneInfo(state.zone) if state.zone else None
        if (again := _again(text, state, ctx.now, zone)) is not None:
            return again
        when = _read(text, state, ctx.now, zone)
        match when:
            case Found(due_at):
                return due_at, Timing()
            case Ambiguous():
                return None, Timing(choices=_instants(when))
            case NeedsTimeZone():
                return None, Timing(untimed=Untimed.NO_ZONE, said=text)
        return None, Timing(untimed=_UNTIMED.get(type(when)))
    return None, Timing(longer=_longer(text, state, ctx))


def _guesses(text: str, state: DialogueState, ctx: Context, country: str) -> Timing:
    """Where they may be whose clock shows what they say: one guess for each time that it shows."""
    said = state.active.slots.get("said", "") if state.active else ""
    found: dict[str, ZoneGuess] = {}
    for zone in zones_for_local_time(text, state.locale, ctx.now, country):
        clock = f"{ctx.now.astimezone(zone):%H:%M}"
        if clock not in found:
            whens, named = _instants(_read(said, state, ctx.now, zone)), None
            if (again := _again(said, state, ctx.now, zone)) is not None:
                when, times = again
                whens = times.choices or ((when,) if when else ())
                named = times.named
            found[clock] = ZoneGuess(clock, zone.key, whens, named)
    return Timing(zones=tuple(found.values()))


def _again(
    text: str, state: DialogueState, now: datetime, zone: ZoneInfo | None
) -> tuple[datetime | None, Timing] | None:
    """What comes on several days ("every evening this week at 9"); None for what does not."""
    match parse_repeats(text, state.locale, now, zone):
        case RepeatsWithoutZone():
            return None, Timing(untimed=Untimed.NO_ZONE, said=text)
        case Repeats(choices) if zone is not None:
            coming = [at for choice in choices if (at := choice.next_after(now, zone))]
            if not coming:
                return None
            days = "".join(map(str, sorted(choices[0].weekdays)))
            named = (days, max(choice.last for choice in choices).isoformat())
            if len(coming) == 1:
                return coming[0], Timing(named=named)
            return None, Timing(choices=tuple(sorted(coming)), named=named)
    return None


def _read(text: str, state: DialogueState, now: datetime, zone: ZoneInfo | None) -> When:
    return parse_when(text, state.locale, now, zone)


def _instants(when: When) -> tuple[datetime, ...]:
    match when:
        case Found(due_at):
            return (due_at,)
        case Ambiguous(choices):
            return tuple(choice.due_at for choice in choices)
    return ()


def _longer(text: str, state: DialogueState, ctx: Context) -> timedelta | None:
    """“30 minutes more”, while a check-in is asked or near."""
    near = any(
        c.phase is CheckinPhase.AWAITING_REPLY or c.due_at - ctx.now <= SOON
        for c in ctx.checkins
        if c.is_live
    )
    if not near or not _MORE.search(text.casefold()):
        return None
    found = _read(text, state, ctx.now, None)
    return found.spoken_relative if isinstance(found, Found) else None
