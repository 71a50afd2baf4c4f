"""One way out for log lines: allowed fields in allowed shapes, and nobody's words."""

import ast
import asyncio
import io
import logging
import re
import sys
import threading
import warnings
from pathlib import Path

import pytest
import structlog

from bot.errors import ConfigurationError
from bot.logs import ALLOWED, Told, configure, logger

CANARY = "canary-words-of-a-person"
BOT = Path(__file__).resolve().parents[2] / "bot"
LEVELS = {"debug", "info", "warning", "error", "critical", "exception", "log"}


def _raised() -> ValueError:
    try:
        raise ValueError(CANARY)
    except ValueError as error:
        return error


def test_a_line_says_what_when_and_where(told: io.StringIO) -> None:
    """Time, level, logger, sentence, the allowed fields, and where an error came from."""
    logger("bot.part").warning("timers must wait", error=_raised(), count=3)
    line = told.getvalue()
    assert 'level=warning logger=bot.part event="timers must wait" error=ValueError count=3' in line
    assert " at=unit/test_logs.py:" in line
    assert line.startswith("time=20")


@pytest.mark.parametrize(
    "field", ["text", "exc_info", "stack_info", "chat_id", "event_", "name", "extra"]
)
def test_a_field_that_is_not_allowed_is_dropped(told: io.StringIO, field: str) -> None:
    """A programmer's slip tells nothing."""
    logger("bot.part").error("it failed", **{field: CANARY})  # type: ignore[arg-type]
    assert 'event="it failed"' in told.getvalue()
    assert CANARY not in told.getvalue()


@pytest.mark.parametrize("field", sorted(ALLOWED))
def test_an_allowed_field_in_another_shape_is_dropped(told: io.StringIO, field: str) -> None:
    """Each field takes a kind of value, and free text is none."""
    logger("bot.part").error("it failed", **{field: f"{CANARY} +1 555"})
    logger("bot.part").error("it failed", **{field: [CANARY]})  # type: ignore[arg-type]
    assert told.getvalue().count('event="it failed"') == 2
    assert CANARY not in told.getvalue()


def test_only_our_own_sentences_are_a_reason(told: io.StringIO) -> None:
    """What to mend is told where our own code made the sentence; other errors stay types."""
    logger("bot.part").error("not ready", reason=ConfigurationError("run `make nlu`"))
    logger("bot.part").error("not ready", reason=Told("training, a minute"))
    logger("bot.part").error("not ready", reason=_raised())
    assert 'reason="run `make nlu`"' in told.getvalue()
    assert 'reason="training, a minute"' in told.getvalue()
    assert CANARY not in told.getvalue()


def test_a_library_is_cut_down_to_a_place(told: io.StringIO) -> None:
    """Whatever a library says, with whatever arguments, fields and tracebacks."""
    library = logging.getLogger("some.library")
    library.warning("got %s", CANARY)
    library.info(CANARY, extra={"text": CANARY})
    library.debug("%d %d", CANARY)
    logging.getLogger("bot.part").warning(CANARY)
    try:
        raise ValueError(CANARY)
    except ValueError:
        library.exception("failed with %s", CANARY, stack_info=True)
    lines = told.getvalue().splitlines()
    assert len(lines) == 5
    assert all('event="a library reported something"' in line for line in lines)
    assert all(" at=" in line and "test_logs.py:" in line for line in lines)
    assert "error=ValueError" in lines[-1]
    assert CANARY not in told.getvalue()


def test_structlog_of_a_library_is_cut_down_too(
    told: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    """A library that logs by structlog itself prints nothing and tells a place."""
    structlog.get_logger("some.library").warning(CANARY, text=CANARY)
    assert 'event="a library reported something"' in told.getvalue()
    printed = capsys.readouterr()
    assert CANARY not in told.getvalue() + printed.out + printed.err


def test_a_record_that_cannot_be_written_is_not_printed(
    told: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    """Python would print it to stderr with its arguments and a traceback."""
    told.close()
    logging.getLogger("some.library").warning("got %s", CANARY)
    assert capsys.readouterr().err == ""


async def test_errors_that_nobody_caught_are_types_and_places(
    told: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    """In the main thread, in others, in tasks, in finalisers, and as warnings."""
    error = _raised()
    sys.excepthook(ValueError, error, error.__traceback__)
    thread = threading.Thread(target=int, args=(CANARY,))
    thread.start()
    thread.join()
    asyncio.get_running_loop().call_exception_handler({"message": CANARY, "exception": error})
    _Broken()
    warnings.warn(CANARY, stacklevel=1)
    printed = capsys.readouterr()
    assert told.getvalue().count("error=ValueError") == 4
    assert "logger=py.warnings" in told.getvalue()
    assert CANARY not in told.getvalue() + printed.out + printed.err


class _Broken:
    def __del__(self) -> None:
        raise ValueError(CANARY)


def test_below_debug_libraries_tell_warnings_alone(told: io.StringIO) -> None:
    """Our own lines come from the level that was chosen, a library's from WARNING on."""
    configure("INFO", told)
    logging.getLogger("some.library").info("x")
    logger("bot.part").debug("not told")
    logger("bot.part").info("told")
    logging.getLogger("some.library").warning("x")
    assert [line.split(" event=")[1].split(" at=")[0] for line in told.getvalue().splitlines()] == [
        "told",
        '"a library reported something"',
    ]


def test_every_line_of_ours_is_a_fixed_sentence_with_known_fields() -> None:
    """No text is put together for a log, and no field is used that would be dropped."""
    calls = 0
    for path in BOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            whose = node.func.value
            if isinstance(whose, ast.Name) and whose.id == "_log" and node.func.attr in LEVELS:
                calls += 1
                place = f"{path.name}:{node.lineno}"
                assert len(node.args) == 1, place
                fixed = isinstance(node.args[0], ast.Constant) or (
                    isinstance(node.args[0], ast.Name) and node.args[0].id.isupper()
                )
                assert fixed, place
                assert {keyword.arg for keyword in node.keywords} <= set(ALLOWED), place
    assert calls > 30


def test_a_sentence_is_trusted_in_the_models_processes_alone() -> None:
    """`Told` marks what our own code of the model says; nothing else may use it."""
    imported = re.compile(r"^from bot\.logs import .*\bTold\b", re.MULTILINE)
    users = {
        str(path.relative_to(BOT))
        for path in BOT.rglob("*.py")
        if imported.search(path.read_text())
    }
    assert users == {"rasa/process.py", "serving/understanding.py"}
