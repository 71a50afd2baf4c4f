"""A model whose understanding is scripted."""

from bot.conversation.interfaces import NluUnavailable
from bot.dialogue.intents import Intent
from bot.dialogue.understanding import Entity, Guess, Parse
from bot.ids import Locale

NOT_SCRIPTED = Parse((Guess(Intent.OUT_OF_SCOPE, 0.1),))
NO_WORDS = Parse((Guess(Intent.OUT_OF_SCOPE, 0.0),))


class FakeNluClient:
    """Keeps the contract of `NluClient` without a model.

    `understand` scripts the answer to a text (compared without case and outer blanks); any other
    text is unclear. After `break_down` every call raises NluUnavailable, until `mend`. `asked`
    has all that was asked.
    """

    def __init__(self) -> None:
        self._script: dict[str, Parse] = {}
        self._down = False
        self.asked: list[tuple[str, Locale | None]] = []

    def understand(self, text: str, *guesses: Guess, entities: tuple[Entity, ...] = ()) -> None:
        """From now on `text` means `guesses`, the likeliest first."""
        self._script[_key(text)] = Parse(guesses, entities)

    def break_down(self) -> None:
        """From now on there is no answer."""
        self._down = True

    def mend(self) -> None:
        """From now on there are answers again."""
        self._down = False

    async def parse(self, text: str, locale: Locale | None) -> Parse:
        """What was scripted for `text`."""
        self.asked.append((text, locale))
        if self._down:
            raise NluUnavailable("the model is down, by script")
        if not any(char.isalnum() for char in text):
            return NO_WORDS
        return self._script.get(_key(text), NOT_SCRIPTED)


def _key(text: str) -> str:
    return text.strip().casefold()
