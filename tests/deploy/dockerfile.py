"""Reads the part of a Dockerfile that ours use, and lays the files that its COPY asks for."""

import json
import re
import shutil
import subprocess
from dataclasses import dataclass, field
from fnmatch import translate
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Step:
    """One instruction: its name in capitals, `--flags`, and the rest as it stands."""

    kind: str
    flags: dict[str, str]
    rest: str

    @property
    def words(self) -> list[str]:
        """The rest as a list: JSON where it is, else by spaces."""
        found = json.loads(self.rest) if self.rest.startswith("[") else self.rest.split()
        return [str(word) for word in found]


@dataclass(slots=True)
class Stage:
    """What one FROM begins."""

    base: str
    name: str
    steps: list[Step] = field(default_factory=list)

    def last(self, kind: str) -> Step | None:
        """The instruction of that kind that counts."""
        return next((step for step in reversed(self.steps) if step.kind == kind), None)


def read(path: Path) -> list[Stage]:
    """Its stages, in order. Raises ValueError for what it does not understand."""
    lines = [line for line in path.read_text().splitlines() if not line.lstrip().startswith("#")]
    stages: list[Stage] = []
    for line in "\n".join(lines).replace("\\\n", " ").splitlines():
        if not line.strip():
            continue
        kind, _, rest = line.strip().partition(" ")
        flags = dict(re.findall(r"--(\w+(?:-\w+)*)=(\S+)", rest.partition(" CMD ")[0]))
        plain = rest
        while kind != "RUN" and plain.startswith("--"):
            plain = plain.partition(" ")[2].lstrip()
        step = Step(kind.upper(), {} if kind == "RUN" else flags, " ".join(plain.split()))
        if step.kind == "FROM":
            base, _, name = step.rest.partition(" AS ")
            stages.append(Stage(base, name))
        elif step.kind in {"RUN", "COPY", "ENV", "WORKDIR", "USER", "EXPOSE", "HEALTHCHECK", "CMD"}:
            stages[-1].steps.append(step)
        else:
            raise ValueError(f"{path.name}: {step.kind} is not known here")
    return stages


def context(root: Path) -> list[Path]:
    """The files of a clean clone that `.dockerignore` lets through, relative to `root`."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=root, check=True, capture_output=True, text=True
    ).stdout
    rules = _rules(root)
    return [Path(name) for name in listed.split("\0") if name and not _ignored(name, rules)]


def ignored(root: Path, name: str) -> bool:
    """Whether `.dockerignore` keeps a file out that may lie in the folder."""
    return _ignored(name, _rules(root))


def _rules(root: Path) -> list[tuple[str, bool]]:
    return [
        (line.removeprefix("!"), line.startswith("!"))
        for line in (root / ".dockerignore").read_text().splitlines()
        if line and not line.startswith("#")
    ]


def _ignored(name: str, rules: list[tuple[str, bool]]) -> bool:
    """The last rule that meets the file, or a folder that it is in, decides."""
    path = Path(name)
    ways = [path.as_posix(), *(parent.as_posix() for parent in path.parents)][:-1]
    ignored = False
    for pattern, taken in rules:
        if any(re.fullmatch(_expression(pattern), way) for way in ways):
            ignored = not taken
    return ignored


def _expression(pattern: str) -> str:
    parts = pattern.split("**/")
    return "(?:.*/)?".join(translate(part)[4:-3].replace(".*", "[^/]*") for part in parts)


def copies(step: Step, files: list[Path], workdir: str) -> list[tuple[Path, str]]:
    """What a COPY from the context lays where: file and absolute target.

    Raises ValueError for a source that is not in the context: the build would stop there.
    """
    *sources, target = step.words
    place = target if target.startswith("/") else f"{workdir}/{target}"
    into = target.endswith("/") or len(sources) > 1 or target in {".", "./"}
    found: list[tuple[Path, str]] = []
    for source in sources:
        whole = Path(source)
        beneath = [file for file in files if whole in file.parents]
        if whole in files:
            found.append((whole, f"{place}/{whole.name}" if into else place))
        elif beneath:
            found += [(file, f"{place}/{file.relative_to(whole)}") for file in beneath]
        else:
            raise ValueError(f"COPY {source}: there is no such file in the context")
    return found


def lay(found: list[tuple[Path, str]], source: Path, root: Path) -> None:
    """Copy them below `root`, modes and all."""
    for file, place in found:
        target = root / place.lstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source / file, target, follow_symlinks=False)
