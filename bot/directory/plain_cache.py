"""What was read from the directory's files, kept as JSON: reading YAML is half of the start.

The files are public and so is their copy. A file counts as unchanged while its size and time of
change are; whatever is amiss with the copy, the files are read.
"""

import json
import os
import tempfile
from pathlib import Path
from typing import Any

from bot.directory.plain import read_plain

_FORMAT = 1


class PlainCache:
    """Reads files like `read_plain`, from the copy at `path` where they have not changed.

    `save` writes the copy anew if anything in it has changed; where that is impossible, nothing is
    lost but time.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known = self._load()
        self._used: dict[str, list[Any]] = {}

    def read(self, file: Path) -> dict[str, Any]:
        """The mapping in `file`; see `read_plain`, also for what it raises."""
        told = file.stat()
        name, state = str(file), [told.st_mtime_ns, told.st_size]
        known = self._known.get(name)
        if known is None or known[0] != state:
            known = [state, read_plain(file)]
        self._used[name] = known
        entries: dict[str, Any] = known[1]
        return entries

    def save(self) -> None:
        """Keep what was read, and only that."""
        if self._used == self._known:
            return
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self._path.parent)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump({"format": _FORMAT, "files": self._used}, file, ensure_ascii=False)
            os.replace(name, self._path)
        except OSError:
            return

    def _load(self) -> dict[str, list[Any]]:
        try:
            kept = json.loads(self._path.read_bytes())
            if kept["format"] != _FORMAT:
                return {}
            files: dict[str, list[Any]] = kept["files"]
        except (OSError, ValueError, KeyError, TypeError):
            return {}
        return files if all(len(entry) == 2 for entry in files.values()) else {}
