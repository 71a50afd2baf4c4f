"""What a person can agree on, see and change."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from bot.checkins.plan import dump_plan, load_plan
from bot.dialogue.effects import (
    CancelCheckin,
    ConfirmCheckin,
    ForgetCheckin,
    LapseCheckin,
    PauseCheckin,
    RearmCheckin,
    Reviewed,
    ReviseCheckin,
    Say,
    ScheduleCheckin,
)
from bot.dialogue.events import MessageReceived, TimerFired, TimerKind
from bot.dialogue.intents import Intent
from bot.dialogue.plan import CheckinPlan, Miss, Repeats
from bot.dialogue.state import CheckinPhase
from bot.dialogue.understanding import Timing, Understanding, Untimed, ZoneGuess
from bot.ids import CheckinId
from tests.unit.dialogue.talk import CHECKIN, NOW, RECIPE, Talk, checkin, keys

HOUR = timedelta(hours=1)
DAILY = replace(RECIPE, repeats=Repeats.DAILY, zone="Europe/Madrid")


def confirming() -> Talk:
    """Somebody who has chosen a time and a look."""
    talk = Talk()
    talk.mean(Intent.START_CHECKIN, when=HOUR)
    talk.press("checkin:cover_recipe")
    return talk


def agreed(talk: Talk) -> CheckinPlan:
    """The plan that is set by saying yes."""
    [scheduled, _] = talk.press("checkin:yes")
    assert isinstance(scheduled, ScheduleCheckin)
    return scheduled.plan


def heard(timing: Timing, **more: object) -> MessageReceived:
    """Words that name a time somehow."""
    return MessageReceived("some words", Understanding(timing=timing, **more))  # type: ignore[arg-type]


def test_advocates_are_told_unless_the_person_chose_otherwise() -> None:
    """The default is never silence."""
    assert agreed(confirming()).miss is Miss.ADVOCATE
    talk = confirming()
    talk.press("checkin:change_miss")
    talk.press("checkin:miss_note")
    assert agreed(talk).miss is Miss.NOTE


def test_a_note_for_the_advocates_is_taken_as_it_is() -> None:
    """In the person's own words."""
    talk = confirming()
    talk.press("checkin:change_miss")
    assert keys(talk.press("checkin:miss_advocate")) == ["safety_checkin.awaiting_note"]
    talk.write("At my sister's.\nCall her first.")
    assert agreed(talk).note == "At my sister's. Call her first."


def test_own_cover_words_that_tell_are_refused() -> None:
    """And those that don't are what arrives."""
    talk = confirming()
    talk.press("checkin:change_cover")
    talk.press("checkin:cover_own")
    telling = MessageReceived("The shelter called", Understanding(tells=("shelter",)))
    assert keys(talk.hear(telling)) == ["safety_checkin.cover_tells"]
    assert keys(talk.write("x" * 101)) == ["safety_checkin.cover_length"]
    talk.write("The library has your book.")
    plan = agreed(talk)
    talk.with_checkins(checkin(CheckinPhase.SCHEDULED, plan))
    [_, ping] = talk.hear(TimerFired(TimerKind.CHECKIN_DUE, CHECKIN))
    assert ping == Say("cover.own.ping", params={"words": "The library has your book."})


def test_a_miss_that_is_only_noted_tells_nobody_but_the_person() -> None:
    """When they are back, and once."""
    talk = Talk()
    noted = replace(RECIPE, miss=Miss.NOTE)
    talk.with_checkins(checkin(CheckinPhase.AWAITING_REPLY, noted))
    assert talk.hear(TimerFired(TimerKind.CHECKIN_ESCALATE, CHECKIN)) == (LapseCheckin(CHECKIN),)
    talk.with_checkins(checkin(CheckinPhase.MISSED, noted))
    effects = talk.mean(Intent.HELP_MENU)
    assert keys(effects) == ["options.menu", "safety_checkin.missed"]
    assert effects[-1] == ForgetCheckin(CHECKIN)


def test_who_leaves_hears_no_note() -> None:
    """It waits for the next time."""
    talk = Talk()
    talk.with_checkins(checkin(CheckinPhase.MISSED, replace(RECIPE, miss=Miss.NOTE)))
    assert keys(talk.mean(Intent.QUICK_EXIT)) == ["quick_exit.cover"]


def test_a_timer_of_an_earlier_time_asks_nothing_and_is_set_anew() -> None:
    """Put off just before it came due, it neither rings nor is lost."""
    talk = Talk()
    talk.with_checkins(checkin(CheckinPhase.SCHEDULED, due_in=HOUR))
    for kind in (TimerKind.CHECKIN_DUE, TimerKind.CHECKIN_ESCALATE):
        assert talk.hear(TimerFired(kind, CHECKIN)) == (RearmCheckin(CHECKIN),)


def test_several_at_a_time_but_no_more_than_five() -> None:
    """A sixth is refused, with the way to the list."""
    talk = confirming()
    views = [
        checkin(CheckinPhase.SCHEDULED, due_in=n * HOUR, id_=CheckinId(UUID(int=n)))
        for n in range(1, 6)
    ]
    talk.with_checkins(*views[:4])
    assert agreed(talk).cover == "recipe"
    talk.with_checkins(*views)
    assert keys(talk.mean(Intent.START_CHECKIN, when=HOUR)) == ["safety_checkin.too_many"]
    [listed] = talk.mean(Intent.START_CHECKIN)
    assert isinstance(listed, Say)
    assert [button for button, _ in listed.choices] == [f"pick:{v.id.hex}" for v in views]
    assert keys(talk.mean(Intent.CANCEL_CHECKIN)) == ["safety_checkin.list"]


def test_one_of_several_is_changed_and_cancelled_by_buttons() -> None:
    """Its time, its look, and its end."""
    talk = Talk()
    view = checkin(CheckinPhase.SCHEDULED, due_in=HOUR)
    talk.with_checkins(view)
    talk.press(f"pick:{CHECKIN.hex}")
    talk.press("checkin:change_time")
    due_at = NOW + 2 * HOUR
    assert talk.press("checkin:2h")[0] == ReviseCheckin(CHECKIN, due_at, RECIPE.starting(due_at))
    talk.press(f"pick:{CHECKIN.hex}")
    talk.press("checkin:change_cover")
    changed = talk.press("checkin:cover_gym")[0]
    assert changed == ReviseCheckin(CHECKIN, view.due_at, replace(RECIPE, cover="gym"))
    talk.press(f"pick:{CHECKIN.hex}")
    assert talk.press("checkin:stop")[0] == CancelCheckin(CHECKIN)


def test_a_new_look_for_one_that_has_ended_meanwhile_is_for_nothing() -> None:
    """It is looked at again what is set."""
    talk = Talk()
    talk.with_checkins(checkin(CheckinPhase.SCHEDULED, due_in=HOUR))
    talk.press(f"pick:{CHECKIN.hex}")
    talk.press("checkin:change_cover")
    talk.with_checkins()
    assert talk.press("checkin:cover_gym") == (Say("safety_checkin.none"),)


def test_one_that_repeats_is_not_set_without_knowing_whose_clock() -> None:
    """Who passes over the question is asked it once more."""
    talk = confirming()
    talk.press("checkin:change_repeat")
    assert keys(talk.press("checkin:repeat_daily")) == ["safety_checkin.awaiting_zone"]
    talk.press("checkin:change_words")
    talk.press("checkin:without")
    assert keys(talk.press("checkin:yes")) == ["safety_checkin.awaiting_zone"]


def test_more_time_is_given_three_times() -> None:
    """By words or by button; then no more."""
    talk = Talk()
    longer = Timing(longer=timedelta(minutes=30))
    for n in range(3):
        plan = replace(RECIPE, extended=n)
        talk.with_checkins(checkin(CheckinPhase.AWAITING_REPLY, plan))
        due_at = NOW + timedelta(minutes=30)
        moved = ReviseCheckin(CHECKIN, due_at, replace(plan, extended=n + 1))
        assert talk.hear(heard(longer))[0] == moved
    talk.with_checkins(checkin(CheckinPhase.AWAITING_REPLY, replace(RECIPE, extended=3)))
    assert keys(talk.hear(heard(longer))) == ["safety_checkin.not_extended"]
    talk.with_checkin(CheckinPhase.AWAITING_REPLY)
    assert keys(talk.hear(heard(Timing(longer=timedelta(days=1))))) == [
        "safety_checkin.not_extended"
    ]


def test_a_repeating_one_is_skipped_paused_and_goes_on() -> None:
    """At the same hour by the clock on the wall."""
    talk = Talk()
    plan = DAILY.starting(NOW + HOUR)
    talk.with_checkins(checkin(CheckinPhase.SCHEDULED, plan, due_in=HOUR))
    tomorrow = ReviseCheckin(CHECKIN, NOW + HOUR + timedelta(days=1), plan)
    talk.press(f"pick:{CHECKIN.hex}")
    assert talk.press("checkin:skip")[0] == tomorrow
    talk.press(f"pick:{CHECKIN.hex}")
    assert talk.press("checkin:pause")[0] == PauseCheckin(CHECKIN)
    talk.with_checkins(checkin(CheckinPhase.PAUSED, plan, due_in=HOUR))
    talk.press(f"pick:{CHECKIN.hex}")
    assert talk.press("checkin:go_on")[0] == tomorrow


def test_a_second_press_does_not_end_the_next_one() -> None:
    """The button belongs to what was asked."""
    talk = Talk()
    talk.with_checkins(checkin(CheckinPhase.SCHEDULED, DAILY, due_in=timedelta(days=1)))
    assert talk.press("checkin:ok") == (Say("safety_checkin.safe"),)
    assert not any(isinstance(e, ConfirmCheckin) for e in talk.mean(Intent.CHECKIN_OK))


def test_a_clock_time_asks_for_the_zone_once() -> None:
    """And the zone is kept with the sealed state."""
    talk = Talk()
    talk.mean(Intent.START_CHECKIN)
    said = Timing(untimed=Untimed.NO_ZONE, said="at 9")
    assert keys(talk.hear(heard(said))) == ["safety_checkin.awaiting_zone"]
    [frame] = talk.state.frames
    assert frame.slots["said"] == "at 9"
    both = (
        ZoneGuess("09:30", "Europe/Madrid", (NOW + HOUR,)),
        ZoneGuess("21:30", "Etc/GMT+11", (NOW + 13 * HOUR,)),
    )
    assert keys(talk.hear(heard(Timing(zones=both)))) == ["safety_checkin.awaiting_zone_choice"]
    assert keys(talk.press("zone:0")) == ["safety_checkin.awaiting_cover"]
    assert talk.state.zone == "Europe/Madrid"
    talk.press("checkin:cover_recipe")
    assert agreed(talk).zone == "Europe/Madrid"


def test_what_may_mean_two_times_is_asked_and_what_is_over_too() -> None:
    """Nothing is guessed."""
    talk = Talk()
    talk.mean(Intent.START_CHECKIN)
    two = (NOW + HOUR, NOW + 13 * HOUR)
    assert keys(talk.hear(heard(Timing(choices=two)))) == ["safety_checkin.awaiting_time_choice"]
    talk.press("time:1")
    talk.press("checkin:cover_recipe")
    assert agreed(talk).first_at == two[1]
    talk.mean(Intent.START_CHECKIN)
    for untimed in (Untimed.PAST, Untimed.TOO_SOON):
        assert keys(talk.hear(heard(Timing(untimed=untimed)))) == ["safety_checkin.time_past"]


@pytest.mark.parametrize(
    ("first", "now", "hour"),
    [
        (datetime(2026, 3, 28, 20, tzinfo=UTC), datetime(2026, 3, 28, 21, tzinfo=UTC), 19),
        (datetime(2026, 10, 24, 19, tzinfo=UTC), datetime(2026, 10, 24, 20, tzinfo=UTC), 20),
    ],
)
def test_summer_time_moves_nothing_on_the_wall(first: datetime, now: datetime, hour: int) -> None:
    """Nine in the evening in Madrid stays nine in the evening."""
    next_at = DAILY.starting(first).next_after(first, now)
    assert next_at is not None
    assert (next_at.astimezone(UTC).hour, next_at.date() - first.date()) == (
        hour,
        timedelta(days=1),
    )


def test_named_days_come_until_the_last_of_them() -> None:
    """Monday, Wednesday, Friday; then no more."""
    named = replace(DAILY, repeats=Repeats.NAMED, days="024", until="2026-03-06")
    at = datetime(2026, 3, 2, 20, tzinfo=UTC)
    plan = named.starting(at)
    seen = []
    while (next_at := plan.next_after(at, at)) is not None:
        seen.append(next_at.day)
        at = next_at
    assert seen == [4, 6]


def test_the_last_of_the_named_days_is_said_before_it_is_agreed_on_and_later() -> None:
    """“Mondays and Wednesdays until the 6th”, a Friday, comes for the last time on the 4th."""
    talk = Talk()
    talk.mean(Intent.START_CHECKIN)
    plan = replace(DAILY, repeats=Repeats.NAMED, days="02", until="2026-03-06")
    said = Understanding(when=NOW + HOUR, timing=Timing(named=(plan.days, plan.until)))
    talk.hear(MessageReceived("some words", said))
    [confirming] = talk.press("checkin:cover_recipe")
    talk.press("checkin:yes")
    talk.with_checkins(checkin(CheckinPhase.SCHEDULED, plan, due_in=HOUR))
    [listed] = talk.press(f"pick:{CHECKIN.hex}")
    last = Reviewed("safety_checkin.repeats.named", (("last", date(2026, 3, 4)),))
    for say in (confirming, listed):
        assert isinstance(say, Say)
        assert say.params["repeats"] == last
    assert RECIPE.last_on is None


def test_days_that_are_named_with_the_time_are_agreed_on() -> None:
    """“Every evening this week at 9” needs no further question but the zone."""
    talk = Talk()
    asked = Timing(untimed=Untimed.NO_ZONE, said="every evening this week at 9")
    talk.mean(Intent.START_CHECKIN)
    talk.hear(heard(asked))
    named = ("0123456", "2026-03-07")
    zones = (ZoneGuess("13:00", "Europe/Madrid", (NOW + 8 * HOUR,), named),)
    talk.hear(heard(Timing(zones=zones)))
    talk.press("checkin:cover_recipe")
    plan = agreed(talk)
    assert (plan.repeats, plan.days, plan.until) == (Repeats.NAMED, *named)


@pytest.mark.parametrize(("button", "until"), [("zone:0", "2026-03-07"), ("zone:1", "2026-03-08")])
def test_the_last_day_is_that_of_the_zone_that_was_chosen(button: str, until: str) -> None:
    """Where it is past midnight already, “this week” may be another one."""
    talk = Talk()
    talk.mean(Intent.START_CHECKIN)
    talk.hear(heard(Timing(untimed=Untimed.NO_ZONE, said="every evening this week at 9")))
    days = "0123456"
    zones = (
        ZoneGuess("12:00", "Europe/London", (NOW + 9 * HOUR,), (days, "2026-03-07")),
        ZoneGuess("00:00", "Pacific/Auckland", (NOW + 21 * HOUR,), (days, "2026-03-08")),
    )
    talk.hear(heard(Timing(zones=zones)))
    talk.press(button)
    talk.press("checkin:cover_recipe")
    assert agreed(talk).until == until


def test_a_plan_is_stored_whole_and_an_old_one_is_understood() -> None:
    """What an older version stored was the theme alone."""
    plan = replace(DAILY, note="n", safe_word="s", duress_word="d", extended=2, first_at=NOW)
    assert load_plan(dump_plan(plan)) == plan
    assert load_plan("recipe") == CheckinPlan(cover="recipe")
