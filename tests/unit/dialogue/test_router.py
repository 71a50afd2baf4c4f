"""The router: safety first, then the active flow, then the intent; then a question back."""

import pytest

from bot.dialogue.applying import RESUME
from bot.dialogue.effects import (
    EscalateCheckin,
    EscalationReason,
    Purge,
    RelayToAdvocate,
    Say,
)
from bot.dialogue.events import MediaReceived, MessageReceived
from bot.dialogue.intents import DANGER, Intent
from bot.dialogue.state import CheckinPhase, HandoffPhase
from bot.dialogue.understanding import (
    CONFIDENT,
    EVIDENT,
    SUSPECTED,
    Guess,
    Parse,
    SafetyFinding,
    Unclear,
    Understanding,
    decide,
)
from tests.unit.dialogue.talk import CHECKIN, Talk, keys


def test_the_first_answer_says_that_it_is_a_bot() -> None:
    """Whatever is asked first, the greeting comes before the answer."""
    talk = Talk(welcomed=False)
    assert keys(talk.mean(Intent.ASK_SHELTER)) == ["welcome.greeting", "options.ask_shelter"]
    assert keys(talk.mean(Intent.ASK_SHELTER)) == ["options.ask_shelter"]


def test_a_greeting_is_not_answered_twice() -> None:
    """Who only says hello gets the greeting alone, and a shorter one the next time."""
    talk = Talk(welcomed=False)
    assert keys(talk.mean(Intent.GREET)) == ["welcome.greeting"]
    assert keys(talk.mean(Intent.GREET)) == ["welcome.again"]


def test_a_newcomer_whom_nobody_understands_is_simply_greeted() -> None:
    """While the model is down, a first “hello” is not answered with a misunderstanding."""
    assert keys(Talk(welcomed=False).write("hello")) == ["welcome.greeting"]


@pytest.mark.parametrize("danger", sorted(DANGER))
def test_danger_is_answered_before_the_bot_introduces_itself(danger: Intent) -> None:
    """In danger the specific advice comes first, the short warning last."""
    said = keys(Talk(welcomed=False).warn(danger))
    assert said == [f"danger.{danger}", "danger.awaiting_reply", "welcome.brief"]


@pytest.mark.parametrize("danger", sorted(DANGER))
def test_danger_is_heard_without_the_model(danger: Intent) -> None:
    """The net's finding alone opens the danger flow, in the middle of another flow too."""
    talk = Talk()
    talk.mean(Intent.START_CHECKIN)
    assert keys(talk.warn(danger))[0] == f"danger.{danger}"
    assert talk.state.active is not None
    assert talk.state.active.flow == "danger"


def test_critical_guesses_count_together() -> None:
    """Choked, threatened or hit: where the model wavers between dangers, one of them is meant."""
    half = EVIDENT / 2
    guesses = (
        Guess(Intent.ASK_MONEY, half + 0.01),
        Guess(Intent.STRANGULATION, half),
        Guess(Intent.THREATS_WEAPON, half),
    )
    said = Talk().hear(MessageReceived("…", Understanding(parse=Parse(guesses))))
    assert keys(said)[0] == "danger.strangulation"


def test_a_danger_that_is_likeliest_but_unsure_is_asked_back_about() -> None:
    """Neither taken for granted nor passed over for what is less likely."""
    guesses = (
        Guess(Intent.STRANGULATION, EVIDENT - 0.01),
        Guess(Intent.ASK_MONEY, CONFIDENT + 0.01),
    )
    said = Talk().hear(MessageReceived("…", Understanding(parse=Parse(guesses))))
    assert keys(said) == ["clarify.offer"]
    assert isinstance(said[0], Say)
    assert said[0].buttons is not None
    assert said[0].buttons[:2] == ("intent:strangulation", "intent:ask_money")


def test_what_the_net_suspects_is_weighed_with_the_guesses() -> None:
    """Neither is enough here; together they are. A denial takes the suspicion away."""
    parse = Parse((Guess(Intent.ASK_MONEY, 0.5), Guess(Intent.CHILD_IN_DANGER, EVIDENT - 0.2)))
    suspected = Guess(Intent.STRANGULATION, 0.9)
    assert decide(Understanding(parse)) is Intent.ASK_MONEY
    together = Understanding(parse, SafetyFinding(suspected=suspected))
    assert decide(together) is Intent.CHILD_IN_DANGER
    denied = SafetyFinding(suspected=suspected, negated=Intent.STRANGULATION)
    assert decide(Understanding(parse, denied)) is Intent.ASK_MONEY


def test_without_the_model_a_strong_suspicion_is_acted_on() -> None:
    """A weak one is asked back about."""
    strong = SafetyFinding(suspected=Guess(Intent.STRANGULATION, SUSPECTED))
    weak = SafetyFinding(suspected=Guess(Intent.STRANGULATION, SUSPECTED - 0.01))
    assert decide(Understanding(safety=strong)) is Intent.STRANGULATION
    assert decide(Understanding(safety=weak)) == Unclear()


def test_words_of_danger_outweigh_the_model() -> None:
    """Where the model is wrong, what was said in so many words still counts (promise 7)."""
    parse = Parse((Guess(Intent.OUT_OF_SCOPE, 0.99), Guess(Intent.GREET, 0.01)))
    finding = SafetyFinding(danger=Intent.STRANGULATION, suspected=Guess(Intent.QUICK_EXIT, 0.01))
    assert decide(Understanding(parse, finding)) is Intent.STRANGULATION


def test_a_surer_model_says_which_danger() -> None:
    """The net heard that there is one; the answers differ."""
    parse = Parse((Guess(Intent.STRANGULATION, 0.9), Guess(Intent.IMMEDIATE_DANGER, 0.1)))
    finding = SafetyFinding(danger=Intent.IMMEDIATE_DANGER)
    assert decide(Understanding(parse, finding)) is Intent.STRANGULATION


def test_a_danger_that_was_plainly_denied_is_not_acted_on() -> None:
    """“I am not in danger” is no danger, however sure the model is."""
    understanding = Understanding(
        parse=Parse((Guess(Intent.IMMEDIATE_DANGER, 0.9), Guess(Intent.ASK_MONEY, 0.05))),
        safety=SafetyFinding(negated=Intent.IMMEDIATE_DANGER),
    )
    said = Talk().hear(MessageReceived("i am not in danger", understanding))
    assert keys(said) == ["clarify.offer"]
    assert isinstance(said[0], Say)
    assert "intent:immediate_danger" not in (said[0].buttons or ())


def test_an_unclear_message_offers_the_likeliest_then_the_menu() -> None:
    """Unsure once: buttons. Unsure twice in a row: menu and advocate. Then it starts again."""
    talk = Talk()
    first = talk.mean(Intent.ASK_MONEY, 0.2)
    assert isinstance(first[0], Say)
    assert first[0].buttons == ("intent:ask_money", "intent:ask_pets", "intent:help_menu")
    assert keys(talk.mean(Intent.ASK_MONEY, 0.2)) == ["clarify.menu"]
    assert keys(talk.mean(Intent.ASK_MONEY, 0.2)) == ["clarify.offer"]


def test_without_the_model_the_bot_still_answers() -> None:
    """An unavailable model looks like any other misunderstanding."""
    assert keys(Talk().write("hm")) == ["clarify.rephrase"]


def test_the_subject_can_change_in_the_middle_of_a_flow_and_come_back() -> None:
    """An aside is answered with a way back, and the flow still understands its answer."""
    talk = Talk()
    assert keys(talk.mean(Intent.START_CHECKIN)) == ["safety_checkin.awaiting_time"]
    aside = talk.mean(Intent.ASK_SHELTER)
    assert keys(aside) == ["options.ask_shelter"]
    assert isinstance(aside[0], Say)
    assert RESUME in aside[0].also
    assert keys(talk.press(RESUME)) == ["safety_checkin.awaiting_time"]
    assert keys(talk.press("checkin:2h")) == ["safety_checkin.awaiting_cover"]


def test_a_flow_inside_a_flow_leads_back() -> None:
    """Asking for a person while setting up a check-in ends with the way back to it."""
    talk = Talk()
    talk.mean(Intent.START_CHECKIN)
    talk.mean(Intent.TALK_TO_HUMAN)
    declined = talk.press("handoff:no")
    assert keys(declined) == ["handoff.declined"]
    assert isinstance(declined[0], Say)
    assert RESUME in declined[0].also


def test_resuming_with_nothing_to_resume_shows_the_menu() -> None:
    """An old way-back button still leads somewhere."""
    assert keys(Talk().press(RESUME)) == ["options.menu"]


@pytest.mark.parametrize(
    "button", ["nonsense", "intent:unheard_of", "checkin:9h", "", ":", "x" * 64]
)
def test_an_unknown_button_is_answered_kindly(button: str) -> None:
    """A button of an old keyboard gets an answer and the menu."""
    assert keys(Talk().press(button)) == ["clarify.old_button"]


@pytest.mark.parametrize(
    ("command", "key"),
    [
        ("/start", "welcome.again"),
        ("/menu", "options.menu"),
        ("/help me please", "options.menu"),
        ("/privacy", "privacy.overview"),
        ("/language@somebot", "language.awaiting_choice"),
        ("/person", "handoff.awaiting_consent.no_topic"),
        ("/checkin", "safety_checkin.awaiting_time"),
        ("/CLEAR", "privacy.cleared"),
        ("/exit", "quick_exit.cover"),
    ],
)
def test_commands_work_as_words(command: str, key: str) -> None:
    """A typed command means what its menu entry means."""
    assert keys(Talk().write(command)) == [key]


@pytest.mark.parametrize("intent", [Intent.QUICK_EXIT, Intent.DELETE_HISTORY])
def test_leaving_purges_and_forgets_the_flow(intent: Intent) -> None:
    """Both ways of leaving purge first and say only cover text."""
    talk = Talk()
    talk.mean(Intent.START_CHECKIN)
    effects = talk.mean(intent)
    assert effects[0] == Purge()
    assert talk.state.frames == ()
    assert talk.state.topic == ""


@pytest.mark.parametrize("command", ["/exit", "/clear"])
def test_who_leaves_at_once_is_told_nothing(command: str) -> None:
    """A newcomer's exit is not followed by an introduction."""
    assert len(keys(Talk(welcomed=False).write(command))) == 1


def test_clearing_keeps_a_live_checkin() -> None:
    """Whoever took the phone may have pressed it: nothing is cancelled."""
    talk = Talk()
    talk.with_checkin(CheckinPhase.SCHEDULED)
    effects = talk.mean(Intent.DELETE_HISTORY)
    assert [type(e) for e in effects] == [Purge, Say]
    assert keys(effects) == ["privacy.cleared.reminder_kept"]


def test_with_an_advocate_words_are_relayed() -> None:
    """What the person writes goes to the advocate, and the bot keeps out of it."""
    talk = Talk()
    talk.with_handoff(HandoffPhase.WITH_ADVOCATE)
    assert talk.mean(Intent.ASK_SHELTER) == (RelayToAdvocate("some words"),)
    assert talk.warn(Intent.IMMEDIATE_DANGER) == (RelayToAdvocate("some words"),)


def test_with_an_advocate_leaving_still_works() -> None:
    """Quick exit by word, and commands, are heard by the bot itself."""
    talk = Talk()
    talk.with_handoff(HandoffPhase.WITH_ADVOCATE)
    assert keys(talk.warn(Intent.QUICK_EXIT)) == ["quick_exit.cover"]
    assert keys(talk.write("/clear")) == ["privacy.cleared"]


def test_with_an_advocate_the_models_guess_does_not_delete_anything() -> None:
    """“can you delete …” said to an advocate is for the advocate."""
    talk = Talk()
    talk.with_handoff(HandoffPhase.WITH_ADVOCATE)
    assert talk.mean(Intent.DELETE_HISTORY, 0.99) == (RelayToAdvocate("some words"),)


def test_a_short_answer_answers_the_checkin_that_is_asked() -> None:
    """While a check-in waits for its reply, yes means safe, also within another flow."""
    talk = Talk()
    talk.mean(Intent.TALK_TO_HUMAN)
    talk.with_checkin(CheckinPhase.AWAITING_REPLY)
    assert keys(talk.mean(Intent.AFFIRM)) == ["safety_checkin.safe"]
    assert talk.state.active is not None
    assert talk.state.active.flow == "handoff"


def test_a_danger_told_while_a_checkin_is_asked_escalates_it() -> None:
    """The person did answer: not well. Both the advocates and the person hear of it at once."""
    talk = Talk()
    talk.with_checkin(CheckinPhase.AWAITING_REPLY)
    effects = talk.warn(Intent.IMMEDIATE_DANGER)
    assert effects[0] == EscalateCheckin(CHECKIN, EscalationReason.NOT_OK)
    assert "danger.immediate_danger" in keys(effects)


def test_not_ok_without_a_checkin_is_a_danger() -> None:
    """Nobody who says that they are not well is told that there is no check-in."""
    assert keys(Talk().mean(Intent.CHECKIN_NOT_OK))[0] == "danger.immediate_danger"
    with_checkin = Talk()
    with_checkin.with_checkin(CheckinPhase.AWAITING_REPLY)
    assert keys(with_checkin.mean(Intent.CHECKIN_NOT_OK)) == ["safety_checkin.escalated"]


def test_what_is_not_text_is_answered_and_not_kept() -> None:
    """A photo gets a kind explanation."""
    assert keys(Talk().hear(MediaReceived())) == ["small_talk.media"]
