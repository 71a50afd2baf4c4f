"""The checks of what lies on this machine: files, keys, model, texts, settings, the machine."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

from bot.doctor.models import (
    Asked,
    DirectoryFacts,
    FileFacts,
    KeyFacts,
    MachineFacts,
    ModelFacts,
    Outcome,
    TextFacts,
)

OTHERS: Final = 0o077
"""The permission bits of everybody but the owner."""
OLD_MODEL: Final = timedelta(days=180)
LEAST_FREE: Final = 1_000_000_000
"""Bytes: a database that can't grow stores nothing any more."""
EARLIEST: Final = datetime(2026, 1, 1, tzinfo=UTC)
"""No clock that is right shows an earlier time."""

Outcomes = Iterator[Outcome]


def files(found: Iterable[FileFacts]) -> Outcomes:
    """Only this user may read what is stored, and must be able to write it."""
    for file in found:
        if file.mode is None:
            yield Outcome.fail("files", f"{file.path} is missing", "run `sidelight keys init`")
        elif file.mode & OTHERS:
            mend = f"chmod go= {file.path}"
            yield Outcome.fail("files", f"{file.path} is open to other users", mend)
        elif not file.writable:
            mend = "run as the user whom it belongs to"
            yield Outcome.fail("files", f"{file.path} cannot be written", mend)
        else:
            yield Outcome.ok("files", f"{file.path} is this user's alone")


def keys(found: KeyFacts, asked: Asked, now: datetime) -> Outcomes:
    """The ring can be used, by nobody else, and its epochs end in time."""
    mode = found.file.mode
    if mode is not None and mode & OTHERS:
        mend = f"chmod 600 {found.file.path}, then `sidelight keys rotate`"
        yield Outcome.fail("keys", "the key ring is open to other users", mend)
    elif found.fault:
        mend = "put the right ring back; for a new installation, `sidelight keys init`"
        yield Outcome.fail("keys", found.fault, mend)
    elif found.epoch_since is None or found.epoch_since > now + timedelta(minutes=5):
        mend = "set the clock right; if it is, run `sidelight keys rotate`"
        yield Outcome.fail("keys", "the newest epoch begins in the future", mend)
    elif now - found.epoch_since > 3 * asked.key_epoch:
        mend = "see that a worker runs (`sidelight serve`), or run `sidelight keys rotate`"
        yield Outcome.fail("keys", "the newest epoch should have ended long ago", mend)
    else:
        since = f"{found.epoch_since:%Y-%m-%d %H:%M} UTC"
        yield Outcome.ok("keys", f"the key ring is in order, its epoch began {since}")


def model(found: ModelFacts, now: datetime) -> Outcomes:
    """There is a model of today's examples, or a server that answers."""
    if found.fault:
        mend = (
            "see that the server at BOT_NLU_URL runs: `sidelight nlu serve`"
            if found.elsewhere
            else "run `make nlu`, then `sidelight nlu train`"
        )
        yield Outcome.fail("model", found.fault, mend)
    elif found.elsewhere:
        yield Outcome.ok("model", "the server at BOT_NLU_URL answers")
    elif found.trained_at is None:
        mend = "`sidelight nlu train`, or let `sidelight serve` do it when it starts"
        yield Outcome.warn("model", "no model of the files as they stand is trained", mend)
    elif now - found.trained_at > OLD_MODEL:
        days = (now - found.trained_at).days
        mend = "`sidelight nlu train --force`, and measure it: `sidelight nlu evaluate`"
        yield Outcome.warn("model", f"the model was trained {days} days ago", mend)
    else:
        yield Outcome.ok("model", f"the model was trained on {found.trained_at:%Y-%m-%d}")


def texts(found: TextFacts, asked: Asked) -> Outcomes:
    """All is translated, and somebody answers for what must not be wrong."""
    if found.fault:
        yield Outcome.fail("texts", found.fault, "see `sidelight responses check`")
        return
    for locale, count in sorted(found.void.items()):
        mend = f"read them again: `sidelight responses sign {locale}`"
        said = f"{locale}: {count} signatures are void, as their texts changed"
        yield Outcome.fail("texts", said, mend)
    for locale, count in sorted(found.unsigned.items()):
        mend = f"`sidelight responses sign {locale}`, or take {locale} out of BOT_LOCALES"
        said = f"{locale} is a draft: {count} safety-critical texts are not signed"
        yield Outcome.fail("texts", said, mend)
    for locale in found.machine_drafts:
        mend = "have a person read it all, then change X-Review in its PO file"
        yield Outcome.warn("texts", f"{locale} was translated by a machine", mend)
    if not (found.void or found.unsigned):
        yield Outcome.ok("texts", f"complete and signed in {', '.join(asked.locales)}")


def directory(found: DirectoryFacts, asked: Asked) -> Outcomes:
    """The local services are right as far as can be told, and were confirmed lately."""
    if found.faults:
        said = f"{found.faults} faults in the directory"
        yield Outcome.fail("directory", said, "see `sidelight directory check`")
    if not found.services:
        mend = "write the services of your region: docs/directory.md"
        yield Outcome.warn("directory", "the directory is empty", mend)
    elif found.expired:
        hidden = "hidden" if asked.hide_expired else "shown with their date"
        said = f"{found.expired} of {found.services} services have expired, and are {hidden}"
        yield Outcome.warn("directory", said, "confirm them anew: `sidelight directory check`")
    elif not found.faults:
        yield Outcome.ok("directory", f"{found.services} services, none expired")


def places(ready: bool) -> Outcomes:
    """Nobody waits until the index of places is built."""
    if ready:
        yield Outcome.ok("places", "the index of places is there")
    else:
        mend = "`sidelight serve` builds it when it starts: leave it 350 MB of memory"
        yield Outcome.warn("places", "the index of places is not built yet", mend)


def settings(asked: Asked) -> Outcomes:
    """People reach the pages over TLS, and no demonstration lets anyone in."""
    if asked.demo:
        mend = "take BOT_DEMO away"
        yield Outcome.fail("settings", "BOT_DEMO would let anyone in as an advocate", mend)
    if asked.public_url.startswith("https://"):
        yield Outcome.ok("settings", "BOT_PUBLIC_URL is https")
    else:
        mend = "put a TLS proxy before it, and its https address into BOT_PUBLIC_URL"
        yield Outcome.fail("settings", "BOT_PUBLIC_URL is not https: others can read along", mend)


def machine(found: MachineFacts) -> Outcomes:
    """Memory stays off the disk, the clock is right, and there is room."""
    if found.swap:
        mend = "`swapoff -a` and take it out of /etc/fstab, or encrypt it with a random key"
        yield Outcome.warn("machine", "swap is on: texts and keys may reach the disk", mend)
    else:
        yield Outcome.ok("machine", "swap is off")
    if found.now < EARLIEST:
        mend = "set the clock, and keep it right by NTP"
        yield Outcome.fail("clock", f"the clock shows {found.now:%Y-%m-%d}", mend)
    elif found.synchronised is False:
        mend = "switch NTP on: `timedatectl set-ntp true`"
        yield Outcome.warn("clock", "nothing keeps the clock right: check-ins may be late", mend)
    else:
        yield Outcome.ok("clock", f"{found.now:%Y-%m-%d %H:%M} UTC")
    if found.free_bytes < LEAST_FREE:
        mend = "make room: a full disk stores no message"
        said = f"{found.free_bytes // 1_000_000} MB are free in the data folder"
        yield Outcome.fail("machine", said, mend)
