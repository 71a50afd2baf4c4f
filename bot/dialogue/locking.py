"""The lock is heard before everything else: while it is shut, the conversation is its cover.

```mermaid
stateDiagram-v2
    OPEN --> SHUT: quick exit, silence, the own word, lock:now
    SHUT --> OPEN: the own word; without one, the phrase
    SHUT --> INNOCENT: the word for duress / RaiseDuress, where that was chosen
    INNOCENT --> OPEN: the own word
    SHUT --> new: a danger / its answer; what was before stays behind
    SHUT --> new: the link of an invitation; what was before stays behind
    SHUT --> [*]: the phrase, where there is a word / Purge, as a newcomer
```
What a danger opens, and why the rest is as it is: ``docs/threat-model.md``, “The lock”.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.dialogue import cover
from bot.dialogue.effects import (
    AnswerAsContact,
    ClearScreen,
    ConfirmCheckin,
    Effect,
    EscalateCheckin,
    Purge,
    RaiseDuress,
    RelayToAdvocate,
    Say,
    Unsay,
    WithdrawAsContact,
)
from bot.dialogue.events import (
    ButtonPressed,
    Event,
    IntentRecognised,
    MediaReceived,
    MessageReceived,
)
from bot.dialogue.flows import contact, contact_invited, privacy, quick_exit, welcome
from bot.dialogue.flows import lock as lock_flow
from bot.dialogue.hearing import pressed, read
from bot.dialogue.intents import CRITICAL, DANGER, Intent
from bot.dialogue.lock import Door, Lock
from bot.dialogue.state import TOLD, CheckinPhase, Context, DialogueState, HandoffPhase
from bot.dialogue.understanding import decide

PHRASE = "lock:phrase"
"""Never shown as a button: its label, typed, is the way in for who has no word of their own."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The conversation's new state, and what is to be done."""

    state: DialogueState
    effects: tuple[Effect, ...]


_AS_CONTACT = (AnswerAsContact, WithdrawAsContact)

Inside = Callable[[DialogueState, Event, Context], Outcome]
"""What is behind the door: the dialogue without any lock."""


def guarded(state: DialogueState, event: Event, ctx: Context, inside: Inside) -> Outcome:
    """Answer `event` at the door, or let it in.

    Timers and advocates go in: what they make the bot say is cover text, or is held back by
    the delivery for as long as the door is shut.
    """
    if not isinstance(event, MessageReceived | ButtonPressed | MediaReceived):
        return inside(state, event, ctx)
    if state.lock.is_shut(ctx.since or ctx.now, ctx.lock_after):
        state = replace(state, lock=_shut(state.lock))
        return _at_the_door(state, event, ctx, inside)
    return _inside(state, event, ctx, inside)


def _shut(lock: Lock) -> Lock:
    return lock if lock.door is not Door.OPEN else lock.shut()


def _inside(state: DialogueState, event: Event, ctx: Context, inside: Inside) -> Outcome:
    lock = state.lock
    if not lock_flow.awaits_word(state.active):
        if _is(event, lock.duress):
            return _duress(state, ctx)
        if _opens(event, lock) and lock.behind is not None:
            return _enter(state, ctx)
        if _is(event, lock.word) or event == ButtonPressed(lock_flow.NOW):
            locked = replace(state, lock=lock.shut(), offered=())
            return Outcome(locked, (ClearScreen(), cover.entry(lock.shut(), ctx)))
    if event == ButtonPressed(PHRASE):
        event = ButtonPressed(lock_flow.OVERVIEW_BUTTON)
    heard = replace(lock, heard_at=ctx.since or ctx.now)
    if not isinstance(event, ButtonPressed):  # one that can be pressed is still there
        state = _as_on_the_screen(state, ctx)
    outcome = inside(replace(state, lock=heard), event, ctx)
    if any(isinstance(e, Say) and e.key == quick_exit.COVER for e in outcome.effects):
        left = replace(outcome.state.lock.shut(), behind=None)
        return replace(outcome, state=replace(outcome.state, lock=left))
    return outcome


def _as_on_the_screen(state: DialogueState, ctx: Context) -> DialogueState:
    """After a pause in which all of it vanished, no question that was open leads back to before.

    An invitation's number may come by another way, and later: that one stays open.
    """
    heard_at = state.lock.heard_at
    if heard_at is None or (ctx.since or ctx.now) - heard_at < ctx.message_ttl:
        return state
    kept = tuple(frame for frame in state.frames if frame.flow == contact.NAME)
    return replace(state, frames=kept, topic="", offered=(), unsure=0)


def _at_the_door(state: DialogueState, event: Event, ctx: Context, inside: Inside) -> Outcome:
    lock = state.lock
    if isinstance(event, MediaReceived) and event.caption is not None:
        event = event.caption
    if (leaving := _leaving(event)) is not None:
        outcome = inside(state, ButtonPressed(f"intent:{Intent.QUICK_EXIT}"), ctx)
        left = replace(outcome.state, lock=replace(lock.shut(), behind=None))
        cleared = leaving is Intent.DELETE_HISTORY
        withdrawn: tuple[Effect, ...] = (WithdrawAsContact(),) if ctx.stands_by else ()
        all_gone = (Purge(), *withdrawn, Say(privacy.CLEARED))
        return Outcome(left, all_gone if cleared else outcome.effects)
    if _is(event, lock.duress):
        return _duress(state, ctx)
    if event == ButtonPressed(PHRASE) and lock.word:
        return _afresh(state)
    if _opens(event, lock) and (lock.listens(ctx.now) or not lock.word):
        return _enter(state, ctx)
    if isinstance(event, MessageReceived) and in_danger(event, ctx):
        return _newly(state, event, ctx, inside)
    if event == ButtonPressed(contact_invited.OPEN) and ctx.invitation is not None:
        return inside(_as_newcomer(state, ctx), event, replace(ctx, held=False))
    if event in (ButtonPressed(contact_invited.SEEN), ButtonPressed(contact_invited.WITHDRAW)):
        told = (e for e in inside(state, event, ctx).effects if isinstance(e, _AS_CONTACT))
        return Outcome(state, (*told, cover.thanks(lock)))
    if checkin := _for_a_checkin(inside(state, event, ctx), event, ctx):
        return Outcome(state, (*checkin, cover.thanks(lock)))
    if isinstance(event, MessageReceived):
        lock = lock.missed(ctx.now)
    lock, said = cover.answer(lock, event, ctx)
    return Outcome(replace(state, lock=lock), (said,))


def in_danger(event: MessageReceived, ctx: Context) -> bool:
    """Whether a danger is heard that must be answered although the door is shut.

    In so many words by the safety net, or by net and model together where it is critical: what
    the model alone takes for, say, an injury may be a question about a recipe.
    """
    if event.text.lstrip().startswith("/"):
        return False
    asked = _asked(ctx)
    heard = {event.understanding.safety.danger, decide(event.understanding)}
    if Intent.CHECKIN_NOT_OK in heard and not asked:
        return True
    return event.understanding.safety.danger in DANGER or bool(heard & CRITICAL & DANGER)


def _is(event: Event, digest: str) -> bool:
    """Whether `event` is the very word that was chosen."""
    if not digest or not isinstance(event, MessageReceived):
        return False
    own = event.understanding.own
    return own is not None and own.digest == digest


def _opens(event: Event, lock: Lock) -> bool:
    return _is(event, lock.word) if lock.word else event == ButtonPressed(PHRASE)


def _leaving(event: Event) -> Intent | None:
    """Going, or deleting all, works for everybody; to delete, the model's guess is not enough."""
    match event:
        case ButtonPressed(button):
            heard = pressed(button)
        case MessageReceived():
            heard = read(event)
        case _:
            return None
    if not isinstance(heard, IntentRecognised):
        return None
    plainly = isinstance(event, ButtonPressed) or event.text.lstrip().startswith("/")
    if heard.intent is Intent.DELETE_HISTORY and not plainly:
        return None
    return heard.intent if heard.intent in (Intent.QUICK_EXIT, Intent.DELETE_HISTORY) else None


def _asked(ctx: Context) -> bool:
    return bool(ctx.checkins_in(CheckinPhase.AWAITING_REPLY))


def _wants_none(event: Event) -> bool:
    """To cancel is no answer to it: whoever holds the phone may want that."""
    if isinstance(event, MessageReceived):
        heard = read(event)
        return isinstance(heard, IntentRecognised) and heard.intent is Intent.CANCEL_CHECKIN
    return event not in (ButtonPressed("checkin:ok"), ButtonPressed("checkin:not_ok"))


def _for_a_checkin(outcome: Outcome, event: Event, ctx: Context) -> tuple[Effect, ...]:
    """What an answer to a check-in that was asked does: it counts, and nothing is said of it."""
    open_ = ctx.checkins_in(CheckinPhase.AWAITING_REPLY, *TOLD)
    if not open_ or _wants_none(event):
        return ()
    return tuple(e for e in outcome.effects if isinstance(e, ConfirmCheckin | EscalateCheckin))


def _enter(state: DialogueState, ctx: Context) -> Outcome:
    """Everything is as it was; a word of one's own is offered once."""
    lock = state.lock.opened(ctx.now)
    offers = lock.unoffered and not lock.word
    said: tuple[Effect, ...] = (lock_flow.opened(state.active),)
    if offers:
        lock = replace(lock, unoffered=False)
        said += (Say(lock_flow.OFFER),)
    return Outcome(replace(state, lock=lock), (Unsay(), *said))


def _duress(state: DialogueState, ctx: Context) -> Outcome:
    """The innocent version, and an alert where that was chosen: told once each time it opens."""
    lock = state.lock
    first = lock.alerts and lock.door is not Door.INNOCENT
    tells: tuple[Effect, ...] = (RaiseDuress(),) if first else ()
    hides: tuple[Effect, ...] = (ClearScreen(),) if lock.door is Door.OPEN else ()
    lock = lock.shut(Door.INNOCENT)
    locked = replace(state, lock=lock, offered=())
    return Outcome(locked, (*tells, *hides, Unsay(), Say(cover.MENU)))


def _newly(state: DialogueState, event: MessageReceived, ctx: Context, inside: Inside) -> Outcome:
    """A danger is answered as a newcomer's would be; an advocate who is there hears it, too."""
    fresh = _as_newcomer(state, ctx)
    asked = ctx.checkins_in(CheckinPhase.AWAITING_REPLY)
    alone = replace(ctx, handoff=HandoffPhase.NONE, held=False, checkins=asked)
    outcome = inside(fresh, event, alone)
    if ctx.handoff is not HandoffPhase.WITH_ADVOCATE:
        return outcome
    return replace(outcome, effects=(*outcome.effects, RelayToAdvocate(event.text)))


def _as_newcomer(state: DialogueState, ctx: Context) -> DialogueState:
    """Open, and what was before stays behind."""
    lock = replace(state.lock, door=Door.OPEN, heard_at=ctx.now, behind=ctx.now)
    return DialogueState(locale=state.locale, locale_chosen=state.locale_chosen, lock=lock)


def _afresh(state: DialogueState) -> Outcome:
    """For a forgotten word: everything goes, the word too, and a newcomer is greeted."""
    fresh = DialogueState(locale=state.locale, welcomed=True)
    return Outcome(fresh, (Purge(), Say(welcome.GREETING)))
