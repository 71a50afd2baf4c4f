"""A way to plant one fault in a clean tree, and to see what is found."""

from dataclasses import dataclass, replace
from pathlib import Path

from bot.content.checks import check
from bot.content.po import format_po, read_po
from bot.content.translations import po_path
from bot.content.update import update
from bot.finding import Finding
from bot.ids import Locale
from bot.safety.cover import GiveAways
from bot.settings import ROOT

from .clean_tree import (
    BUTTONS,
    ENGLISH,
    KEYS,
    OVERLAY,
    OWN,
    OWN_WORDS,
    QUESTION,
    TAGS,
    TODAY,
    WORDS,
)


@dataclass(frozen=True)
class Fault:
    """One tiny edit of a clean tree, and the one finding that it must give.

    Paths are below the tree. `at` is on the line that is named, or the line itself; in a PO file
    it is the line after the key, if nothing else is said.
    """

    name: str
    edited: str
    old: str
    new: str
    key: str
    says: str
    at: str | int = ""
    found: str = ""
    tags: tuple[str, ...] = ("en",)


class Seeded:
    """The clean tree in a folder, checked in some languages."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.responses = folder / "responses"
        for name, text in ENGLISH.items():
            self._write(f"responses/en/{name}", text)
        for tag in TAGS:
            list_ = ROOT / "responses" / "wording" / f"{tag}.yml"
            self._write(f"responses/wording/{tag}.yml", list_.read_text("utf-8"))
        self._write("responses/languages/unsupported.yml", OWN)
        self._write("overlay/en/options/own.yml", OVERLAY)
        update(self.responses, [Locale(tag) for tag in TAGS])
        for nth, tag in enumerate(TAGS[1:]):
            words = {key: said[nth] for key, said in WORDS.items()}
            self._translate(Locale(tag), {**words, "privacy.question": QUESTION[tag]})

    def plant(self, fault: Fault) -> tuple[str, int]:
        """Make the edit; return the file and the line where it is to be found."""
        path = self.path(fault.edited)
        text = path.read_text("utf-8")
        assert text.count(fault.old) == 1, f"{fault.name}: {text.count(fault.old)} times there"
        path.write_text(text.replace(fault.old, fault.new), "utf-8")
        where = self.path(fault.found or fault.edited)
        return str(where), self._line(where, fault)

    def findings(self, tags: tuple[str, ...]) -> list[Finding]:
        """What `check` finds."""
        locales = tuple(Locale(tag) for tag in tags)
        return check(
            self.responses,
            locales,
            KEYS,
            required_buttons=BUTTONS,
            required_own_words=OWN_WORDS,
            giveaways=GiveAways.load(ROOT / "nlu" / "safety", locales).find,
            overlay=self.folder / "overlay",
            today=TODAY,
        )

    def path(self, name: str) -> Path:
        """Where a file stands: ``es`` is the PO file, ``en/…`` and others are in responses/."""
        if name in TAGS:
            return po_path(self.responses, Locale(name))
        return self.folder / name if name.startswith("overlay/") else self.responses / name

    def _line(self, path: Path, fault: Fault) -> int:
        if isinstance(fault.at, int):
            return fault.at
        is_context = path.suffix == ".po" and not fault.at
        wanted = f'msgctxt "{fault.key}"' if is_context else fault.at
        lines = path.read_text("utf-8").split("\n")
        return next(i for i, x in enumerate(lines, 1) if wanted in x) + is_context

    def _write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")

    def _translate(self, locale: Locale, words: dict[str, str]) -> None:
        path = po_path(self.responses, locale)
        file = read_po(path)
        entries = tuple(replace(e, translation=words[e.context]) for e in file.entries)
        path.write_text(format_po(replace(file, entries=entries)), "utf-8")
