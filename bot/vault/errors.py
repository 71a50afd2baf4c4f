"""What can go wrong with keys. No message carries content, a key or an identifier of a person."""

from bot.errors import BotError


class SealBroken(BotError):
    """The bytes do not open: damaged, cut, or sealed with another key, row or conversation."""


class KeyGone(BotError):
    """The epoch that wrapped this key was destroyed: what lies under it stays unreadable."""
