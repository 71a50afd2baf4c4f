"""The key ring: a small file outside the database and its backups.

Destroying an epoch's key makes everything under it unreadable at once: in the database's heap, in
write-ahead logs and in every backup. `shredding` says what that is worth on which disk.
"""

import os
import shlex
import stat
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from bot.clock import Clock, SystemClock
from bot.errors import ConfigurationError
from bot.vault.errors import KeyGone
from bot.vault.ringfile import Damaged, Epoch, RingContent, dump, parse
from bot.vault.shredding import clear_leftovers, locked, replace_file

_LARGEST_RING = 1_048_576
"""Bytes; an epoch takes about 150, so a larger file is something else."""

_Stamp = tuple[int, int, int, int]


class KeyRing:
    """Epoch keys and the index key, as they are on disk now.

    Another process's change is seen at the next access. When the file goes missing or is damaged
    while we run, every access raises ConfigurationError: without the ring nothing new may be
    stored, as nobody could read it after a restart, and removing the file ends everything.
    """

    def __init__(self, path: Path, content: RingContent, stamp: _Stamp, clock: Clock) -> None:
        """Use `create` or `load`."""
        self._path = path
        self._content = content
        self._stamp = stamp
        self._clock = clock

    @classmethod
    def create(cls, path: Path, clock: Clock | None = None) -> "KeyRing":
        """Write a new ring with one epoch to `path`, mode 0600, and load it.

        Raises ConfigurationError when something is there already or the folder cannot be written.
        """
        clock = clock or SystemClock()
        path = _real(path)
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with locked(path):
                if os.path.lexists(path):
                    raise ConfigurationError(
                        f"there is a key ring at {path} already: whatever is stored needs it, "
                        "so it stays; to begin anew, move it away first"
                    )
                replace_file(path, dump(RingContent.fresh(clock.now())))
        except OSError as error:
            raise _unusable(path, error) from None
        return cls.load(path, clock)

    @classmethod
    def load(cls, path: Path, clock: Clock | None = None) -> "KeyRing":
        """The ring at `path`.

        Raises ConfigurationError, naming the mend, when it is missing, readable by others than its
        owner, empty, cut, damaged or of another version.
        """
        path = _real(path)
        if path.is_file():
            try:
                with locked(path):
                    clear_leftovers(path)
            except OSError:
                pass  # A process that may only read the folder leaves them to one that may write.
        content, stamp = _read(path)
        return cls(path, content, stamp, clock or SystemClock())

    @property
    def path(self) -> Path:
        """Where the ring lies, with links resolved."""
        return self._path

    @property
    def index_key(self) -> bytes:
        """32 bytes that live as long as the ring. Derive from it; do not use it as it is."""
        return self._fresh().index_key

    @property
    def epochs(self) -> tuple[Epoch, ...]:
        """The living epochs, oldest first."""
        return self._fresh().epochs

    @property
    def current(self) -> Epoch:
        """The newest epoch: what is wrapped now is wrapped by it."""
        return self._fresh().current

    def epoch(self, epoch_id: int) -> Epoch:
        """The epoch with that id.

        Raises KeyGone when it was destroyed, and ConfigurationError when this ring has not come to
        it yet: the ring is then an old copy or another installation's.
        """
        content = self._fresh()
        for epoch in content.epochs:
            if epoch.id == epoch_id:
                return epoch
        if epoch_id > content.current.id:
            raise ConfigurationError(
                f"the database knows epoch {epoch_id}, but the key ring at {self._path} ends at "
                f"{content.current.id}: it is an old copy or another installation's; put the "
                "right one there"
            )
        raise KeyGone(f"the key of epoch {epoch_id} was destroyed")

    def begin_epoch(self) -> Epoch:
        """Add an epoch, which becomes the current one, and return it."""
        self._change(lambda content, now: content.with_new_epoch(now))
        return self._content.current

    def destroy_before(self, epoch_id: int) -> tuple[int, ...]:
        """Destroy the keys of all epochs older than `epoch_id`, and return their ids.

        Raises ConfigurationError when `epoch_id` has not begun.
        """
        before: list[Epoch] = []

        def without(content: RingContent, _now: datetime) -> RingContent:
            if epoch_id > content.current.id:
                raise ConfigurationError(
                    f"epoch {epoch_id} has not begun: the newest is {content.current.id}"
                )
            before.extend(content.epochs)
            return content.without_before(epoch_id)

        self._change(without)
        kept = {epoch.id for epoch in self._content.epochs}
        return tuple(epoch.id for epoch in before if epoch.id not in kept)

    def _change(self, decide: Callable[[RingContent, datetime], RingContent]) -> None:
        try:
            with locked(self._path):
                content, _ = _read(self._path)
                changed = decide(content, self._clock.now())
                if changed != content:
                    replace_file(self._path, dump(changed))
                self._content, self._stamp = _read(self._path)
        except OSError as error:
            raise _unusable(self._path, error) from None

    def _fresh(self) -> RingContent:
        try:
            on_disk = _stamp_of(os.stat(self._path))
        except OSError:
            on_disk = None
        if on_disk != self._stamp:
            self._content, self._stamp = _read(self._path)
        return self._content


def _read(path: Path) -> tuple[RingContent, _Stamp]:
    text, stamp = _read_text(path)
    while True:
        try:
            return parse(text), stamp
        except Damaged as reason:
            # Another process may have replaced the file, and overwritten this one, as we read.
            again, later = _read_text(path)
            if later == stamp and again == text:
                raise _damaged(path, str(reason)) from None
            text, stamp = again, later


def _read_text(path: Path) -> tuple[bytes, _Stamp]:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        raise ConfigurationError(
            f"there is no key ring at {path}: make one with `sidelight keys init`, or put back "
            "the one that this installation's database was filled with"
        ) from None
    except OSError as error:
        raise _unusable(path, error) from None
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        os.close(descriptor)
        raise ConfigurationError(f"the key ring at {path} is not a file: set BOT_KEYRING")
    with os.fdopen(descriptor, "rb") as file:
        if status.st_mode & 0o077:
            raise ConfigurationError(
                f"the key ring at {path} is open to other users: "
                f"run `chmod 600 {shlex.quote(str(path))}`"
            )
        if status.st_size > _LARGEST_RING:
            raise _damaged(path, "it is far too large")
        return file.read(_LARGEST_RING), _stamp_of(status)


def _stamp_of(status: os.stat_result) -> _Stamp:
    return status.st_dev, status.st_ino, status.st_mtime_ns, status.st_ctime_ns


def _real(path: Path) -> Path:
    # A rename must replace the file itself, not a link to it on another volume.
    return Path(os.path.realpath(path))


def _damaged(path: Path, reason: str) -> ConfigurationError:
    return ConfigurationError(
        f"the key ring at {path} is damaged: {reason}; put back an intact copy. Without one, what "
        "was stored stays unreadable: move the file away and run `sidelight keys init`"
    )


def _unusable(path: Path, error: OSError) -> ConfigurationError:
    why = os.strerror(error.errno) if error.errno else "input/output error"
    return ConfigurationError(
        f"the key ring at {path} cannot be used: {why}; check the path in BOT_KEYRING and who "
        "owns its folder"
    )
