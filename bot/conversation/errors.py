"""What can go wrong in a turn."""

from bot.errors import TransientError


class DatabaseUnavailable(TransientError):
    """The database did not answer, or refused for now. Carries the kind of failure only."""


class Overtaken(TransientError):
    """Somebody else was in the way, and nothing was written: take it again at once.

    The conversation changed during a turn, or two transactions waited for each other and the
    database broke this one off.
    """
