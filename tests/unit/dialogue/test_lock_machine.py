"""Whatever is written, pressed or timed while it is locked: only cover leaves."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from bot.conversation.codec import dump_state, load_state
from bot.conversation.texts import is_cover
from bot.dialogue.cover import BUTTONS as COVER_BUTTONS
from bot.dialogue.effects import Effect, RelayToAdvocate, Say, ShowServices
from bot.dialogue.events import ButtonPressed, Event, MediaReceived, MessageReceived, TimerFired
from bot.dialogue.events import TimerKind as Kind
from bot.dialogue.flows import danger, lock
from bot.dialogue.intents import Intent
from bot.dialogue.lock import Door
from bot.dialogue.locking import PHRASE, in_danger
from bot.dialogue.router import route
from bot.dialogue.state import CheckinPhase, CheckinView, Context, DialogueState, HandoffPhase
from bot.dialogue.understanding import OwnWord, Understanding, WordFault
from tests.unit.dialogue.talk import CHECKIN, EN, ES, Talk
from tests.unit.dialogue.test_invariants import BUTTONS, understandings

WORDS = ("blue ladder", "seven geese", "sunshine", "abc", "he has a knife", "exit")
QUIET = timedelta(minutes=15)

words = st.sampled_from(WORDS)
_SET_UP = ("now", "choose", "duress", "theme", "overview", "alert", "no_alert", "leave")
buttons = st.one_of(
    st.sampled_from([*BUTTONS, *COVER_BUTTONS, *lock.AFTER, "page:ask_money", "x:y"]),
    st.sampled_from([f"lock:{action}" for action in _SET_UP]),
    st.text(max_size=12),
)


class Locked(RuleBasedStateMachine):
    """A conversation that may be shut at any time, and everything that can happen to it."""

    def __init__(self) -> None:
        super().__init__()
        self.talk = Talk()
        self.talk.ctx = replace(self.talk.ctx, lock_after=QUIET)

    @property
    def shut(self) -> bool:
        """Whether only cover may leave now."""
        ctx: Context = self.talk.ctx
        return self.talk.state.lock.is_shut(ctx.now, ctx.lock_after)

    def hear(self, event: Event, *, opens: bool = False) -> None:
        """One turn, and the promise."""
        before, was_shut = self.talk.state, self.shut
        effects = self.talk.hear(event)
        spoken = [e for e in effects if isinstance(e, Say | ShowServices)]
        if not was_shut:
            return
        assert all(isinstance(e, Say) for e in spoken)
        keys = {e.key for e in spoken if isinstance(e, Say)}
        if isinstance(event, MessageReceived) and in_danger(event, self.talk.ctx):
            heard = keys & set(danger.ADVICE.values())
            assert heard or all(map(is_cover, keys))
            if heard:
                self._tells_nothing_of(before, effects)
                return
        if opens:
            return
        assert all(map(is_cover, keys)), keys
        assert self.shut
        assert not any(isinstance(e, RelayToAdvocate) for e in effects)

    def _tells_nothing_of(self, before: DialogueState, effects: tuple[Effect, ...]) -> None:
        """What is said to a danger is said to anybody: nothing of `before` is in it."""
        state = self.talk.state
        assert state.lock.behind is not None
        assert state.place is None
        assert {frame.flow for frame in state.frames} <= {danger.NAME}
        assert all("flow:resume" not in e.also for e in effects if isinstance(e, Say))

    @rule(word=words, digest=st.booleans(), understanding=understandings)
    def writes(self, word: str, digest: bool, understanding: Understanding) -> None:
        """Anything, which may be the word of one's own."""
        fault = {"abc": WordFault.SHORT, "sunshine": WordFault.COMMON}.get(word)
        own = OwnWord(f"of {word}", fault) if digest else None
        state = self.talk.state
        opens = own is not None and own.digest == state.lock.word
        event = MessageReceived(word, replace(understanding, own=own))
        self.hear(event, opens=opens)

    @rule(command=st.sampled_from(["/start", "/help", "/menu", "/lock", "/clear", "/checkin"]))
    def commands(self, command: str) -> None:
        """A command."""
        self.talk.state = replace(self.talk.state, offered=("intent:ask_money",))
        self.hear(MessageReceived(command, Understanding()))

    @rule(button=buttons)
    def presses(self, button: str) -> None:
        """A button, also one that is long gone."""
        self.hear(ButtonPressed(button))

    @rule()
    def knows_the_phrase(self) -> None:
        """The documented way in."""
        self.hear(ButtonPressed(PHRASE), opens=True)

    @rule(kind=st.sampled_from(Kind))
    def timer(self, kind: Kind) -> None:
        """A timer of a check-in, stale or not."""
        self.hear(TimerFired(kind, CHECKIN))

    @rule()
    def sends_a_picture(self) -> None:
        """Something that is no text."""
        self.hear(MediaReceived())

    @rule(minutes=st.integers(1, 90))
    def time_passes(self, minutes: int) -> None:
        """Silence."""
        self.talk.ctx = replace(self.talk.ctx, now=self.talk.ctx.now + timedelta(minutes=minutes))

    @rule(phase=st.sampled_from(CheckinPhase))
    def has_a_checkin(self, phase: CheckinPhase) -> None:
        """One that stands somewhere."""
        at = self.talk.ctx.now
        view = CheckinView(CHECKIN, phase, at, at + timedelta(minutes=30))
        self.talk.ctx = replace(self.talk.ctx, checkins=(view,))

    @rule(phase=st.sampled_from(HandoffPhase), held=st.booleans())
    def has_a_handoff(self, phase: HandoffPhase, held: bool) -> None:
        """Somebody waits, or is there, and has perhaps written."""
        self.talk.with_handoff(phase)
        self.talk.ctx = replace(self.talk.ctx, held=held)

    @precondition(lambda self: not self.shut)
    @rule(intent=st.sampled_from([Intent.ASK_SHELTER, Intent.TALK_TO_HUMAN, Intent.ASK_MONEY]))
    def has_talked(self, intent: Intent) -> None:
        """A past that is not to be seen."""
        self.talk.mean(intent)

    @invariant()
    def can_be_stored(self) -> None:
        """Every lock survives its sealing."""
        state = self.talk.state
        assert load_state(dump_state(state), (EN, ES)) == state

    @invariant()
    def a_lock_can_always_be_opened(self) -> None:
        """By its word, or without one by the phrase."""
        talk = self.talk
        lock_ = talk.state.lock
        later = replace(talk.ctx, now=talk.ctx.now + timedelta(hours=1))
        event: Event = ButtonPressed(PHRASE)
        if lock_.word:
            own = OwnWord(lock_.word)
            event = MessageReceived("it", replace(Understanding(), own=own))
        if lock_.door is not Door.OPEN:
            outcome = route(talk.state, event, later)
            assert outcome.state.lock.door is Door.OPEN


TestLocked = Locked.TestCase
TestLocked.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
