"""The one way out for log lines: allowed fields in allowed shapes, and nothing else.

Our own code logs a fixed sentence and a few fields. A library's record is cut down to where it was
written, because its words may quote a message, an address, a token or a row. An error is told as
its type and places in the source: its text may quote what a person wrote.
"""

import logging
import re
import sys
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Final, TextIO

import structlog
from structlog.stdlib import BoundLogger, ProcessorFormatter
from structlog.typing import EventDict, WrappedLogger

from bot.errors import ConfigurationError

LEVELS: Final = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")

PLACES: Final = 6
"""So many frames of an error are told, the innermost first."""

_OURS: Final = "bot."
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,59}")


class Told(str):
    """A sentence that our own code fixed when it was written: it may be logged as it is."""

    __slots__ = ()


def logger(name: str) -> BoundLogger:
    """The logger of a module: `logger(__name__).warning("a fixed sentence", error=error)`.

    The fields are those of `ALLOWED`; any other is dropped when the line is written.
    """
    made: BoundLogger = structlog.wrap_logger(
        logging.getLogger(name),
        processors=[structlog.stdlib.filter_by_level, ProcessorFormatter.wrap_for_formatter],
        wrapper_class=BoundLogger,
    )
    return made


def configure(level: str = "INFO", stream: TextIO | None = None) -> logging.Handler:
    """Send everything that this process logs through the allow-list, to stderr or `stream`.

    Holds for libraries, warnings, and errors that nobody caught. May be called again: the latest
    call counts. Returns the one handler there is.
    """
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        ProcessorFormatter(
            processors=[allow, structlog.processors.LogfmtRenderer()],
            # A library's arguments are never put into its words, not even to be thrown away.
            use_get_message=False,
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    # What a library tells below a warning is a place without a word: for DEBUG alone.
    root.setLevel(level if level == "DEBUG" else max(logging.WARNING, getattr(logging, level)))
    logging.getLogger("bot").setLevel(level)
    # Else a record that can't be written is printed to stderr, with its arguments.
    logging.raiseExceptions = False
    logging.captureWarnings(True)
    structlog.configure(
        processors=[ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=BoundLogger,
    )
    sys.excepthook = _uncaught
    sys.unraisablehook = lambda lost: _tell_lost(lost.exc_value)
    threading.excepthook = lambda lost: _tell_lost(lost.exc_value)
    return handler


def allow(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Keep what `ALLOWED` knows, in its shape; drop the rest."""
    record: logging.LogRecord = event.pop("_record")
    ours = event.pop("_from_structlog") and record.name.startswith(_OURS)
    if not ours:
        found = event.get("exc_info")
        error = found[1] if isinstance(found, tuple) else found
        event = {"event": "a library reported something", "error": error}
    kept = {name: shape(event[name]) for name, shape in ALLOWED.items() if name in event}
    kept = {name: value for name, value in kept.items() if value is not None}
    if (at := _places(event.get("error"))) is not None:
        kept["at"] = at
    elif not ours:
        kept["at"] = f"{record.module}.py:{record.lineno}"
    return {
        "time": _formatter.formatTime(record, "%Y-%m-%dT%H:%M:%SZ"),
        "level": record.levelname.lower(),
        "logger": record.name,
        "event": str(event["event"]),
        **kept,
    }


def _name_of(error: object) -> str | None:
    if not isinstance(error, BaseException):
        return None
    name = type(error).__name__
    return name if _NAME.fullmatch(name) else "Exception"


def _places(error: object) -> str | None:
    """Where an error came from, innermost first; never what it says."""
    if not isinstance(error, BaseException) or error.__traceback__ is None:
        return None
    frames = [
        f"{'/'.join(frame.f_code.co_filename.split('/')[-2:])}:{line}"
        for frame, line in traceback.walk_tb(error.__traceback__)
    ]
    return " < ".join(reversed(frames[-PLACES:]))


def _word(value: object) -> str | None:
    return value if isinstance(value, str) and _NAME.fullmatch(value) else None


def _number(value: object) -> float | None:
    return value if isinstance(value, int | float) else None


def _sentence(value: object) -> str | None:
    """What to mend: of our own making, so it quotes settings and files at most."""
    return str(value) if isinstance(value, Told | ConfigurationError) else None


ALLOWED: Final[Mapping[str, Callable[[object], str | float | None]]] = {
    "error": _name_of,
    "kind": _word,
    "count": _number,
    "code": _number,
    "reason": _sentence,
}
"""Every field of a line but its time, level, logger, sentence and place, with its shape."""

_formatter: Final = logging.Formatter()
_formatter.converter = time.gmtime
_log: Final = logger(__name__)


def _uncaught(
    _kind: type[BaseException], error: BaseException, _traceback: TracebackType | None
) -> None:
    if isinstance(error, KeyboardInterrupt):
        return
    _log.critical("stopped by an error that nobody foresaw", error=error)


def _tell_lost(error: BaseException | None) -> None:
    _log.error("an error had nobody to go to", error=error)
