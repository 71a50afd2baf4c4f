"""What is sent besides words: why it is not kept, and what to do instead, kind by kind."""

import pytest

from bot.dialogue.effects import Purge, RelayToAdvocate
from bot.dialogue.events import MediaKind, MediaReceived, MessageReceived
from bot.dialogue.intents import Intent
from bot.dialogue.state import HandoffPhase
from bot.dialogue.understanding import SafetyFinding, Understanding
from tests.unit.dialogue.talk import Talk, keys

SHOWN = sorted(set(MediaKind) - {MediaKind.OTHER, MediaKind.MORE})


def captioned(text: str, danger: Intent | None = None) -> MediaReceived:
    """A picture with words beneath it."""
    understanding = Understanding(safety=SafetyFinding(danger=danger))
    return MediaReceived(MediaKind.PHOTO, MessageReceived(text, understanding))


@pytest.mark.parametrize("kind", SHOWN)
def test_each_kind_has_an_answer_of_its_own(kind: MediaKind) -> None:
    """What to do instead depends on what was sent."""
    assert keys(Talk().hear(MediaReceived(kind))) == [f"small_talk.media.{kind}"]


def test_the_rest_of_an_album_is_not_answered() -> None:
    """Ten pictures sent as one get one answer, also where somebody is new."""
    talk = Talk(welcomed=False)
    assert keys(talk.hear(MediaReceived(MediaKind.PHOTO))) == [
        "welcome.greeting",
        "small_talk.media.photo",
    ]
    assert talk.hear(MediaReceived(MediaKind.MORE)) == ()
    assert Talk(welcomed=False).hear(MediaReceived(MediaKind.MORE)) == ()


def test_danger_beneath_a_picture_is_heard_and_comes_alone() -> None:
    """Nobody in danger first reads that a picture can't be seen."""
    said = keys(Talk().hear(captioned("help", Intent.IMMEDIATE_DANGER)))
    assert said == ["danger.immediate_danger", "danger.awaiting_reply"]


def test_leaving_beneath_a_picture_says_nothing_of_it() -> None:
    """After a wish to leave nothing but the cover is said."""
    effects = Talk().hear(captioned("exit", Intent.QUICK_EXIT))
    assert any(isinstance(effect, Purge) for effect in effects)
    assert keys(effects) == ["quick_exit.cover"]


def test_words_beneath_a_picture_are_answered_after_it() -> None:
    """A new person is greeted, told of the picture, and answered."""
    said = keys(Talk(welcomed=False).hear(captioned("see?")))
    assert said == ["welcome.greeting", "small_talk.media.photo"]
    assert keys(Talk().hear(captioned("see?"))) == ["small_talk.media.photo", "clarify.rephrase"]


def test_words_beneath_a_picture_reach_the_advocate() -> None:
    """The advocate gets the words, and the person is told that the picture stays behind."""
    talk = Talk()
    talk.with_handoff(HandoffPhase.WITH_ADVOCATE)
    effects = talk.hear(captioned("look"))
    assert RelayToAdvocate("look") in effects
    assert keys(effects) == ["small_talk.media.photo"]
