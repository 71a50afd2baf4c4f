"""Looks at this installation for `sidelight doctor`. Changes nothing."""

import asyncio
import os
import shutil
import stat
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import text

from bot.bootstrap import load_catalogue
from bot.channels.telegram import TelegramApi
from bot.channels.telegram.profile import differences, switched_on, wanted
from bot.channels.telegram.webhook import PATH
from bot.content.signing import open_desk
from bot.content.source import SOURCE_LOCALE
from bot.conversation.interfaces import NluUnavailable
from bot.dialogue.intents import Intent
from bot.directory.checks import check as check_directory
from bot.directory.checks import expired
from bot.directory.place_building import stamp
from bot.directory.reading import read_directory
from bot.doctor.checks import OTHERS
from bot.doctor.models import (
    DatabaseFacts,
    DirectoryFacts,
    FileFacts,
    KeyFacts,
    MachineFacts,
    ModelFacts,
    TelegramFacts,
    TextFacts,
)
from bot.doctor.rota import AHEAD, unstaffed
from bot.doctor.services import QUIET, SAFE
from bot.errors import BotError, ConfigurationError
from bot.handoff.hours import Hours
from bot.ids import Locale
from bot.rasa.child import nlu_environment, nlu_python
from bot.rasa.client import RasaNluClient
from bot.settings import Settings
from bot.staff.rota import Shift, Span
from bot.storage import schema
from bot.storage.database import SqlDatabase
from bot.vault.keyring import KeyRing
from bot.vault.ledger import backed_up

_ASKED = (*SAFE, *QUIET, "archive_mode", "server_encoding", "ssl")
_LOCAL = (None, "", "localhost", "127.0.0.1", "::1")


class SystemProbes:
    """`Probes` of the machine that this runs on, as `settings` describe it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    async def files(self) -> list[FileFacts]:
        """The data folder, and the `.env` file where there is one."""
        return [_file(self._settings.data_dir), *_dotenv()]

    async def keys(self) -> KeyFacts:
        """The key ring at BOT_KEYRING."""
        path = self._settings.keyring
        try:
            ring = KeyRing.load(path)
            return KeyFacts(_file(path), epoch_since=ring.current.created_at)
        except ConfigurationError as error:
            return KeyFacts(_file(path), str(error))

    async def database(self) -> DatabaseFacts:
        """The database at BOT_DATABASE_URL. An SQLite file that is not there is not made."""
        database = SqlDatabase(self._settings.database_url)
        file = Path(database.url.database or "") if database.is_sqlite else None
        if file is not None and not file.exists():
            return DatabaseFacts(schema_fault="there is no database yet")
        try:
            await database.ping()
            try:
                await schema.check(database)
            except ConfigurationError as error:
                return DatabaseFacts(schema_fault=str(error), file=_exposed(file))
            async with database.reading() as unit:
                accounts = await unit.advocates.all()
                today = datetime.now(UTC)
                shifts = await unit.shifts.between(today, today + AHEAD)
                asked: dict[str, str] = {}
                now = datetime.now(UTC)
                if not database.is_sqlite:
                    connection = unit.connection
                    for name in _ASKED:
                        shown = await connection.execute(text(f"SHOW {name}"))
                        asked[name] = str(shown.scalar_one())
                    now = (await connection.execute(text("SELECT clock_timestamp()"))).scalar_one()
        except BotError as error:
            return DatabaseFacts(fault=f"it does not answer ({type(error).__name__})")
        finally:
            await database.close()
        return DatabaseFacts(
            file=_exposed(file),
            settings=asked,
            remote=not database.is_sqlite and database.url.host not in _LOCAL,
            now=now,
            roles=Counter(str(one.role) for one in accounts if one.can_sign_in),
            unstaffed=self._unstaffed(shifts, today),
            backed_up_at=_made_at(backed_up(self._settings.keyring)),
        )

    def _unstaffed(self, shifts: Sequence[Shift], now: datetime) -> tuple[Span, ...] | None:
        hours, locales = Hours.load(self._settings.hours_file), self._settings.locales
        if all(hours.is_open(locale, now) is None for locale in locales):
            return None

        def is_open(at: datetime) -> bool:
            return any(hours.is_open(locale, at) for locale in locales)

        return unstaffed(is_open, shifts, now)

    async def model(self) -> ModelFacts:
        """A question to BOT_NLU_URL, or the model that `serve` would start."""
        settings = self._settings
        if settings.nlu_url:
            client = RasaNluClient(settings.nlu_url, token=settings.nlu_token.get_secret_value())
            try:
                await client.parse("hello", Locale("en"))
                return ModelFacts(elsewhere=True)
            except NluUnavailable:
                return ModelFacts(elsewhere=True, fault="the server at BOT_NLU_URL does not answer")
            finally:
                await client.close()
        try:
            python = nlu_python(settings.nlu_dir)
        except ConfigurationError as error:
            return ModelFacts(elsewhere=False, fault=str(error))
        process = await asyncio.create_subprocess_exec(
            python,
            str(settings.nlu_dir / "train.py"),
            "--print-path",
            stdin=DEVNULL,
            stdout=PIPE,
            stderr=DEVNULL,
            env=nlu_environment(),
        )
        said, _ = await process.communicate()
        path = Path(said.decode().strip())
        if process.returncode or not path.name:
            return ModelFacts(elsewhere=False, fault="the files of the model cannot be read")
        return ModelFacts(elsewhere=False, trained_at=_made_at(path))

    async def texts(self) -> TextFacts:
        """All texts in BOT_LOCALES, and their signatures."""
        settings = self._settings
        try:
            catalogue = load_catalogue(settings)
        except ConfigurationError as error:
            return TextFacts(str(error))
        void = {
            locale: sum(
                desk.reviews.void(unit, desk.translation) is not None
                for unit in desk.units.values()
            )
            for locale in settings.locales
            if locale != SOURCE_LOCALE
            for desk in [open_desk(settings.responses_dir, locale, settings.responses_overlay)]
        }
        unsigned = {locale: n - void.get(locale, 0) for locale, n in catalogue.drafts.items()}
        return TextFacts(
            unsigned={locale: count for locale, count in unsigned.items() if count},
            void={locale: count for locale, count in void.items() if count},
            machine_drafts=tuple(
                locale for locale, how in catalogue.reviews.items() if how == "machine-draft"
            ),
        )

    async def directory(self) -> DirectoryFacts:
        """`responses/directory/` and the overlay's."""
        overlay = self._settings.responses_overlay
        own = overlay / "directory" if overlay else None
        folder, today = self._settings.responses_dir / "directory", datetime.now(UTC).date()
        kept, _ = read_directory(folder, own)
        return DirectoryFacts(
            services=len(kept.services),
            faults=len(check_directory(folder, today, frozenset(Intent), overlay=own)),
            expired=len(expired(folder, today, overlay=own)),
        )

    async def places(self) -> bool:
        """Whether the index is in BOT_PLACES_DIR."""
        return (self._settings.places_dir / stamp()).exists()

    async def telegram(self) -> TelegramFacts | None:
        """The bot of BOT_TELEGRAM_TOKEN."""
        settings = self._settings
        token = settings.telegram_token.get_secret_value()
        if not token:
            return None
        hooked = bool(settings.telegram_webhook_secret.get_secret_value())
        api = TelegramApi(token, settings.telegram_api_url)
        await api.start()
        try:
            await api.verify()
            webhook, waiting = await api.webhook()
            chat = settings.staff_chat_id
            profiles = wanted(load_catalogue(settings), settings.locales)
            return TelegramFacts(
                webhook=webhook,
                webhook_wanted=settings.public_url.rstrip("/") + PATH if hooked else "",
                waiting=waiting,
                differences=tuple(str(one) for one in await differences(api, profiles)),
                switched_on=tuple(switched_on(await api.switches())),
                in_staff_chat=await api.is_in_group(int(chat)) if chat else None,
            )
        except ConfigurationError as error:
            return TelegramFacts(str(error))
        except BotError as error:
            return TelegramFacts(f"Telegram does not answer ({type(error).__name__})")
        finally:
            await api.close()

    async def machine(self) -> MachineFacts:
        """What Linux tells; elsewhere what there is."""
        folder = next(p for p in (self._settings.data_dir, Path.cwd(), Path("/")) if p.exists())
        return MachineFacts(
            now=datetime.now(UTC),
            swap=_swap(),
            synchronised=_synchronised(),
            free_bytes=shutil.disk_usage(folder).free,
        )


def _file(path: Path) -> FileFacts:
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
    except FileNotFoundError:
        return FileFacts(str(path), None)
    return FileFacts(str(path), mode, os.access(path, os.W_OK))


def _exposed(path: Path | None) -> FileFacts | None:
    """A file in a folder that others may enter; in a closed one its own mode does not matter."""
    if path is None or not stat.S_IMODE(path.absolute().parent.stat().st_mode) & OTHERS:
        return None
    return _file(path)


def _dotenv() -> list[FileFacts]:
    path = Path(".env").absolute()
    return [_file(path)] if path.exists() else []


def _made_at(path: Path) -> datetime | None:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC) if path.exists() else None


def _swap() -> bool:
    """Whether the kernel lists any; its first line is a heading."""
    listed = Path("/proc/swaps")
    return listed.exists() and len(listed.read_text().splitlines()) > 1


def _synchronised() -> bool | None:
    """Whether systemd-timesyncd set the clock; None on machines that do not have it."""
    if sys.platform != "linux" or not Path("/run/systemd/timesync").exists():
        return None
    return Path("/run/systemd/timesync/synchronized").exists()
