"""CSV as spreadsheets write and read it: Excel in any country, LibreOffice, and others.

Written: UTF-8 with a byte order mark, every cell in quotes, lines ended by CR LF. Read: UTF-8 or
UTF-16; commas, semicolons or tabs, whichever the first line has.
"""

import codecs
import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.errors import ConfigurationError

SEPARATORS = (",", ";", "\t")

_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
"""A cell that begins so may be run as a formula (OWASP, CSV injection); Japanese and Chinese
spreadsheets take the wide signs, too."""

_GUARD = "'"
"""In front of such a cell: spreadsheets show the rest as text."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row, by the names of the columns. `number` is what the spreadsheet calls it, from 1.

    `is_whole` is false when it has more cells than the first row: a comma was not in quotes.
    """

    number: int
    cells: Mapping[str, str]
    is_whole: bool


def format_rows(columns: Sequence[str], rows: Iterable[Sequence[str]], separator: str) -> bytes:
    """The file with `columns` as its first row. No cell of it is run as a formula."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=separator, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_guarded(cell) for cell in row] for row in rows)
    return codecs.BOM_UTF8 + text.getvalue().encode()


def read_rows(path: Path, required: Sequence[str]) -> list[Row]:
    """The rows below the first, which names the columns; empty ones are left out.

    Cells come as they were before `format_rows`, with line feeds for line breaks. Raises
    ConfigurationError naming file, row and mend for what is no such file, and for a first row
    without one of `required`.
    """
    text = _text(path)
    first = text.partition("\n")[0]
    separator = max(SEPARATORS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    columns: list[str] = []
    rows: list[Row] = []
    number = 0
    try:
        for number, cells in enumerate(reader, 1):
            if not columns:
                columns = _columns(path, cells, required)
            elif any(cell.strip() for cell in cells):
                plain = [_plain(cell) for cell in cells]
                named = dict(zip(columns, [*plain, *("" for _ in columns)], strict=False))
                rows.append(Row(number, named, not any(plain[len(columns) :])))
    except csv.Error:
        raise ConfigurationError(
            f"{path}:{number + 1}: a quotation mark is not closed, or closed too early;"
            " mend this row, or export again"
        ) from None
    if not columns:
        _columns(path, [], required)
    return rows


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be read: {error.strerror}") from None
    encoding = "utf-8-sig"
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    mend = "save it from the spreadsheet as “CSV UTF-8”"
    if data.startswith((b"PK", b"\xd0\xcf\x11\xe0")):
        raise ConfigurationError(f"{path} is a spreadsheet, not CSV; {mend}")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        raise ConfigurationError(f"{path} is neither UTF-8 nor UTF-16; {mend}") from None
    if "\0" in text:
        raise ConfigurationError(f"{path} is not text; {mend}")
    return text


def _columns(path: Path, cells: Sequence[str], required: Sequence[str]) -> list[str]:
    names = [cell.strip().casefold() for cell in cells]
    missing = ", ".join(name for name in required if name not in names)
    if missing:
        raise ConfigurationError(
            f"{path}:1: the first row names no column {missing}; keep the first row of the export"
        )
    return names


def _guarded(cell: str) -> str:
    return _GUARD + cell if cell.startswith((*_FORMULA, _GUARD)) else cell


def _plain(cell: str) -> str:
    if cell.startswith(_GUARD) and cell[1:].startswith((*_FORMULA, _GUARD)):
        cell = cell[1:]
    return cell.replace("\r\n", "\n").replace("\r", "\n")
