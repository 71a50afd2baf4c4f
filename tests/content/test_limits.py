"""What the checks take for a channel's limit is what the channel takes."""

from bot.channels.telegram import texts
from bot.channels.webchat.channel import MAX_TEXT
from bot.content import limits


def test_the_limits_are_those_of_the_channels() -> None:
    """A text that passes is never cut in two."""
    assert limits.TELEGRAM_UNITS == texts.MAX_UNITS
    assert limits.WEBCHAT_CHARACTERS == MAX_TEXT
