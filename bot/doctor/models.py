"""What is looked at, and what comes of it. None of it is about a person."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self


class Level(StrEnum):
    """`FAIL` must be mended before people are served; `WARN` should be."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One line of the table. `mend` is empty where all is well."""

    check: str
    level: Level
    found: str
    mend: str = ""

    @classmethod
    def ok(cls, check: str, found: str) -> Self:
        """All is well."""
        return cls(check, Level.OK, found)

    @classmethod
    def warn(cls, check: str, found: str, mend: str) -> Self:
        """It works, and somebody should look at it."""
        return cls(check, Level.WARN, found, mend)

    @classmethod
    def fail(cls, check: str, found: str, mend: str) -> Self:
        """Nobody should be served like this."""
        return cls(check, Level.FAIL, found, mend)


@dataclass(frozen=True, slots=True)
class FileFacts:
    """A file or folder. `mode` holds its permission bits, None where there is nothing."""

    path: str
    mode: int | None
    writable: bool = True


@dataclass(frozen=True, slots=True)
class KeyFacts:
    """The key ring. `fault` is why it can't be used, or empty."""

    file: FileFacts
    fault: str = ""
    epoch_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class DatabaseFacts:
    """The database. `fault` and `schema_fault` are why it can't be used, or empty.

    `settings` are the server's own, of PostgreSQL. `remote`: it is on another machine. `now` is
    the database's clock. `roles` counts who can sign in to the console. `unstaffed` are the parts
    of the opening hours to come in which nobody is on the rota, None where no hours are set.
    `backed_up_at` is when the last backup was made from here.
    """

    fault: str = ""
    schema_fault: str = ""
    file: FileFacts | None = None
    settings: Mapping[str, str] = field(default_factory=dict)
    remote: bool = False
    now: datetime | None = None
    roles: Mapping[str, int] = field(default_factory=dict)
    unstaffed: tuple[tuple[datetime, datetime], ...] | None = None
    backed_up_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """Understanding. `fault` is why there is no answer, or no model of today's files."""

    elsewhere: bool
    fault: str = ""
    trained_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TextFacts:
    """Texts and translations. `unsigned` and `void` count signatures by language."""

    fault: str = ""
    unsigned: Mapping[str, int] = field(default_factory=dict)
    void: Mapping[str, int] = field(default_factory=dict)
    machine_drafts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DirectoryFacts:
    """The local resources."""

    services: int
    faults: int
    expired: int


@dataclass(frozen=True, slots=True)
class TelegramFacts:
    """The bot's account. `differences` are of the public profile; `switched_on` are mends.

    `in_staff_chat`: whether the bot is in the staff's group; None where none is set.
    """

    fault: str = ""
    webhook: str = ""
    webhook_wanted: str = ""
    waiting: int = 0
    differences: tuple[str, ...] = ()
    switched_on: tuple[str, ...] = ()
    in_staff_chat: bool | None = None


@dataclass(frozen=True, slots=True)
class MachineFacts:
    """The computer. `synchronised` is None where it can't be told."""

    now: datetime
    swap: bool
    synchronised: bool | None
    free_bytes: int


@dataclass(frozen=True, slots=True)
class Asked:
    """The settings that the checks go by."""

    public_url: str
    demo: bool
    locales: tuple[str, ...]
    key_epoch: timedelta
    staff_chat: bool
    hide_expired: bool = False
