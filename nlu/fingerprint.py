"""Which model belongs to the files as they stand."""

import hashlib
from pathlib import Path
from typing import Iterator

INPUTS = ("config.yml", "domain.yml", "requirements.lock", "data", "components")


def model_path(folder: Path) -> Path:
    """Where the model trained from the files of `folder` is, or will be."""
    return folder / "models" / f"{fingerprint(folder)}.tar.gz"


def fingerprint(folder: Path) -> str:
    """SHA-256, in hex, of the names and contents of all that decides what the model is."""
    digest = hashlib.sha256()
    for path in _inputs(folder):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _inputs(folder: Path) -> Iterator[Path]:
    for name in INPUTS:
        path = folder / name
        if path.is_dir():
            yield from sorted(p for p in path.rglob("*") if p.suffix in {".py", ".yml"})
        elif path.exists():
            yield path
