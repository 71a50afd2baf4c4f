"""The language of a message: which of ours it is, or which other one.

Hindi and Arabic in Latin letters fool every detector: there, words that tell decide first. Then two
detectors of lingua, with its small models: one restricted to the enabled languages, whose answer is
weighed with the telling words and counts from ACCEPTED on, and a wide one, which tells what we
don't speak: a Portuguese text looks Spanish to one that knows no Portuguese. What is too short for
statistics is decided by a handful of everyday words, and by telling words.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from lingua import IsoCode639_1, LanguageDetectorBuilder
from lingua import Language as LinguaLanguage
from lingua import LanguageDetector as LinguaDetector

from bot.ids import Locale
from bot.safety.telling import TellingWords, Vote

ACCEPTED = 0.95
"""Measured by the project on short messages, together with TELLING_ODDS; see ``nlu/README.md``."""

TELLING_ODDS = 10_000.0
"""How many times likelier one telling word makes its language."""

LEAST_CHANCE = 1e-6
"""What lingua rules out may be meant all the same: it has not seen every name and misspelling."""

FEWEST_WORDS = 2

FOREIGN_ACCEPTED = 0.95
FEWEST_FOREIGN_WORDS = 4
"""To be told that we don't speak one's language, wrongly, is worse than not to be told."""

ROMANISED_SHARE = 0.25
"""Of the words, telling ones: enough to call a text romanised, in among English words, too."""

SHORT_SHARE = 0.34
"""Of the words, telling ones: enough where lingua is not sure."""

FEWEST_TELLING = 2
"""Telling words without which nobody is told that we don't speak romanised Hindi or Arabic."""

FEWEST_SENTENCE_WORDS = 3

_OTHERS = (
    *("en", "es", "fr", "pt", "de", "it", "nl", "pl", "ro", "tr", "vi"),
    *("ar", "fa", "ur", "hi", "bn", "pa", "ru", "uk", "zh", "ko", "ja"),
)
"""Languages that people near our organisations write in; those that short English or romanised
text is easily taken for (Swahili, Tagalog, Somali) are left out."""

TOLD = frozenset({*_OTHERS, "hi-Latn", "ar-Latn"})
"""Every tag that `LanguageDetector.detect_unsupported` may give."""

_LATIN = re.compile(r"[a-z]")
_ARABIC = re.compile("[\u0621-\u064a]")
_NOT_ARABIC = re.compile(
    "[\u067e\u0686\u0698\u06a9\u06af\u06cc\u0679\u0688\u0691\u06ba\u06be\u06c1\u06d2]"
)
"""Letters of Persian and Urdu that an Arabic keyboard does not have."""
_LATIN_LETTERS, _ARABIC_LETTERS = "some words of a sentence", "كلمات في جملة"
"""lingua reads the models of all languages that are written in the letters it is shown."""
_ARABIC_SCRIPT = frozenset({"fa", "ur"})
_DEVANAGARI = re.compile("[\u0904-\u0939]")
_STRANGE_LETTER = re.compile("[şğıłąęśżźćńřšžőűđơưță]")
"""Latin letters that none of our languages has: a few words are enough to ask."""
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")

_EVERYDAY = {
    "en": "hello hi hey help thanks yes please sorry bye yeah nope",
    "es": "hola ayuda ayudame ayúdame gracias sí porfa adios adiós buenas socorro auxilio vale",
    "fr": "bonjour bonsoir salut coucou merci oui svp désolée désolé desolee aide ouais",
    "pt": "oi olá ola obrigada obrigado brigada ajuda sim não nao tchau desculpa valeu",
}


class LanguageDetector:
    """Tells languages apart. Loads its models at the first use, or at `preload`."""

    def __init__(self, locales: Sequence[Locale], telling: TellingWords | None = None) -> None:
        self._locales = {_primary(locale): locale for locale in locales}
        self._telling = telling or TellingWords({}, {})
        self._everyday = {
            word: locale
            for primary, locale in self._locales.items()
            for word in _EVERYDAY.get(primary, "").split()
        }
        ours = [code for code in self._locales if hasattr(IsoCode639_1, code.upper())]
        self._ours = _detector(ours) if len(ours) > 1 else None
        self._wide = _detector(sorted({*ours, *_OTHERS}))

    @classmethod
    def load(cls, folder: Path, locales: Sequence[Locale]) -> "LanguageDetector":
        """With the telling words of `folder`. Raises ConfigurationError naming a faulty file."""
        return cls(locales, TellingWords.load(folder))

    def preload(self) -> None:
        """Read the models now, so that the first message does not wait for them.

        Those of letters in which no enabled language is written wait for somebody who writes so.
        """
        for text in (_LATIN_LETTERS, *[_ARABIC_LETTERS] * ("ar" in self._locales)):
            for detector in filter(None, (self._ours, self._wide)):
                detector.compute_language_confidence_values(text)

    def detect(self, text: str) -> Locale | None:
        """The enabled language of `text` where it is plain, else None. Keeps nothing of it.

        Hindi and Arabic are told in Latin letters, too.
        """
        words = _words(text)
        vote = self._telling.vote(text)
        if vote is not None and vote.share >= ROMANISED_SHARE and _is_romanised(vote.tag):
            return self._locales.get(_primary(vote.tag))
        if len(words) == 1 and words[0] in self._everyday:
            return self._everyday[words[0]]
        if not words or self._ours is None or self._foreign(words, vote) is not None:
            return None
        if (locale := self._locales.get(_script(text))) is not None:
            return locale
        if len(words) >= FEWEST_WORDS:
            likeliest = self._ours.compute_language_confidence_values(" ".join(words))
            chances = {_tag(each.language): each.value for each in likeliest}
            tag, chance = _weighed(chances, self._telling.scores(text))
            if chance >= ACCEPTED:
                return self._locales.get(tag)
        if vote is not None and vote.share >= SHORT_SHARE:
            return self._locales.get(_primary(vote.tag))
        return None

    @staticmethod
    def is_sentence(text: str) -> bool:
        """Whether `text` is long enough to mean its language, and no word or name in passing."""
        return sum(any(map(str.isalpha, word)) for word in text.split()) >= FEWEST_SENTENCE_WORDS

    def detect_unsupported(self, text: str) -> str | None:
        """The BCP-47 tag of the language of `text` where it plainly is none of ours.

        A tag of two letters, or ``hi-Latn`` and ``ar-Latn`` for what is written in Latin letters.
        """
        return self._foreign(_words(text), self._telling.vote(text))

    def _foreign(self, words: Sequence[str], vote: Vote | None) -> str | None:
        text = " ".join(words)
        if vote is not None and vote.share >= ROMANISED_SHARE:
            ours = _primary(vote.tag) in self._locales
            if ours and (vote.count >= FEWEST_TELLING or _is_romanised(vote.tag)):
                return None
            if not ours and vote.count >= FEWEST_TELLING and vote.share >= SHORT_SHARE:
                return vote.tag
        fewest = FEWEST_WORDS if _STRANGE_LETTER.search(text) else FEWEST_FOREIGN_WORDS
        if not words or (len(words) < fewest and _LATIN.search(text)):
            return None
        likeliest = self._wide.compute_language_confidence_values(text)[0]
        tag = _tag(likeliest.language)
        if tag in _ARABIC_SCRIPT and _script(text) == "ar":
            tag = "ar"
        return tag if likeliest.value >= FOREIGN_ACCEPTED and tag not in self._locales else None


def _weighed(chances: Mapping[str, float], scores: Mapping[str, float]) -> tuple[str, float]:
    """The likeliest of the tags and its chance, once those of lingua have been weighed with the
    telling words; those of languages that are not among them speak against all."""
    ours, others, top = dict.fromkeys(chances, 0.0), 0.0, max(scores.values(), default=0.0)
    for tag, score in scores.items():
        if tag in ours:
            ours[tag] = score
        else:
            others += TELLING_ODDS ** (score - top)
    odds = {
        tag: max(chance, LEAST_CHANCE) * TELLING_ODDS ** (ours[tag] - top)
        for tag, chance in chances.items()
    }
    best = max(odds, key=lambda tag: odds[tag])
    return best, odds[best] / (sum(odds.values()) + others)


def _detector(codes: Iterable[str]) -> LinguaDetector:
    """With the small models: the full ones take 120 MB, and beside telling words tell no more."""
    builder = LanguageDetectorBuilder.from_iso_codes_639_1(*map(_code, codes))
    return builder.with_low_accuracy_mode().build()


def _script(text: str) -> str:
    """The language that the letters alone tell, empty where they don't."""
    if _LATIN.search(text) or not text:
        return ""
    if _ARABIC.search(text):
        return "" if _NOT_ARABIC.search(text) else "ar"
    return "hi" if _DEVANAGARI.search(text) else ""


def _is_romanised(tag: str) -> bool:
    return tag.endswith("-Latn")


def _words(text: str) -> list[str]:
    return _WORD.findall(text.encode("utf-8", "ignore").decode("utf-8").casefold())


def _primary(tag: str) -> str:
    return tag.split("-")[0].lower()


def _code(primary: str) -> IsoCode639_1:
    code: IsoCode639_1 = getattr(IsoCode639_1, primary.upper())
    return code


def _tag(language: LinguaLanguage) -> str:
    return language.iso_code_639_1.name.lower()
