"""What words say of time to the check-in that is under way."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.conversation.timing import timing
from bot.dialogue.flows.checkin_draft import State
from bot.dialogue.plan import CheckinPlan
from bot.dialogue.state import CheckinPhase, CheckinView, Context, DialogueState, Frame
from bot.dialogue.understanding import Timing, Untimed
from bot.ids import Locale
from tests.unit.dialogue.talk import CHECKIN

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
EN = Locale("en")
CTX = Context(now=NOW, locales=(EN,))


def waiting(state: str, zone: str = "", **slots: str) -> DialogueState:
    """Somebody who sets a check-in up."""
    return DialogueState(EN, zone=zone, frames=(Frame("safety_checkin", state, slots),))


def test_a_span_needs_no_zone() -> None:
    """The commonest way is the shortest."""
    when, _ = timing("in 45 minutes", waiting(State.AWAITING_TIME), CTX, "", asked=False)
    assert when == NOW + timedelta(minutes=45)


def test_a_clock_time_asks_for_the_zone_and_is_read_with_it() -> None:
    """What was said before is not asked again."""
    _, asked = timing("at 9 pm", waiting(State.AWAITING_TIME), CTX, "", asked=False)
    assert asked == Timing(untimed=Untimed.NO_ZONE, said="at 9 pm")
    there = waiting(State.AWAITING_ZONE, said="at 9 pm")
    _, heard = timing("13:00", there, CTX, "ES", asked=False)
    [guess] = heard.zones
    assert guess.whens == (datetime(2026, 3, 2, 20, tzinfo=UTC),)
    when, _ = timing("at 9 pm", waiting(State.AWAITING_TIME, "Europe/Madrid"), CTX, "", asked=False)
    assert (when,) == guess.whens


def test_an_hour_without_its_half_of_the_day_may_be_either() -> None:
    """Both are given, and neither is guessed."""
    state = waiting(State.AWAITING_TIME, "Europe/Madrid")
    when, heard = timing("at 9", state, CTX, "", asked=False)
    assert when is None
    assert [at.hour for at in heard.choices] == [20, 8]


def test_days_that_come_again_are_taken_with_their_time() -> None:
    """As people say it."""
    state = waiting(State.AWAITING_TIME, "Europe/Madrid")
    when, heard = timing("every evening this week at 9 pm", state, CTX, "", asked=False)
    assert when == datetime(2026, 3, 2, 20, tzinfo=UTC)
    assert heard.named == ("0123456", "2026-03-08")


@pytest.mark.parametrize(
    "said",
    ["30 minutes more", "30 minutos más", "encore 30 minutes", "mais 30 minutos", "30 मिनट और"],
)
def test_more_time_is_heard_while_a_checkin_is_near(said: str) -> None:
    """And only then."""
    view = CheckinView(CHECKIN, CheckinPhase.AWAITING_REPLY, NOW, NOW, CheckinPlan())
    fresh = DialogueState(EN)
    _, heard = timing(said, fresh, replace(CTX, checkins=(view,)), "", asked=False)
    assert heard.longer == timedelta(minutes=30)
    assert timing(said, fresh, CTX, "", asked=False) == (None, Timing())


def test_nothing_is_read_where_no_time_is_awaited() -> None:
    """A story with hours in it sets nothing."""
    assert timing("at 9 pm they came", DialogueState(EN), CTX, "", asked=False) == (None, Timing())
