"""The language of a message: which of ours it is, or which other one.

Two detectors of lingua. The first has its full models, restricted to the enabled languages, and
its answer counts from ACCEPTED on. The second is small and wide, and tells what we don't speak:
a Portuguese text looks Spanish to one that knows no Portuguese. A handful of everyday words is
too short for statistics and simply listed. Romanised Hindi and Arabic fool every detector.
"""

import re
from collections.abc import Sequence

from lingua import IsoCode639_1, LanguageDetectorBuilder
from lingua import Language as LinguaLanguage

from bot.ids import Locale

ACCEPTED = 0.7
"""Measured by the project on short messages: below this lingua is often wrong."""

FEWEST_WORDS = 2

FOREIGN_ACCEPTED = 0.95
FEWEST_FOREIGN_WORDS = 4
"""To be told that we don't speak one's language, wrongly, is worse than not to be told."""

_OTHERS = (
    *("en", "es", "fr", "pt", "de", "it", "nl", "pl", "ro", "tr", "vi"),
    *("ar", "fa", "ur", "hi", "bn", "pa", "ru", "uk", "zh", "ko", "ja"),
)
"""Languages that people near our organisations write in; those that short English or romanised
text is easily taken for (Swahili, Tagalog, Somali) are left out."""

_LATIN = re.compile(r"[a-z]")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")

_EVERYDAY = {
    "en": "hello hi hey help thanks yes please sorry bye yeah nope",
    "es": "hola ayuda ayudame ayúdame gracias sí porfa adios adiós buenas socorro auxilio vale",
    "fr": "bonjour bonsoir salut coucou merci oui svp désolée désolé desolee aide ouais",
    "pt": "oi olá ola obrigada obrigado brigada ajuda sim não nao tchau desculpa valeu",
}


class LanguageDetector:
    """Tells languages apart. Loads its models at the first use, or at `preload`."""

    def __init__(self, locales: Sequence[Locale]) -> None:
        self._locales = {_primary(locale): locale for locale in locales}
        self._everyday = {
            word: locale
            for primary, locale in self._locales.items()
            for word in _EVERYDAY.get(primary, "").split()
        }
        ours = [code for code in self._locales if hasattr(IsoCode639_1, code.upper())]
        builder = LanguageDetectorBuilder.from_iso_codes_639_1
        self._ours = builder(*map(_code, ours)).build() if len(ours) > 1 else None
        wide = sorted({*ours, *_OTHERS})
        self._wide = builder(*map(_code, wide)).with_low_accuracy_mode().build()

    def preload(self) -> None:
        """Read the models now, so that the first message does not wait for them."""
        self.detect("one two three four")

    def detect(self, text: str) -> Locale | None:
        """The enabled language of `text` where it is plain, else None. Keeps nothing of it."""
        words = _words(text)
        if len(words) < FEWEST_WORDS:
            return self._everyday.get(words[0]) if words else None
        if self._ours is None or self._foreign(words) is not None:
            return None
        likeliest = self._ours.compute_language_confidence_values(" ".join(words))[0]
        if likeliest.value < ACCEPTED:
            return None
        return self._locales.get(_tag(likeliest.language))

    def detect_unsupported(self, text: str) -> str | None:
        """The ISO 639-1 code of the language of `text` where it plainly is none of ours."""
        return self._foreign(_words(text))

    def _foreign(self, words: Sequence[str]) -> str | None:
        text = " ".join(words)
        if not words or (len(words) < FEWEST_FOREIGN_WORDS and _LATIN.search(text)):
            return None
        likeliest = self._wide.compute_language_confidence_values(text)[0]
        tag = _tag(likeliest.language)
        return tag if likeliest.value >= FOREIGN_ACCEPTED and tag not in self._locales else None


def _words(text: str) -> list[str]:
    return _WORD.findall(text.encode("utf-8", "ignore").decode("utf-8").casefold())


def _primary(locale: Locale) -> str:
    return locale.split("-")[0].lower()


def _code(primary: str) -> IsoCode639_1:
    code: IsoCode639_1 = getattr(IsoCode639_1, primary.upper())
    return code


def _tag(language: LinguaLanguage) -> str:
    return language.iso_code_639_1.name.lower()
