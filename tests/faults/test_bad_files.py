"""Files that an organisation is given: HSDS tables, translations, spreadsheets.

Each is a good file with a few bytes or cells exchanged, which gets further in than noise would.
"""

import io
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.content.po import read_po, repeated
from bot.content.spreadsheet import format_rows, read_rows
from bot.directory.hsds_import import Assumed, from_hsds
from bot.directory.hsds_tables import FILES, LARGEST, from_zip
from bot.errors import ConfigurationError

EXAMPLES = 60
SECRET = "canaryzebrafinch"

PO = f"""msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Language: es\\n"

#. a note
#: privacy.yml
#, fuzzy
#| msgid "Before"
msgctxt "privacy.info"
msgid "Hello {{name}}"
msgstr "Hola {{name}} {SECRET}"

msgctxt "menu.more"
msgid ""
"One line "
"and another"
msgstr ""

#~ msgctxt "gone"
#~ msgid "Old"
#~ msgstr "Viejo"
""".encode()

COLUMNS = ("id", "name", "service_id", "location_id", "organization_id", "link_id", "phone_id")
CELLS = st.sampled_from(["1", "2", "", SECRET, "\ufeff", '"', "2026-02-30", "99999999999", "x;y"])
ROWS = st.lists(st.dictionaries(st.sampled_from(COLUMNS), CELLS), max_size=4)
TABLES = st.dictionaries(st.sampled_from([*FILES.values(), "funding.csv"]), ROWS, max_size=6)
CUTS = st.lists(st.tuples(st.integers(0, 5000), st.binary(max_size=4)), min_size=1, max_size=4)


def damaged(content: bytes, cuts: list[tuple[int, bytes]]) -> bytes:
    """`content` with some of its bytes exchanged."""
    for at, other in cuts:
        at %= len(content) + 1
        content = content[:at] + other + content[at + len(other) :]
    return content


def archive(tables: dict[str, list[dict[str, str]]]) -> bytes:
    """A ZIP of CSV tables."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for name, rows in {"services.csv": [{"id": "1"}], **tables}.items():
            cells = [[row.get(column, "") for column in COLUMNS] for row in rows]
            made.writestr(name, format_rows(COLUMNS, cells, ","))
    return buffer.getvalue()


def complaint(reads: Callable[[], object]) -> str:
    """What is told of a file that can't be read; empty where it was read."""
    try:
        reads()
    except ConfigurationError as error:
        return str(error)
    return ""


CIRCLE = {
    "attributes.csv": [{"id": "1", "link_id": "1"}, {"id": "2"}],
    "taxonomy_terms.csv": [{"name": "a term of itself"}],
}


@settings(max_examples=EXAMPLES)
@given(TABLES)
@example(CIRCLE)
def test_any_tables_are_imported_or_found_faulty(tables: dict[str, list[dict[str, str]]]) -> None:
    """Also where rows name each other in circles, or nobody."""
    services, _ = from_zip(archive(tables), "a.zip")
    drafts, findings = from_hsds(services, Assumed("GB"), "a.zip")
    assert len(drafts) + len(findings) >= len({service.get("id") for service in services})
    assert all(finding.mend for finding in findings)


@settings(max_examples=EXAMPLES)
@given(CUTS)
def test_any_damage_to_an_archive_is_told_in_one_line(cuts: list[tuple[int, bytes]]) -> None:
    """Without what the archive holds."""
    tables = {"services.csv": [{"id": "1", "name": SECRET}], "phones.csv": [{"service_id": "1"}]}
    content = damaged(archive(tables), cuts)
    told = complaint(lambda: from_zip(content, "a.zip"))
    assert SECRET not in told
    assert "\n" not in told


def test_an_archive_that_unpacks_to_more_than_we_read_is_not_unpacked() -> None:
    """However many tables it is spread over: what is read at once has a bound."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for number in range(3):
            made.writestr(f"services{number}.csv", b" " * (LARGEST // 2))
    tracemalloc.start()
    with pytest.raises(ConfigurationError, match="too large"):
        from_zip(buffer.getvalue(), "a.zip")
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < LARGEST // 10


@settings(max_examples=2 * EXAMPLES)
@given(CUTS)
def test_any_damage_to_a_translation_is_told_with_its_line(cuts: list[tuple[int, bytes]]) -> None:
    """Or the file is still a good one; what it says is repeated nowhere."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "responses.po"
        path.write_bytes(damaged(PO, cuts))
        told = complaint(lambda: (read_po(path), repeated(path)))
    assert SECRET not in told
    assert not told or told.removeprefix(f"{path}:").partition(":")[0].isdigit()


@settings(max_examples=EXAMPLES)
@given(CUTS, st.sampled_from([",", ";", "\t"]))
def test_any_damage_to_a_spreadsheet_is_told(cuts: list[tuple[int, bytes]], separator: str) -> None:
    """Whatever program wrote it."""
    rows = [["privacy.info", "Hello", SECRET], ["menu.more", "More", "=1+1"]]
    content = damaged(format_rows(("key", "en", "es"), rows, separator), cuts)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "es.csv"
        path.write_bytes(content)
        told = complaint(lambda: read_rows(path, ("key",)))
    assert SECRET not in told
    assert "\n" not in told
