"""Help near a person: asked once, confirmed by a button, and gone with the chat."""

from dataclasses import replace

from bot.dialogue.effects import Say, ShowServices
from bot.dialogue.events import MessageReceived
from bot.dialogue.flows import resources
from bot.dialogue.intents import Intent
from bot.dialogue.state import Place
from bot.dialogue.understanding import (
    FoundPlace,
    Guess,
    Parse,
    SafetyFinding,
    Understanding,
)
from tests.unit.dialogue.talk import Talk, keys

LYON = Place("FR", "FR-ARA", "Lyon", "Lyon")
LYONS = Place("US", "US-IL", "Lyons", "Lyons")
FOUND = (
    FoundPlace("1", "Lyon, Auvergne-Rhône-Alpes, France", LYON),
    FoundPlace("2", "Lyons, Illinois, United States", LYONS),
)


def name(talk: Talk, *places: FoundPlace, danger: Intent | None = None) -> list[str]:
    """Write the name of a place."""
    understanding = Understanding(safety=SafetyFinding(danger=danger), places=places)
    return keys(talk.hear(MessageReceived("lyon", understanding)))


def asked() -> Talk:
    """Somebody who asked for help nearby, about money."""
    talk = Talk()
    talk.mean(Intent.ASK_MONEY)
    assert keys(talk.mean(Intent.ASK_LOCATION_RESOURCES)) == ["resources.awaiting_place"]
    return talk


def test_the_places_found_are_offered_by_name() -> None:
    """Names are labels that no translator knows."""
    talk = asked()
    (say,) = talk.hear(MessageReceived("lyon", Understanding(places=FOUND)))
    assert isinstance(say, Say)
    assert say.choices == (("place:1", FOUND[0].label), ("place:2", FOUND[1].label))


def test_the_place_chosen_shows_what_there_is_for_the_need() -> None:
    """It is known from then on, and not asked for again."""
    talk = asked()
    name(talk, *FOUND)
    assert talk.press("place:2") == (ShowServices(LYONS, Intent.ASK_MONEY),)
    assert talk.state.place == LYONS
    assert talk.state.active is None
    talk.ctx = replace(talk.ctx, where=LYONS)
    assert talk.mean(Intent.ASK_LOCATION_RESOURCES) == (ShowServices(LYONS, Intent.ASK_MONEY),)


def test_yes_takes_the_only_place_found() -> None:
    """No to it, or to several, asks once more."""
    talk = asked()
    name(talk, FOUND[0])
    assert talk.mean(Intent.AFFIRM) == (ShowServices(LYON, Intent.ASK_MONEY),)
    again = asked()
    name(again, *FOUND)
    assert keys(again.mean(Intent.AFFIRM)) != []
    assert again.state.place is None
    assert keys(again.mean(Intent.DENY)) == ["resources.awaiting_place"]


def test_an_unknown_place_is_said_to_be_unknown() -> None:
    """And the question stays; also where the model takes the name for something else."""
    talk = asked()
    assert keys(talk.write("xyzzy")) == [resources.NOT_FOUND]
    assert keys(talk.mean(Intent.OUT_OF_SCOPE)) == [resources.NOT_FOUND]
    assert talk.state.active is not None


def test_danger_is_heard_before_any_place() -> None:
    """Whoever is attacked while being asked for a town is answered at once."""
    talk = asked()
    assert name(talk, *FOUND, danger=Intent.IMMEDIATE_DANGER)[0] == "danger.immediate_danger"


def test_another_need_is_answered_while_a_place_is_awaited() -> None:
    """With the way back to the question."""
    talk = asked()
    (say,) = talk.mean(Intent.ASK_PETS)
    assert isinstance(say, Say)
    assert say.key == "options.ask_pets"
    assert "flow:resume" in say.also


def test_a_place_named_in_the_question_is_confirmed_first() -> None:
    """It may have been meant otherwise."""
    talk = Talk()
    understanding = Understanding(
        parse=Parse((Guess(Intent.ASK_LOCATION_RESOURCES, 0.9),)), places=FOUND, sentence=True
    )
    said = talk.hear(MessageReceived("help near lyon", understanding))
    assert keys(said) == ["resources.awaiting_choice"]


def test_more_shows_the_next_ones_of_the_need() -> None:
    """The button says which; without a place, it is asked for again."""
    talk = Talk()
    assert keys(talk.press("more:ask_money:2")) == ["resources.awaiting_place"]
    talk.ctx = replace(talk.ctx, where=LYON)
    assert talk.press("more:ask_money:2") == (ShowServices(LYON, "ask_money", 2),)
    assert keys(talk.press("more:ask_money:x")) == ["resources.awaiting_place"]


def test_the_rules_of_a_place_are_shown_once_it_is_known() -> None:
    """Whoever asked for them comes back to the text that they had before them."""
    talk = Talk()
    talk.ctx = replace(talk.ctx, localised=frozenset({"ask_money"}))
    assert keys(talk.press("where:ask_money")) == ["resources.awaiting_place"]
    name(talk, *FOUND)
    said = talk.press("place:1")
    assert keys(said) == ["options.ask_money"]
    assert isinstance(said[0], Say)
    assert not any(button.startswith("where:") for button in said[0].also)
    assert talk.state.place == LYON


def test_the_button_of_a_place_that_is_not_asked_for_is_an_old_one() -> None:
    """The state that knew what it meant is gone."""
    assert keys(Talk().press("place:1")) == ["clarify.old_button"]


def test_leaving_forgets_the_place() -> None:
    """Nothing that was said is kept."""
    talk = asked()
    name(talk, *FOUND)
    talk.press("place:1")
    talk.press("intent:quick_exit")
    assert talk.state.place is None
