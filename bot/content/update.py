"""From the source to the translators: YAML → POT → PO.

Our own update instead of Babel's: it matches by context alone. A changed English text keeps its
translation, marked fuzzy and with the English it was made from; a text never takes over the
translation of another that merely looks like it.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from babel import Locale as BabelLocale
from babel import UnknownLocaleError
from babel.messages.plurals import get_plural

from bot.content.po import PoEntry, PoFile, format_po, read_po
from bot.content.reading import read_source
from bot.content.source import SOURCE_LOCALE, Source, Unit, critical_buttons
from bot.content.translations import REVIEW_HEADER, po_path, pot_path
from bot.content.writing import replace_file
from bot.errors import ConfigurationError
from bot.finding import refuse
from bot.ids import Locale

UNREVIEWED = "unreviewed"
_HEADERS = {
    "Project-Id-Version": "sidelight responses",
    "Language": "",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=utf-8",
    "Content-Transfer-Encoding": "8bit",
}


def update(folder: Path, locales: Sequence[Locale], overlay: Path | None = None) -> list[Path]:
    """Bring the template and the PO file of each of `locales` up to date with the English.

    A language that has no file yet gets one. An organisation's `overlay` gets files of its own,
    with the texts that it changes or adds; what it changes begins with our translation, as fuzzy.
    Returns the files that changed: none the second time. Raises ConfigurationError for damaged
    files and for a tag that is no language.
    """
    source, findings = read_source(folder)
    refuse(findings)
    template = _template(critical_buttons(source), folder)
    files = {pot_path(folder): format_po(template)}
    if overlay is not None:
        files |= _own(folder, overlay, source, locales)
    for locale in locales:
        if locale != SOURCE_LOCALE:
            path = po_path(folder, locale)
            old = read_po(path) if path.is_file() else PoFile(_new_headers(locale))
            files[path] = format_po(merged(template, old))
    return [path for path, text in files.items() if _write(path, text)]


def _own(folder: Path, overlay: Path, source: Source, locales: Sequence[Locale]) -> dict[Path, str]:
    """The template and the PO files of the `overlay`; none where it changes no words."""
    both, findings = read_source(folder, overlay)
    refuse(findings)
    ours = {unit.context: unit.text for unit in source.units()}
    changed = {u.context for u in both.units() if ours.get(u.context) != u.text}
    template = _template(critical_buttons(both), overlay, changed)
    if not changed and not pot_path(overlay).is_file():
        return {}
    files = {pot_path(overlay): format_po(template)}
    for locale in locales:
        if locale != SOURCE_LOCALE:
            path, first = po_path(overlay, locale), po_path(folder, locale)
            old = read_po(path) if path.is_file() else PoFile(_new_headers(locale))
            known = {entry.context for entry in old.entries}
            base = read_po(first).entries if first.is_file() else ()
            seeds = (e for e in base if e.context in changed - known)
            files[path] = format_po(merged(template, replace(old, entries=(*seeds, *old.entries))))
    return files


def merged(template: PoFile, old: PoFile) -> PoFile:
    """The messages of `template` with the translations of `old`; see the module for how."""
    before = {e.context: e for e in (*old.obsolete, *old.entries)}
    entries = tuple(_carried(e, before.get(e.context)) for e in template.entries)
    kept = {e.context for e in entries}
    gone = tuple(
        replace(e, notes=(), references=(), fuzzy=False, previous="")
        for e in before.values()
        if e.context not in kept and e.translation
    )
    return PoFile(old.headers, old.comment, entries, gone)


def _carried(new: PoEntry, old: PoEntry | None) -> PoEntry:
    if old is None or not old.translation:
        return replace(new, comments=old.comments if old else ())
    if old.source == new.source:
        fuzzy, previous = old.fuzzy, old.previous
    else:
        fuzzy, previous = True, old.previous or old.source
    return replace(
        new, translation=old.translation, fuzzy=fuzzy, previous=previous, comments=old.comments
    )


def _template(source: Source, folder: Path, only: Collection[str] | None = None) -> PoFile:
    """Every text of `source`, or those whose context is among `only`."""
    entries = tuple(
        PoEntry(
            context=unit.context,
            source=unit.text,
            notes=tuple(_notes(unit, source)),
            references=(Path(unit.file).relative_to(folder).as_posix(),),
        )
        for unit in source.units()
        if only is None or unit.context in only
    )
    return PoFile(_HEADERS, ("What the bot says. docs/translating.md explains.",), entries)


def _notes(unit: Unit, source: Source) -> Iterator[str]:
    if unit.critical:
        yield "SAFETY-CRITICAL: the language cannot be enabled without it."
    if unit.note:
        yield unit.note
    text = source.texts.get(unit.context)
    if text is None:
        yield "A button: as short as you can, 20 characters if possible."
        return
    if examples := _examples(text.params):
        yield examples
    yield f"At most {text.max} characters."


def _examples(params: Mapping[str, str]) -> str:
    shown = ", ".join(f"{{{name}}} is something like “{value}”" for name, value in params.items())
    return f"{shown}." if shown else ""


def _new_headers(locale: Locale) -> dict[str, str]:
    try:
        language = str(BabelLocale.parse(locale, sep="-"))
    except (ValueError, UnknownLocaleError):
        raise ConfigurationError(
            f"{locale!r} is no language tag; write it like es or pt-BR"
        ) from None
    return {
        **_HEADERS,
        "Language": language,
        "Plural-Forms": get_plural(language).plural_forms,
        REVIEW_HEADER: UNREVIEWED,
    }


def _write(path: Path, text: str) -> bool:
    if path.is_file() and path.read_text("utf-8") == text:
        return False
    replace_file(path, text)
    return True
