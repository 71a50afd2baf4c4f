"""The safe word and the word for danger: what counts, and what nobody can tell apart."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.dialogue.effects import (
    CancelCheckin,
    ConfirmCheckin,
    EscalateCheckin,
    EscalationReason,
    Purge,
    RelayToAdvocate,
    Say,
)
from bot.dialogue.events import MessageReceived
from bot.dialogue.flows.checkin_draft import State
from bot.dialogue.intents import Intent
from bot.dialogue.plan import are_alike, is_said
from bot.dialogue.state import CheckinPhase, HandoffPhase
from bot.dialogue.understanding import SafetyFinding, Understanding
from tests.unit.dialogue.talk import CHECKIN, RECIPE, Talk, checkin, keys

WORDED = replace(RECIPE, safe_word="Raincoat", duress_word="Blue bicycle")


def asked(phase: CheckinPhase = CheckinPhase.AWAITING_REPLY) -> Talk:
    """Somebody with both words, who is asked."""
    talk = Talk()
    talk.with_checkins(checkin(phase, WORDED))
    return talk


@pytest.mark.parametrize("said", ["raincoat", " RAINCOAT! ", "ráincoat", "raincaot", "rain coat"])
def test_the_safe_word_confirms_with_a_slip(said: str) -> None:
    """Whoever writes in a hurry is still understood."""
    assert asked().write(said) == (ConfirmCheckin(CHECKIN), Say("safety_checkin.safe"))


@pytest.mark.parametrize("phase", [CheckinPhase.AWAITING_REPLY, CheckinPhase.ESCALATED])
def test_the_word_for_danger_is_answered_like_the_safe_word(phase: CheckinPhase) -> None:
    """Same words, same state; only the advocates learn of it."""
    safe, danger = asked(phase), asked(phase)
    well, told = safe.write("raincoat"), danger.write("blue bicycle")
    assert well[1:] == told[1:]
    assert safe.state == danger.state
    assert told[0] == EscalateCheckin(CHECKIN, EscalationReason.DURESS)


def test_the_word_for_danger_has_no_slips() -> None:
    """A slip towards it would send help to someone who is well."""
    assert keys(asked().write("blue bicycles")) == ["safety_checkin.unmatched"]


@pytest.mark.parametrize("intent", [Intent.CHECKIN_OK, Intent.AFFIRM, Intent.CANCEL_CHECKIN])
def test_a_typed_ok_ends_nothing_where_there_is_a_word(intent: Intent) -> None:
    """Whoever has the phone would type just that."""
    assert asked().mean(intent) == (Say("safety_checkin.unmatched"),)


def test_a_wrong_word_is_no_alarm() -> None:
    """It counts as a miss, and that only at the deadline."""
    assert asked().write("umbrella") == (Say("safety_checkin.unmatched"),)


def test_the_button_confirms_all_the_same() -> None:
    """It stands under the cover text, as agreed."""
    assert asked().press("checkin:ok")[0] == ConfirmCheckin(CHECKIN)


def test_leaving_still_leaves() -> None:
    """Whatever is asked."""
    assert isinstance(asked().warn(Intent.QUICK_EXIT)[0], Purge)


def test_the_words_are_heard_while_an_advocate_is_there() -> None:
    """They are not passed on as talk."""
    talk = asked()
    talk.with_handoff(HandoffPhase.WITH_ADVOCATE)
    effects = talk.write("blue bicycle")
    assert effects[0] == EscalateCheckin(CHECKIN, EscalationReason.DURESS)
    assert not any(isinstance(e, RelayToAdvocate) for e in effects)


def test_without_words_a_typed_ok_confirms() -> None:
    """Nobody who chose none is asked for one."""
    talk = Talk()
    talk.with_checkin(CheckinPhase.AWAITING_REPLY)
    assert talk.mean(Intent.CHECKIN_OK)[0] == ConfirmCheckin(CHECKIN)


def test_a_cancel_before_it_is_asked_needs_no_word() -> None:
    """Plans change."""
    assert asked(CheckinPhase.SCHEDULED).mean(Intent.CANCEL_CHECKIN)[0] == CancelCheckin(CHECKIN)


@pytest.mark.parametrize(
    ("said", "word", "counts"),
    [
        ("paraguas", "Paraguas", True),
        ("PARAGÜAS", "paraguas", True),
        ("مظله", "مظلة", False),
        ("छतरी", "छतरी", True),
        ("cat", "car", False),
        ("", "", False),
        ("!", "", False),
        ("raincoats too", "raincoat", False),
    ],
)
def test_words_are_compared_folded(said: str, word: str, *, counts: bool) -> None:
    """Case, accents and signs do not count; a slip only in words of five letters and more."""
    assert is_said(said, word, slips=True) is counts


def test_words_that_a_slip_mixes_up_are_refused() -> None:
    """Else a slip in the safe word would be the word for danger."""
    talk = Talk()
    talk.mean(Intent.START_CHECKIN, when=timedelta(hours=1))
    talk.press("checkin:cover_recipe")
    talk.press("checkin:change_words")
    assert keys(talk.write("no")) == ["safety_checkin.word_length"]
    assert keys(talk.write("raincoat")) == ["safety_checkin.awaiting_duress_word"]
    assert keys(talk.write("raincoats")) == ["safety_checkin.words_alike"]
    [agreed] = talk.write("blue bicycle")
    assert isinstance(agreed, Say)
    assert agreed.key == "safety_checkin.awaiting_confirmation"
    [scheduled, _] = talk.press("checkin:yes")
    assert scheduled.plan.safe_word == "raincoat"  # type: ignore[union-attr]
    assert scheduled.plan.duress_word == "blue bicycle"  # type: ignore[union-attr]
    assert are_alike("coat", "Boat!")


def test_a_danger_is_heard_where_a_word_was_asked_for() -> None:
    """And the words are not taken for a safe word."""
    talk = Talk()
    talk.mean(Intent.START_CHECKIN, when=timedelta(hours=1))
    talk.press("checkin:cover_recipe")
    talk.press("checkin:change_words")
    assert "danger.threats_weapon" in keys(talk.warn(Intent.THREATS_WEAPON))
    assert all("safe_word" not in frame.slots for frame in talk.state.frames)


def test_a_note_with_a_danger_in_it_is_kept_and_the_danger_answered() -> None:
    """What advocates should know is often just that."""
    talk = Talk()
    talk.mean(Intent.START_CHECKIN, when=timedelta(hours=1))
    talk.press("checkin:cover_recipe")
    talk.press("checkin:change_miss")
    talk.press("checkin:miss_advocate")
    heard = Understanding(safety=SafetyFinding(danger=Intent.THREATS_WEAPON), sentence=True)
    said = talk.hear(MessageReceived("There is a gun in the house.", heard))
    assert "danger.threats_weapon" in keys(said)
    [frame] = [f for f in talk.state.frames if f.flow == "safety_checkin"]
    assert frame.state == State.AWAITING_CONFIRMATION
    assert frame.slots["note"] == "There is a gun in the house."
