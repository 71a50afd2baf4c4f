"""Whatever happens, in whatever order: promises that the dialogue keeps."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.codec import dump_state, load_state
from bot.conversation.texts import is_cover
from bot.dialogue.effects import Purge, Say
from bot.dialogue.events import (
    ButtonPressed,
    Event,
    HandoffClaimed,
    HandoffClosed,
    HandoffReturned,
    MediaReceived,
    MessageReceived,
    TimerFired,
    TimerKind,
)
from bot.dialogue.flows import privacy, safety_checkin
from bot.dialogue.intents import CRITICAL, DANGER, Intent
from bot.dialogue.router import RESUME, SHOW, TEXTS, route
from bot.dialogue.state import CheckinPhase, CheckinView, Context, DialogueState, HandoffPhase
from bot.dialogue.understanding import Guess, Parse, SafetyFinding, Understanding
from tests.unit.dialogue.talk import CHECKIN, EN, ES, NOW

BUTTONS = [
    *(f"intent:{i}" for i in Intent),
    *privacy.CHOICES,
    *safety_checkin.DELAYS,
    *(f"checkin:cover_{c}" for c in safety_checkin.COVERS),
    *("checkin:yes", "checkin:drop", "checkin:ok", "checkin:not_ok", "checkin:cancel"),
    *("danger:safe", "danger:not_safe", "language:en", "language:es", RESUME, SHOW),
    *("handoff:share", "handoff:share_nothing", "handoff:no", "handoff:leave"),
]

understandings = st.builds(
    Understanding,
    parse=st.none()
    | st.builds(
        Parse,
        st.lists(
            st.builds(Guess, st.sampled_from(Intent), st.floats(0, 1)), min_size=1, max_size=3
        ).map(tuple),
    ),
    safety=st.builds(
        SafetyFinding,
        danger=st.none() | st.sampled_from(sorted(CRITICAL | DANGER)),
        negated=st.none() | st.sampled_from(sorted(DANGER)),
    ),
    language=st.sampled_from([None, EN, ES]),
    sentence=st.booleans(),
    foreign=st.sampled_from([None, None, "fr", "hi-Latn"]),
    when=st.none() | st.timedeltas(timedelta(minutes=1), timedelta(days=7)).map(lambda d: NOW + d),
)
events: st.SearchStrategy[Event] = st.one_of(
    st.builds(MessageReceived, st.text(max_size=20), understandings),
    st.builds(MessageReceived, st.sampled_from(["/clear", "/start", "/x", "ok"]), understandings),
    st.builds(ButtonPressed, st.sampled_from(BUTTONS) | st.text(max_size=20)),
    st.builds(TimerFired, st.sampled_from(TimerKind), st.just(CHECKIN)),
    st.sampled_from([MediaReceived(), HandoffClaimed(), HandoffReturned(), HandoffClosed()]),
)
contexts = st.builds(
    Context,
    now=st.just(NOW),
    locales=st.just((EN, ES)),
    handoff=st.sampled_from(HandoffPhase),
    on_duty=st.booleans(),
    held=st.booleans(),
    checkin=st.none()
    | st.builds(
        CheckinView,
        st.just(CHECKIN),
        st.sampled_from(CheckinPhase),
        st.sampled_from(safety_checkin.COVERS),
    ),
)


@given(st.lists(st.tuples(events, contexts), max_size=12), st.booleans())
def test_promises_hold_in_any_order_of_events(
    happenings: list[tuple[Event, Context]], welcomed: bool
) -> None:
    """Known texts only; cover text only, unprompted; nobody unanswered; states can be stored."""
    state = DialogueState(locale=EN, welcomed=welcomed)
    for event, ctx in happenings:
        outcome = route(state, event, ctx)
        said = [effect for effect in outcome.effects if isinstance(effect, Say)]
        assert {say.key for say in said} <= TEXTS
        if isinstance(event, TimerFired):
            assert all(is_cover(say.key) for say in said)
            assert all(say.also == () for say in said)
        if isinstance(event, MessageReceived | ButtonPressed | MediaReceived):
            shown = event == ButtonPressed(SHOW) and ctx.held
            assert outcome.effects or shown, "a person was left without an answer"
        if isinstance(event, MessageReceived):
            danger = event.understanding.safety.danger
            with_advocate = ctx.handoff is HandoffPhase.WITH_ADVOCATE
            if danger in DANGER and not with_advocate and not event.text.startswith("/"):
                assert {f"danger.{d}" for d in DANGER} & {say.key for say in said}
            if danger is Intent.QUICK_EXIT and not event.text.startswith("/"):
                assert isinstance(outcome.effects[0], Purge)
        assert load_state(dump_state(outcome.state), (EN, ES)) == outcome.state
        state = replace(outcome.state, offered=("intent:greet",))
