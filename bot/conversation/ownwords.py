"""A word of one's own: its keyed digest, and what speaks against it. The word is not kept."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import yaml

from bot.dialogue.understanding import OwnWord, WordFault
from bot.errors import ConfigurationError
from bot.ids import Locale
from bot.safety.cover import GiveAways
from bot.safety.normalise import split
from bot.vault.vault import Vault

SHORTEST = 4
"""Letters."""
LONGEST = 80
"""Characters: whoever writes more tells something, and opens nothing."""


class OwnWords:
    """Looks at short texts. `common` are words that many people would try, by language."""

    def __init__(
        self, vault: Vault, giveaways: GiveAways, common: Mapping[Locale, Sequence[str]]
    ) -> None:
        self._vault = vault
        self._giveaways = giveaways
        self._common = frozenset(fold(word) for words in common.values() for word in words)

    def look(self, text: str, salt: str, locale: Locale) -> OwnWord | None:
        """`text` as a word of the conversation that `salt` names; None where it can be none.

        Compared without case, accents, punctuation and hidden characters. The digest is an HMAC
        under a key of the vault: without the key ring, no guess can be tried.
        """
        folded = fold(text)
        if not folded or len(text) > LONGEST or text.lstrip().startswith("/"):
            return None
        digest = self._vault.blind_index(f"lock/{salt}", folded).hex()
        return OwnWord(digest, self._fault(folded, text, locale))

    def _fault(self, folded: str, text: str, locale: Locale) -> WordFault | None:
        letters = folded.replace(" ", "")
        if len(letters) < SHORTEST:
            return WordFault.SHORT
        if folded in self._common or letters.isdecimal() or len(set(letters)) < 3:
            return WordFault.COMMON
        return WordFault.TELLING if self._giveaways.find(text, locale) else None


def fold(text: str) -> str:
    """`text` in the one spelling in which words are compared."""
    return " ".join(split(text).words)


def read_common(path: Path) -> dict[Locale, list[str]]:
    """The common words of a file: a list by language. Raises ConfigurationError naming it."""
    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ConfigurationError(f"{path} cannot be read ({type(error).__name__})") from None
    if not isinstance(found, dict) or not all(isinstance(words, list) for words in found.values()):
        raise ConfigurationError(f"{path} is damaged: write `en: [one, two]`")
    return {Locale(tag): [str(word) for word in words] for tag, words in found.items()}
