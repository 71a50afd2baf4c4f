"""What can happen to a conversation, in the past tense."""

from dataclasses import dataclass, field
from enum import StrEnum

from bot.dialogue.intents import Intent
from bot.dialogue.understanding import Understanding
from bot.ids import CheckinId


class TimerKind(StrEnum):
    """The timers that a dialogue can hear."""

    CHECKIN_DUE = "checkin_due"
    CHECKIN_REMIND = "checkin_remind"
    CHECKIN_ESCALATE = "checkin_escalate"
    CHECKIN_CONTACT = "checkin_contact"
    """The trusted contact has not answered in time, or can't be reached."""


class CloseReason(StrEnum):
    """Why a handoff ended."""

    FINISHED = "finished"
    LEFT = "left"
    PURGED = "purged"


@dataclass(frozen=True, slots=True)
class MessageReceived:
    """The person wrote."""

    text: str
    understanding: Understanding


@dataclass(frozen=True, slots=True)
class ButtonPressed:
    """The person pressed a button: ``intent:<intent>`` or ``<flow>:<action>``."""

    button: str


class MediaKind(StrEnum):
    """What a person can send besides words. `MORE` belongs to something answered already;
    `TOO_MANY` stands for messages that were not read, as they were too many at once."""

    PHOTO = "photo"
    VOICE = "voice"
    FILE = "file"
    LOCATION = "location"
    CONTACT = "contact"
    STICKER = "sticker"
    FORWARDED = "forwarded"
    OTHER = "other"
    MORE = "more"
    TOO_MANY = "too_many"


@dataclass(frozen=True, slots=True)
class MediaReceived:
    """The person sent something that is not text. It is neither fetched nor kept.

    `caption` is what they wrote beneath it: their own words, heard like any others.
    """

    kind: MediaKind = MediaKind.OTHER
    caption: MessageReceived | None = None


@dataclass(frozen=True, slots=True)
class TimerFired:
    """A timer that concerns a check-in came due."""

    kind: TimerKind
    checkin_id: CheckinId


@dataclass(frozen=True, slots=True)
class IntentRecognised:
    """What the person wants is known, from their words (`understanding`) or from a button."""

    intent: Intent
    understanding: Understanding = field(default_factory=Understanding)


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """No intent is sure enough; `likely` may be offered."""

    likely: tuple[Intent, ...]
    understanding: Understanding


@dataclass(frozen=True, slots=True)
class WordsGiven:
    """The person wrote the very words that were asked for: a cover text, a note, a word."""

    text: str
    understanding: Understanding


@dataclass(frozen=True, slots=True)
class HandoffClaimed:
    """An advocate took the conversation over."""


@dataclass(frozen=True, slots=True)
class HandoffReturned:
    """The advocate vanished or let go: the conversation is back at its place in the queue."""


@dataclass(frozen=True, slots=True)
class HandoffClosed:
    """The advocate ended the handoff."""


class HandoffChange(StrEnum):
    """What else may become of a handoff. PASSED: back in the queue for somebody better suited.

    KEEP_LONGER: the advocate asks whether messages may stay longer.
    """

    MOVED = "moved"
    CALL_BACK = "call_back"
    CHANGED = "changed"
    PASSED = "passed"
    SUPPORTED = "supported"
    UNSUPPORTED = "unsupported"
    REOPENED = "reopened"
    BLOCKED = "blocked"
    KEEP_LONGER = "keep_longer"


@dataclass(frozen=True, slots=True)
class HandoffChanged:
    """Something else became of the handoff, of which the person is told."""

    what: HandoffChange


class ContactChange(StrEnum):
    """What became of a trusted contact. LEFT: withdrew, declined, or can't be reached any more."""

    READY = "ready"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class ContactChanged:
    """The person's trusted contact accepted, or is there no longer."""

    what: ContactChange


@dataclass(frozen=True, slots=True)
class ContactCalled:
    """Somebody who chose this person to be told did not answer; `name` and `words` are theirs."""

    name: str
    words: str


@dataclass(frozen=True, slots=True)
class ContactCleared:
    """All is well after all with somebody of whom this person was told."""

    name: str


Event = (
    MessageReceived
    | ButtonPressed
    | MediaReceived
    | TimerFired
    | HandoffClaimed
    | HandoffReturned
    | HandoffClosed
    | HandoffChanged
    | ContactChanged
    | ContactCalled
    | ContactCleared
)
"""What a turn begins with."""

FlowEvent = (
    IntentRecognised
    | NotUnderstood
    | WordsGiven
    | ButtonPressed
    | TimerFired
    | HandoffClaimed
    | HandoffReturned
    | HandoffClosed
    | HandoffChanged
    | ContactChanged
    | ContactCalled
    | ContactCleared
)
"""What a flow hears: the router has turned messages into intents."""
