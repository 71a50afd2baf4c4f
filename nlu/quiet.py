"""Keeps what people write out of every output of this process.

Rasa logs the text of messages at DEBUG, and prints it where structlog is not configured; errors of
any library may quote it. So nothing here is logged at all but our own fixed sentences.
"""

import logging
import os
import resource
import sys
import warnings
from typing import Any, NoReturn


def say(sentence: str) -> None:
    """Write one line for the operator. `sentence` must not hold anything that a person wrote."""
    print(f"nlu: {sentence}", file=sys.stderr, flush=True)


def silence() -> None:
    """Switch off all logging, warnings, tracebacks, core dumps and telemetry of this process.

    Call it before Rasa is imported. The numeric libraries get one thread: on short texts more of
    them mostly wait for each other.
    """
    os.environ.update(
        RASA_TELEMETRY_ENABLED="false",
        OMP_NUM_THREADS="1",
        OPENBLAS_NUM_THREADS="1",
        TF_CPP_MIN_LOG_LEVEL="3",
        CUDA_VISIBLE_DEVICES="-1",
    )
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    warnings.simplefilter("ignore")
    warnings.showwarning = _ignore
    logging.disable(logging.CRITICAL)
    logging.lastResort = None
    sys.excepthook = _report_class_only
    _silence_structlog()


def _silence_structlog() -> None:
    import structlog

    structlog.configure(
        processors=[_drop],
        wrapper_class=structlog.BoundLogger,
        logger_factory=structlog.ReturnLoggerFactory(),
        cache_logger_on_first_use=False,
    )


def _drop(*_: Any) -> NoReturn:
    import structlog

    raise structlog.DropEvent


def _ignore(*_: Any, **__: Any) -> None:
    pass


def _report_class_only(kind: type, _: Any, __: Any) -> None:
    say(f"stopped by an unexpected {kind.__name__}.")
