"""Which check-ins of backups are still wanted: keyed hashes in a small file beside the ring.

A backup can't be called back when somebody cancels or deletes everything. So what is in one is
noted here, and struck out once it is over; a restore brings back only what is noted still.
"""

import json
from collections.abc import Collection, Iterable
from pathlib import Path

from bot.errors import ConfigurationError
from bot.vault.shredding import locked, replace_file


def backed_up(keyring: Path) -> Path:
    """An empty file beside the ring, as old as the last backup."""
    return keyring.with_name(f"{keyring.name}.last-backup")


class Ledger:
    """The file beside the ring at `keyring`."""

    def __init__(self, keyring: Path) -> None:
        self._path = keyring.with_name(f"{keyring.name}.backed-up")

    def read(self) -> frozenset[bytes] | None:
        """What is noted; None when nothing ever was, or the file is lost.

        Raises ConfigurationError when it is damaged.
        """
        try:
            return frozenset(bytes.fromhex(each) for each in json.loads(self._path.read_bytes()))
        except FileNotFoundError:
            return None
        except (ValueError, TypeError):
            pass
        raise ConfigurationError(f"{self._path} is damaged: move it away and make a new backup")

    def note(self, added: Iterable[bytes]) -> None:
        """Add what a backup is about to hold."""
        with locked(self._path):
            self._write({*(self.read() or ()), *added})

    def strike_out(self, over: Collection[bytes]) -> None:
        """Remove what is over; adds nothing."""
        with locked(self._path):
            noted = self.read()
            if noted is not None and not noted.isdisjoint(over):
                self._write(noted.difference(over))

    def _write(self, noted: Iterable[bytes]) -> None:
        replace_file(self._path, json.dumps(sorted(each.hex() for each in noted)).encode())
