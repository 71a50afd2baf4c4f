"""Where a conversation stands, and what is true around it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.dialogue.contact import ContactView, Invitation
from bot.dialogue.lock import Lock
from bot.dialogue.plan import CheckinPlan
from bot.ids import CheckinId, Locale


class HandoffPhase(StrEnum):
    """Where the person stands with the advocates."""

    NONE = "none"
    WAITING = "waiting"
    WITH_ADVOCATE = "with_advocate"


class CheckinPhase(StrEnum):
    """Where the person's check-in stands."""

    SCHEDULED = "scheduled"
    AWAITING_REPLY = "awaiting_reply"
    PAUSED = "paused"
    MISSED = "missed"
    CONTACTED = "contacted"
    """The trusted contact was told, and has not answered yet."""
    ESCALATED = "escalated"


TOLD = (CheckinPhase.CONTACTED, CheckinPhase.ESCALATED)
"""Somebody was told, and hears of it when all is well after all."""


@dataclass(frozen=True, slots=True)
class CheckinView:
    """A check-in as the dialogue needs to see it. `escalate_at` is its deadline."""

    id: CheckinId
    phase: CheckinPhase
    due_at: datetime
    escalate_at: datetime
    plan: CheckinPlan = field(default_factory=CheckinPlan)

    @property
    def is_live(self) -> bool:
        """Whether it can still end."""
        return self.phase in (CheckinPhase.SCHEDULED, CheckinPhase.AWAITING_REPLY)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a person looks for help, as far as they said so: at least the country.

    `country` is ISO 3166-1 (two capitals), `region` ISO 3166-2 or empty, `city` and `name` (as it
    is shown to them) as they are written there, or empty.
    """

    country: str
    region: str = ""
    city: str = ""
    name: str = ""


def _unknown(_due_at: datetime) -> bool | None:
    return None


@dataclass(frozen=True, slots=True)
class QueueView:
    """What may be said of the queue. `wait` is between which times most waits ended, measured.

    `opens_after` is when the hours begin; None where they have, or none are set. `barred` people
    are not taken into the queue for now. `staffed` says of a check-in's time whether somebody is
    there, by the hours, when it may need them; None where no hours are set.
    """

    wait: tuple[timedelta, timedelta] | None = None
    opens_after: timedelta | None = None
    barred: bool = False
    staffed: Callable[[datetime], bool | None] = _unknown


@dataclass(frozen=True, slots=True)
class Context:
    """What the dialogue may look at besides its own state. Read, never written, by a turn.

    `checkins` are those of the person that still matter, the soonest first; not those that were
    answered with the word for danger. `place` is the place in the queue, counted from 1, while
    waiting. `on_duty` is whether an advocate is signed in now.
    """

    now: datetime
    locales: tuple[Locale, ...]
    message_ttl: timedelta = timedelta(hours=1)
    since: datetime | None = None
    """When the person wrote, where the platform held that up; else it is now."""
    lock_after: timedelta = timedelta(0)
    """The silence that locks where the person chose none; zero for never."""
    lock: Lock = field(default_factory=Lock)
    """As the state has it."""
    salt: str = ""
    """Tells a word of one's own here from the same word elsewhere."""
    handoff: HandoffPhase = HandoffPhase.NONE
    place: int | None = None
    on_duty: bool = False
    queue: QueueView = QueueView()
    checkins: tuple[CheckinView, ...] = ()
    contact: ContactView | None = None
    """Whom they chose to be told, if they invited somebody."""
    invitation: Invitation | None = None
    """The one that they opened, while it can be accepted here."""
    stands_by: bool = False
    """Somebody chose them to be told, and they accepted."""
    held: bool = False
    """Messages wait behind a nudge, and come with this turn."""
    topic: str = ""
    """The intent that the person last spoke of, or empty."""
    where: Place | None = None
    """Where they look for help, or where the organisation is."""
    zone: str = ""
    """Their time zone (IANA), or empty."""
    pages: tuple[str, ...] = ()
    """The topics and pages on offer there: ``ask_money``, ``ask_money.debts``."""
    localised: frozenset[str] = frozenset()
    """Those of all pages that say something of their own in some country."""

    def checkins_in(self, *phases: CheckinPhase) -> tuple[CheckinView, ...]:
        """The check-ins that stand in one of `phases`."""
        return tuple(c for c in self.checkins if c.phase in phases)


@dataclass(frozen=True, slots=True)
class Frame:
    """A flow that awaits something: its name, its waiting state, and what it has heard so far."""

    flow: str
    state: str
    slots: Mapping[str, str] = field(default_factory=dict)

    def at(self, state: str, **slots: str) -> "Frame":
        """The same flow in another state, with `slots` added."""
        return replace(self, state=state, slots={**self.slots, **slots})


@dataclass(frozen=True, slots=True)
class DialogueState:
    """All that the dialogue remembers of a conversation.

    `frames` are the flows that await something, the active one last; the others are suspended
    and come back when it ends. `locale_chosen` is True when the person chose the language,
    which then outranks a sentence in another. `written` is the language of the last sentence that
    they wrote, enabled or not, and empty before the first and after a choice. `unsure` counts
    unclear messages in a row.
    """

    locale: Locale
    locale_chosen: bool = False
    written: str = ""
    welcomed: bool = False
    unsure: int = 0
    frames: tuple[Frame, ...] = ()
    topic: str = ""
    offered: tuple[str, ...] = ()
    """The buttons last shown: typing one's label is as good as pressing it."""
    place: Place | None = None
    """Where they look for help, once they said so."""
    lock: Lock = field(default_factory=Lock)
    zone: str = ""
    """Their time zone (IANA), once they said what time it is with them."""
    quiet_after: timedelta | None = None
    """The silence after which only cover text may come, where the person chose one."""

    def speaking_one_of(self, locales: Sequence[Locale]) -> "DialogueState":
        """In an enabled language: one that no longer is gives way to the first of `locales`."""
        if self.locale in locales:
            return self
        return replace(self, locale=locales[0], locale_chosen=False, written="")

    @property
    def active(self) -> Frame | None:
        """The flow that awaits something now."""
        return self.frames[-1] if self.frames else None

    def dropping(self, flow: str) -> "DialogueState":
        """Without any frame of `flow`."""
        return replace(self, frames=tuple(f for f in self.frames if f.flow != flow))

    def entering(self, frame: Frame) -> "DialogueState":
        """With `frame` active; a suspended frame of the same flow is replaced."""
        kept = tuple(f for f in self.frames if f.flow != frame.flow)
        return replace(self, frames=(*kept, frame))
