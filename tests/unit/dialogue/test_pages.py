"""Topics, their pages, and the ways back, on and out."""

from dataclasses import replace

from bot.dialogue.effects import Effect, Say
from bot.dialogue.flows import danger, options
from bot.dialogue.intents import Intent
from bot.dialogue.state import Place
from tests.unit.dialogue.talk import Talk, keys

PAGES = ("ask_money", "ask_money.debts", "teenagers", "strangulation.care", "strangulation.later")


def talk(**context: object) -> Talk:
    """With a few topics and pages on offer."""
    one = Talk()
    one.ctx = replace(one.ctx, pages=PAGES, **context)  # type: ignore[arg-type]
    return one


def below(effects: tuple[Effect, ...]) -> tuple[str, ...]:
    """The buttons added to the only thing said."""
    (say,) = effects
    assert isinstance(say, Say)
    return say.also


def test_a_page_is_shown_by_its_button_with_the_way_back_to_its_topic() -> None:
    """And to the menu, and out."""
    said = talk().press("page:ask_money.debts")
    assert keys(said) == ["options.ask_money.debts"]
    assert below(said) == ("back:ask_money", "intent:help_menu", "intent:quick_exit")


def test_back_leads_to_the_topic() -> None:
    """Whichever state the conversation is in, as the button names it."""
    assert keys(talk().press("back:ask_money")) == ["options.ask_money"]


def test_a_topic_without_an_intent_is_shown_by_its_button() -> None:
    """It has no page before it to go back to."""
    said = talk().press("page:teenagers")
    assert keys(said) == ["options.teenagers"]
    assert below(said) == ("intent:help_menu", "intent:quick_exit")


def test_a_page_that_is_no_longer_offered_is_an_old_button() -> None:
    """The organisation has changed its texts since."""
    assert keys(talk().press("page:ask_money.gone")) == ["clarify.old_button"]


def test_a_topic_that_is_switched_off_says_so_and_leads_on() -> None:
    """People may ask for it in words all the same."""
    assert keys(talk().mean(Intent.ASK_PETS)) == [options.OFF]


def test_a_text_that_differs_by_country_offers_to_say_where() -> None:
    """Once it is known, the text of that country is shown by itself."""
    one = talk(localised=frozenset({"ask_money"}))
    assert below(one.mean(Intent.ASK_MONEY))[0] == "where:ask_money"
    one.ctx = replace(one.ctx, where=Place("GB"))
    assert "where:ask_money" not in below(one.mean(Intent.ASK_MONEY))


def test_after_a_danger_there_is_something_to_read_about_it() -> None:
    """Once the person can write; not before."""
    one = talk()
    first = one.mean(Intent.STRANGULATION)
    assert not any(isinstance(e, Say) and "page:" in "".join(e.also) for e in first)
    assert below(one.press("danger:safe")) == (
        "page:strangulation.care",
        "page:strangulation.later",
        "intent:quick_exit",
    )


def test_the_way_back_from_a_page_on_a_danger_leads_to_what_can_be_done() -> None:
    """And not into the danger itself once more."""
    one = talk()
    one.mean(Intent.STRANGULATION)
    one.press("danger:safe")
    page = one.press("page:strangulation.care")
    assert below(page)[0] == "back:strangulation"
    assert keys(one.press("back:strangulation")) == [danger.SAFER]
