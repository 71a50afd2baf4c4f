"""`docs/data.md` is a promise: it names every column, and says of each whether it is sealed."""

import re
from typing import NamedTuple

import pytest
from sqlalchemy import LargeBinary

import bot.storage.passkeys
import bot.storage.records
import bot.storage.rota
import bot.storage.staff
import bot.storage.tries  # noqa: F401 - its tables register themselves
from bot.settings import ROOT
from bot.storage.tables import HOUR, MINUTE, Instant, metadata

PAGE = (ROOT / "docs" / "data.md").read_text()
KINDS = {"sealed", "hash", "id", "word", "time", "count"}
COLUMNS = [column for table in metadata.sorted_tables for column in table.columns]


class Told(NamedTuple):
    """A line of the page."""

    kind: str
    why: str


def told() -> dict[str, Told]:
    """What the page says, by `table.column`."""
    found = {}
    for part in re.split(r"^### ", PAGE, flags=re.MULTILINE)[1:]:
        table = part.splitlines()[0].strip()
        for column, kind, why in re.findall(r"^\| (\w+) \| (\w+) \| (.+) \|$", part, re.MULTILINE):
            if column != "column":
                found[f"{table}.{column}"] = Told(kind, why)
    return found


def test_the_page_names_every_column_and_no_other() -> None:
    """Whoever adds a column says what it holds, and whoever drops one says so too."""
    assert set(told()) == {str(column) for column in COLUMNS}


@pytest.mark.parametrize("column", COLUMNS, ids=str)
def test_what_the_page_says_fits_the_column(column: object) -> None:
    """Bytes are sealed or hashed, ids are ids, times are times and as coarse as is said."""
    kind, why = told()[str(column)]
    type_ = column.type  # type: ignore[attr-defined]
    assert kind in KINDS
    assert len(why) >= 4
    assert isinstance(type_, LargeBinary) == (
        kind in {"sealed", "hash"} and str(column) != "advocates.password_hash"
    )
    assert isinstance(type_, Instant) == (kind == "time")
    if kind == "time":
        assert ("to the hour" in why) == (type_ is HOUR)
        assert ("to the minute" in why) == (type_ is MINUTE)
