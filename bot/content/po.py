"""gettext PO files, as every translator's tool reads and writes them.

Babel reads; writing is our own, since Babel drops headers that it does not know and the previous
source of a fuzzy entry when it reads them back.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from babel.messages import pofile
from babel.messages.catalog import Catalog, Message

from bot.errors import ConfigurationError

FUZZY = "fuzzy"
WIDTH = 92

_UNQUOTED = re.compile(
    r"""^(?! [^\S\n]*
          (?: \# .* | (?: [^\s"\#] \S* [ ] )? " (?: [^"\\\n] | \\. )* " [^\S\n]* )?
        $ )""",
    re.MULTILINE | re.VERBOSE,
)
"""The start of a line that is neither empty, nor a comment, nor ends in one string in quotes."""


_CONTEXT = re.compile(r"^msgctxt .*$", re.MULTILINE)

_NOTE = re.compile(r"^\#[.: ].*$", re.MULTILINE)
"""A line for the translator, or one of theirs."""


@dataclass(frozen=True, slots=True)
class PoEntry:
    """One message. `previous` is the source that a fuzzy translation was made from.

    `notes` are ours for the translator, `comments` the translator's own. `line` counts from 1.
    """

    context: str
    source: str
    translation: str = ""
    fuzzy: bool = False
    previous: str = ""
    notes: tuple[str, ...] = ()
    comments: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    line: int = 0


@dataclass(frozen=True, slots=True)
class PoFile:
    """A file: its headers, its messages, and those that the source no longer has."""

    headers: Mapping[str, str] = field(default_factory=dict)
    comment: tuple[str, ...] = ()
    entries: tuple[PoEntry, ...] = ()
    obsolete: tuple[PoEntry, ...] = ()


def read_po(path: Path, *, notes: bool = True) -> PoFile:
    """Read a PO or POT file. Raises ConfigurationError naming the line where it is damaged.

    Without `notes`, comments and references are left out: they take time, and are only for
    translators.
    """
    try:
        text = path.read_text("utf-8")
        _check_quotes(text)
        lines = (text if notes else _NOTE.sub("", text)).splitlines()
        catalog = pofile.read_po(lines, abort_invalid=True)
    except pofile.PoFileError as error:
        message = str(error).splitlines()[0].rpartition(" on ")[0]  # Babel counts from 0
        raise ConfigurationError(
            f"{path}:{error.lineno + 1}: damaged: {message}; mend this line"
        ) from None
    except (UnicodeDecodeError, ValueError):
        raise ConfigurationError(
            f"{path}:1: cannot be read as a PO file; save it as UTF-8 from a PO editor"
        ) from None
    comment, headers = _header(text)
    previous = _previous(text)
    return PoFile(
        headers,
        comment,
        tuple(_entry(m, previous) for m in catalog if m.id),
        tuple(_entry(m, previous) for m in catalog.obsolete.values()),
    )


def repeated(path: Path) -> list[tuple[str, int]]:
    """The contexts that a readable file has again, each with the line of its source.

    Babel keeps one of two equal messages without a word; a careless merge leaves both.
    """
    seen: set[str] = set()
    again = []
    text = path.read_text("utf-8")
    for found in _CONTEXT.finditer(text):
        if found[0] in seen:
            before = len(text[: found.start()].splitlines())
            again.append((pofile.denormalize(found[0].removeprefix("msgctxt ")), before + 2))
        seen.add(found[0])
    return again


def _check_quotes(text: str) -> None:
    """Babel reads past a string that was never closed; nobody should be shown half of it."""
    lines = text.splitlines()
    if (bad := _UNQUOTED.search("\n".join(lines))) is not None:
        number = bad.string.count("\n", 0, bad.start())
        raise pofile.PoFileError("a string is not in quotes", Catalog(), lines[number], number)


def _previous(text: str) -> dict[str, str]:
    """The source that a fuzzy translation was made from, by context.

    Babel keeps one of equal lines of a comment, and with that loses empty lines of a text.
    """
    found: dict[str, str] = {}
    if "#|" not in text:
        return found
    quoted: list[str] = []
    for line in text.splitlines():
        if line.startswith("#|"):
            part = line[2:].strip()
            if not part.startswith("msgctxt"):
                quoted.append(part.removeprefix("msgid ").strip())
        elif line.startswith("msgctxt ") and quoted:
            found[pofile.denormalize(line.removeprefix("msgctxt "))] = pofile.denormalize(
                "\n".join(quoted)
            )
            quoted = []
    return found


def _entry(message: Message, previous: Mapping[str, str]) -> PoEntry:
    return PoEntry(
        context=message.context or "",
        source=str(message.id),
        translation=str(message.string or ""),
        fuzzy=message.fuzzy,
        previous=previous.get(message.context or "", ""),
        notes=tuple(message.auto_comments),
        comments=tuple(c for c in message.user_comments if not c.startswith("|")),
        references=tuple(name for name, _ in message.locations),
        line=message.lineno or 1,
    )


def _header(text: str) -> tuple[tuple[str, ...], dict[str, str]]:
    block = text.lstrip().split("\n\n", 1)[0].splitlines()
    comment = tuple(line[1:].strip() for line in block if line.startswith("#") and line[:2] != "#,")
    quoted = "\n".join(line for line in block if line.startswith('"'))
    pairs = (line.partition(":") for line in pofile.denormalize(f'""\n{quoted}').splitlines())
    return comment, {name.strip(): value.strip() for name, colon, value in pairs if colon}


def format_po(file: PoFile) -> str:
    """The text of the file; what `read_po` reads comes out the same."""
    return "\n".join(_lines(file)).rstrip("\n") + "\n"


def _lines(file: PoFile) -> Iterator[str]:
    yield from (f"# {line}".rstrip() for line in file.comment)
    yield 'msgid ""'
    header = "".join(f"{name}: {value}\n" for name, value in file.headers.items())
    yield f"msgstr {_quote(header)}"
    yield ""
    for entry in file.entries:
        yield from _entry_lines(entry)
    for entry in file.obsolete:
        yield from (f"#~ {line}" if line[:1] not in "#" else line for line in _entry_lines(entry))


def _entry_lines(entry: PoEntry) -> Iterator[str]:
    yield from (f"# {line}".rstrip() for line in entry.comments)
    yield from (f"#. {line}" for note in entry.notes for line in note.splitlines())
    yield from (f"#: {reference}" for reference in entry.references)
    if entry.fuzzy:
        yield f"#, {FUZZY}"
    if entry.previous:
        yield from (f"#| {line}" for line in f"msgid {_quote(entry.previous)}".splitlines())
    if entry.context:
        yield f"msgctxt {_quote(entry.context)}"
    yield f"msgid {_quote(entry.source)}"
    yield f"msgstr {_quote(entry.translation)}"
    yield ""


def _quote(text: str) -> str:
    return pofile.normalize(text, width=WIDTH)
