"""The source texts: English, in YAML, a file a flow; and the buttons' labels beside them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, HttpUrl, ValidationError
from yaml.constructor import SafeConstructor

from bot.content.finding import Finding
from bot.ids import Locale

SOURCE_LOCALE = Locale("en")
DEFAULT_MAX = 900
"""Characters that fit about two phone screens; a text may set its own `max`."""

BUTTONS_FILE = "buttons.yml"
FIELDS = "docs/translating.md lists the fields"


class Citation(BaseModel):
    """The page that a fact was taken from."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str = Field(min_length=1)
    url: HttpUrl


class _TextEntry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    text: str = Field(min_length=1)
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


@dataclass(frozen=True, slots=True)
class Unit:
    """Something to translate: `context` is a text's key, or ``button/<id>``.

    `file` and `line` (from 1) say where its English stands.
    """

    context: str
    text: str
    note: str
    critical: bool
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Text:
    """A source text. `params` names its placeholders, each with an example of a value."""

    unit: Unit
    buttons: tuple[tuple[str, ...], ...]
    max: int
    params: Mapping[str, str]
    sources: tuple[Citation, ...]
    reviewed_on: date | None


@dataclass(frozen=True, slots=True)
class ButtonText:
    """A button's source label. A `fixed` one is the same in every language."""

    unit: Unit
    fixed: bool


@dataclass(frozen=True, slots=True)
class Source:
    """All source texts by key, and all buttons by id."""

    texts: Mapping[str, Text] = field(default_factory=dict)
    buttons: Mapping[str, ButtonText] = field(default_factory=dict)

    def units(self) -> Iterator[Unit]:
        """Everything that a translator has to translate, in the order of the files."""
        for text in self.texts.values():
            yield text.unit
        for button in self.buttons.values():
            if not button.fixed:
                yield button.unit


def button_context(button: str) -> str:
    """The context of a button's label."""
    return f"button/{button}"


def read_source(folder: Path, overlay: Path | None = None) -> tuple[Source, list[Finding]]:
    """The texts of ``<folder>/en/*.yml``, and what is wrong with the files.

    An entry of `overlay`, a folder of the same shape, changes the fields that it names and
    leaves the others as they are, or adds a text. Faulty entries are left out.
    """
    reader = _Reader()
    english = folder / SOURCE_LOCALE
    files = sorted(english.glob("*.yml"))
    if not files:
        reader.report(str(english), 1, "", "no texts here", "put the folder `responses` there")
    reader.read(files)
    if overlay is not None:
        reader.read(sorted((overlay / SOURCE_LOCALE).glob("*.yml")))
    return Source(reader.texts, reader.buttons), reader.findings


class _Reader:
    def __init__(self) -> None:
        self.texts: dict[str, Text] = {}
        self.buttons: dict[str, ButtonText] = {}
        self.findings: list[Finding] = []
        self._raw: dict[str, dict[str, Any]] = {}

    def report(self, file: str, line: int, key: str, problem: str, mend: str) -> None:
        self.findings.append(Finding(file, line, key, problem, mend))

    def read(self, files: list[Path]) -> None:
        seen: dict[str, str] = {}
        for path in files:
            for key_node, node in self._entries(path):
                key, line = key_node.value, key_node.start_mark.line + 1
                if key in seen:
                    self.report(str(path), line, key, f"also in {seen[key]}", "remove one")
                    continue
                seen[key] = f"{path}:{line}"
                self._entry(path, key, line, node)

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
        fields = {**self._raw.get(key, {}), **given}
        is_button = path.name == BUTTONS_FILE
        if not is_button and key.split(".")[0] != path.stem:
            mend = f"move it to {key.split('.')[0]}.yml"
            self.report(str(path), line, key, "does not belong to this file", mend)
        try:
            entry = (_ButtonEntry if is_button else _TextEntry).model_validate(fields)
        except ValidationError as error:
            for fault in error.errors():
                name = str(fault["loc"][0]) if fault["loc"] else ""
                problem = f"`{name}`: {fault['msg']}"
                self.report(str(path), lines.get(name, line), key, problem, FIELDS)
            return
        self._raw[key] = fields
        if isinstance(entry, _ButtonEntry):
            text, critical, context = entry.label, False, button_context(key)
        else:
            text, critical, context = entry.text, entry.safety == "critical", key
        at = lines.get("label" if is_button else "text", line)
        unit = Unit(context, text.strip(), entry.note.strip(), critical, str(path), at)
        if isinstance(entry, _ButtonEntry):
            self.buttons[key] = ButtonText(unit, entry.fixed)
            return
        self.texts[key] = Text(
            unit, entry.buttons, entry.max, entry.params, entry.sources, entry.reviewed_on
        )


def critical_buttons(source: Source) -> Source:
    """`source` with the buttons of safety-critical texts marked as critical, too."""
    shown = {
        button
        for text in source.texts.values()
        if text.unit.critical
        for row in text.buttons
        for button in row
    }
    return replace(
        source,
        buttons={
            id_: replace(b, unit=replace(b.unit, critical=True)) if id_ in shown else b
            for id_, b in source.buttons.items()
        },
    )
