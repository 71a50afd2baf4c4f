"""Secret files: written whole or not at all, readable by their owner only, overwritten at the end.

What overwriting can and cannot do: on a plain disk with a file system that writes in place (ext4 in
its default mode, XFS) the old bytes are gone from the medium once `shred` returns. On an SSD, the
drive's own remapping may keep the old cells until it erases them; on a copy-on-write or
data-journalling file system (btrfs, ZFS, ext4 with data=journal), in a snapshot or in a backup the
old bytes may live on. There, full-disk encryption, or a ring on a RAM disk or a hardware token's
volume, is what makes an end certain.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bot.errors import TransientError

_LOCK_PATIENCE = 10.0
"""Seconds to wait for another process; a change of a small file takes milliseconds."""


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock of the file at `path` against other processes and threads.

    The lock is a file beside it, as the file itself is replaced. Raises TransientError when another
    holds it for 10 s, and OSError where the folder cannot be written.
    """
    descriptor = os.open(_beside(path, "lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        give_up_at = time.monotonic() + _LOCK_PATIENCE
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > give_up_at:
                    raise TransientError("another process is changing the key ring") from None
                time.sleep(0.02)
        yield
    finally:
        os.close(descriptor)


def replace_file(path: Path, content: bytes) -> None:
    """Put `content` at `path` with mode 0600, whole or not at all, and overwrite what was there.

    Call it with the lock held. After a crash at any point `path` holds the old content or the new
    one, and `clear_leftovers` removes the rest.
    """
    clear_leftovers(path)
    new, old = _beside(path, "new"), _beside(path, "old")
    _write_new(new, content)
    with _opened_or_none(path) as descriptor:
        if descriptor is not None:
            # A second name keeps the old bytes findable if we die before they are overwritten;
            # where the file system knows no links, the open descriptor has to do.
            with suppress(OSError):
                os.link(path, old)
        os.replace(new, path)
        _sync_folder(path.parent)
        if descriptor is not None:
            _overwrite(descriptor)
    old.unlink(missing_ok=True)
    _sync_folder(path.parent)


def clear_leftovers(path: Path) -> None:
    """Overwrite and remove what a crashed `replace_file` left beside `path`. Hold the lock."""
    for leftover in (_beside(path, "new"), _beside(path, "old")):
        with _opened_or_none(leftover) as descriptor:
            if descriptor is None:
                continue
            # Died between link and rename: then this is the living file under a second name.
            if os.fstat(descriptor).st_nlink == 1:
                _overwrite(descriptor)
        leftover.unlink(missing_ok=True)


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(f".{path.name}.{suffix}")


def _write_new(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        os.fchmod(file.fileno(), 0o600)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def _opened_or_none(path: Path) -> Iterator[int | None]:
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
    except FileNotFoundError:
        yield None
        return
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _overwrite(descriptor: int) -> None:
    os.pwrite(descriptor, os.urandom(os.fstat(descriptor).st_size), 0)
    os.fsync(descriptor)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
