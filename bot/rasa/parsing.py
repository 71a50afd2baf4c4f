"""Many texts at once, for the command line and for measuring."""

from collections.abc import Sequence
from datetime import timedelta

from bot.dialogue.understanding import Parse
from bot.ids import Locale
from bot.rasa.client import RasaNluClient
from bot.rasa.wire import MAX_MESSAGES

BATCH_LIMIT = timedelta(seconds=60)


async def parse_many(
    client: RasaNluClient, texts: Sequence[str], locales: Sequence[Locale | None]
) -> list[Parse]:
    """The parse of each text, in order; `locales` has one for each. Raises NluUnavailable."""
    parses: list[Parse] = []
    for start in range(0, len(texts), MAX_MESSAGES):
        window = slice(start, start + MAX_MESSAGES)
        parses += await client.parse_batch(texts[window], locales[window], BATCH_LIMIT)
    return parses
