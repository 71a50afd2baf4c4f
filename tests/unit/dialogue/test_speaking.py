"""In which language the bot answers: chosen, then written; and what it says to all others."""

from dataclasses import replace

import pytest

from bot.dialogue.effects import Purge, RelayToAdvocate, Say
from bot.dialogue.events import MessageReceived
from bot.dialogue.flows import language
from bot.dialogue.intents import Intent
from bot.dialogue.state import DialogueState, HandoffPhase
from bot.dialogue.understanding import Understanding
from bot.ids import Locale
from tests.unit.dialogue.talk import EN, ES, Talk, keys

LANGUAGES = ("language:en", "language:es")


def word(talk: Talk, locale: Locale) -> None:
    """Write one word that is plainly in `locale`."""
    talk.hear(MessageReceived("word", Understanding(language=locale)))


def offers(talk: Talk, intent: Intent, locale: Locale) -> list[str]:
    """The languages offered under the answers to a sentence in `locale`."""
    said = [e for e in talk.mean(intent, language=locale) if isinstance(e, Say)]
    return [b for say in said for b in say.also if b.startswith("language:")]


def test_nothing_chosen_follows_what_is_written() -> None:
    """A sentence is enough, in the middle of a conversation and back again."""
    talk = Talk()
    assert offers(talk, Intent.HELP_MENU, ES) == []
    assert talk.state.locale == ES
    talk.mean(Intent.ASK_SHELTER, language=EN)
    assert talk.state.locale == EN
    assert not talk.state.locale_chosen


def test_the_first_word_is_followed_and_later_ones_are_not() -> None:
    """Before the first sentence a word is all there is; then “gracias” is a word in passing."""
    talk = Talk(welcomed=False)
    word(talk, ES)
    assert talk.state.locale == ES
    talk.mean(Intent.ASK_SHELTER, language=ES)
    word(talk, EN)
    assert talk.state.locale == ES


def test_a_chosen_language_stays_and_the_written_one_is_offered() -> None:
    """One sentence may be a quotation or a mistake of the detector; the choice is sure."""
    talk = Talk()
    talk.press("language:en")
    assert offers(talk, Intent.ASK_SHELTER, ES) == ["language:es"]
    assert talk.state.locale == EN
    assert talk.state.locale_chosen


def test_a_second_sentence_overrules_the_choice() -> None:
    """Whoever goes on writing it means it; a sentence in the chosen language starts anew."""
    talk = Talk()
    talk.press("language:en")
    talk.mean(Intent.ASK_SHELTER, language=ES)
    talk.mean(Intent.ASK_MONEY, language=EN)
    assert offers(talk, Intent.ASK_PETS, ES) == ["language:es"]
    assert talk.state.locale == EN
    assert offers(talk, Intent.ASK_PETS, ES) == []
    assert talk.state.locale == ES
    talk.mean(Intent.ASK_PETS, language=EN)
    assert talk.state.locale == EN


def test_words_do_not_overrule_a_choice() -> None:
    """However many."""
    talk = Talk()
    talk.press("language:en")
    for _ in range(5):
        word(talk, ES)
    assert talk.state.locale == EN


def test_a_language_that_is_not_enabled_moves_nothing() -> None:
    """There would be nothing to say in it."""
    talk = Talk()
    talk.mean(Intent.ASK_SHELTER, language=Locale("fr"))
    assert talk.state.locale == EN


@pytest.mark.parametrize("sentence", [True, False])
def test_in_danger_the_language_is_one_that_they_chose_or_just_wrote(sentence: bool) -> None:
    """A choice holds, and the written one is a tap away, even after a word."""
    talk = Talk()
    talk.press("language:en")
    said = talk.warn(Intent.STRANGULATION, language=ES, sentence=sentence)
    assert talk.state.locale == EN
    assert isinstance(said[-1], Say)
    assert "language:es" in said[-1].also


@pytest.mark.parametrize("sentence", [True, False])
def test_in_danger_a_change_of_language_can_be_taken_back(sentence: bool) -> None:
    """The detector may be mistaken, and it is not the time to look for the menu."""
    talk = Talk()
    said = talk.warn(Intent.STRANGULATION, language=ES, sentence=sentence)
    assert talk.state.locale == ES
    assert isinstance(said[-1], Say)
    assert said[-1].also == ("language:en",)


def test_changing_the_language_says_again_what_is_awaited() -> None:
    """In danger the advice, too: until then it was said in a language they may not read."""
    talk = Talk()
    talk.warn(Intent.STRANGULATION)
    said = keys(talk.press("language:es"))
    assert said == ["language.changed", "danger.strangulation", "danger.awaiting_reply"]
    assert talk.state.locale == ES
    talk = Talk()
    asked = keys(talk.mean(Intent.START_CHECKIN))
    talk.mean(Intent.CHANGE_LANGUAGE)
    assert keys(talk.press("language:es")) == ["language.changed", asked[-1]]


def test_a_language_that_was_switched_off_gives_way() -> None:
    """An installation may drop one: the conversation goes on in the first, chosen by nobody."""
    state = DialogueState(locale=Locale("fr"), locale_chosen=True, written="fr", topic="ask_pets")
    spoken = state.speaking_one_of((EN, ES))
    assert spoken == replace(state, locale=EN, locale_chosen=False, written="")
    assert spoken.speaking_one_of((EN, ES)) is spoken


def test_an_unknown_language_is_told_so_in_its_own_words() -> None:
    """With the languages there are, an advocate and the way out; nothing else is said."""
    talk = Talk()
    (said,) = talk.write("ich weiss nicht weiter", foreign="de")
    assert said == language.unsupported("de", talk.ctx)
    assert isinstance(said, Say)
    assert said.own_words == "de"
    assert said.buttons == (*LANGUAGES, "intent:talk_to_human", "intent:quick_exit")
    assert talk.state.unsure == 0
    assert keys(talk.write("ich weiss nicht weiter", foreign="de")) == ["language.unsupported"]


def test_a_newcomer_is_introduced_once_they_can_read_it() -> None:
    """First the languages, then the greeting in the one they choose."""
    talk = Talk(welcomed=False)
    assert keys(talk.write("ich weiss nicht weiter", foreign="de")) == ["language.unsupported"]
    assert keys(talk.press("language:es")) == ["welcome.greeting", "language.changed"]


def test_what_was_understood_all_the_same_is_answered_and_told_once() -> None:
    """The model knows more languages than the bot has words in."""
    talk = Talk()
    said = keys(talk.mean(Intent.ASK_SHELTER, foreign="it"))
    assert said == ["language.unsupported", "options.ask_shelter"]
    assert keys(talk.mean(Intent.ASK_SHELTER, foreign="it")) == ["options.ask_shelter"]
    assert keys(talk.mean(Intent.ASK_SHELTER, foreign="fr"))[0] == "language.unsupported"


def test_danger_in_an_unknown_language_is_answered_first() -> None:
    """The net hears more languages than the bot speaks; the languages come after the advice."""
    talk = Talk(welcomed=False)
    said = keys(talk.warn(Intent.IMMEDIATE_DANGER, foreign="fr"))
    assert said == [
        "danger.immediate_danger",
        "danger.awaiting_reply",
        "welcome.brief",
        "language.unsupported",
    ]


def test_leaving_in_an_unknown_language_leaves() -> None:
    """And says nothing that would stay on the screen."""
    effects = Talk().warn(Intent.QUICK_EXIT, foreign="fr")
    assert effects[0] == Purge()
    assert keys(effects) == ["quick_exit.cover"]


def test_an_advocate_gets_every_language() -> None:
    """They may speak it."""
    talk = Talk()
    talk.with_handoff(HandoffPhase.WITH_ADVOCATE)
    assert talk.write("ich weiss nicht", foreign="de") == (RelayToAdvocate("ich weiss nicht"),)
