"""What can go wrong in a turn."""

from bot.errors import TransientError


class DatabaseUnavailable(TransientError):
    """The database did not answer, or refused for now. Carries the kind of failure only."""
