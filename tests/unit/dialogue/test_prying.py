"""Promise 10: whoever asks about somebody, or about before, hears what everybody hears."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.content.responses import ResponseCatalogue
from bot.conversation.texts import is_cover, render
from bot.dialogue.effects import Say
from bot.dialogue.events import MessageReceived
from bot.dialogue.flows import checkin_draft, resources
from bot.dialogue.intents import Intent
from bot.dialogue.lock import Door, Lock
from bot.dialogue.locking import Outcome
from bot.dialogue.router import route
from bot.dialogue.state import DialogueState, Frame, Place
from bot.dialogue.understanding import Guess, Parse, Understanding
from bot.ids import Locale
from bot.safety.net import SafetyNet
from bot.settings import ROOT
from tests.unit.dialogue.talk import Talk, keys

ASKED = {
    "en": (
        "Did my wife write to you?",
        "what did I say before?",
        "show the history",
        "has anyone else used this chat",
        "which messages were deleted here",
        "when did she last talk to you",
    ),
    "es": (
        "¿Te escribió mi mujer?",
        "¿qué dije antes?",
        "muéstrame el historial",
        "¿alguien más ha usado este chat?",
        "¿cuándo habló contigo la última vez?",
    ),
    "fr": (
        "Est-ce que ma femme t'a écrit ?",
        "qu'est-ce que j'ai dit avant ?",
        "montre l'historique",
        "quelqu'un d'autre a utilisé ce chat ?",
        "quand est-ce qu'elle t'a parlé ?",
    ),
    "pt-BR": (
        "Minha mulher escreveu para você?",
        "o que eu disse antes?",
        "mostra o histórico",
        "mais alguém usou este chat?",
        "quando ela falou com você?",
    ),
    "ar": (
        "هل كتبت لك زوجتي؟",
        "ماذا قلت من قبل؟",
        "أرني السجل",
        "هل استخدم أحد غيري هذه المحادثة؟",
        "متى تكلمت معك آخر مرة؟",
    ),
    "hi": (
        "क्या मेरी पत्नी ने आपको लिखा?",
        "मैंने पहले क्या कहा था?",
        "इतिहास दिखाओ",
        "क्या किसी और ने यह चैट इस्तेमाल की?",
        "उसने आपसे आख़िरी बार कब बात की?",
    ),
}
SIX = tuple(Locale(tag) for tag in ASKED)
CASES = [(Locale(tag), text) for tag, texts in ASKED.items() for text in texts]

GUESSES = (
    None,
    Intent.OUT_OF_SCOPE,
    Intent.ASK_CONFIDENTIALITY,
    Intent.ASK_WHO_ARE_YOU,
    Intent.GREET,
    Intent.HELP_MENU,
    Intent.AFFIRM,
)
"""What a model may take such a question for; None while it is down."""


@pytest.fixture(scope="module")
def net() -> SafetyNet:
    """The real one, in all six languages."""
    return SafetyNet.load(ROOT / "nlu" / "safety", SIX)


def heard(net: SafetyNet, text: str, locale: Locale, guess: Intent | None) -> MessageReceived:
    """What is made of the question."""
    parse = None if guess is None else Parse((Guess(guess, 0.9),))
    understanding = Understanding(
        parse=parse, safety=net.hear(text, locale), language=locale, sentence=True
    )
    return MessageReceived(text, understanding)


def past(state: DialogueState) -> DialogueState:
    """`state` after a talk about a shelter in a place, and about what time it is there."""
    place = Place("GB", "GB-ENG", "Leeds", "Leeds")
    return replace(
        state,
        topic=Intent.ASK_SHELTER,
        place=place,
        zone="Europe/London",
        offered=("intent:ask_shelter",),
    )


def shown(catalogue: ResponseCatalogue, outcome: Outcome) -> list[bytes]:
    """What comes to the phone, texts and buttons, as it is worded for the place that was told."""
    place = outcome.state.place
    rendered = (
        render(catalogue, effect, outcome.state.locale, None, place.country if place else "")
        for effect in outcome.effects
        if isinstance(effect, Say)
    )
    return [repr((r.text, r.buttons)).encode() for r in rendered]


@pytest.mark.parametrize(("locale", "text"), CASES)
def test_the_answer_is_the_same_whether_there_was_anything_or_not(
    net: SafetyNet, catalogue: ResponseCatalogue, locale: Locale, text: str
) -> None:
    """Byte for byte, in every language, whatever the model takes it for, with messages waiting or
    not."""
    ctx = replace(Talk().ctx, locales=SIX)
    empty = DialogueState(locale=locale, welcomed=True)
    for guess in GUESSES:
        event = heard(net, text, locale, guess)
        nothing = route(empty, event, ctx)
        assert nothing.effects
        something = route(past(empty), event, replace(ctx, held=True))
        assert something.effects == nothing.effects
        assert shown(catalogue, something) == shown(catalogue, nothing)


@pytest.mark.parametrize(("locale", "text"), CASES)
def test_a_question_that_has_vanished_from_the_screen_leads_nowhere(
    net: SafetyNet, locale: Locale, text: str
) -> None:
    """Where nothing locks by silence: no way back to it is offered, and no answer is taken for
    one to it."""
    ctx = replace(Talk().ctx, locales=SIX, lock_after=timedelta(0))
    long_ago = Lock(heard_at=ctx.now - ctx.message_ttl)
    empty = DialogueState(locale=locale, welcomed=True, lock=long_ago)
    frames = (
        Frame(checkin_draft.NAME, checkin_draft.State.AWAITING_TIME),
        Frame(resources.NAME, resources.State.AWAITING_PLACE),
    )
    for guess in GUESSES:
        event = heard(net, text, locale, guess)
        nothing = route(empty, event, ctx).effects
        assert route(replace(past(empty), frames=frames, unsure=1), event, ctx).effects == nothing


@pytest.mark.parametrize(("locale", "text"), CASES)
def test_while_it_is_locked_the_answer_is_the_cover(
    net: SafetyNet, locale: Locale, text: str
) -> None:
    """The same for all of them, with a past or without, with a word of one's own or without."""
    ctx = replace(Talk().ctx, locales=SIX)
    for guess in (None, Intent.OUT_OF_SCOPE, Intent.ASK_CONFIDENTIALITY):
        event = heard(net, text, locale, guess)
        told = set()
        for lock in (Lock(door=Door.SHUT), Lock(door=Door.SHUT, word="w", duress="d")):
            empty = DialogueState(locale=locale, welcomed=True, lock=lock)
            for state, held in ((empty, False), (past(empty), True)):
                told.add(tuple(keys(route(state, event, replace(ctx, held=held)).effects)))
        assert len(told) == 1
        assert all(is_cover(key) for key in told.pop())
