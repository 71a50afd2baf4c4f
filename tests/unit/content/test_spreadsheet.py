"""CSV as people's spreadsheets have it, harmless to open, and the same when it comes back."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content.spreadsheet import SEPARATORS, format_rows, read_rows
from bot.errors import ConfigurationError

COLUMNS = ("key", "text")


def read(path: Path, content: bytes) -> list[tuple[int, str, str]]:
    path.write_bytes(content)
    return [(row.number, row.cells["key"], row.cells["text"]) for row in read_rows(path, COLUMNS)]


CELL = st.text(st.characters(codec="utf-8", exclude_characters="\r\0"))


@given(
    st.lists(st.tuples(CELL.filter(str.strip), CELL), max_size=5),
    st.sampled_from(SEPARATORS),
    st.sampled_from(["utf-8", "utf-16"]),
)
def test_every_cell_comes_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[tuple[str, str]],
    separator: str,
    encoding: str,
) -> None:
    """Line breaks, quotes, separators, signs at the beginning, any script."""
    path = tmp_path_factory.mktemp("csv") / "x.csv"
    written = format_rows(COLUMNS, rows, separator).decode("utf-8-sig").encode(encoding)
    assert read(path, written) == [(n, *row) for n, row in enumerate(rows, 2)]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "＝", "\t", "\n=", "'="])
def test_no_cell_is_run_as_a_formula(tmp_path: Path, start: str) -> None:
    """Nor one that begins with a break, which some programs skip."""
    content = format_rows(COLUMNS, [("a", f'{start}HYPERLINK("http://x")')], ",")
    raw = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert raw[1][1].startswith("'")
    assert read(tmp_path / "x.csv", content) == [(2, "a", f'{start}HYPERLINK("http://x")')]


def test_what_a_person_wrote_with_an_apostrophe_stays(tmp_path: Path) -> None:
    """Only the guard in front of a sign is taken off."""
    assert read(tmp_path / "x.csv", b"key,text\na,'tis\n") == [(2, "a", "'tis")]


def test_excel_and_libreoffice_know_it_for_utf_8(tmp_path: Path) -> None:
    """By the mark at the beginning, and by line ends of theirs."""
    content = format_rows(COLUMNS, [("a", "ñ")], ";")
    assert content == b'\xef\xbb\xbf"key";"text"\r\n"a";"\xc3\xb1"\r\n'


@pytest.mark.parametrize(
    "content",
    [
        b"key,text\r\n\r\na,b\r\n,\r\n",
        b"\xef\xbb\xbfKey , TEXT\n\na,b\n",
        "key\ttext\textra\r\n\r\na\tb\tc\r\n".encode("utf-16"),
        "key;text\n\na;b".encode("utf-16-be").join([b"\xfe\xff", b""]),
    ],
)
def test_other_programs_ways_are_read_too(tmp_path: Path, content: bytes) -> None:
    """Case, spaces, further columns, empty rows and a missing last line end; rows are counted."""
    assert read(tmp_path / "x.csv", content) == [(3, "a", "b")]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "no column key, text"),
        (b"key,texts\na,b\n", "no column text"),
        (b'key,text\na,b\n"a,b\n', r"x.csv:3: a quotation mark"),
        (b"key,text\na,\xf1\n", "neither UTF-8 nor UTF-16"),
        (b"key,text\na,\0\n", "is not text"),
        (b"PK\x03\x04", "is a spreadsheet, not CSV"),
    ],
)
def test_what_is_no_such_file_is_told_with_the_mend(
    tmp_path: Path, content: bytes, says: str
) -> None:
    """In one line, and without a guess at what the letters may have been."""
    with pytest.raises(ConfigurationError, match=says) as error:
        read(tmp_path / "x.csv", content)
    assert "\n" not in str(error.value)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    """By its name."""
    with pytest.raises(ConfigurationError, match=r"none.csv cannot be read: No such file"):
        read_rows(tmp_path / "none.csv", COLUMNS)


def test_a_row_with_more_cells_than_the_first_is_marked(tmp_path: Path) -> None:
    """A comma that was not in quotes cut the text in two; empty cells too many do no harm."""
    path = tmp_path / "x.csv"
    path.write_bytes(b"key,text\na,b,c\na,b,,\n")
    assert [row.is_whole for row in read_rows(path, COLUMNS)] == [False, True]
