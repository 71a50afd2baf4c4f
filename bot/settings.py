"""Settings: the only reader of the environment. Each is described in `docs/settings.md`."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Final, Literal
from urllib.parse import quote

from pydantic import (
    BeforeValidator,
    Field,
    PrivateAttr,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.errors import ConfigurationError
from bot.ids import Locale

ROOT = Path(__file__).resolve().parent.parent
"""The checkout: `nlu/` and `responses/` stand beside `bot/`."""

LONGEST_TTL = timedelta(hours=35)
"""Telegram deletes only messages younger than 48 hours (Bot API, deleteMessage). Nothing is kept
so long that an outage of 12 hours at its deadline, and an hour to catch up, would be too much."""


def _seconds(value: object) -> object:
    """A plain number, also as text, is a count of seconds; pydantic would read text as ISO 8601."""
    if isinstance(value, str):
        try:
            return timedelta(seconds=float(value))
        except ValueError:
            raise ValueError("write a number of seconds") from None
    return value


Seconds = Annotated[timedelta, BeforeValidator(_seconds), Field(ge=timedelta(0))]
"""A delay, written as a number of seconds."""


SECRETS: Final = ("database_password", "nlu_token", "telegram_token", "telegram_webhook_secret")
"""What may stand in a file instead, named by the setting with `_FILE` at its end: where containers
and service managers lay secrets, so that no environment and no command line shows them."""

LONGEST_SECRET: Final = 4096
"""Bytes; a larger file is something else."""

LIVE = (
    "idle_lock_after",
    "capacity",
    "silence_after",
    "match_fallback_after",
    "block_ttl",
    "requests_an_hour",
)
"""What may be changed while the bot runs."""


class Settings(BaseSettings):
    """All settings, frozen but for `adjust`.

    Read from `BOT_*` and from a `.env` file in the current folder.
    """

    model_config = SettingsConfigDict(
        env_prefix="BOT_", env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True
    )

    _usual: dict[str, object] = PrivateAttr(default_factory=dict)

    data_dir: Path = Path("data")
    database_url: str = ""
    database_password: SecretStr = SecretStr("")
    database_password_file: Path | None = None
    keyring: Path = Path()
    host: str = "127.0.0.1"
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    port: int = Field(default=8080, ge=0, le=65535)
    public_url: str = ""
    trusted_proxies: str = "127.0.0.1"
    metrics_host: str = "127.0.0.1"
    metrics_port: int = Field(default=0, ge=0, le=65535)

    locales: Annotated[tuple[Locale, ...], NoDecode] = (Locale("en"),)
    responses_dir: Path = ROOT / "responses"
    responses_overlay: Path | None = None
    organization: str = ""
    country: str = Field(default="", pattern=r"^([A-Z]{2})?$")
    hide_expired: bool = False
    places_dir: Path = Path()

    nlu_dir: Path = ROOT / "nlu"
    nlu_url: str = ""
    nlu_processes: int = Field(default=1, ge=1, le=16)
    nlu_token: SecretStr = SecretStr("")
    nlu_token_file: Path | None = None
    nlu_timeout: Seconds = timedelta(milliseconds=300)
    nlu_grace: Seconds = timedelta(minutes=1)

    telegram_token: SecretStr = SecretStr("")
    telegram_token_file: Path | None = None
    telegram_api_url: str = "https://api.telegram.org/bot"
    telegram_webhook_secret: SecretStr = SecretStr("")
    telegram_webhook_secret_file: Path | None = None
    staff_chat_id: str = Field(default="", pattern=r"^(-[1-9]\d{0,15})?$")

    exit_url: str = "https://www.wikipedia.org/"
    demo: bool = False

    quiet_after: Seconds = timedelta(minutes=5)
    lock_after: Seconds = timedelta(minutes=15)
    message_ttl: Seconds = timedelta(hours=1)
    cover_ttl: Seconds = timedelta(minutes=2)
    checkin_remind_after: Annotated[tuple[timedelta, ...], NoDecode] = (
        timedelta(minutes=5),
        timedelta(minutes=15),
    )
    checkin_escalate_after: Seconds = timedelta(minutes=30)
    contact_answer_after: Seconds = timedelta(minutes=10)
    claim_ttl: Seconds = timedelta(seconds=90)
    silence_after: Seconds = timedelta(minutes=3)
    offer_ttl: Seconds = timedelta(seconds=30)
    alert_after: Annotated[Seconds, Field(ge=timedelta(seconds=1))] = timedelta(minutes=5)
    match_fallback_after: Seconds = timedelta(minutes=5)
    urgent_ahead: Seconds = timedelta(hours=2)
    capacity: int = Field(default=3, ge=1, le=50)
    block_ttl: Seconds = timedelta(hours=24)
    place_every: Seconds = timedelta(minutes=2)
    requests_an_hour: int = Field(default=6, ge=1)
    hours_file: Path | None = None
    key_epoch: Seconds = timedelta(hours=6)
    session_ttl: Seconds = timedelta(hours=12)
    idle_lock_after: Seconds = timedelta(minutes=10)

    @field_validator("locales", mode="before")
    @classmethod
    def _split_locales(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("checkin_remind_after", mode="before")
    @classmethod
    def _split_delays(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(_seconds(part) for part in value.split(",") if part.strip())
        return value

    @field_validator("locales")
    @classmethod
    def _some_locale(cls, value: tuple[Locale, ...]) -> tuple[Locale, ...]:
        if not value:
            raise ValueError("name at least one language, such as en")
        return value

    @model_validator(mode="after")
    def _fill(self) -> "Settings":
        if self.message_ttl > LONGEST_TTL:
            raise ValueError(
                f"BOT_MESSAGE_TTL must be at most {int(LONGEST_TTL.total_seconds())} seconds:"
                " Telegram deletes nothing older than 48 hours, and an outage may take 12 of them"
            )
        for name in SECRETS:
            if (path := getattr(self, f"{name}_file")) is not None:
                object.__setattr__(self, name, _secret_in(path, name, getattr(self, name)))
        data = self.data_dir.expanduser().absolute()
        object.__setattr__(self, "data_dir", data)
        if not self.database_url:
            object.__setattr__(self, "database_url", f"sqlite+aiosqlite:///{data / 'sidelight.db'}")
        if password := self.database_password.get_secret_value():
            object.__setattr__(self, "database_url", _with_password(self.database_url, password))
        if self.keyring == Path():
            object.__setattr__(self, "keyring", data / "keyring.json")
        if self.places_dir == Path():
            object.__setattr__(self, "places_dir", data / "places")
        if not self.public_url:
            object.__setattr__(self, "public_url", f"http://{self.host}:{self.port}")
        return self

    def adjust(self, changes: Mapping[str, object]) -> None:
        """Take on what an admin changed while the bot runs; all else is as it was loaded.

        Only names in `LIVE`, whose values are looked up anew for each use.
        """
        for name in LIVE:
            usual = self._usual.setdefault(name, getattr(self, name))
            object.__setattr__(self, name, changes.get(name, usual))

    def usual(self, name: str) -> object:
        """The value of a setting in `LIVE` as it was loaded."""
        return self._usual.get(name, getattr(self, name))

    @property
    def secure(self) -> bool:
        """Whether people reach the pages over TLS."""
        return self.public_url.startswith("https://")


def _secret_in(path: Path, name: str, given: SecretStr) -> SecretStr:
    """What stands in the file, without the end of its line."""
    setting = f"BOT_{name.upper()}"
    if given.get_secret_value():
        raise ValueError(f"set {setting} or {setting}_FILE, not both")
    try:
        with path.open("rb") as file:
            content = file.read(LONGEST_SECRET + 1)
        if len(content) > LONGEST_SECRET:
            raise ValueError
        return SecretStr(content.decode().strip())
    except OSError as error:
        raise ValueError(f"{setting}_FILE cannot be read ({error.strerror})") from None
    except ValueError:
        raise ValueError(f"{setting}_FILE holds something else than a secret") from None


def _with_password(url: str, password: str) -> str:
    scheme, parted, rest = url.partition("://")
    user, at, where = rest.partition("@")
    if not (parted and user and at) or ":" in user:
        raise ValueError(
            "BOT_DATABASE_PASSWORD belongs to a BOT_DATABASE_URL with a user and no password,"
            " like postgresql+asyncpg://sidelight@127.0.0.1/sidelight"
        )
    return f"{scheme}://{user}:{quote(password, safe='')}@{where}"


def load_settings(**overrides: object) -> Settings:
    """The settings of this process.

    Raises ConfigurationError naming each wrong setting; never a value, which may be a secret.
    """
    try:
        return Settings(**overrides)  # type: ignore[arg-type]
    except ValidationError as error:
        faults = []
        for fault in error.errors(include_input=False, include_url=False, include_context=False):
            name = "BOT_" + "_".join(str(part) for part in fault["loc"]).upper()
            message = fault["msg"].removeprefix("Value error, ")
            faults.append(f"{name}: {message}" if fault["loc"] else message)
        raise ConfigurationError("wrong setting: " + "; ".join(faults)) from None
