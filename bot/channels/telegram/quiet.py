"""Keeps the words of the libraries below us out of every log.

python-telegram-bot logs whole updates when one does not parse, the answers of the server at DEBUG
and the token with its base address; httpx logs each address, which holds the token.
"""

import logging
import warnings

from telegram.warnings import PTBDeprecationWarning

_log = logging.getLogger(__name__)

_TALKATIVE = ("telegram", "httpx", "httpcore", "aiohttp")


class _PlaceWithoutWords(logging.Handler):
    """Passes on that and where a library reported something, never what."""

    def emit(self, record: logging.LogRecord) -> None:
        _log.log(
            record.levelno,
            "%s reported something at %s:%d; its words are kept back",
            record.name,
            record.module,
            record.lineno,
        )


def quiet_logging() -> None:
    """Let no word of the Telegram and HTTP libraries reach a log handler.

    What they report at WARNING or above is logged as a place in their source, without content.
    Holds for their child loggers at every level, whatever level these are set to. May be called
    more than once; call it before the first channel is built.
    """
    for name in _TALKATIVE:
        logger = logging.getLogger(name)
        logger.handlers = [_PlaceWithoutWords(logging.WARNING)]
        logger.propagate = False
    # Its own errors use an attribute of its own that it warns about.
    warnings.filterwarnings("ignore", category=PTBDeprecationWarning)
