"""The safety net: hears danger in every enabled language, without the model (promise 7)."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from bot.dialogue.intents import Intent
from bot.dialogue.understanding import SafetyFinding
from bot.ids import Locale
from bot.safety import lexicon
from bot.safety.listening import Listener
from bot.safety.normalise import split
from bot.safety.phrases import STEM
from bot.safety.spelling import Speller

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


class SafetyNet:
    """Tells which danger a text speaks of. Pure: keeps nothing of what it hears."""

    def __init__(self, lexicons: Sequence[lexicon.Lexicon]) -> None:
        known = _plain(lex.words() | lex.not_typos for lex in lexicons)
        typed = frozenset(typed for lex in lexicons for typed in lex.spellings)
        known |= {written for lex in lexicons for written in lex.written()}
        meant = _plain(lex.telling_words() - lex.not_typos for lex in lexicons)
        self._speller = Speller(known | typed, meant | typed)
        self._listeners = {lex.locale: Listener(lex, known | typed) for lex in lexicons}

    @classmethod
    def load(cls, folder: Path, locales: Sequence[Locale]) -> "SafetyNet":
        """The net with ``<locale>.yml`` in `folder` for each of `locales`.

        Raises ConfigurationError naming the file, the entry and how to mend it.
        """
        return cls([lexicon.load(folder / f"{locale}.yml", locale) for locale in locales])

    def hear(self, text: str, locale: Locale | None = None) -> SafetyFinding:
        """Which danger `text` speaks of, or which it plainly denies; neither for anything else.

        Every language is tried, as people mix them. What the conversation's own language
        (`locale`) denies, the same words do not mean in another.
        """
        typed = split(text)
        if not typed.words:
            return SafetyFinding()
        spelt = self._speller.correct(typed.words)
        heard = {name: listener.listen(typed, spelt) for name, listener in self._listeners.items()}
        own = heard[locale].negated if locale in heard else frozenset()
        dangers = frozenset[Intent]().union(*(h.dangers for h in heard.values())) - own
        if dangers:
            return SafetyFinding(danger=_most_urgent(dangers))
        return SafetyFinding(
            negated=_most_urgent(frozenset[Intent]().union(*(h.negated for h in heard.values())))
        )


def _most_urgent(intents: frozenset[Intent]) -> Intent | None:
    return next((intent for intent in URGENCY if intent in intents), None)


def _plain(words: Iterable[frozenset[str]]) -> frozenset[str]:
    """All of them in one, without the stems."""
    return frozenset(word for some in words for word in some if not word.endswith(STEM))
