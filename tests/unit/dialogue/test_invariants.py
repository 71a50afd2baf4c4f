"""Whatever happens, in whatever order: promises that the dialogue keeps."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.codec import dump_state, load_state
from bot.conversation.texts import is_cover
from bot.dialogue.applying import RESUME, SHOW, TEXTS
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
from bot.dialogue.plan import CheckinPlan, Miss, Repeats
from bot.dialogue.router import route
from bot.dialogue.state import CheckinPhase, Context, DialogueState, HandoffPhase
from bot.dialogue.understanding import (
    Guess,
    Parse,
    SafetyFinding,
    Timing,
    Understanding,
    Untimed,
    ZoneGuess,
)
from bot.ids import CheckinId
from tests.unit.dialogue.talk import CHECKIN, EN, ES, NOW, checkin

BUTTONS = [
    *(f"intent:{i}" for i in Intent),
    *privacy.CHOICES,
    *safety_checkin.DELAYS,
    *(f"checkin:cover_{c}" for c in safety_checkin.COVERS),
    *("checkin:yes", "checkin:drop", "checkin:ok", "checkin:not_ok", "checkin:cancel"),
    *(f"checkin:change_{what}" for what in ("time", "cover", "miss", "words", "repeat")),
    *("checkin:cover_own", "checkin:miss_advocate", "checkin:miss_note", "checkin:without"),
    *(f"checkin:repeat_{repeats}" for repeats in Repeats),
    *("checkin:list", "checkin:new", "checkin:extend", "checkin:skip", "checkin:pause"),
    *("checkin:go_on", "checkin:stop", f"pick:{CHECKIN.hex}", "time:0", "time:1", "zone:0"),
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
    timing=st.builds(
        Timing,
        untimed=st.none() | st.sampled_from(Untimed),
        choices=st.sampled_from([(), (NOW + timedelta(hours=1), NOW + timedelta(hours=13))]),
        said=st.sampled_from(["", "at 9"]),
        zones=st.lists(
            st.builds(
                ZoneGuess,
                st.just("09:30"),
                st.sampled_from(["Europe/Madrid", "Etc/GMT+5"]),
                st.sampled_from([(), (NOW + timedelta(hours=1),)]),
            ),
            max_size=2,
        ).map(tuple),
        longer=st.none() | st.sampled_from([timedelta(minutes=30), timedelta(days=1)]),
    ),
    tells=st.sampled_from([(), ("shelter",)]),
)
nothing = st.just(Understanding())
events: st.SearchStrategy[Event] = st.one_of(
    st.builds(MessageReceived, st.text(max_size=20), understandings),
    st.builds(MessageReceived, st.sampled_from(["/clear", "/start", "/x", "ok"]), understandings),
    st.builds(MessageReceived, st.sampled_from(["raincoat", "Blue  Bicycle!"]), nothing),
    st.builds(ButtonPressed, st.sampled_from(BUTTONS) | st.text(max_size=20)),
    st.builds(TimerFired, st.sampled_from(TimerKind), st.just(CHECKIN)),
    st.sampled_from([MediaReceived(), HandoffClaimed(), HandoffReturned(), HandoffClosed()]),
)
plans = st.builds(
    CheckinPlan,
    cover=st.sampled_from(safety_checkin.COVERS),
    own_cover=st.sampled_from(["", "The library has your book."]),
    miss=st.sampled_from(Miss),
    safe_word=st.sampled_from(["", "raincoat"]),
    duress_word=st.sampled_from(["", "blue bicycle"]),
    zone=st.sampled_from(["", "Europe/Madrid"]),
    repeats=st.sampled_from(Repeats),
    extended=st.integers(0, 3),
)
contexts = st.builds(
    Context,
    now=st.just(NOW),
    locales=st.just((EN, ES)),
    handoff=st.sampled_from(HandoffPhase),
    on_duty=st.booleans(),
    held=st.booleans(),
    checkins=st.lists(
        st.builds(
            checkin,
            st.sampled_from(CheckinPhase),
            plans,
            st.timedeltas(timedelta(hours=-1), timedelta(days=7)),
            st.sampled_from([CHECKIN, CheckinId(UUID(int=8))]),
        ),
        max_size=3,
        unique_by=lambda view: view.id,
    ).map(tuple),
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
