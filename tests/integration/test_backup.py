"""`sidelight backup` and `restore`: staff and check-ins come back, and nobody who left does."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from bot.checkins.models import LIVE, Phase
from bot.cli.backup import backup, restore
from bot.errors import ConfigurationError
from bot.staff.permissions import Role
from bot.storage.backups import STATE_KEPT, collect
from bot.storage.staff import advocates
from bot.storage.tables import checkins, conversations, messages, timers
from tests.integration.test_contact import MISSED, later, paired
from tests.integration.town import Town, town

PASSPHRASE = "six words that nobody else knows"


class Office:
    """Where the commands are run: one data folder, one database."""

    def __init__(self, folder: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self.url, self._patch = folder, database_url, monkeypatch
        self.secret = folder / "passphrase"
        self.secret.write_text(PASSPHRASE)

    def run(self, command: object, *arguments: object) -> Result:
        self._patch.setenv("BOT_DATA_DIR", str(self.folder))
        self._patch.setenv("BOT_DATABASE_URL", self.url)
        words = [str(each) for each in (*arguments, "--passphrase-file", self.secret)]
        return CliRunner().invoke(command, words)  # type: ignore[arg-type]


async def in_thread(office: Office, command: object, *arguments: object) -> Result:
    """The commands have an event loop of their own."""
    done = await asyncio.to_thread(office.run, command, *arguments)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


async def someone_with_a_checkin(t: Town, name: str) -> None:
    """A person who set a check-in, and wrote other things too."""
    phone = t.channel.phone(f"address-{name}")
    await t.write(phone, "hello")
    await t.write(phone, "check on me in two hours")
    for _ in range(6):
        try:
            at = next(
                b.id
                for row in phone.screen()[-1].buttons
                for b in row
                if b.id.startswith("checkin:")
                and not b.id.endswith((":no", ":cancel", ":change", ":back"))
            )
        except (StopIteration, IndexError):
            break
        await t.press(phone, at)


async def table(t: Town, which: object) -> list[object]:
    async with t.sidelight.database.reading() as unit:
        return list(await unit.connection.execute(select(which)))  # type: ignore[call-overload]


async def test_staff_and_checkins_come_back_and_words_do_not(
    tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch, sqlite_url: str
) -> None:
    """A new database beside the old ring has accounts, check-ins and their timers: no message."""
    office = Office(tmp_path, database_url, monkeypatch)
    async with town(tmp_path, database_url) as t:
        await t.sidelight.staff.add_with_secrets("Ada", Role.ADVOCATE, [])
        await someone_with_a_checkin(t, "one")
        planned = await table(t, checkins)
        assert len(planned) == 1
        await in_thread(office, backup, tmp_path / "b")
    other = f"sqlite+aiosqlite:///{tmp_path / 'new' / 'other.db'}"
    anew = Office(tmp_path, other, monkeypatch)
    done = await in_thread(anew, restore, tmp_path / "b")
    assert "1 accounts and 1 check-ins are back" in done.output
    async with town(tmp_path, other) as t:
        assert len(await table(t, advocates)) == 1
        assert [row.due_at for row in await table(t, checkins)] == [row.due_at for row in planned]
        assert {row.kind for row in await table(t, timers)} >= {"checkin_due", "checkin_escalate"}
        assert await table(t, messages) == []
        t.channel.phone("address-one")
        await t.advance(minutes=125)
        assert t.channel.phone("address-one").screen(), "it is asked"


async def test_a_checkin_of_which_a_contact_was_told_comes_back_and_is_told_to_the_advocates(
    tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pairings are in no backup: nobody waits for an answer that can't come any more."""
    office = Office(tmp_path, sqlite_url, monkeypatch)
    async with town(tmp_path, sqlite_url, lock_after=timedelta(0)) as t:
        await paired(t)
        await later(t, *MISSED)
        [told] = await table(t, checkins)
        assert told.phase == Phase.CONTACTED  # type: ignore[attr-defined]
        await in_thread(office, backup, tmp_path / "b")
    other = f"sqlite+aiosqlite:///{tmp_path / 'new' / 'other.db'}"
    done = await in_thread(Office(tmp_path, other, monkeypatch), restore, tmp_path / "b")
    assert "1 check-ins are back" in done.output
    async with town(tmp_path, other) as t:
        t.clock.advance(timedelta(minutes=200))
        await t.settle()
        await t.settle()
        [alert] = await t.sidelight.advocacy.alerts()
        assert alert.reason == "contact_lost"
        [back] = await table(t, checkins)
        assert back.phase == Phase.ESCALATED  # type: ignore[attr-defined]


async def test_nothing_that_was_said_is_in_a_backup(tmp_path: Path, sqlite_url: str) -> None:
    """Opened, it holds no word, no topic and no place of whoever set a check-in."""
    async with town(tmp_path, sqlite_url) as t:
        phone = t.channel.phone("address-one")
        await t.write(phone, "where can i sleep")
        await someone_with_a_checkin(t, "one")
        handoff, advocate = await t.request_advocate(phone), t.advocate()
        await t.sidelight.advocacy.claim(handoff, advocate)
        await t.settle()
        await t.write(phone, "my name is canaryzebrafinch")
        await t.say(handoff, advocate, "hello canaryzebrafinch")
        assert await table(t, messages)
        payload = await collect(t.sidelight.database, t.sidelight.vault)
    assert len(payload["checkins"]) == 1
    [person] = payload["people"]
    assert set(person["state"]) == set(STATE_KEPT)
    said = json.dumps(payload, default=str)
    for telling in ("canaryzebrafinch", "ask_shelter", "where can i sleep", "talk_to_human"):
        assert telling not in said


async def test_who_left_since_is_not_brought_back(
    tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The backup still holds the check-in; what lies beside the ring says that it is over."""
    office = Office(tmp_path, sqlite_url, monkeypatch)
    async with town(tmp_path, sqlite_url) as t:
        await someone_with_a_checkin(t, "leaves")
        await someone_with_a_checkin(t, "stays")
        await in_thread(office, backup, tmp_path / "b")
        async with t.sidelight.database.writing() as unit:
            (left, _), _ = await unit.conversations.awaited(None, 10)
            assert await unit.checkins.move(left, LIVE, Phase.CANCELLED)
        await t.sidelight.keeper.strike_out()
        async with t.sidelight.database.reading() as unit:
            awaited, _ = await unit.conversations.awaited(None, 10)
            assert len(awaited) == 1
    other = f"sqlite+aiosqlite:///{tmp_path / 'new' / 'other.db'}"
    done = await in_thread(Office(tmp_path, other, monkeypatch), restore, tmp_path / "b")
    assert "1 check-ins are back" in done.output
    assert "1 check-ins are not" in done.output


async def test_without_the_file_beside_the_ring_nobody_is_brought_back(
    tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Unless told to: then what can't be proven is taken for wanted."""
    office = Office(tmp_path, sqlite_url, monkeypatch)
    async with town(tmp_path, sqlite_url) as t:
        await someone_with_a_checkin(t, "one")
        await in_thread(office, backup, tmp_path / "b")
    (tmp_path / "keyring.json.backed-up").unlink()
    other = f"sqlite+aiosqlite:///{tmp_path / 'new' / 'other.db'}"
    anew = Office(tmp_path, other, monkeypatch)
    assert "0 check-ins are back" in (await in_thread(anew, restore, tmp_path / "b")).output
    done = await in_thread(anew, restore, tmp_path / "b", "--unproven")
    assert "1 check-ins are back" in done.output


async def test_an_installation_in_use_is_not_restored_into(
    tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Unless told to, and then nothing that is there is touched."""
    office = Office(tmp_path, sqlite_url, monkeypatch)
    async with town(tmp_path, sqlite_url) as t:
        await someone_with_a_checkin(t, "one")
        await in_thread(office, backup, tmp_path / "b")
        before = await table(t, conversations)
        with pytest.raises(ConfigurationError, match="--force"):
            await in_thread(office, restore, tmp_path / "b")
        await in_thread(office, restore, tmp_path / "b", "--force")
        assert await table(t, conversations) == before


async def test_a_backup_never_overwrites_and_a_damaged_one_changes_nothing(
    tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whole or not at all, in both directions."""
    office = Office(tmp_path, sqlite_url, monkeypatch)
    async with town(tmp_path, sqlite_url) as t:
        await t.sidelight.staff.add_with_secrets("Ada", Role.ADVOCATE, [])
        await in_thread(office, backup, tmp_path / "b")
        with pytest.raises(ConfigurationError, match="exists already"):
            await in_thread(office, backup, tmp_path / "b")
    content = (tmp_path / "b").read_bytes()
    assert (tmp_path / "b").stat().st_mode & 0o077 == 0
    assert b"Ada" not in content
    (tmp_path / "b").write_bytes(content[:-1])
    other = f"sqlite+aiosqlite:///{tmp_path / 'new' / 'other.db'}"
    with pytest.raises(ConfigurationError, match="damaged"):
        await in_thread(Office(tmp_path, other, monkeypatch), restore, tmp_path / "b")
    async with town(tmp_path, other) as t:
        assert await table(t, advocates) == []
