"""What was made of a message: the model's guess, the safety net's finding, and the decision."""

from dataclasses import dataclass, field
from datetime import datetime

from bot.dialogue.intents import CRITICAL, Intent
from bot.ids import Locale

CONFIDENT = 0.30
"""At or above this confidence the model's first guess is acted on (see ``nlu/README.md``)."""

CRITICAL_CONFIDENT = 0.40
"""From here the critical guesses together are acted on: a person who may be choked, threatened or
hit is in danger, whichever it is."""

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
    """What the safety net heard. `negated` names a danger that was plainly denied."""

    danger: Intent | None = None
    negated: Intent | None = None


@dataclass(frozen=True, slots=True)
class Understanding:
    """Everything known of a message when the dialogue decides.

    `parse` is None when the model was not asked or did not answer in time. `when` is the instant
    that the text names, looked for only where the dialogue awaits one.
    """

    parse: Parse | None = None
    safety: SafetyFinding = field(default_factory=SafetyFinding)
    language: Locale | None = None
    when: datetime | None = None


@dataclass(frozen=True, slots=True)
class Unclear:
    """No intent is sure enough; `likely` are worth offering as buttons (may be empty)."""

    likely: tuple[Intent, ...] = ()


def decide(understanding: Understanding) -> Intent | Unclear:
    """The intent to act on, from net and model together.

    Critical if either says so, unless the net sees that very danger plainly denied (promise 7).
    """
    safety = understanding.safety
    if safety.danger is not None:
        return safety.danger
    if understanding.parse is None:
        return Unclear()
    guesses = tuple(g for g in understanding.parse.guesses if g.intent is not safety.negated)
    critical = [g for g in guesses if g.intent in CRITICAL]
    if sum(g.confidence for g in critical) >= CRITICAL_CONFIDENT:
        return critical[0].intent
    if guesses and guesses[0].intent not in CRITICAL and guesses[0].confidence >= CONFIDENT:
        return guesses[0].intent
    shown = [g.intent for g in guesses if g.intent is not Intent.OUT_OF_SCOPE]
    return Unclear(tuple(shown[:ALTERNATIVES_SHOWN]))
