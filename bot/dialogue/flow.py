"""What a flow is. Each module in `bot.dialogue.flows` is one."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from bot.dialogue.effects import Effect, Say
from bot.dialogue.events import FlowEvent
from bot.dialogue.lock import Lock
from bot.dialogue.state import Context, Frame, Place
from bot.ids import Locale


@dataclass(frozen=True, slots=True)
class Step:
    """What a flow decides: where it now waits (None: it has ended) and what is to be done.

    `locale` is set when the person chose a language, `place` when they said where they are,
    `zone` when their time zone became known, `lock` when they changed how they hide, `quiet_after`
    when they chose the silence after which nothing real comes by itself.
    """

    frame: Frame | None
    effects: tuple[Effect, ...]
    locale: Locale | None = None
    place: Place | None = None
    lock: Lock | None = None
    zone: str = ""
    quiet_after: timedelta | None = None


class Flow(Protocol):
    """A task that the bot does with a person."""

    @property
    def NAME(self) -> str:
        """The flow's name: the first part of its keys and of its buttons."""
        ...

    @property
    def TEXTS(self) -> frozenset[str]:
        """Every key that the flow can say."""
        ...

    def step(self, frame: Frame | None, event: FlowEvent, ctx: Context) -> Step | None:
        """Hear `event`; None when it is none of this flow's business.

        `frame` is where the flow waits, or None when it is not under way.
        """
        ...


class WaitingFlow(Flow, Protocol):
    """A flow that awaits answers, and can be left and come back to."""

    def prompt(self, frame: Frame, ctx: Context) -> Say:
        """What the flow asks where it waits: said on entering, and again on coming back."""
        ...


def end(*effects: Effect) -> Step:
    """The flow ends with `effects`."""
    return Step(None, effects)


def stay(frame: Frame | None, *effects: Effect) -> Step:
    """The flow goes on waiting where it does."""
    return Step(frame, effects)
