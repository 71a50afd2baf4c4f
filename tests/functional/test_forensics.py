"""After the purge and the epoch's end, whoever takes everything finds nothing: on both engines.

A day with canaries over Telegram and the web chat. While it is live, copies are taken as a backup
would. Then all files there are (database, write-ahead logs, ring, logs, the copies) are searched
for the canaries, and everything in them that could be a key is tried with every key that is left.
The same search with the ring of that day finds the keys, and opens a canary: so it can find.
"""

import asyncio
import base64
import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

import aiohttp
import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.ids import ConversationId
from bot.vault.envelope import KEY_BYTES, VERSION, bind, padded_length
from bot.vault.errors import SealBroken
from bot.vault.keyring import KeyRing
from bot.vault.vault import Vault, _key_place
from tests.functional.serving import Serving, serving
from tests.functional.test_story import vanished
from tests.postgres import PostgresServer
from tests.stub_telegram.control import stub_process

TEXT = "canaryzebrafinch"
NAME = "Canarynamequill"
PHONE = "+15550174711"
PLACE = "Canarytownmoor"
SAID = f"{TEXT} {NAME} {PHONE} {PLACE}"
WRAPPED = len(VERSION) + 12 + padded_length(KEY_BYTES) + 16
"""The bytes of a wrapped key."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What somebody has who takes everything: folders, and which conversations there were."""

    folders: tuple[Path, ...]
    conversations: frozenset[ConversationId]

    def contents(self) -> Iterator[tuple[str, bytes]]:
        for folder in self.folders:
            for path in sorted(folder.rglob("*")):
                if path.is_file():
                    yield path.name, path.read_bytes()

    def canaries(self, canaries: list[str]) -> list[tuple[str, str]]:
        """Which are readable where: as they are, in two encodings, in hexadecimal or base64."""
        found = []
        for name, content in self.contents():
            for canary in canaries:
                raw = canary.encode()
                shapes = (raw, canary.encode("utf-16-le"), raw.hex().encode())
                shapes += (base64.b64encode(raw).rstrip(b"=")[:-1],)
                found += [(name, canary) for shape in shapes if shape in content]
        return found

    def keys(self, ring: KeyRing) -> dict[ConversationId, bytes]:
        """Every wrapped key anywhere in the files that opens with an epoch of the ring."""
        places = [
            (c, AESGCM(epoch.key), VERSION + _key_place(c, epoch.id))
            for c in self.conversations
            for epoch in ring.epochs
        ]
        found = {}
        for content in {content for _, content in self.contents()}:
            at = content.find(VERSION)
            while at >= 0 and at + WRAPPED <= len(content):
                candidate = content[at + 1 : at + WRAPPED]
                # Zeros and ones in a row are pages and maps, never a nonce.
                if len(set(candidate[:12])) > 6:
                    for conversation, key, place in places:
                        try:
                            plain = key.decrypt(candidate[:12], candidate[12:], place)
                        except InvalidTag:
                            continue
                        found[conversation] = plain[4 : 4 + KEY_BYTES]
                at = content.find(VERSION, at + 1)
        return found


async def a_day(bot: Serving, stub: object) -> tuple[object, aiohttp.ClientSession, list[str]]:
    """Two people write; the canaries, with chat id and session among them."""
    person = await stub.person(first_name=NAME, language="en")  # type: ignore[attr-defined]
    await person.write("/start")
    await person.waits(lambda s: any(not m.mine for m in s))
    await person.write(SAID)
    await person.waits(lambda s: sum(not m.mine for m in s) >= 2)
    page = aiohttp.ClientSession(
        bot.url,
        cookie_jar=aiohttp.CookieJar(unsafe=True),
        headers={"Sec-Fetch-Site": "same-origin", "Accept-Language": "en"},
    )
    await page.get("/")
    for _ in range(2):
        body = {"id": str(uuid4()), "kind": "text", "content": SAID}
        async with page.post("/chat/messages", json=body) as answer:
            assert answer.status < 300, answer.status
    session = next(iter(page.cookie_jar)).value
    return person, page, [TEXT, NAME, PHONE, PLACE, str(person.id), session]


def conversations(folder: Path, postgres: PostgresServer | None, name: str) -> set[ConversationId]:
    """Who is known now."""
    if postgres is not None:
        ids = postgres.execute("SELECT id FROM conversations", name).split()
        return {ConversationId(UUID(each)) for each in ids}
    with closing(sqlite3.connect(folder / "data" / "sidelight.db")) as database:
        rows = database.execute("SELECT id FROM conversations").fetchall()
    return {ConversationId(UUID(each)) for (each,) in rows}


@pytest.mark.parametrize("engine", ["sqlite", "postgres"])
async def test_nothing_comes_back(
    tmp_path: Path, engine: str, request: pytest.FixtureRequest
) -> None:
    """No canary in any file, and no key that opens anything of the day."""
    bot_folder, copies = tmp_path / "bot", tmp_path / "copies"
    bot_folder.mkdir()
    postgres = name = None
    settings: dict[str, str] = {}
    if engine == "postgres":
        postgres = request.getfixturevalue("postgres_server")
        settings["BOT_DATABASE_URL"] = request.getfixturevalue("postgres_url")
        name = settings["BOT_DATABASE_URL"].rsplit("/", 1)[1]
    (tmp_path / "passphrase").write_text("six words that nobody else knows")
    async with (
        stub_process() as stub,
        serving(
            bot_folder,
            BOT_TELEGRAM_TOKEN=stub.token,
            BOT_TELEGRAM_API_URL=stub.url,
            BOT_COVER_TTL="1",
            **settings,
        ) as bot,
    ):
        await bot.command("db", "upgrade")
        await bot.start()
        person, page, canaries = await a_day(bot, stub)
        ids = conversations(bot_folder, postgres, name or "")
        assert len(ids) == 2
        shutil.copytree(bot_folder / "data", copies / "data")
        then = KeyRing.load(copies / "data" / "keyring.json")
        assert then.epochs
        shutil.move(copies / "data" / "keyring.json", tmp_path / "ring-of-that-day.json")
        if postgres is not None:
            postgres.execute("CHECKPOINT")
            shutil.copytree(postgres.data, copies / "postgres", ignore_dangling_symlinks=True)
        await bot.command(
            "backup", str(copies / "backup"), "--passphrase-file", str(tmp_path / "passphrase")
        )
        live = Taken((bot_folder, copies), frozenset(ids))
        assert live.canaries(canaries) == [], "in the clear even while it is live"

        await person.write("/clear")  # type: ignore[attr-defined]
        await person.waits(lambda s: s == [], within=20)  # type: ignore[attr-defined]
        async with page.post("/chat/exit") as answer:
            assert answer.status < 400
        await page.close()
        if postgres is None:
            await vanished(bot_folder / "data")
        else:
            await emptied(bot_folder, postgres, name or "")
        assert await bot.stop() == 0
        await bot.command("keys", "rotate")
    folders = (bot_folder, copies) if postgres is None else (bot_folder, copies, postgres.data)
    taken = Taken(folders, frozenset(ids))
    assert taken.canaries(canaries) == []

    day = KeyRing.load(tmp_path / "ring-of-that-day.json")
    found = taken.keys(day)
    assert set(found) == ids, "with the ring of that day, the search finds every key"
    assert opens_a_canary(taken, found), "and a key opens what was said"

    left = KeyRing.load(bot_folder / "data" / "keyring.json")
    assert left.index_key == day.index_key, "whoever takes everything has the master secret"
    assert not {e.id for e in left.epochs} & {e.id for e in day.epochs}
    assert taken.keys(left) == {}
    with pytest.raises(SealBroken):
        Vault(left).open_for_staff(bytes(WRAPPED), row="anything")


async def emptied(folder: Path, postgres: PostgresServer, name: str) -> None:
    """Wait until nobody is known."""
    for _ in range(80):
        if not conversations(folder, postgres, name):
            return
        await asyncio.sleep(0.5)
    raise AssertionError("somebody is still there")


def opens_a_canary(taken: Taken, keys: dict[ConversationId, bytes]) -> bool:
    """Whether a found key opens the address or the text in a copy made that day.

    A database of that day is needed to know the rows' ids: SQLite's, or for PostgreSQL the very
    bytes of an address, which is bound to its conversation alone.
    """
    for conversation, key in keys.items():
        cipher = AESGCM(key)
        parts = (str(conversation), str(conversation), "conversations.address")
        place = VERSION + bind_row(*parts)
        for _, content in taken.contents():
            at = content.find(VERSION)
            while at >= 0:
                for length in (64, 128):
                    sealed = content[at + 1 : at + 1 + 12 + length + 16]
                    try:
                        plain = cipher.decrypt(sealed[:12], sealed[12:], place)
                    except (InvalidTag, ValueError):
                        continue
                    return len(plain) == length
                at = content.find(VERSION, at + 1)
    return False


def bind_row(row: str, conversation: str, column: str) -> bytes:
    return bind("row", row, conversation, column)


def test_a_wrapped_key_has_the_length_that_is_searched_for(tmp_path: Path) -> None:
    """Else the search would find nothing for another reason."""
    vault = Vault(KeyRing.create(tmp_path / "ring.json"))
    _, wrapped = vault.new_data_key(ConversationId(uuid4()))
    assert len(wrapped.wrapped) == WRAPPED
    assert json.loads((tmp_path / "ring.json").read_text())["version"] == 1
