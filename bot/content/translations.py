"""The translations: one PO file a language."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.content.po import PoEntry, read_po, repeated
from bot.errors import ConfigurationError
from bot.finding import Finding
from bot.ids import Locale

DOMAIN = "responses"
REVIEW_HEADER = "X-Review"


@dataclass(frozen=True, slots=True)
class Translation:
    """One language: its messages by context, each with the file it stands in.

    `review` says how far the file was reviewed (``machine-draft``, or empty when it is silent).
    """

    locale: Locale
    file: str
    entries: Mapping[str, tuple[str, PoEntry]] = field(default_factory=dict)
    review: str = ""


def po_path(folder: Path, locale: Locale) -> Path:
    """Where the translation into `locale` stands: where gettext's tools look for it."""
    return folder / "locales" / locale / "LC_MESSAGES" / f"{DOMAIN}.po"


def pot_path(folder: Path) -> Path:
    """Where the template of all translations stands."""
    return folder / "locales" / f"{DOMAIN}.pot"


def read_translation(
    folder: Path, locale: Locale, overlay: Path | None = None
) -> tuple[Translation, list[Finding]]:
    """The translation into `locale`, and what is wrong with its files.

    A message of the `overlay`'s file replaces that of the same context.
    """
    path = po_path(folder, locale)
    if not path.is_file():
        mend = "run `sidelight responses update`, or leave the language out"
        return Translation(locale, str(path)), [
            Finding(str(path), 1, "", f"no translation for {locale}", mend)
        ]
    findings: list[Finding] = []
    entries: dict[str, tuple[str, PoEntry]] = {}
    review = ""
    paths = [path, *([po_path(overlay, locale)] if overlay else [])]
    for at in (p for p in paths if p.is_file()):
        try:
            file = read_po(at, notes=False)
        except ConfigurationError as error:
            findings.append(_damaged(at, error))
            continue
        review = review or file.headers.get(REVIEW_HEADER, "")
        mend = "keep the right one"
        findings += [Finding(str(at), line, c, "is twice here", mend) for c, line in repeated(at)]
        entries |= {entry.context: (str(at), entry) for entry in file.entries}
    return Translation(locale, str(path), entries, review), findings


def _damaged(path: Path, error: ConfigurationError) -> Finding:
    line, _, rest = str(error).removeprefix(f"{path}:").partition(": ")
    problem, _, mend = rest.rpartition("; ")
    return Finding(str(path), int(line), "", problem, mend)
