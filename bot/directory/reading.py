"""The directory's files, `<folder>/<country>/*.yml`: each entry by its id."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from bot.collecting import no_garbage
from bot.directory.models import Service
from bot.directory.plain import Faulty, Loc, line_of, read_plain
from bot.directory.plain_cache import PlainCache
from bot.finding import Finding

FIELDS = "docs/directory.md lists the fields"


@dataclass(frozen=True, slots=True)
class Directory:
    """All entries by id, and the file that each stands in."""

    services: Mapping[str, Service] = field(default_factory=dict)
    files: Mapping[str, Path] = field(default_factory=dict)

    def line(self, id_: str, *loc: str | int) -> int:
        """The line, from 1, of the entry or of the field `loc` in it; for findings, it is slow."""
        return line_of(self.files[id_], id_, loc)


def read_directory(
    folder: Path,
    overlay: Path | None = None,
    *,
    examples: bool = False,
    cache: Path | None = None,
) -> tuple[Directory, list[Finding]]:
    """The entries of `folder`, and what is wrong with its files. Faulty entries are left out.

    An entry of `overlay`, a folder of the same shape, changes the fields that it names (an empty
    one takes the field out), or adds an entry. Folders that begin with an underscore are read only
    with `examples`. `cache` is a file in which what was read is kept, to be read faster again.
    """
    kept = PlainCache(cache) if cache is not None else None
    reader = _Reader(kept.read if kept is not None else read_plain)
    with no_garbage():
        for root in (folder, overlay):
            if root is not None:
                reader.read(root, examples)
    if kept is not None:
        kept.save()
    return Directory(reader.services, reader.files), reader.findings


class _Reader:
    def __init__(self, read_file: Callable[[Path], dict[str, Any]]) -> None:
        self._read_file = read_file
        self.services: dict[str, Service] = {}
        self.files: dict[str, Path] = {}
        self.findings: list[Finding] = []
        self._raw: dict[str, dict[str, Any]] = {}

    def read(self, root: Path, examples: bool) -> None:
        for path in sorted(
            {*root.glob("*.y*ml"), *root.glob("*/*.yaml"), *root.glob("*/*/*.y*ml")}
        ):
            self._report(path, 1, "", "is not read here", "move it to <country>/<name>.yml")
        seen: dict[str, Path] = {}
        for path in sorted(root.glob("*/*.yml")):
            if path.parent.name.startswith("_") and not examples:
                continue
            try:
                entries = self._read_file(path)
            except Faulty as fault:
                self._report(path, fault.line, fault.key, fault.problem, fault.mend)
                continue
            for key, given in entries.items():
                if key in seen:
                    first = f"{seen[key]}:{line_of(seen[key], key, ())}"
                    problem = f"is also in {first}"
                    self._report(path, line_of(path, key, ()), key, problem, "give it another id")
                    continue
                seen[key] = path
                self._entry(path, key, given)

    def _report(self, path: Path, line: int, key: str, problem: str, mend: str) -> None:
        self.findings.append(Finding(str(path), line, key, problem, mend))

    def _entry(self, path: Path, key: str, given: Any) -> None:
        if not isinstance(given, dict):
            self._report(path, line_of(path, key, ()), key, "has no fields", FIELDS)
            return
        for name in ("id", "country"):
            if name in given:
                line = line_of(path, key, (name,))
                self._report(path, line, key, f"`{name}` is told by the place", "take it out")
                return
        merged = {**self._raw.get(key, {}), **given}
        fields = {name: value for name, value in merged.items() if value is not None}
        country = "XX" if path.parent.name.startswith("_") else path.parent.name.upper()
        try:
            service = Service.model_validate({**fields, "id": key, "country": country})
        except ValidationError as error:
            for fault in error.errors(include_url=False):
                self._refused(path, key, fault["loc"], fault["type"], fault["msg"])
            return
        self._raw[key], self.services[key], self.files[key] = fields, service, path

    def _refused(self, path: Path, key: str, loc: Loc, type_: str, message: str) -> None:
        if loc in (("id",), ("country",)):
            problem = "is no id" if loc == ("id",) else "stands in a folder that is no country"
            mend = "use a–z, 0–9 and single hyphens" if loc == ("id",) else "name it such as gb"
            self._report(path, line_of(path, key, ()), key, problem, mend)
            return
        name = ".".join(str(step + 1) if isinstance(step, int) else step for step in loc)
        line = line_of(path, key, loc)
        if type_ == "missing":
            self._report(path, line, key, f"`{name}` is missing", f"add it; {FIELDS}")
        elif type_ == "extra_forbidden":
            self._report(path, line, key, f"there is no field `{name}`", FIELDS)
        else:
            problem, _, mend = message.removeprefix("Value error, ").partition("; ")
            self._report(path, line, key, f"`{name}`: {problem}", mend or FIELDS)
