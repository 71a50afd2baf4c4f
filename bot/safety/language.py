"""The language of a message, among those that are enabled.

lingua with its full models, restricted to the enabled languages; its answer counts from
ACCEPTED on. A handful of everyday words is too short for statistics and is simply listed.
"""

import re
from collections.abc import Sequence

from lingua import IsoCode639_1, LanguageDetectorBuilder
from lingua import Language as LinguaLanguage

from bot.ids import Locale

ACCEPTED = 0.7
"""Measured by the project on short messages: below this lingua is often wrong."""

FEWEST_WORDS = 2

_WORD = re.compile(r"[^\W\d_]+")

_EVERYDAY = {
    "en": ("hello", "hi", "hey", "help", "thanks", "yes", "please", "sorry", "bye"),
    "es": ("hola", "ayuda", "ayudame", "ayúdame", "gracias", "sí", "porfa", "adios", "adiós"),
}


class LanguageDetector:
    """Tells the enabled languages apart. Loads its models at the first use (`preload`)."""

    def __init__(self, locales: Sequence[Locale]) -> None:
        self._locales = {locale.split("-")[0].lower(): locale for locale in locales}
        self._everyday = {
            word: locale
            for primary, locale in self._locales.items()
            for word in _EVERYDAY.get(primary, ())
        }
        known = [code for code in self._locales if hasattr(IsoCode639_1, code.upper())]
        self._detector = (
            LanguageDetectorBuilder.from_iso_codes_639_1(
                *(getattr(IsoCode639_1, code.upper()) for code in known)
            ).build()
            if len(known) > 1
            else None
        )

    def preload(self) -> None:
        """Read the models now, so that the first message does not wait for them."""
        self.detect("one two three")

    def detect(self, text: str) -> Locale | None:
        """The language of `text` where it is plain, else None. Keeps nothing of it."""
        words = _WORD.findall(text.casefold())
        if len(words) < FEWEST_WORDS:
            return self._everyday.get(words[0]) if words else None
        if self._detector is None:
            return None
        likeliest = self._detector.compute_language_confidence_values(" ".join(words))[0]
        if likeliest.value < ACCEPTED:
            return None
        return self._locales.get(_code(likeliest.language))


def _code(language: LinguaLanguage) -> str:
    return language.iso_code_639_1.name.lower()
