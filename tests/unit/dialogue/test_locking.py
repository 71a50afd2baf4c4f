"""While it is locked the bot is its cover, and what opens it is written, not found."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.conversation.texts import is_cover
from bot.dialogue.cover import THEMES
from bot.dialogue.effects import (
    ClearScreen,
    Effect,
    Purge,
    RaiseDuress,
    RelayToAdvocate,
    Say,
    Unsay,
)
from bot.dialogue.events import HandoffClaimed, MediaReceived, MessageReceived
from bot.dialogue.flows import lock as lock_flow
from bot.dialogue.intents import DANGER, Intent
from bot.dialogue.lock import TRIES, Door, Lock
from bot.dialogue.locking import PHRASE
from bot.dialogue.state import HandoffPhase
from bot.dialogue.understanding import (
    Guess,
    OwnWord,
    Parse,
    SafetyFinding,
    Understanding,
    WordFault,
)
from tests.unit.dialogue.talk import EN, NOW, Talk, keys

DAY = timedelta(days=1)


def own(text: str, fault: WordFault | None = None) -> MessageReceived:
    """`text`, short enough to be a word of one's own."""
    return MessageReceived(text, Understanding(own=OwnWord(f"digest of {text}", fault)))


def digest(text: str) -> str:
    """What is kept of a word."""
    return f"digest of {text}"


def locked(**lock: object) -> Talk:
    """A conversation that is locked, in the middle of setting up a check-in."""
    talk = Talk()
    talk.mean(Intent.START_CHECKIN)
    talk.state = replace(talk.state, lock=Lock(door=Door.SHUT, **lock))  # type: ignore[arg-type]
    return talk


def only_cover(effects: tuple[Effect, ...]) -> bool:
    """Something was said, and all of it is cover text."""
    return bool(keys(effects)) and all(is_cover(key) for key in keys(effects))


@pytest.mark.parametrize("button", ["intent:quick_exit", "/exit", "/stop"])
def test_leaving_locks(button: str) -> None:
    """However one leaves; the next words find the cover."""
    talk = Talk()
    talk.press(button) if ":" in button else talk.write(button)
    assert talk.state.lock.door is Door.SHUT
    assert keys(talk.write("who is this")) == ["cover_recipe.unclear"]


def test_silence_locks() -> None:
    """After `lock_after`, and not before."""
    talk = Talk()
    talk.ctx = replace(talk.ctx, lock_after=timedelta(minutes=15))
    talk.mean(Intent.HELP_MENU)
    talk.ctx = replace(talk.ctx, now=NOW + timedelta(minutes=15))
    assert keys(talk.mean(Intent.HELP_MENU)) == ["options.menu"]
    talk.ctx = replace(talk.ctx, now=NOW + timedelta(minutes=30, seconds=1))
    assert keys(talk.mean(Intent.HELP_MENU)) == ["cover_recipe.help"]


@pytest.mark.parametrize(("chosen", "shut"), [("lock:never", False), ("lock:after_5m", True)])
def test_the_person_decides_after_which_silence(chosen: str, shut: bool) -> None:
    """Their choice outranks the setting."""
    talk = Talk()
    talk.ctx = replace(talk.ctx, lock_after=timedelta(minutes=15))
    talk.press(chosen)
    talk.ctx = replace(talk.ctx, now=NOW + timedelta(minutes=10))
    assert only_cover(talk.mean(Intent.HELP_MENU)) is shut


def test_no_silence_locks_where_it_is_switched_off() -> None:
    """Zero is never."""
    talk = Talk()
    talk.mean(Intent.HELP_MENU)
    talk.ctx = replace(talk.ctx, now=NOW + 30 * DAY)
    assert keys(talk.mean(Intent.HELP_MENU)) == ["options.menu"]


@pytest.mark.parametrize("theme", THEMES)
def test_the_cover_is_a_small_real_service(theme: str) -> None:
    """It greets, helps, thanks, and shows something else on the next day and on more."""
    talk = locked(theme=theme)
    assert keys(talk.mean(Intent.GREET)) == [f"cover_{theme}.hello"]
    assert keys(talk.write("/help")) == [f"cover_{theme}.help"]
    assert keys(talk.write("/start")) == [f"cover_{theme}.hello"]
    assert keys(talk.mean(Intent.THANKS)) == [f"cover_{theme}.thanks"]
    assert keys(talk.write("gibberish")) == [f"cover_{theme}.unclear"]
    shown = [keys(talk.press("cover:more"))[0] for _ in range(5)]
    assert len(set(shown)) == 4
    assert shown[4] == shown[0]
    assert keys(talk.press("cover:more")) != [shown[4]]
    again, tomorrow = locked(theme=theme), locked(theme=theme)
    tomorrow.ctx = replace(tomorrow.ctx, now=NOW + DAY)
    assert keys(again.press("cover:more")) == [shown[0]]
    assert keys(tomorrow.press("cover:more")) != [shown[0]]


@pytest.mark.parametrize("command", ["/menu", "/privacy", "/person", "/checkin", "/lock"])
def test_commands_are_answered_in_cover(command: str) -> None:
    """Whatever else they do, and without doing it."""
    talk = locked()
    effects = talk.write(command)
    assert keys(effects) == ["cover_recipe.help"]
    assert len(effects) == 1


def test_the_own_word_opens_and_everything_is_as_it_was() -> None:
    """The message that held it is deleted, and what was awaited can be gone back to."""
    talk = locked(word=digest("blue ladder"))
    effects = talk.hear(own("blue ladder"))
    assert isinstance(effects[0], Unsay)
    assert effects[1] == Say(lock_flow.OPENED, also=("flow:resume",))
    assert not talk.state.lock.is_shut(NOW, timedelta(0))
    assert keys(talk.press("flow:resume")) == ["safety_checkin.awaiting_time"]


def test_another_word_opens_nothing() -> None:
    """Nor does the phrase, once there is a word."""
    talk = locked(word=digest("blue ladder"))
    assert only_cover(talk.hear(own("blue latter")))
    assert talk.state.lock.door is Door.SHUT


def test_without_a_word_the_phrase_opens_and_a_word_is_offered_once() -> None:
    """The way in that newcomers are told."""
    talk = locked()
    assert keys(talk.press(PHRASE)) == ["lock.opened", "lock.offer"]
    talk.press("lock:now")
    assert keys(talk.press(PHRASE)) == ["lock.opened"]


def test_a_forgotten_word_leads_to_a_fresh_start_and_to_nothing_else() -> None:
    """All goes, the word too, and the greeting is that of a newcomer."""
    talk = locked(word=digest("blue ladder"), duress=digest("seven geese"))
    effects = talk.press(PHRASE)
    assert [type(effect) for effect in effects] == [Purge, Say]
    assert keys(effects) == ["welcome.greeting"]
    assert talk.state.frames == ()
    assert talk.state.lock == Lock()


def test_guesses_are_limited_and_the_cover_goes_on() -> None:
    """The word itself is not heard for a while; nothing shows it."""
    talk = locked(word=digest("blue ladder"))
    answers = {tuple(keys(talk.hear(own(f"guess {n}")))) for n in range(TRIES)}
    assert answers == {("cover_recipe.unclear",)}
    assert keys(talk.hear(own("blue ladder"))) == ["cover_recipe.unclear"]
    talk.ctx = replace(talk.ctx, now=NOW + timedelta(minutes=9))
    assert keys(talk.hear(own("blue ladder"))) == ["cover_recipe.unclear"]
    talk.ctx = replace(talk.ctx, now=NOW + timedelta(minutes=11))
    assert keys(talk.hear(own("blue ladder")))[0] == "lock.opened"


def test_pauses_grow_and_stay_bearable() -> None:
    """At most an hour; then the person is heard again."""
    lock, now, pauses = Lock(door=Door.SHUT), NOW, []
    for _ in range(6):
        for _ in range(TRIES):
            lock = lock.missed(now)
        assert lock.deaf_until is not None
        pauses.append(lock.deaf_until - now)
        now = lock.deaf_until
    assert pauses[:3] == [timedelta(minutes=10), timedelta(minutes=20), timedelta(minutes=40)]
    assert set(pauses[3:]) == {timedelta(hours=1)}


def test_the_own_word_hides_as_well() -> None:
    """What the phone shows goes, and nothing else."""
    talk = Talk()
    talk.mean(Intent.ASK_SHELTER)
    talk.state = replace(talk.state, lock=Lock(word=digest("blue ladder")))
    effects = talk.hear(own("blue ladder"))
    assert isinstance(effects[0], ClearScreen)
    assert only_cover(effects)
    assert talk.state.topic == Intent.ASK_SHELTER
    assert talk.state.lock.door is Door.SHUT


def test_the_word_for_duress_opens_an_innocent_version() -> None:
    """A menu of covers, and nothing below it; the own word still opens."""
    talk = locked(word=digest("blue ladder"), duress=digest("seven geese"))
    assert keys(talk.hear(own("seven geese"))) == ["cover.menu"]
    assert keys(talk.press("cover:plant"))[0].startswith("cover_plant.day_")
    assert keys(talk.write("/start")) == ["cover.menu"]
    assert only_cover(talk.press("intent:ask_shelter"))
    assert keys(talk.hear(own("blue ladder")))[0] == "lock.opened"


@pytest.mark.parametrize("door", [Door.OPEN, Door.SHUT])
def test_the_word_for_duress_alerts_where_that_was_chosen(door: Door) -> None:
    """Once each time it opens, locked or not; and never unasked."""
    for alerts in (True, False):
        talk = Talk()
        lock = Lock(door=door, word="w", duress=digest("seven geese"), alerts=alerts)
        talk.state = replace(talk.state, lock=lock)
        first = talk.hear(own("seven geese"))
        assert (RaiseDuress() in first) is alerts
        assert only_cover(first)
        assert RaiseDuress() not in talk.hear(own("seven geese"))


@pytest.mark.parametrize("danger", sorted(DANGER))
def test_a_danger_in_so_many_words_is_answered_at_once(danger: Intent) -> None:
    """Promise 7: as a newcomer's is, with nothing of what was before."""
    talk = locked(word=digest("blue ladder"))
    talk.state = replace(talk.state, topic=Intent.ASK_SHELTER)
    newcomer = Talk(welcomed=False)
    assert talk.warn(danger) == newcomer.warn(danger)
    assert talk.state.topic == danger
    assert [frame.flow for frame in talk.state.frames] == ["danger"]
    assert talk.state.lock.behind == NOW


def test_a_danger_that_the_model_hears_is_answered() -> None:
    """Where it is critical, and net and model together are sure enough."""
    assert "danger.threats_weapon" in keys(locked().mean(Intent.THREATS_WEAPON))
    assert only_cover(locked().mean(Intent.INJURY_MEDICAL))


def test_what_was_before_a_danger_stays_behind_until_the_word() -> None:
    """The answer to a danger is no way in."""
    talk = locked(word=digest("blue ladder"))
    talk.warn(Intent.IMMEDIATE_DANGER)
    assert talk.state.lock.behind is not None
    assert keys(talk.hear(own("blue ladder"))) == ["lock.opened"]
    assert talk.state.lock.behind is None


def test_an_advocate_who_is_there_hears_the_danger_too() -> None:
    """And nothing else that is written while it is locked."""
    talk = locked()
    talk.with_handoff(HandoffPhase.WITH_ADVOCATE)
    assert not any(isinstance(e, RelayToAdvocate) for e in talk.write("hey you"))
    effects = talk.warn(Intent.THREATS_WEAPON)
    assert "danger.threats_weapon" in keys(effects)
    assert RelayToAdvocate("some words") in effects


def test_a_lock_does_not_drop_the_handoff() -> None:
    """Waiting or talking: only leaving ends it."""
    for phase in (HandoffPhase.WAITING, HandoffPhase.WITH_ADVOCATE):
        talk = Talk()
        talk.state = replace(talk.state, lock=Lock(word=digest("blue ladder")))
        talk.with_handoff(phase)
        assert [type(e) for e in talk.hear(own("blue ladder"))] == [ClearScreen, Say]
    assert keys(talk.hear(HandoffClaimed())) == ["handoff.joined"]


def test_leaving_works_while_locked() -> None:
    """However it is said; and all is deleted by command and button, with the same few words."""
    for effects in (
        locked().warn(Intent.QUICK_EXIT),
        locked().mean(Intent.QUICK_EXIT),
        locked().press("intent:quick_exit"),
        locked().write("/clear"),
        locked().press("intent:delete_history"),
    ):
        assert effects[0] == Purge()
        assert only_cover(effects)
    assert Purge() not in locked().mean(Intent.DELETE_HISTORY)


def test_pictures_are_answered_in_cover() -> None:
    """And what is written below one is heard as words are."""
    assert keys(locked().hear(MediaReceived())) == ["cover_recipe.unclear"]


def test_a_purge_keeps_what_the_lock_needs_and_nothing_else() -> None:
    """Language, words, cover."""
    talk = Talk()
    lock = Lock(word="w", duress="d", alerts=True, theme="plant", after=timedelta(minutes=5))
    talk.state = replace(talk.state, lock=lock)
    talk.mean(Intent.ASK_SHELTER)
    talk.write("/exit")
    kept = talk.state.lock
    assert (kept.word, kept.duress, kept.alerts) == ("w", "d", True)
    assert (kept.theme, kept.after) == ("plant", timedelta(minutes=5))
    assert talk.state == replace(
        type(talk.state)(locale=EN), welcomed=True, lock=kept, written=talk.state.written
    )


def test_a_word_is_chosen_by_writing_it_twice() -> None:
    """Only its digest is kept, and each message that held it is deleted."""
    talk = Talk()
    assert keys(talk.write("/lock")) == ["lock.overview"]
    talk.press("lock:choose")
    first = talk.hear(own("blue ladder"))
    assert keys(first) == ["lock.awaiting_again"]
    second = talk.hear(own("blue ladder"))
    assert keys(second) == ["lock.set"]
    assert Unsay() in first
    assert Unsay() in second
    assert talk.state.lock.word == digest("blue ladder")


def test_a_typing_error_while_choosing_is_noticed() -> None:
    """The newer of two different words is asked for once more."""
    talk = Talk()
    talk.press("lock:choose")
    talk.hear(own("blue ladder"))
    assert keys(talk.hear(own("blue latter"))) == ["lock.awaiting_again.different"]
    assert talk.state.lock.word == ""
    talk.hear(own("blue latter"))
    assert talk.state.lock.word == digest("blue latter")


@pytest.mark.parametrize(
    ("fault", "key"),
    [
        (WordFault.COMMON, "lock.awaiting_again.common"),
        (WordFault.TELLING, "lock.awaiting_again.telling"),
    ],
)
def test_a_poor_word_is_commented_and_can_be_kept(fault: WordFault, key: str) -> None:
    """The person decides."""
    talk = Talk()
    talk.press("lock:choose")
    assert keys(talk.hear(own("sunshine", fault))) == [key]
    assert keys(talk.hear(own("sunshine", fault))) == ["lock.set"]


def test_a_word_that_is_too_short_is_not_taken() -> None:
    """However often it is written."""
    talk = Talk()
    talk.press("lock:choose")
    for _ in range(3):
        assert keys(talk.hear(own("abc", WordFault.SHORT))) == ["lock.too_short"]
    assert talk.state.lock.word == ""


def test_the_two_words_differ() -> None:
    """One that opens cannot be the one for duress."""
    talk = Talk()
    talk.state = replace(talk.state, lock=Lock(word=digest("blue ladder")))
    talk.press("lock:duress")
    assert keys(talk.hear(own("blue ladder"))) == ["lock.taken"]


@pytest.mark.parametrize(("answer", "alerts"), [("lock:alert", True), ("lock:no_alert", False)])
def test_whether_the_word_for_duress_alerts_is_asked(answer: str, alerts: bool) -> None:
    """Chosen beforehand, by the person."""
    talk = Talk()
    talk.state = replace(talk.state, lock=Lock(word=digest("blue ladder")))
    talk.press("lock:duress")
    talk.hear(own("seven geese"))
    assert keys(talk.hear(own("seven geese"))) == ["lock.awaiting_alert"]
    talk.press(answer)
    assert talk.state.lock.duress == digest("seven geese")
    assert talk.state.lock.alerts is alerts


def test_a_word_that_is_being_chosen_goes_to_no_advocate() -> None:
    """Who is there reads everything else."""
    talk = Talk()
    talk.with_handoff(HandoffPhase.WITH_ADVOCATE)
    talk.press("lock:choose")
    assert not any(isinstance(e, RelayToAdvocate) for e in talk.hear(own("blue ladder")))


def test_danger_is_heard_while_a_word_is_chosen() -> None:
    """It is no word to choose."""
    talk = Talk()
    talk.press("lock:choose")
    danger = Understanding(
        safety=SafetyFinding(danger=Intent.THREATS_WEAPON), own=OwnWord("digest of it")
    )
    assert "danger.threats_weapon" in keys(talk.hear(MessageReceived("he has a knife", danger)))
    assert talk.state.lock.word == ""


def test_the_model_alone_does_not_open_the_danger_flow_on_a_weak_guess() -> None:
    """A recipe's knife is a knife."""
    unsure = Understanding(parse=Parse((Guess(Intent.THREATS_WEAPON, 0.3),)))
    assert only_cover(locked().hear(MessageReceived("which knife for onions", unsure)))
