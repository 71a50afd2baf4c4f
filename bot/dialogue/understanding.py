"""What was made of a message: the model's guess, the safety net's finding, and the decision."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from bot.dialogue.intents import CRITICAL, DANGER, Intent
from bot.dialogue.state import Place
from bot.ids import Locale

CONFIDENT = 0.25
"""At or above this confidence the model's first guess is acted on; for this and what follows,
``nlu/README.md`` has the measurements."""

EVIDENT = 0.50
"""From here the evidence of critical danger, see `evidence`, is acted on."""

SUSPICION_WEIGHS = 0.5
"""What the safety net merely suspects counts for half of what the model believes."""

SUSPECTED = 0.60
"""While the model is down, a suspicion is acted on from here."""

ALTERNATIVES_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Guess:
    """One intent with the model's confidence, 0 to 1."""

    intent: Intent
    confidence: float


@dataclass(frozen=True, slots=True)
class Entity:
    """A part of the text with a meaning, in Rasa's words (``place``, ``time``, ``language``)."""

    entity: str
    value: str


@dataclass(frozen=True, slots=True)
class Parse:
    """What the model made of a text: guesses, the likeliest first (never empty), and entities."""

    guesses: tuple[Guess, ...]
    entities: tuple[Entity, ...] = ()


@dataclass(frozen=True, slots=True)
class SafetyFinding:
    """What the safety net heard: a `danger` named in so many words, or one that was plainly
    denied (`negated`); and what the text sounds like (`suspected`: a critical intent, and how
    likely the text is critical at all)."""

    danger: Intent | None = None
    negated: Intent | None = None
    suspected: Guess | None = None

    @property
    def alone(self) -> Intent | None:
        """The danger that is acted on while the model is down."""
        if self.danger is not None:
            return self.danger
        return self.suspected.intent if self.suspicion >= SUSPECTED and self.suspected else None

    @property
    def suspicion(self) -> float:
        """How likely the text is critical by its sound, from 0 to 1; 0 where that is denied."""
        return 0.0 if self.suspected is None or self.negated else self.suspected.confidence


@dataclass(frozen=True, slots=True)
class FoundPlace:
    """A place that a text may name; `label` tells it from others of the name, `id` is short."""

    id: str
    label: str
    place: Place


class Untimed(StrEnum):
    """Why a time that was named is not one to be checked on at."""

    NO_ZONE = "no_zone"
    PAST = "past"
    TOO_SOON = "too_soon"
    TOO_FAR = "too_far"


@dataclass(frozen=True, slots=True)
class ZoneGuess:
    """A time zone (IANA) in which it is `label` o'clock now, as the person says, and the instants
    that the time they named before may then mean. `named` is as `Timing` has it, there."""

    label: str
    zone: str
    whens: tuple[datetime, ...] = ()
    named: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Timing:
    """What else a text says of time. `choices`: two or more instants that it may mean. `said` is
    the text, where it names a clock time and the zone is not known. `zones`: where the person may
    be. `longer`: how much longer they ask to have. `named`: the days on which it is to come again
    (Monday is 0), and the last date, where they named such."""

    untimed: Untimed | None = None
    choices: tuple[datetime, ...] = ()
    said: str = ""
    zones: tuple[ZoneGuess, ...] = ()
    longer: timedelta | None = None
    named: tuple[str, str] | None = None


class WordFault(StrEnum):
    """What speaks against a word of one's own."""

    SHORT = "short"
    COMMON = "common"
    TELLING = "telling"


@dataclass(frozen=True, slots=True)
class OwnWord:
    """A short text as a word of one's own: its keyed digest, never itself."""

    digest: str
    fault: WordFault | None = None


@dataclass(frozen=True, slots=True)
class Understanding:
    """Everything known of a message when the dialogue decides.

    `parse` is None when the model was not asked or did not answer in time. `when` is the instant
    that the text names, looked for only where the dialogue awaits one. `language` is the enabled
    language of the text, and `sentence` says that it is long enough to be meant; `foreign` is the
    tag of a language that plainly is none of ours. `places` are those that the text may name, the
    likeliest first, looked for only where the dialogue awaits or is asked about one. `tells` are
    the words in a cover text that would give it away.
    """

    parse: Parse | None = None
    safety: SafetyFinding = field(default_factory=SafetyFinding)
    language: Locale | None = None
    sentence: bool = False
    foreign: str | None = None
    when: datetime | None = None
    places: tuple[FoundPlace, ...] = ()
    own: OwnWord | None = None
    """The text as a word that hides or opens, where it is short enough to be one."""
    timing: Timing = field(default_factory=Timing)
    tells: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unclear:
    """No intent is sure enough; `likely` are worth offering as buttons (may be empty)."""

    likely: tuple[Intent, ...] = ()


def decide(understanding: Understanding) -> Intent | Unclear:
    """The intent to act on, from net and model together.

    A danger in so many words always counts (promise 7); the model only tells which of them it is
    where it is surer. What merely sounds like danger is weighed together with the model's guesses,
    so that neither's slip alone alarms. What the net hears plainly denied counts for nothing.
    """
    safety = understanding.safety
    if understanding.parse is None:
        return safety.alone or Unclear()
    guesses = tuple(g for g in understanding.parse.guesses if g.intent is not safety.negated)
    if safety.danger is not None:
        return _which(safety.danger, guesses)
    critical = [g for g in guesses if g.intent in CRITICAL]
    if critical and evidence(guesses, safety) >= EVIDENT:
        return critical[0].intent
    if guesses and guesses[0].intent not in CRITICAL and guesses[0].confidence >= CONFIDENT:
        return guesses[0].intent
    shown = [g.intent for g in guesses if g.intent is not Intent.OUT_OF_SCOPE]
    return Unclear(tuple(shown[:ALTERNATIVES_SHOWN]))


def _which(heard: Intent, guesses: Sequence[Guess]) -> Intent:
    """The danger that was `heard`, or another one of which the model is sure. Who wants to leave
    leaves; and on the model's word alone nobody does who spoke of a danger."""
    if heard is not Intent.QUICK_EXIT and guesses:
        best = guesses[0]
        if best.intent in DANGER and best.confidence >= EVIDENT:
            return best.intent
    return heard


def evidence(guesses: Sequence[Guess], safety: SafetyFinding) -> float:
    """How much speaks for any critical danger, from 0: the model's critical guesses together (a
    person who may be choked, threatened or hit is in danger, whichever it is), and the sound."""
    believed = sum(guess.confidence for guess in guesses if guess.intent in CRITICAL)
    return believed + SUSPICION_WEIGHS * safety.suspicion
