"""One tree of errors. Foreign errors are translated at the border.

No message here may carry a person's text, name, number, chat id or place: errors are logged.
"""


class BotError(Exception):
    """The root of all errors that Sidelight raises itself."""


class ConfigurationError(BotError):
    """A setting, file or precondition is missing or wrong; the message names the mend."""


class TransientError(BotError):
    """Something outside failed for now; the same call may succeed later."""


class PermanentError(BotError):
    """Something outside refused for good; the same call will not succeed."""
