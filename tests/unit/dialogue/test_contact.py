"""The trusted contact: what each side is asked and told."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.dialogue.contact import ContactView, Invitation, Standing
from bot.dialogue.effects import (
    AcceptInvitation,
    AnswerAsContact,
    ConfirmCheckin,
    DeclineInvitation,
    EscalateCheckin,
    EscalationReason,
    InviteContact,
    MissCode,
    Purge,
    RemoveContact,
    Reviewed,
    Say,
    ScheduleCheckin,
    TellContact,
    WithdrawAsContact,
)
from bot.dialogue.events import (
    ContactCalled,
    ContactChange,
    ContactChanged,
    MessageReceived,
    TimerFired,
    TimerKind,
)
from bot.dialogue.flows.contact_invited import digits
from bot.dialogue.intents import Intent
from bot.dialogue.plan import Miss
from bot.dialogue.state import CheckinPhase, HandoffPhase
from bot.dialogue.understanding import SafetyFinding, Understanding
from tests.unit.dialogue.talk import CHECKIN, RECIPE, Talk, checkin, keys

TOLD_IN = timedelta(hours=1)
TOLD = replace(RECIPE, miss=Miss.CONTACT)
INVITATION = Invitation("token", "Sam", "0417")


def invited(*, welcomed: bool = False) -> Talk:
    """Somebody who has opened the link of an invitation."""
    talk = Talk(welcomed=welcomed)
    talk.ctx = replace(talk.ctx, invitation=INVITATION)
    assert keys(talk.press("contact:open")) == ["contact.awaiting_willing"]
    return talk


def test_who_chose_a_contact_is_asked_for_name_and_words_before_a_link_is_made() -> None:
    """And approves exactly what will be read."""
    talk = Talk()
    talk.mean(Intent.START_CHECKIN, when=TOLD_IN)
    for button in ("checkin:cover_recipe", "checkin:change_miss", "checkin:miss_contact"):
        said = talk.press(button)
    assert isinstance(said[0], Say)
    assert said[0].params["miss"] == Reviewed("safety_checkin.miss.contact")
    scheduled, *more = talk.press("checkin:yes")
    assert isinstance(scheduled, ScheduleCheckin)
    assert scheduled.plan.miss is Miss.CONTACT
    assert keys(tuple(more)) == ["safety_checkin.scheduled", "contact.awaiting_name"]
    talk.write("Sam")
    [approving] = talk.press("contact:words_come")
    words = Reviewed("contact.words.come")
    assert approving == Say("contact.awaiting_approval", params={"name": "Sam", "words": words})
    assert talk.press("contact:approve") == (InviteContact("Sam", words),)
    assert talk.state.active is None


def test_who_has_a_contact_already_is_not_asked_again() -> None:
    """One contact stands for all check-ins."""
    talk = Talk()
    talk.ctx = replace(talk.ctx, contact=ContactView(Standing.READY, "Sam", "Come by."))
    talk.mean(Intent.START_CHECKIN, when=TOLD_IN)
    for button in ("checkin:cover_recipe", "checkin:change_miss", "checkin:miss_contact"):
        talk.press(button)
    assert keys(talk.press("checkin:yes")) == ["safety_checkin.scheduled"]


def test_own_words_and_names_that_tell_are_refused() -> None:
    """Their phone may be seen by others; and what is too long is no note."""
    talk = Talk()
    talk.press("contact:invite")
    telling = MessageReceived("The shelter", Understanding(tells=("shelter",)))
    assert keys(talk.hear(telling)) == ["contact.tells"]
    assert keys(talk.write("x" * 31)) == ["contact.name_length"]
    talk.write("Sam")
    talk.press("contact:words_own")
    assert keys(talk.hear(telling)) == ["contact.tells"]
    assert keys(talk.write("x" * 101)) == ["contact.words_length"]
    talk.write("The library  has your book.")
    [made] = talk.press("contact:approve")
    assert made == InviteContact("Sam", "The library has your book.")


@pytest.mark.parametrize("state", ["name", "words", "approval"])
def test_without_a_contact_the_advocates_are_told(state: str) -> None:
    """From each question on the way; nothing stays half done."""
    talk = Talk()
    talk.press("contact:invite")
    if state != "name":
        talk.write("Sam")
    if state == "approval":
        talk.press("contact:words_call")
    effects = talk.press("contact:without")
    assert effects[0] == RemoveContact()
    assert keys(effects) == ["contact.removed"]


def test_whoever_opens_a_link_is_told_nothing_until_the_code_is_right() -> None:
    """Neither who invites, nor to what; and no greeting says what kind of bot this is."""
    talk = invited()
    assert keys(talk.press("contact:willing")) == ["contact.awaiting_code"]
    assert talk.write("1234") == (MissCode("token"), Say("contact.code_wrong"))
    [told] = talk.write("04 17")
    assert isinstance(told, Say)
    assert told.key == "contact.awaiting_acceptance"
    assert told.params["name"] == "Sam"
    accepted = talk.press("contact:accept")
    assert accepted == (AcceptInvitation("token"), Say("contact.accepted"))
    assert not talk.state.welcomed


@pytest.mark.parametrize("words", ["0417", "٠٤١٧", "०४१७", " 0 4-1.7 "])
def test_the_code_is_known_in_every_script(words: str) -> None:
    """However somebody's keyboard writes it."""
    assert digits(words) == "0417"


@pytest.mark.parametrize("by", ["button", "word"])
def test_to_decline_voids_the_invitation(by: str) -> None:
    """Without a reason, and without a trace in the chat."""
    talk = invited()
    effects = talk.press("contact:decline") if by == "button" else talk.mean(Intent.DENY)
    assert effects == (DeclineInvitation("token"), Say("contact.declined"))
    assert talk.state.active is None


def test_an_invitation_that_went_while_it_was_answered_cannot_be_accepted() -> None:
    """Somebody else was quicker, or the person took it back."""
    talk = invited()
    talk.press("contact:willing")
    talk.ctx = replace(talk.ctx, invitation=None)
    assert keys(talk.write("0417")) == ["contact.unusable"]
    assert keys(talk.press("contact:open")) == ["contact.unusable"]


def test_a_danger_is_heard_from_whoever_was_invited() -> None:
    """In the middle of it, as everywhere."""
    talk = invited()
    talk.press("contact:willing")
    assert keys(talk.warn(Intent.IMMEDIATE_DANGER))[0].startswith("danger.")


def test_four_digits_are_the_code_even_where_they_are_a_number_to_call() -> None:
    """Elsewhere, and with any word beside them, they are heard as what they are."""
    finding = SafetyFinding(danger=Intent.IMMEDIATE_DANGER)
    for words, key in (("1122", "contact.code_wrong"), ("call 1122", "danger.")):
        talk = invited()
        talk.press("contact:willing")
        said = talk.hear(MessageReceived(words, Understanding(safety=finding)))
        assert keys(said)[0].startswith(key)


def test_a_miss_tells_the_contact_and_a_silence_there_the_advocates() -> None:
    """One step each; a question that was never asked goes to the advocates at once."""
    talk = Talk()
    talk.with_checkins(checkin(CheckinPhase.AWAITING_REPLY, TOLD))
    assert talk.hear(TimerFired(TimerKind.CHECKIN_ESCALATE, CHECKIN)) == (TellContact(CHECKIN),)
    assert talk.hear(TimerFired(TimerKind.CHECKIN_CONTACT, CHECKIN)) == ()
    talk.with_checkins(checkin(CheckinPhase.CONTACTED, TOLD))
    silent = EscalateCheckin(CHECKIN, EscalationReason.CONTACT_SILENT)
    assert talk.hear(TimerFired(TimerKind.CHECKIN_CONTACT, CHECKIN)) == (silent,)
    assert talk.hear(TimerFired(TimerKind.CHECKIN_ESCALATE, CHECKIN)) == ()
    talk.with_checkins(checkin(CheckinPhase.SCHEDULED, TOLD))
    late = EscalateCheckin(CHECKIN, EscalationReason.LATE)
    assert talk.hear(TimerFired(TimerKind.CHECKIN_ESCALATE, CHECKIN)) == (late,)


def test_the_answer_after_the_contact_was_told_counts_and_danger_goes_on_to_advocates() -> None:
    """Well, not well, and a danger in so many words."""
    plan = replace(TOLD, contact_told=True)
    talk = Talk()
    talk.with_checkins(checkin(CheckinPhase.CONTACTED, plan))
    well = talk.press("checkin:ok")
    assert well == (ConfirmCheckin(CHECKIN), Say("safety_checkin.all_clear.contact"))
    not_ok = EscalateCheckin(CHECKIN, EscalationReason.NOT_OK)
    assert talk.press("checkin:not_ok")[0] == not_ok
    assert not_ok in talk.warn(Intent.IMMEDIATE_DANGER)


def test_safe_word_and_word_for_danger_sound_alike_after_the_contact_was_told() -> None:
    """Whoever reads along sees no difference."""
    plan = replace(TOLD, contact_told=True, safe_word="raincoat", duress_word="blue bicycle")
    said = []
    for word in ("raincoat", "blue bicycle"):
        talk = Talk()
        talk.with_checkins(checkin(CheckinPhase.CONTACTED, plan))
        said.append(keys(talk.write(word)))
    assert said[0] == said[1] == ["safety_checkin.all_clear.contact"]


def test_what_passes_between_the_two_changes_nothing_of_where_they_stand() -> None:
    """The note is cover text; what became of a contact waits until the person is there."""
    talk = Talk()
    talk.mean(Intent.START_CHECKIN)
    before = talk.state
    [note] = talk.hear(ContactCalled("Sam", "Come by."))
    assert note == Say("cover_contact.call", params={"name": "Sam", "words": "Come by."})
    assert keys(talk.hear(ContactChanged(ContactChange.LEFT))) == ["contact.changed.left"]
    assert talk.state == before


def test_who_stands_by_answers_and_withdraws() -> None:
    """By button at any time; by “cancel” where there is nothing else to cancel."""
    talk = Talk()
    talk.ctx = replace(talk.ctx, stands_by=True)
    assert talk.press("contact:seen") == (AnswerAsContact(), Say("contact.thanks"))
    assert talk.press("contact:withdraw") == (WithdrawAsContact(), Say("contact.withdrawn"))
    assert keys(talk.mean(Intent.CANCEL_CHECKIN)) == ["contact.standing_by"]
    talk.with_checkins(checkin(CheckinPhase.SCHEDULED))
    assert keys(talk.mean(Intent.CANCEL_CHECKIN)) == ["safety_checkin.cancelled"]


def test_who_deletes_everything_stands_by_no_longer_and_who_leaves_does() -> None:
    """“Delete all” is meant; a quick exit may be pressed by anybody."""
    talk = Talk()
    talk.ctx = replace(talk.ctx, stands_by=True)
    deleted = talk.mean(Intent.DELETE_HISTORY)
    assert deleted[:2] == (Purge(), WithdrawAsContact())
    assert WithdrawAsContact() not in talk.mean(Intent.QUICK_EXIT)


def test_an_advocate_who_is_there_does_not_get_in_the_way_of_the_buttons() -> None:
    """Somebody who stands by may be in a conversation of their own."""
    talk = Talk()
    talk.with_handoff(HandoffPhase.WITH_ADVOCATE)
    talk.ctx = replace(talk.ctx, stands_by=True)
    assert talk.press("contact:seen")[0] == AnswerAsContact()
