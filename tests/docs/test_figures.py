"""Figures and times in the pages are those of the program."""

import importlib
import re
from datetime import timedelta

import pytest

import bot.storage.database  # noqa: F401 - all tables register themselves
from bot.channels.telegram.pace import A_SECOND
from bot.conversation.keeping import UPDATES_KNOWN_FOR
from bot.settings import ROOT, Settings
from bot.storage.tables import metadata
from tests.docs.growth import BEGIN, END, PAGE, assumed, computed, evaluate

PROTECTION = (ROOT / "docs" / "data-protection.md").read_text("utf-8")
KEPT = re.findall(
    r"^\| ([^|]+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$",
    PROTECTION.partition("## How long it is kept")[2].partition("\n## ")[0],
    re.MULTILINE,
)[1:]
LASTING = ("until", "milliseconds", "with the conversation", "as long as")


def in_words(span: timedelta) -> str:
    """As the page writes it: days from three on, hours from one on, else minutes."""
    units = ((timedelta(days=3), 86400, "day"), (timedelta(hours=1), 3600, "hour"))
    unit, name = next(((u, n) for least, u, n in units if span >= least), (60, "minute"))
    count = span.total_seconds() / unit
    return f"{count:g} {name}{'s' if count != 1 else ''}"


def lookup(name: str) -> timedelta:
    """A setting's default (``BOT_…``), or a constant by its full name."""
    if name.startswith("BOT_"):
        found = Settings.model_fields[name.removeprefix("BOT_").lower()].default
    else:
        module, _, constant = name.rpartition(".")
        found = getattr(importlib.import_module(module), constant)
    assert isinstance(found, timedelta), name
    return found


@pytest.mark.parametrize(("what", "tables", "kept", "by"), KEPT, ids=[row[0][:30] for row in KEPT])
def test_what_is_said_of_keeping_is_so(what: str, tables: str, kept: str, by: str) -> None:
    """Each time in the table is that of a setting or a constant, and each of those is there."""
    sources = re.findall(r"`([^`]+)`", by)
    times = {in_words(lookup(source)) for source in sources}
    written = set(re.findall(r"\b\d+ (?:minutes?|hours?|days?)\b", kept))
    assert written == times
    assert sources or any(word in kept for word in LASTING), what


def test_every_table_has_its_time() -> None:
    """Whoever adds a table says how long it is kept."""
    told = {name for _, tables, _, _ in KEPT for name in re.findall(r"`([^`]+)`", tables)}
    assert told == set(metadata.tables)


def test_growth_is_computed_by_its_formulas() -> None:
    """`python -m tests.docs.growth` writes it."""
    text = PAGE.read_text("utf-8")
    assert text.partition(BEGIN)[2].partition(END)[0] == computed(text)
    assert evaluate("ceil(2 * people / 3)", {"people": 4}) == 3


def test_growth_assumes_what_is_so() -> None:
    """Where an assumption is a constant of the program, it is that constant."""
    known = assumed(PAGE.read_text("utf-8"))
    assert known["limit"] == A_SECOND
    assert known["known"] == UPDATES_KNOWN_FOR.total_seconds()
    assert known["ttl"] == lookup("BOT_MESSAGE_TTL").total_seconds()
    assert known["calls"] == pytest.approx(1 + 1 + (1 - known["texts"]))
