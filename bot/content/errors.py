"""What can go wrong when something is to be said."""

from bot.errors import BotError


class UnknownText(BotError):
    """The catalogue holds no such key, locale or button. The message names which."""


class UnfilledPlaceholder(BotError):
    """A text was asked for without a value that it needs. The message names both, no value."""
