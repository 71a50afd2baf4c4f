"""Settings: secrets in files, as containers and service managers lay them."""

from pathlib import Path

import pytest

from bot.errors import ConfigurationError
from bot.settings import SECRETS, load_settings

WORD = "canary-avocet"


@pytest.fixture(autouse=True)
def _nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No `.env` and no setting of the machine counts."""
    monkeypatch.chdir(tmp_path)
    for name in SECRETS:
        monkeypatch.delenv(f"BOT_{name.upper()}", raising=False)
        monkeypatch.delenv(f"BOT_{name.upper()}_FILE", raising=False)


def laid(folder: Path, content: bytes = WORD.encode() + b"\n") -> str:
    """A file with a secret."""
    (folder / "secret").write_bytes(content)
    return str(folder / "secret")


@pytest.mark.parametrize("name", [name for name in SECRETS if name != "database_password"])
def test_a_secret_may_stand_in_a_file(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file's content counts, without the end of its line, and is not shown."""
    monkeypatch.setenv(f"BOT_{name.upper()}_FILE", laid(tmp_path))
    settings = load_settings()
    assert getattr(settings, name).get_secret_value() == WORD
    assert WORD not in repr(settings)


def test_an_empty_file_is_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a token Telegram is not served, whether the file is there or not."""
    monkeypatch.setenv("BOT_TELEGRAM_TOKEN_FILE", laid(tmp_path, b"\n"))
    assert load_settings().telegram_token.get_secret_value() == ""


@pytest.mark.parametrize(
    ("content", "reason"),
    [(None, "cannot be read"), (b"x" * 5000, "something else"), (b"\xff\xfe", "something else")],
)
def test_a_wrong_file_is_named(
    content: bytes | None, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By its setting, not by what is in it."""
    path = str(tmp_path / "nothing") if content is None else laid(tmp_path, content)
    monkeypatch.setenv("BOT_TELEGRAM_TOKEN_FILE", path)
    with pytest.raises(ConfigurationError, match=f"BOT_TELEGRAM_TOKEN_FILE .*{reason}") as error:
        load_settings()
    assert "xxx" not in str(error.value)


def test_both_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody would know which of them counts; neither value is told."""
    monkeypatch.setenv("BOT_NLU_TOKEN", "canary-bittern")
    monkeypatch.setenv("BOT_NLU_TOKEN_FILE", laid(tmp_path))
    with pytest.raises(ConfigurationError, match="not both") as error:
        load_settings()
    assert "canary" not in str(error.value)


def test_the_databases_password(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is put into the address, whatever signs it has; the settings do not show the file's."""
    monkeypatch.setenv("BOT_DATABASE_URL", "postgresql+asyncpg://sidelight@/s?host=/run/postgresql")
    monkeypatch.setenv("BOT_DATABASE_PASSWORD_FILE", laid(tmp_path, b"a/b@c:d%\n"))
    wanted = "postgresql+asyncpg://sidelight:a%2Fb%40c%3Ad%25@/s?host=/run/postgresql"
    assert load_settings().database_url == wanted


@pytest.mark.parametrize(
    "url", ["", "postgresql+asyncpg://host/name", "postgresql+asyncpg://user:word@host/name"]
)
def test_a_password_without_its_place(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """An address that has no place for it, or has one already, is refused."""
    monkeypatch.setenv("BOT_DATABASE_URL", url)
    monkeypatch.setenv("BOT_DATABASE_PASSWORD", WORD)
    with pytest.raises(ConfigurationError, match="BOT_DATABASE_PASSWORD") as error:
        load_settings()
    assert WORD not in str(error.value)
