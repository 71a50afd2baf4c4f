"""`privacy` says until when, as a time of day where the person's clock is known."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.content.responses import ResponseCatalogue
from bot.conversation.texts import render
from bot.dialogue.effects import Reviewed, Say, TimeOfDay
from bot.dialogue.flows import privacy
from bot.dialogue.intents import Intent
from bot.ids import Locale
from tests.unit.dialogue.conftest import SIX
from tests.unit.dialogue.talk import Talk

MADRID = "Europe/Madrid"
HOUR = timedelta(hours=1)


def someone(at: datetime, ttl: timedelta = HOUR, zone: str = MADRID) -> Talk:
    """Somebody who writes at `at`."""
    talk = Talk()
    talk.state = replace(talk.state, zone=zone)
    talk.ctx = replace(talk.ctx, now=at, message_ttl=ttl)
    return talk


def said(talk: Talk, command: str = "/privacy") -> Say:
    """The answer to a command or a button."""
    event = talk.press(command) if ":" in command else talk.write(command)
    [say] = [effect for effect in event if isinstance(effect, Say)]
    return say


def until(say: Say) -> Reviewed:
    """What it says of when."""
    found = say.params["until"]
    assert isinstance(found, Reviewed)
    return found


EVENING = datetime(2026, 3, 2, 21, 40, tzinfo=UTC)  # 22:40 in Madrid


@pytest.mark.parametrize(
    ("ttl", "text"),
    [
        (timedelta(minutes=5), privacy.TODAY),
        (HOUR, privacy.TODAY),
        (HOUR * 2, privacy.TOMORROW),
        (HOUR * 24, privacy.TOMORROW),
        (HOUR * 35, privacy.LATER),
    ],
)
def test_the_day_is_that_of_the_persons_own_clock(ttl: timedelta, text: str) -> None:
    """Two hours from 22:40 in Madrid is tomorrow there, though not yet for a machine on UTC."""
    assert until(said(someone(EVENING, ttl))).key == text


def test_no_earlier_than_what_is_kept() -> None:
    """Seconds are rounded up to the minute that clocks show: nothing stays longer than is said."""
    found = dict(until(said(someone(EVENING + timedelta(seconds=1)))).params)
    at = found["time"]
    assert isinstance(at, TimeOfDay)
    assert at.at - (EVENING + timedelta(seconds=1)) >= HOUR
    assert at.at.replace(second=0) == EVENING + HOUR + timedelta(minutes=1)


@pytest.mark.parametrize("locale", SIX)
def test_the_time_is_read_in_the_persons_language(
    catalogue: ResponseCatalogue, locale: Locale
) -> None:
    """23:40, as clocks are read there, for all that is here now; and by the length besides."""
    text = render(catalogue, said(someone(EVENING)), locale, None).text
    western = text.translate(str.maketrans("٠١٢٣٤٥٦٧٨٩०१२३४५६७८९", "0123456789" * 2))
    assert any(clock in western for clock in ("23:40", "11:40"))
    assert "{" not in text


@pytest.mark.parametrize("locale", SIX)
def test_without_a_clock_it_tells_how_to_count(
    catalogue: ResponseCatalogue, locale: Locale
) -> None:
    """Nobody is asked for their zone only to be told this, and no other zone is guessed at."""
    say = said(someone(EVENING, zone=""))
    assert until(say) == Reviewed(privacy.ANYWHERE)
    assert catalogue.render(privacy.ANYWHERE, locale, {}).text in (
        render(catalogue, say, locale, None).text
    )


def test_a_new_choice_is_told_with_its_own_time() -> None:
    """Five minutes from now, not the hour that held before."""
    say = said(someone(EVENING), "privacy:ttl_5m")
    at = dict(until(say).params)["time"]
    assert isinstance(at, TimeOfDay)
    assert timedelta(minutes=5) <= at.at - EVENING < timedelta(minutes=6)


def test_what_a_model_takes_for_this_question_shows_no_time_of_day() -> None:
    """It may be “did my wife write to you?”: a time would tell that somebody told their zone."""
    [say] = someone(EVENING).mean(Intent.ASK_CONFIDENTIALITY)
    assert isinstance(say, Say)
    assert until(say) == Reviewed(privacy.ANYWHERE)
