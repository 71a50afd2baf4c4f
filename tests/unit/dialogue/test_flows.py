"""Each flow, as the conversation it is."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.dialogue.effects import (
    CancelCheckin,
    CloseHandoff,
    ConfirmCheckin,
    EscalateCheckin,
    EscalationReason,
    Figure,
    Label,
    Moment,
    PingCheckin,
    Priority,
    RequestHandoff,
    Reviewed,
    Say,
    ScheduleCheckin,
    SetMessageTtl,
)
from bot.dialogue.events import (
    CloseReason,
    HandoffClaimed,
    HandoffClosed,
    HandoffReturned,
    TimerFired,
    TimerKind,
)
from bot.dialogue.flows import options, safety_checkin
from bot.dialogue.intents import Intent
from bot.dialogue.plan import CheckinPlan
from bot.dialogue.state import CheckinPhase, HandoffPhase
from tests.unit.dialogue.talk import CHECKIN, NOW, RECIPE, Talk, keys


def test_there_are_at_least_eight_options_beyond_the_police() -> None:
    """Each topic has an answer of its own."""
    assert len(options.TOPICS) >= 8
    for intent in options.TOPICS:
        assert keys(Talk().mean(intent)) == [f"options.{intent}"]


def test_danger_asks_whether_writing_is_safe_and_stays_until_it_is() -> None:
    """Not safe: told what to do, and asked nothing more. Safe: led on."""
    talk = Talk()
    talk.warn(Intent.STRANGULATION)
    assert keys(talk.mean(Intent.DENY)) == ["danger.not_safe"]
    assert keys(talk.press("danger:not_safe")) == ["danger.not_safe"]
    assert keys(talk.mean(Intent.AFFIRM)) == ["danger.safer"]
    assert talk.state.frames == ()


def test_a_handoff_after_danger_is_urgent_and_names_the_danger() -> None:
    """The person sees the topic before it is shared."""
    talk = Talk()
    talk.warn(Intent.THREATS_WEAPON)
    asked = talk.press("intent:talk_to_human")
    assert asked == (
        Say("handoff.awaiting_consent", params={"topic": Label("intent:threats_weapon")}),
    )
    request, waiting, *_ = talk.press("handoff:share")
    assert request == RequestHandoff(Priority.URGENT, "threats_weapon", share_topic=True)
    assert isinstance(waiting, Say)
    assert waiting.key == "handoff.waiting"
    assert waiting.params == {"place": Figure.QUEUE_PLACE}


def test_a_handoff_can_share_nothing() -> None:
    """The topic orders the queue but is not shown."""
    talk = Talk()
    talk.mean(Intent.ASK_MONEY)
    talk.mean(Intent.TALK_TO_HUMAN)
    request = talk.press("handoff:share_nothing")[0]
    assert request == RequestHandoff(Priority.NORMAL, "ask_money", share_topic=False)


def test_yes_in_words_is_consent_and_no_is_none() -> None:
    """Free text works as the buttons do."""
    talk = Talk()
    talk.mean(Intent.TALK_TO_HUMAN)
    assert isinstance(talk.mean(Intent.AFFIRM)[0], RequestHandoff)
    talk = Talk()
    talk.mean(Intent.TALK_TO_HUMAN)
    assert keys(talk.mean(Intent.DENY)) == ["handoff.declined"]


def test_it_is_said_when_nobody_is_on_duty() -> None:
    """No reply time is pretended."""
    talk = Talk()
    talk.ctx = replace(talk.ctx, on_duty=False)
    talk.mean(Intent.TALK_TO_HUMAN)
    assert keys(talk.press("handoff:share")) == ["handoff.waiting", "handoff.nobody_on_duty"]


def test_who_waits_is_told_the_place_and_can_leave() -> None:
    """Asking again does not queue twice."""
    talk = Talk()
    talk.with_handoff(HandoffPhase.WAITING)
    assert keys(talk.mean(Intent.TALK_TO_HUMAN)) == ["handoff.waiting"]
    assert keys(talk.press("handoff:share")) == ["handoff.waiting"]
    left = talk.press("handoff:leave")
    assert left[0] == CloseHandoff(CloseReason.LEFT)
    assert keys(left) == ["handoff.left"]


@pytest.mark.parametrize(
    ("event", "key"),
    [
        (HandoffClaimed(), "handoff.joined"),
        (HandoffReturned(), "handoff.returned"),
        (HandoffClosed(), "handoff.closed"),
    ],
)
def test_the_person_hears_what_becomes_of_the_handoff(event: object, key: str) -> None:
    """Joined, returned and closed are each said plainly."""
    assert keys(Talk().hear(event)) == [key]  # type: ignore[arg-type]


def test_a_checkin_is_set_up_repeated_back_and_scheduled() -> None:
    """Time, cover theme, confirmation."""
    talk = Talk()
    assert keys(talk.mean(Intent.START_CHECKIN, when=timedelta(hours=2))) == [
        "safety_checkin.awaiting_cover"
    ]
    asked = talk.press("checkin:cover_recipe")
    assert asked == (
        Say(
            "safety_checkin.awaiting_confirmation",
            params={
                "when": Moment(NOW + timedelta(hours=2), "", timedelta(hours=2)),
                "theme": Label("checkin:cover_recipe"),
                "repeats": Reviewed("safety_checkin.repeats.once"),
                "answer": Reviewed("safety_checkin.answer.button"),
                "miss": Reviewed("safety_checkin.miss.advocate"),
            },
        ),
    )
    done = talk.mean(Intent.AFFIRM)
    due_at = NOW + timedelta(hours=2)
    assert done[0] == ScheduleCheckin(due_at, RECIPE.starting(due_at))
    assert keys(done) == ["safety_checkin.scheduled.unsure"]
    assert talk.state.frames == ()


def test_a_time_in_words_is_taken_where_one_is_awaited() -> None:
    """Whatever the model takes it for."""
    talk = Talk()
    talk.mean(Intent.START_CHECKIN)
    assert keys(talk.mean(Intent.OUT_OF_SCOPE)) == ["safety_checkin.time_unclear"]
    said = talk.mean(Intent.ASK_PETS, when=timedelta(minutes=45))
    assert keys(said) == ["safety_checkin.awaiting_cover"]


def test_a_time_that_passed_while_choosing_is_not_in_the_past() -> None:
    """Who hesitates for hours still gets a check-in, a minute from now."""
    talk = Talk()
    talk.mean(Intent.START_CHECKIN, when=timedelta(minutes=30))
    talk.press("checkin:cover_parcel")
    talk.ctx = replace(talk.ctx, now=NOW + timedelta(hours=3))
    due_at = NOW + timedelta(hours=3, minutes=1)
    assert talk.press("checkin:yes")[0] == ScheduleCheckin(due_at, CheckinPlan().starting(due_at))


def test_without_anyone_on_duty_the_checkin_says_so() -> None:
    """Promise 8: it never pretends."""
    talk = Talk()
    talk.ctx = replace(talk.ctx, on_duty=False)
    talk.mean(Intent.START_CHECKIN, when=timedelta(minutes=30))
    talk.press("checkin:cover_parcel")
    assert keys(talk.press("checkin:yes")) == ["safety_checkin.scheduled.unstaffed"]


@pytest.mark.parametrize(
    ("staffed", "miss", "said"),
    [
        (True, "advocate", "safety_checkin.scheduled.open"),
        (False, "advocate", "safety_checkin.scheduled.closed"),
        (None, "advocate", "safety_checkin.scheduled.unsure"),
        (False, "note", "safety_checkin.scheduled"),
    ],
)
def test_it_is_told_whether_an_advocate_is_there_at_that_time(
    staffed: bool | None, miss: str, said: str
) -> None:
    """By the hours, not by who is here now; nothing of it where no advocate was asked for."""
    talk = Talk()
    due_at = NOW + timedelta(minutes=30)
    queue = replace(talk.ctx.queue, staffed=lambda at: staffed if at == due_at else not staffed)
    talk.ctx = replace(talk.ctx, queue=queue)
    talk.mean(Intent.START_CHECKIN, when=timedelta(minutes=30))
    talk.press("checkin:cover_parcel")
    if miss == "note":
        talk.press("checkin:change_miss")
        talk.press("checkin:miss_note")
    assert keys(talk.press("checkin:yes")) == [said]


def test_only_cover_text_reaches_the_phone_at_the_time() -> None:
    """Ping and reminder are cover text; the escalation says nothing at all."""
    talk = Talk()
    talk.with_checkin(CheckinPhase.SCHEDULED)
    ping = talk.hear(TimerFired(TimerKind.CHECKIN_DUE, CHECKIN))
    assert ping == (PingCheckin(CHECKIN), Say("cover.recipe.ping"))
    talk.with_checkin(CheckinPhase.AWAITING_REPLY)
    assert keys(talk.hear(TimerFired(TimerKind.CHECKIN_REMIND, CHECKIN))) == [
        "cover.recipe.reminder"
    ]
    assert talk.hear(TimerFired(TimerKind.CHECKIN_ESCALATE, CHECKIN)) == (
        EscalateCheckin(CHECKIN, EscalationReason.MISSED),
    )


def test_a_ping_does_not_carry_the_way_back_to_a_flow() -> None:
    """A flow that waits must not show on a quiet phone."""
    talk = Talk()
    talk.mean(Intent.TALK_TO_HUMAN)
    talk.with_checkin(CheckinPhase.SCHEDULED)
    said = talk.hear(TimerFired(TimerKind.CHECKIN_DUE, CHECKIN))
    assert said[1] == Say("cover.recipe.ping")


def test_a_checkin_that_could_not_be_asked_escalates_as_late() -> None:
    """Never dropped."""
    talk = Talk()
    talk.with_checkin(CheckinPhase.SCHEDULED)
    assert talk.hear(TimerFired(TimerKind.CHECKIN_ESCALATE, CHECKIN)) == (
        EscalateCheckin(CHECKIN, EscalationReason.LATE),
    )


@pytest.mark.parametrize("kind", list(TimerKind))
def test_a_stale_timer_never_lights_up_the_phone(kind: TimerKind) -> None:
    """Whatever fires after the end does nothing."""
    talk = Talk()
    assert talk.hear(TimerFired(kind, CHECKIN)) == ()
    talk.with_checkin(CheckinPhase.ESCALATED)
    assert talk.hear(TimerFired(kind, CHECKIN)) == ()


def test_safe_not_safe_and_cancelled_end_a_checkin() -> None:
    """By words or by button."""
    for phase in (CheckinPhase.SCHEDULED, CheckinPhase.AWAITING_REPLY):
        talk = Talk()
        talk.with_checkin(phase)
        assert talk.mean(Intent.CHECKIN_OK)[0] == ConfirmCheckin(CHECKIN)
        assert talk.press("checkin:not_ok")[0] == EscalateCheckin(CHECKIN, EscalationReason.NOT_OK)
        assert talk.mean(Intent.CANCEL_CHECKIN)[0] == CancelCheckin(CHECKIN)


def test_all_clear_after_an_escalation_reaches_the_advocates() -> None:
    """The person says that they are well after all."""
    talk = Talk()
    talk.with_checkin(CheckinPhase.ESCALATED)
    effects = talk.mean(Intent.CHECKIN_OK)
    assert effects[0] == ConfirmCheckin(CHECKIN)
    assert keys(effects) == ["safety_checkin.all_clear"]


def test_every_theme_has_a_button() -> None:
    """And each leads to the confirmation."""
    for theme in safety_checkin.COVERS:
        talk = Talk()
        talk.mean(Intent.START_CHECKIN, when=timedelta(hours=1))
        assert keys(talk.press(f"checkin:cover_{theme}")) == [
            "safety_checkin.awaiting_confirmation"
        ]


def test_the_person_sets_the_deadline() -> None:
    """Five minutes, an hour or a day."""
    assert Talk().press("privacy:ttl_5m")[0] == SetMessageTtl(timedelta(minutes=5))
    assert Talk().press("privacy:ttl_24h")[0] == SetMessageTtl(timedelta(hours=24))
