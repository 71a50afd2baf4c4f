"""Reading the source texts: ``en/<flow>.yml``, ``en/<flow>/*.yml``, ``en/countries/<tag>.yml``."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from yaml.constructor import SafeConstructor

from bot.content.source import (
    PAGES,
    SOURCE_LOCALE,
    ButtonText,
    Citation,
    Layer,
    Source,
    Text,
    Unit,
    button_context,
    page_button,
    page_of,
    split_key,
)
from bot.finding import Finding

DEFAULT_MAX = 900
"""Characters that fit about two phone screens; a text may set its own `max`."""

BUTTONS_FILE = "buttons.yml"
COUNTRIES = "countries"
FIELDS = "docs/translating.md lists the fields"

_INHERITED = ("buttons", "max", "safety", "params")
"""What a country's text takes from the generic one where it does not say otherwise."""

CORE = frozenset({f"{PAGES}menu", f"{PAGES}off"})
"""What the dialogue says of itself among the topics, and no organisation can do without."""


class _TextEntry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    text: str = Field(min_length=1)
    label: str = ""
    buttons: tuple[tuple[str, ...], ...] = ()
    max: int = Field(default=DEFAULT_MAX, ge=1)
    safety: Literal["critical"] | None = None
    note: str = ""
    params: dict[str, str] = Field(default_factory=dict)
    sources: tuple[Citation, ...] = ()
    reviewed_on: date | None = None


class _ButtonEntry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    label: str = Field(min_length=1)
    note: str = ""
    fixed: bool = False


def read_source(folder: Path, overlay: Path | None = None) -> tuple[Source, list[Finding]]:
    """The texts of `folder`, and what is wrong with the files.

    An entry of `overlay`, a folder of the same shape, changes the fields that it names and leaves
    the others as they are, or adds a text; ``enabled: false`` takes a topic or a page away, with
    the buttons that lead there. Faulty entries are left out.
    """
    reader = _Reader()
    if not reader.read(folder / SOURCE_LOCALE, own=False):
        mend = "put the folder `responses` there"
        reader.report(str(folder / SOURCE_LOCALE), 1, "", "no texts here", mend)
    if overlay is not None:
        reader.read(overlay / SOURCE_LOCALE, own=True)
    return reader.source(), reader.findings


class _Reader:
    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self._texts: dict[str, Text] = {}
        self._buttons: dict[str, ButtonText] = {}
        self._raw: dict[str, dict[str, Any]] = {}
        self._places: dict[str, dict[str, tuple[str, int]]] = {}
        self._off: set[str] = set()
        self._own = False
        self._folder = Path()

    def report(self, file: str, line: int, key: str, problem: str, mend: str) -> None:
        self.findings.append(Finding(file, line, key, problem, mend))

    def read(self, folder: Path, *, own: bool) -> bool:
        """Read all files of `folder`, the generic ones first; False when there are none."""
        self._folder, self._own = folder, own
        files = sorted(folder.rglob("*.yml"), key=lambda p: (p.parent.name == COUNTRIES, p))
        seen: dict[str, str] = {}
        for path in files:
            for key_node, node in self._entries(path):
                key, line = key_node.value, key_node.start_mark.line + 1
                if key in seen:
                    self.report(str(path), line, key, f"also in {seen[key]}", "remove one")
                    continue
                seen[key] = f"{path}:{line}"
                self._entry(path, key, line, node)
        return bool(files)

    def source(self) -> Source:
        """All that was read, without what is switched off and the buttons that lead there."""

        def is_off(key: str) -> bool:
            return any(key == off or key.startswith((f"{off}.", f"{off}@")) for off in self._off)

        gone = frozenset(key for key in self._texts if is_off(key))
        dead = {page_button(key) for key in gone} | {f"intent:{page_of(key)}" for key in gone}
        texts = {
            key: replace(text, buttons=tuple(_without(text.buttons, dead)))
            for key, text in self._texts.items()
            if key not in gone
        }
        pages = {page_button(key) for key in gone}
        buttons = {id_: button for id_, button in self._buttons.items() if id_ not in pages}
        return Source(texts, buttons, gone)

    def _entries(self, path: Path) -> list[tuple[yaml.ScalarNode, yaml.MappingNode]]:
        try:
            content = path.read_text("utf-8")
            root = yaml.compose(content, Loader=yaml.CSafeLoader)
        except yaml.MarkedYAMLError as error:
            scanning = (error.context or "").startswith("while scanning")
            mark = error.context_mark if scanning else error.problem_mark
            line = min(mark.line + 1 if mark else 1, len(content.rstrip().splitlines()))
            self.report(str(path), line, "", f"not YAML: {error.problem}", "mend this line")
            return []
        except (yaml.YAMLError, UnicodeDecodeError):
            self.report(str(path), 1, "", "not YAML in UTF-8", "save the file as UTF-8 text")
            return []
        if root is None:
            return []
        if not isinstance(root, yaml.MappingNode):
            self.report(str(path), 1, "", "not a list of keys", f"write `key:` first; {FIELDS}")
            return []
        entries = []
        for key, node in root.value:
            if isinstance(key, yaml.ScalarNode) and isinstance(node, yaml.MappingNode):
                entries.append((key, node))
            else:
                line = key.start_mark.line + 1
                self.report(str(path), line, str(key.value), "has no fields", FIELDS)
        return entries

    def _entry(self, path: Path, key: str, line: int, node: yaml.MappingNode) -> None:
        lines = {k.value: k.start_mark.line + 1 for k, _ in node.value}
        if len(lines) < len(node.value):
            self.report(str(path), line, key, "names a field twice", "remove one")
            return
        try:
            given = SafeConstructor().construct_document(node)
        except (yaml.YAMLError, ValueError):
            self.report(str(path), line, key, "has a field that cannot be read", FIELDS)
            return
        if given.pop("enabled", True) is False:
            self._switch_off(path, key, line)
            return
        is_button = path.name == BUTTONS_FILE
        if not is_button:
            self._placed(path, key, line)
        said, country = split_key(key)
        generic = self._raw.get(said, {}) if country else {}
        inherited = {name: generic[name] for name in _INHERITED if name in generic}
        fields = {**inherited, **self._raw.get(key, {}), **given}
        here = {name: (str(path), at) for name, at in lines.items()}
        above = self._places.get(said, {}) if country else {}
        taken = {name: above[name] for name in inherited if name in above}
        places = {**taken, **self._places.get(key, {}), **here}
        try:
            entry = (_ButtonEntry if is_button else _TextEntry).model_validate(fields)
        except ValidationError as error:
            for fault in error.errors():
                name = str(fault["loc"][0]) if fault["loc"] else ""
                problem = f"`{name}`: {fault['msg']}"
                self.report(str(path), lines.get(name, line), key, problem, FIELDS)
            return
        self._raw[key], self._places[key] = fields, places
        if isinstance(entry, _ButtonEntry):
            self._add_button(places["label"], key, entry)
            return
        critical = entry.safety == "critical"
        unit = Unit(key, entry.text.strip(), entry.note.strip(), critical, *places["text"])
        layer = Layer.COUNTRY if country else Layer.GENERIC
        if self._own and "text" in given:
            layer = Layer.ORGANISATION
        elif key in self._texts:
            layer = self._texts[key].layer
        self._texts[key] = Text(
            unit,
            entry.buttons,
            entry.max,
            entry.params,
            entry.sources,
            entry.reviewed_on,
            layer,
            places,
        )
        if entry.label and not page_of(key):
            problem, mend = "has a `label`, and is no page", "take the label out"
            self.report(str(path), lines.get("label", line), key, problem, mend)
        elif entry.label:
            label = _ButtonEntry(label=entry.label, note=f"Leads to {key}.")
            self._add_button(places["label"], page_button(key), label)

    def _add_button(self, place: tuple[str, int], id_: str, entry: _ButtonEntry) -> None:
        unit = Unit(button_context(id_), entry.label.strip(), entry.note.strip(), False, *place)
        self._buttons[id_] = ButtonText(unit, entry.fixed)

    def _placed(self, path: Path, key: str, line: int) -> None:
        """A text is found where its key says: by flow, and by country."""
        said, country = split_key(key)
        flow = said.split(".")[0]
        parts = path.relative_to(self._folder).with_suffix("").parts
        wanted = (COUNTRIES, country.lower()) if country else (flow,)
        if parts[: len(wanted)] != wanted:
            mend = f"move it to {'/'.join(wanted)}.yml"
            self.report(str(path), line, key, "does not belong to this file", mend)

    def _switch_off(self, path: Path, key: str, line: int) -> None:
        if not self._own:
            self.report(str(path), line, key, "is switched off here", "take the text out")
        elif not key.startswith(PAGES) or key in CORE:
            problem = "cannot be switched off: the bot needs it"
            self.report(str(path), line, key, problem, "change its text instead")
        elif key not in self._texts:
            self.report(str(path), line, key, "names no text to switch off", "mend the key")
        else:
            self._off.add(key)


def _without(rows: Iterable[tuple[str, ...]], dead: set[str]) -> Iterator[tuple[str, ...]]:
    for row in rows:
        if left := tuple(button for button in row if button not in dead):
            yield left
