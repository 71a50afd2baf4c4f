"""The router: safety first, then the active flow, then the intent; then a question back."""

from collections.abc import Collection
from dataclasses import replace

from bot.dialogue.applying import (
    FLOWS,
    RESUME,
    SHOW,
    WAITING,
    apply,
    aside,
    leave,
    resume,
    step_of,
    unprompted,
)
from bot.dialogue.effects import (
    Effect,
    EscalateCheckin,
    EscalationReason,
    Purge,
    Say,
    with_button,
)
from bot.dialogue.events import (
    ButtonPressed,
    ContactCalled,
    ContactChanged,
    ContactCleared,
    Event,
    FlowEvent,
    HandoffChanged,
    HandoffClaimed,
    HandoffClosed,
    HandoffReturned,
    IntentRecognised,
    MediaReceived,
    MessageReceived,
    NotUnderstood,
    TimerFired,
    WordsGiven,
)
from bot.dialogue.flows import (
    checkin_draft,
    checkin_due,
    checkin_setup,
    clarify,
    contact,
    contact_invited,
    danger,
    handoff,
    language,
    lock,
    options,
    safety_checkin,
    small_talk,
    welcome,
)
from bot.dialogue.hearing import pressed, read, relayed_words
from bot.dialogue.intents import CRITICAL, DANGER, Intent
from bot.dialogue.locking import Outcome, guarded
from bot.dialogue.state import TOLD, CheckinPhase, Context, DialogueState

LEAVING = frozenset({Intent.QUICK_EXIT, Intent.DELETE_HISTORY})
ANSWERABLE = (CheckinPhase.SCHEDULED, CheckinPhase.AWAITING_REPLY, *TOLD)
"""Where “i am not ok” answers a check-in."""


def route(state: DialogueState, event: Event, ctx: Context) -> Outcome:
    """Decide one turn. Pure: the same arguments always give the same outcome."""
    return guarded(state, event, ctx, _unlocked)


def _unlocked(state: DialogueState, event: Event, ctx: Context) -> Outcome:
    ctx = replace(ctx, topic=state.topic, zone=state.zone, lock=state.lock)
    match event:
        case TimerFired():
            return unprompted(state, safety_checkin.step(None, event, ctx))
        case HandoffClaimed() | HandoffReturned() | HandoffClosed() | HandoffChanged():
            return unprompted(state, handoff.step(None, event, ctx))
        case ContactChanged() | ContactCalled() | ContactCleared():
            return unprompted(state, contact.step(None, event, ctx))
        case MediaReceived(kind, caption):
            unkept = small_talk.unkept(kind)
            if caption is not None:
                return _captioned(_unlocked(state, caption, ctx), unkept)
            outcome = Outcome(state, unkept)
            return _welcoming(state, outcome, danger_heard=False) if unkept else outcome
        case MessageReceived():
            return _noting(_message(state, event, ctx), ctx)
        case ButtonPressed(button):
            heard = pressed(button)
            return _noting(_introduced(state, heard, _hear(state, heard, ctx)), ctx)


def _noting(outcome: Outcome, ctx: Context) -> Outcome:
    """With what is told on returning; whoever leaves is kept from nothing."""
    if any(isinstance(effect, Purge) for effect in outcome.effects):
        return outcome
    return replace(outcome, effects=(*outcome.effects, *safety_checkin.notes(ctx)))


def _captioned(outcome: Outcome, unkept: tuple[Say, ...]) -> Outcome:
    """What was written comes first; whoever left with it, or is in danger, reads no more."""
    said = [effect for effect in outcome.effects if isinstance(effect, Say)]
    if any(isinstance(effect, Purge) for effect in outcome.effects):
        return outcome
    if any(say.key.startswith(f"{danger.NAME}.") for say in said):
        return outcome
    first = 1 if outcome.effects[:1] == (Say(welcome.GREETING),) else 0
    effects = (*outcome.effects[:first], *unkept, *outcome.effects[first:])
    return replace(outcome, effects=effects)


def _message(before: DialogueState, event: MessageReceived, ctx: Context) -> Outcome:
    written = event.understanding
    leaves = written.safety.danger is Intent.QUICK_EXIT
    if not leaves and (said := checkin_due.spoken(event.text, ctx)):
        return Outcome(before, said)
    state = language.follow(before, written, ctx)
    secret = lock.awaits_word(state.active)
    if not secret and (relayed := relayed_words(event, ctx)):
        return Outcome(state, relayed)
    state, heard = _own_words(state, event)
    outcome = _hear(state, heard, ctx)
    if _is(heard, LEAVING):
        return outcome
    untold = written.foreign is not None and written.foreign != before.written
    if written.foreign is not None and _is_question_back(outcome):
        # Neither introduced nor asked back: they could not read it.
        return aside(state, (language.unsupported(written.foreign, ctx),))
    outcome = _introduced(state, heard, outcome)
    effects = outcome.effects
    if untold and written.foreign is not None:
        notice = language.unsupported(written.foreign, ctx)
        effects = (*effects, notice) if _is(heard, CRITICAL | DANGER) else (notice, *effects)
    elif button := language.offered(before, outcome.state, written, ctx):
        effects = with_button(effects, button)
    return Outcome(outcome.state, effects)


def _own_words(state: DialogueState, event: MessageReceived) -> tuple[DialogueState, FlowEvent]:
    """Words that were asked for are taken as they are. A danger or a command among them is heard
    all the same; what was to be a note stays one."""
    active = state.active
    if active is None or not (checkin_draft.awaits_words(active) or contact.awaits_words(active)):
        return state, read(event)
    if event.text.lstrip().startswith("/"):
        return state, read(event)
    if contact.is_code(active, event.text):
        return state, WordsGiven(event.text, event.understanding)
    heard = read(event)
    danger = event.understanding.safety.danger
    if danger is None and not _is(heard, LEAVING):
        return state, WordsGiven(event.text, event.understanding)
    if danger in DANGER and active.state == checkin_draft.State.AWAITING_NOTE:
        state = state.entering(checkin_setup.noted(active, event.text))
    return state, heard


def _introduced(state: DialogueState, heard: FlowEvent, outcome: Outcome) -> Outcome:
    if _is(heard, LEAVING):
        return outcome
    return _welcoming(state, outcome, danger_heard=_is(heard, DANGER))


def _is(heard: FlowEvent, intents: Collection[Intent]) -> bool:
    return isinstance(heard, IntentRecognised) and heard.intent in intents


def _is_question_back(outcome: Outcome) -> bool:
    return all(isinstance(e, Say) and e.key in clarify.TEXTS for e in outcome.effects)


def _hear(state: DialogueState, event: FlowEvent, ctx: Context) -> Outcome:
    if not ctx.checkins_in(*ANSWERABLE) and isinstance(event, IntentRecognised):
        event = _not_well(event)
    match event:
        case ButtonPressed(button) if button == SHOW and ctx.held:
            return Outcome(state, ())
        case ButtonPressed(button) if button in (RESUME, SHOW):
            return resume(state, ctx)
        case IntentRecognised(intent) if intent in LEAVING:
            return leave(state, event, ctx)
        case IntentRecognised(intent):
            if intent in options.TOPICS or intent in DANGER:
                state = replace(state, topic=intent)
            state = replace(state, unsure=0)
            ctx = replace(ctx, topic=state.topic)
    if _is_answer_to_checkin(event, ctx):
        return apply(state, safety_checkin, step_of(safety_checkin, state, event, ctx), ctx)
    if isinstance(event, IntentRecognised) and event.intent in DANGER:
        outcome = apply(state, danger, step_of(danger, state, event, ctx), ctx)
        return replace(outcome, effects=(*_escalation(ctx), *handoff.hurry(ctx), *outcome.effects))
    if (active := state.active) is not None:
        flow = WAITING[active.flow]
        if (step := flow.step(active, event, ctx)) is not None:
            return apply(state, flow, step, ctx)
    for flow_ in FLOWS:
        if (step := step_of(flow_, state, event, ctx)) is not None:
            return apply(state, flow_, step, ctx)
    match event:
        case NotUnderstood(likely):
            unsure = state.unsure + 1
            say = clarify.answer(likely, unsure)
            return aside(replace(state, unsure=0 if unsure > 1 else unsure), (say,))
    return aside(state, (Say(clarify.OLD_BUTTON),))


def _not_well(event: IntentRecognised) -> IntentRecognised:
    """Without a check-in to answer, “i am not ok” is a danger of its own."""
    if event.intent is not Intent.CHECKIN_NOT_OK:
        return event
    return replace(event, intent=Intent.IMMEDIATE_DANGER)


def _is_answer_to_checkin(event: FlowEvent, ctx: Context) -> bool:
    """While a check-in is asked, a short answer answers it, and not the flow underneath."""
    if not ctx.checkins_in(CheckinPhase.AWAITING_REPLY):
        return False
    match event:
        case NotUnderstood():
            return checkin_due.guarded(ctx)
        case IntentRecognised(
            Intent.AFFIRM | Intent.DENY | Intent.CHECKIN_OK | Intent.CHECKIN_NOT_OK
        ):
            return True
    return False


def _escalation(ctx: Context) -> tuple[Effect, ...]:
    """A danger told while a check-in is asked is the answer to it."""
    asked = ctx.checkins_in(CheckinPhase.AWAITING_REPLY, CheckinPhase.CONTACTED)
    return tuple(EscalateCheckin(view.id, EscalationReason.NOT_OK) for view in asked)


def _welcoming(state: DialogueState, outcome: Outcome, *, danger_heard: bool) -> Outcome:
    """The first answer says that this is a bot and that phones can be watched.

    In danger the answer comes first and the warning is short.
    """
    said = {effect.key for effect in outcome.effects if isinstance(effect, Say)}
    if state.welcomed or (said and said <= contact_invited.QUIETLY):
        return outcome
    welcomed = replace(outcome.state, welcomed=True)
    if danger_heard:
        return Outcome(welcomed, (*outcome.effects, Say(welcome.BRIEF)))
    # The greeting asks what would help, so it also answers what was not understood.
    if outcome.effects in ((Say(welcome.AGAIN),), (Say(clarify.REPHRASE),)):
        return Outcome(welcomed, (Say(welcome.GREETING),))
    return Outcome(welcomed, (Say(welcome.GREETING), *outcome.effects))
