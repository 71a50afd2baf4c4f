"""What people write is in no log at DEBUG, in no address and in no list of processes."""

import asyncio
import re
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from uuid import uuid4

import aiohttp

from tests.functional.serving import Serving, serving
from tests.stub_telegram.control import stub_process

CANARY = "canaryzebrafinch"
SECRET = "canary_secret_of_the_webhook_42"


@asynccontextmanager
async def _silent_model(path: Path) -> AsyncIterator[str]:
    """A model that takes every question and never answers."""
    calls: set[asyncio.StreamWriter] = set()

    async def hold(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        calls.add(writer)

    server = await asyncio.start_unix_server(hold, str(path))
    try:
        yield f"unix://{path}"
    finally:
        for writer in calls:
            writer.close()
        server.close()


async def _everything(bot: Serving, page: aiohttp.ClientSession) -> list[int]:
    """Good, bad and impossible requests with the canary at every place of theirs."""
    text = {"id": str(uuid4()), "kind": "text", "content": f"{CANARY} where can i sleep"}
    long = {**text, "id": str(uuid4()), "content": CANARY * 2000}
    odd = {**text, "id": CANARY, "kind": CANARY}
    console = f"{bot.url}/api/v1/session"
    answers: list[int] = []
    for method, url, body in (
        ("GET", f"/?q={CANARY}", None),
        ("GET", f"/{CANARY}", None),
        ("POST", "/chat/messages", text),
        ("POST", "/chat/messages", long),
        ("POST", "/chat/messages", odd),
        ("POST", "/chat/messages", [CANARY]),
        ("POST", "/telegram/webhook", {"message": CANARY}),
        ("POST", console, {"name": CANARY, "password": CANARY, "totp": "123456"}),
        ("POST", console, {"name": [CANARY], "totp": CANARY}),
        ("GET", f"/api/v1/handoffs?state={CANARY}", None),
    ):
        headers = {"X-Word": CANARY, "X-Telegram-Bot-Api-Secret-Token": SECRET}
        async with page.request(method, url, json=body, headers=headers) as answer:
            answers.append(answer.status)
    return answers


async def _with_a_broken_table(bot: Serving, page: aiohttp.ClientSession) -> int:
    """A message while the table that takes it is not there."""
    file = bot.folder / "data" / "sidelight.db"
    with closing(sqlite3.connect(file, timeout=20, isolation_level=None)) as database:
        database.execute("ALTER TABLE inbox RENAME TO away")
        body = {"id": str(uuid4()), "kind": "text", "content": CANARY}
        async with page.post("/chat/messages", json=body) as answer:
            status = answer.status
        database.execute("ALTER TABLE away RENAME TO inbox")
    return status


async def test_no_word_is_in_a_log_at_debug(tmp_path: Path) -> None:
    """Through the web chat, the webhook, the console, the model's silence and a broken table."""
    async with stub_process() as stub, _silent_model(tmp_path / "nlu.sock") as model:
        settings = {
            "BOT_LOG_LEVEL": "DEBUG",
            "BOT_NLU_URL": model,
            "BOT_TELEGRAM_TOKEN": stub.token,
            "BOT_TELEGRAM_API_URL": stub.url,
        }
        async with serving(tmp_path, **settings) as bot:
            await bot.start()
            person = await stub.person(first_name=CANARY, language="en")
            await person.write(f"{CANARY} where can i sleep")
            await person.waits(lambda seen: any(not one.mine for one in seen))
            async with aiohttp.ClientSession(
                bot.url,
                cookie_jar=aiohttp.CookieJar(unsafe=True),
                headers={"Sec-Fetch-Site": "same-origin", "Accept-Language": "en"},
            ) as page:
                answers = await _everything(bot, page)
                session = next(iter(page.cookie_jar)).value
                assert await _with_a_broken_table(bot, page) == 503
            listed = (Path("/proc") / str(bot.pid) / "cmdline").read_bytes()
            await bot.stop()
    log = bot.log.read_text()
    assert answers[2] == 204
    assert {400, 404, 422} & set(answers)
    assert "the model did not answer" in log
    assert "error=DatabaseUnavailable" in log
    assert re.search("level=debug .*a library reported something", log), "not at DEBUG"
    for secret in (CANARY, SECRET, str(person.id), stub.token, session):
        assert secret not in log
        assert secret.encode() not in listed
