"""On SQLite one process serves: it may take what was being sent for cut short."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.errors import ConfigurationError


@contextmanager
def alone(data_dir: Path) -> Iterator[None]:
    """Hold the data folder's lock. Raises ConfigurationError when another process has it."""
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (data_dir / "serve.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise ConfigurationError(
                f"another process serves {data_dir} already: stop it, or set BOT_DATA_DIR;"
                " several processes need PostgreSQL (BOT_DATABASE_URL)"
            ) from None
        yield
