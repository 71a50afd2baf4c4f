"""The safety net: hears danger in every language that it knows, without the model (promise 7)."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from pathlib import Path

from bot.collecting import no_garbage
from bot.dialogue.intents import Intent
from bot.dialogue.understanding import Guess, SafetyFinding
from bot.errors import ConfigurationError
from bot.ids import Locale
from bot.safety.ear import Ear
from bot.safety.lexicon import Lexicon, load
from bot.safety.listening import Heard, Listener, spread_stops
from bot.safety.normalise import Stop, Words, split
from bot.safety.phrases import word
from bot.safety.spelling import Speller
from bot.safety.vocabulary import Vocabulary

URGENCY = (
    Intent.QUICK_EXIT,
    Intent.IMMEDIATE_DANGER,
    Intent.CHILD_IN_DANGER,
    Intent.SUICIDAL_THOUGHTS,
    Intent.THREATS_WEAPON,
    Intent.STRANGULATION,
    Intent.SEXUAL_VIOLENCE,
    Intent.INJURY_MEDICAL,
    Intent.CHECKIN_NOT_OK,
    Intent.STALKING,
)
"""Which danger is answered when a text tells of several. (An exit is only ever the whole text.)"""

EAR = "ear.tsv"


class SafetyNet:
    """Tells which danger a text speaks of. Pure: keeps nothing of what it hears."""

    def __init__(self, lexicons: Sequence[Lexicon], ear: Ear | None = None) -> None:
        self._ear = ear
        self._vocabulary = Vocabulary(lexicons)
        self._speller = Speller(self._vocabulary.known, self._vocabulary.meant)
        self._listeners = {
            lexicon.locale: Listener(lexicon, self._vocabulary.known) for lexicon in lexicons
        }

    @classmethod
    def load(cls, folder: Path, enabled: Iterable[Locale] = ()) -> "SafetyNet":
        """The net with every ``<locale>.yml`` in `folder`, whatever is `enabled`, and with the
        learned ear of ``ear.tsv`` where it is there.

        Raises ConfigurationError naming the file, the entry and how to mend it, and where a
        language that is `enabled` has no lexicon: it would be deaf there.
        """
        locales = {Locale(file.stem) for file in folder.glob("*.yml")} | {*enabled}
        if not locales:
            raise ConfigurationError(f"{folder}: there is no safety lexicon; mend the folder")
        with no_garbage():
            lexicons = [load(folder / f"{locale}.yml", locale) for locale in sorted(locales)]
            word.cache_clear()  # it is of use to a reader of lexicons alone
            learned = folder / EAR
            return cls(lexicons, Ear.load(learned) if learned.exists() else None)

    @property
    def locales(self) -> tuple[Locale, ...]:
        """The languages that it knows."""
        return tuple(self._listeners)

    def hear(self, text: str, locale: Locale | None = None) -> SafetyFinding:
        """Which danger `text` speaks of, or which it plainly denies; neither for anything else.

        Every language is tried, as people mix them. What the conversation's own language
        (`locale`) denies, the same words do not mean in another.
        """
        typed = split(text)
        if not typed.words:
            return SafetyFinding()
        suspected = self._suspect(text)
        heard = self._listen(typed, locale)
        dangers = frozenset[Intent]().union(*(h.dangers for h in heard.values()))
        if dangers and locale in heard:
            dangers -= heard[locale].negated()
        if dangers:
            return SafetyFinding(danger=_most_urgent(dangers), suspected=suspected)
        negated = frozenset[Intent]().union(*(h.negated() for h in heard.values()))
        return SafetyFinding(negated=_most_urgent(negated), suspected=suspected)

    def _suspect(self, text: str) -> Guess | None:
        if self._ear is None:
            return None
        sounding = self._ear.hear(text)
        return Guess(sounding.danger, sounding.probability)

    def _listen(self, typed: Words, own: Locale | None) -> dict[Locale, Heard]:
        """What is heard in each language."""
        spelt = self._speller.correct(typed.words)
        stops: Mapping[int, Stop] = {i: stop for i, stop in enumerate(typed.stops) if stop}
        words = [*chain.from_iterable(spelt)]
        if {*map(len, spelt)} != {1}:
            stops = spread_stops(stops, spelt)
        return {
            locale: listener.listen(typed.words, readings, stops, own=own in (None, locale))
            for (locale, listener), readings in zip(
                self._listeners.items(), self._vocabulary.read(words), strict=True
            )
        }


def _most_urgent(intents: frozenset[Intent]) -> Intent | None:
    return next((intent for intent in URGENCY if intent in intents), None)
