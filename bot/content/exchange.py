"""A translation as a table, for people who live in spreadsheets: out, and in again."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from bot.content.integrity import untranslated
from bot.content.limits import MAX_LABEL
from bot.content.po import PoEntry, format_po, read_po
from bot.content.reading import read_source
from bot.content.source import SOURCE_LOCALE, Source, Unit, critical_buttons
from bot.content.spreadsheet import Row, format_rows, read_rows
from bot.content.translations import Translation, po_path
from bot.content.update import update
from bot.content.writing import replace_file
from bot.errors import ConfigurationError
from bot.finding import Finding, refuse
from bot.ids import Locale

COLUMNS = ("key", "critical", "english", "translation", "note", "max", "state")
REQUIRED = ("key", "english", "translation")
CRITICAL = "critical"
NEW, CHANGED = "new", "changed"
"""States of a row: nothing is translated yet; the English has changed since it was."""

_ERRORS = frozenset({"#NAME?", "#REF!", "#VALUE!", "#N/A", "#DIV/0!", "#NULL!", "#NUM!", "#ERROR!"})


@dataclass(frozen=True, slots=True)
class Imported:
    """How many translations were taken over, how many were as before, and what was not taken."""

    taken: int
    same: int
    findings: list[Finding]


def export_table(folder: Path, locale: Locale, separator: str = ",") -> tuple[bytes, int]:
    """The CSV file with all texts and labels of `locale`, and how many rows it has.

    Raises ConfigurationError for a language without a file, and for damage.
    """
    source = _source(folder)
    entries = {entry.context: entry for entry in read_po(_path(folder, locale)).entries}
    rows = [_row(unit, source, entries.get(unit.context)) for unit in source.units()]
    return format_rows(COLUMNS, rows, separator), len(rows)


def import_table(folder: Path, locale: Locale, file: Path) -> Imported:
    """Take the translations of the CSV `file` into the PO file of `locale`.

    A row is taken when its key is known, its English is today's, and its placeholders are those
    of the English; the row's number is the line of its finding. What the file does not have, or
    has empty, stays as it is. Nothing is signed by it. Raises ConfigurationError before anything
    is written for damage, and for a language without a file.
    """
    path = _path(folder, locale)
    rows = read_rows(file, REQUIRED)
    units = {unit.context: unit for unit in _source(folder).units()}
    update(folder, [locale])
    po = read_po(path)
    entries = {entry.context: entry for entry in po.entries}
    findings: list[Finding] = []
    taken = same = 0
    times = Counter(row.cells["key"].strip() for row in rows)
    for row in rows:
        key = row.cells["key"].strip()
        if (unit := units.get(key)) is None or times[key] > 1:
            problem, mend = "stands in several rows", "leave only the right one"
            if unit is None:
                problem = "the English has no such key"
                mend = "keep the first column as it was exported, or take the row out"
            findings.append(Finding(str(file), row.number, key, problem, mend))
            continue
        before = entries[key]
        after = _edited(row, before)
        if faults := list(_faults(row, unit, before, after, locale, str(file))):
            findings += faults
        elif after == before:
            same += 1
        else:
            entries[key] = after
            taken += 1
    if taken:
        replace_file(path, format_po(replace(po, entries=tuple(entries.values()))))
    return Imported(taken, same, findings)


def _edited(row: Row, before: PoEntry) -> PoEntry:
    words = row.cells["translation"].strip()
    is_same = words == before.translation.strip()
    confirmed = row.cells.get("state", CHANGED).strip().casefold() != CHANGED
    if not words or (is_same and not (before.fuzzy and confirmed)):
        return before
    translation = before.translation if is_same else words
    return replace(before, translation=translation, fuzzy=False, previous="")


def _faults(
    row: Row, unit: Unit, before: PoEntry, after: PoEntry, locale: Locale, file: str
) -> Iterator[Finding]:
    def fault(problem: str, mend: str) -> Finding:
        return Finding(file, row.number, unit.context, problem, mend)

    words = row.cells["translation"].strip()
    if not row.is_whole:
        yield fault("has more cells than the first row", "put the text into one cell")
    elif row.cells["english"].strip() != unit.text:
        mend = "export again, and look it over; nothing was taken from this row"
        yield fault("the English is not the one of today", mend)
    elif words in _ERRORS:
        yield fault(f"{words} is the spreadsheet's error, not a text", "write the text anew")
    elif not words and before.translation.strip():
        yield fault("is empty here; the translation stays", "write it, or take the row out")
    elif after != before:
        said = replace(after, line=row.number)
        yield from untranslated(unit, Translation(locale, file, {unit.context: (file, said)}))


def _row(unit: Unit, source: Source, entry: PoEntry | None) -> tuple[str, ...]:
    text = source.texts.get(unit.context)
    state = ""
    note = [unit.note] if unit.note else []
    if entry is None or not entry.translation.strip():
        state = NEW
    elif entry.fuzzy or entry.source != unit.text:
        state = CHANGED
        old = entry.previous or entry.source
        note.insert(0, f"The English has changed. It was: {old}")
    return (
        unit.context,
        CRITICAL if unit.critical else "",
        unit.text,
        entry.translation if entry else "",
        "\n".join(note),
        str(text.max if text else MAX_LABEL),
        state,
    )


def _source(folder: Path) -> Source:
    source, findings = read_source(folder)
    refuse(findings)
    return critical_buttons(source)


def _path(folder: Path, locale: Locale) -> Path:
    if locale == SOURCE_LOCALE:
        raise ConfigurationError(f"{locale} is the source: its texts are in {folder / locale}")
    path = po_path(folder, locale)
    if not path.is_file():
        raise ConfigurationError(
            f"no translation for {locale}; begin it with `sidelight responses new-locale {locale}`"
        )
    return path
