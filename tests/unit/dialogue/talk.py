"""A conversation with the pure dialogue: say, press, look at what comes back."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from bot.dialogue.effects import Effect, Say
from bot.dialogue.events import ButtonPressed, Event, MessageReceived
from bot.dialogue.flows import options
from bot.dialogue.intents import Intent
from bot.dialogue.plan import CheckinPlan
from bot.dialogue.router import route
from bot.dialogue.state import CheckinPhase, CheckinView, Context, DialogueState, HandoffPhase
from bot.dialogue.understanding import Guess, Parse, SafetyFinding, Understanding
from bot.ids import CheckinId, Locale

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
EN, ES = Locale("en"), Locale("es")
CHECKIN = CheckinId(UUID(int=7))
RECIPE = CheckinPlan(cover="recipe")


def checkin(
    phase: CheckinPhase,
    plan: CheckinPlan = RECIPE,
    due_in: timedelta = timedelta(minutes=-30),
    id_: CheckinId = CHECKIN,
) -> CheckinView:
    """A check-in, due `due_in` from now, with half an hour to answer."""
    due_at = NOW + due_in
    return CheckinView(id_, phase, due_at, due_at + timedelta(minutes=30), plan)


class Talk:
    """Keeps the state between turns; `ctx` may be changed at any time."""

    def __init__(self, *, welcomed: bool = True) -> None:
        self.state = DialogueState(locale=EN, welcomed=welcomed)
        pages = tuple(options.TOPICS)
        self.ctx = Context(now=NOW, locales=(EN, ES), on_duty=True, pages=pages)

    def hear(self, event: Event) -> tuple[Effect, ...]:
        """One turn."""
        outcome = route(self.state, event, self.ctx)
        self.state = outcome.state
        return outcome.effects

    def mean(
        self,
        intent: Intent,
        confidence: float = 0.9,
        *,
        when: timedelta | None = None,
        language: Locale | None = None,
        foreign: str | None = None,
    ) -> tuple[Effect, ...]:
        """Write a sentence that the model takes for `intent`."""
        understanding = Understanding(
            parse=Parse((Guess(intent, confidence), Guess(Intent.ASK_PETS, 0.01))),
            when=None if when is None else NOW + when,
            language=language,
            sentence=True,
            foreign=foreign,
        )
        return self.hear(MessageReceived("some words", understanding))

    def warn(
        self,
        danger: Intent,
        *,
        language: Locale | None = None,
        sentence: bool = True,
        foreign: str | None = None,
    ) -> tuple[Effect, ...]:
        """Write something that the safety net hears, while the model is down."""
        understanding = Understanding(
            safety=SafetyFinding(danger=danger),
            language=language,
            sentence=sentence,
            foreign=foreign,
        )
        return self.hear(MessageReceived("some words", understanding))

    def write(self, text: str, *, foreign: str | None = None) -> tuple[Effect, ...]:
        """Write something that neither net nor model makes sense of."""
        return self.hear(MessageReceived(text, Understanding(sentence=True, foreign=foreign)))

    def press(self, button: str) -> tuple[Effect, ...]:
        """Press a button."""
        return self.hear(ButtonPressed(button))

    def with_checkin(self, phase: CheckinPhase) -> None:
        """Let there be a check-in in `phase`."""
        self.with_checkins(checkin(phase))

    def with_checkins(self, *checkins: CheckinView) -> None:
        """Let there be these check-ins."""
        self.ctx = replace(self.ctx, checkins=checkins)

    def with_handoff(self, phase: HandoffPhase) -> None:
        """Let there be a handoff in `phase`."""
        self.ctx = replace(self.ctx, handoff=phase, place=2)


def keys(effects: tuple[Effect, ...]) -> list[str]:
    """What was said."""
    return [effect.key for effect in effects if isinstance(effect, Say)]
