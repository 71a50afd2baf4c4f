"""Writing files that people's work is in: the old one or the new one is there, never half of it."""

import os
import tempfile
from pathlib import Path

from bot.errors import ConfigurationError


def replace_file(path: Path, content: str | bytes) -> None:
    """Put `content` (text as UTF-8) in the place of the file at `path`, folders included.

    Raises ConfigurationError naming the file when it cannot be written; the old one stays then.
    """
    data = content.encode() if isinstance(content, str) else content
    temporary = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask()
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(mode)
        Path(temporary).replace(path)
    except OSError as error:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
        raise ConfigurationError(f"{path} cannot be written: {error.strerror}") from None


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask
