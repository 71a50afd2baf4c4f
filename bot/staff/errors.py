"""What can go wrong with accounts. No message tells whether a name exists, or any secret."""

from datetime import timedelta
from enum import StrEnum

from bot.errors import BotError


class StaffError(BotError):
    """The root of the errors about accounts."""


class WrongName(StaffError):
    """The name is empty, too long, has control characters, or is taken."""


class Weakness(StrEnum):
    """Why a password is not accepted."""

    SHORT = "short"
    LONG = "long"
    COMMON = "common"
    NAMED = "named"


class WeakPassword(StaffError):
    """The password would be guessed; `weakness` says why."""

    def __init__(self, weakness: Weakness) -> None:
        super().__init__(f"the password is refused: {weakness}")
        self.weakness = weakness


class SignInRefused(StaffError):
    """Name, password and code do not belong together; which of them is wrong is not said."""


class WrongCode(StaffError):
    """The code of the authenticator app is not the one for now."""


class TooManyTries(StaffError):
    """Come back after `retry_after`."""

    def __init__(self, retry_after: timedelta) -> None:
        super().__init__("too many tries")
        self.retry_after = retry_after


class InvitationInvalid(StaffError):
    """The invitation was used, replaced, has expired, or never was."""


class UnknownAdvocate(StaffError):
    """Nobody of the staff has this name or id."""


class DemoOnly(StaffError):
    """This exists in the demo only."""


class LastFactor(StaffError):
    """Without it the account could be entered with the password alone, or not at all."""


class NotThisOne(StaffError):
    """The account can't be changed so: it is one's own, or the last admin's."""
