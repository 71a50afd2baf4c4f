"""A small tree of texts, to be damaged at will."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.content.po import format_po, read_po
from bot.content.translations import po_path
from bot.content.update import update
from bot.ids import Locale

RESPONSES = Path(__file__).parents[3] / "responses"

SPANISH = {
    "privacy.overview": "Los mensajes se borran después de {ttl}. Toca “{flow:show}”.",
    "privacy.sample": "Así: {privacy.plain}",
    "privacy.plain": "Hay algo nuevo para ti.",
    "button/flow:show": "Ver",
    "button/flow:resume": "Volver",
}


class Tree:
    """A folder of the shape of `responses/` with a few texts, buttons and the words to avoid."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.texts = folder / "en" / "privacy.yml"
        self.buttons = folder / "en" / "buttons.yml"
        self.spanish = po_path(folder, Locale("es"))
        self.texts.parent.mkdir(parents=True)
        self.texts.write_text(
            "privacy.overview:\n"
            "  safety: critical\n"
            "  params: {ttl: 1 hour}\n"
            "  text: |-\n"
            "    Messages are deleted after {ttl}. Tap “{flow:show}”.\n"
            "  buttons:\n"
            "    - [flow:show]\n"
            "privacy.sample:\n"
            "  text: 'Like this: {privacy.plain}'\n"
            "privacy.plain:\n"
            "  note: For the translator.\n"
            "  text: Something is new for you.\n",
            "utf-8",
        )
        self.buttons.write_text(
            "flow:show: {label: See}\n"
            "flow:resume: {label: Go back}\n"
            "language:es: {label: Español, fixed: true}\n",
            "utf-8",
        )
        (folder / "wording").mkdir()
        for tag in ("en", "es"):
            words = RESPONSES / "wording" / f"{tag}.yml"
            (folder / "wording" / words.name).write_text(words.read_text("utf-8"), "utf-8")
        update(folder, [Locale("es")])
        self.translate(SPANISH)

    def translate(self, words: dict[str, str]) -> None:
        """Put `words` (by context) into the Spanish file, as a translator would."""
        file = read_po(self.spanish)
        entries = tuple(
            replace(e, translation=words[e.context], fuzzy=False, previous="")
            if e.context in words
            else e
            for e in file.entries
        )
        self.spanish.write_text(format_po(replace(file, entries=entries)), "utf-8")

    @staticmethod
    def edit(path: Path, old: str, new: str) -> None:
        """Replace `old`, which must be there, by `new`."""
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), "utf-8")


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    """A whole tree in English and Spanish."""
    return Tree(tmp_path / "responses")
