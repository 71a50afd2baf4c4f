"""The webhook, served by uvicorn and called by the stub Bot API server."""

import asyncio
import io
import json
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import aiohttp
import pytest
import uvicorn
from starlette.applications import Starlette

from bot.channels.telegram import WebhookSecret, register_webhook, webhook_route
from bot.channels.telegram.webhook import MAX_BODY, PATH
from bot.errors import ConfigurationError
from tests.integration.telegram_parts import Line, line
from tests.stub_telegram import cut_before, refused, until

HEADER = "X-Telegram-Bot-Api-Secret-Token"


@dataclass
class Served:
    """A line whose webhook is served."""

    tg: Line
    url: str
    secret: str

    async def post(self, body: bytes, secret: str | None = None) -> tuple[int, bytes]:
        headers = {HEADER: self.secret if secret is None else secret}
        async with (
            aiohttp.ClientSession() as session,
            session.post(self.url, data=body, headers=headers) as response,
        ):
            return response.status, await response.read()


@pytest.fixture
async def served() -> AsyncIterator[Served]:
    secret = secrets.token_urlsafe(24)
    async with line() as tg:
        app = Starlette(routes=[webhook_route(tg.receiver, WebhookSecret(secret))])
        config = uvicorn.Config(app, host="127.0.0.1", port=0, log_config=None)
        server = uvicorn.Server(config)
        task = asyncio.create_task(server.serve())
        await until(lambda: bool(server.started))
        port = server.servers[0].sockets[0].getsockname()[1]
        yield Served(tg, f"http://127.0.0.1:{port}{PATH}", secret)
        await tg.stub.webhook.stop()
        server.should_exit = True
        await task


async def test_updates_arrive_in_order(served: Served) -> None:
    """What people write comes by the webhook, in order, each update once."""
    await served.tg.api.use_webhook(served.url, served.secret)
    served.tg.stub.duplicates = 2
    person = served.tg.stub.person()
    for text in ("one", "two", "three"):
        person.write(text)
    assert await served.tg.intake.has(3) == ["one", "two", "three"]


async def test_whoever_writes_without_end_is_asked_to_wait(served: Served) -> None:
    """Telegram keeps what comes too fast, and delivers it later; others are not concerned."""

    def body(number: int, chat: int = 7) -> bytes:
        message = {"message_id": number, "date": 1, "chat": {"id": chat, "type": "private"}}
        return json.dumps({"update_id": number, "message": {**message, "text": "x"}}).encode()

    answers = [(await served.post(body(number)))[0] for number in range(1, 25)]
    assert answers[:20] == [200] * 20
    assert answers[-1] == 429
    assert (await served.post(body(99, chat=8)))[0] == 200
    assert len(served.tg.intake.accepted) == answers.count(200) + 1


async def test_registration_goes_on_until_telegram_hears(served: Served) -> None:
    """Limits and failures delay the registration; afterwards updates come with the secret."""
    tg = served.tg
    tg.stub.script("setWebhook", refused(500), cut_before(), refused(401))
    soon = timedelta(milliseconds=1)
    address = served.url.removesuffix(PATH) + "/"
    await register_webhook(tg.api, address, WebhookSecret(served.secret), pause=soon)
    tg.stub.person().write("hola")
    assert await tg.intake.has(1) == ["hola"]
    assert tg.stub.counts["setWebhook"] == 4


async def test_an_address_that_telegram_refuses_is_a_clear_error(served: Served) -> None:
    """A public address without https names the setting, and the secret stays out of the words."""
    with pytest.raises(ConfigurationError, match="BOT_PUBLIC_URL") as caught:
        await register_webhook(
            served.tg.api, "http://helpline.example", WebhookSecret(served.secret)
        )
    assert served.secret not in str(caught.value)
    assert caught.value.__context__ is None


async def test_an_update_is_taken_only_when_it_is_stored(served: Served) -> None:
    """While storage fails Telegram is told 503, and delivers again until it is stored."""
    tg = served.tg
    tg.intake.fails = lambda _: tg.intake.tries <= 2
    await tg.api.use_webhook(served.url, served.secret)
    tg.stub.person().write("hola")
    assert await tg.intake.has(1) == ["hola"]
    await until(lambda: len(tg.stub.webhook.answers) >= 3)
    assert tg.stub.webhook.answers == [503, 503, 200]


@pytest.mark.parametrize("change", [lambda s: "", lambda s: s[:-1], lambda s: s + "x", str.upper])
async def test_who_does_not_know_the_secret_is_refused(served: Served, change: object) -> None:
    """A call without the exact secret stores nothing and learns nothing."""
    assert callable(change)
    update = {"update_id": 1, "message": {"text": "x"}}
    status, answer = await served.post(json.dumps(update).encode(), change(served.secret))
    assert (status, answer) == (403, b"")
    assert served.tg.intake.tries == 0


@pytest.mark.parametrize(
    "body", [b"", b"{", b"canary-text", b"\xff\xfe", b"[" * 200_000, b'{"a": ' + b"9" * 9999 + b"}"]
)
async def test_what_is_not_json_is_refused_without_an_echo(served: Served, body: bytes) -> None:
    """Bad JSON is answered 400 with an empty body."""
    assert await served.post(body) == (400, b"")


async def test_json_that_says_nothing_is_taken_and_dropped(served: Served) -> None:
    """Telegram would repeat for ever what is refused, so nonsense is acknowledged."""
    worthless: list[object] = [None, [], 5, "x", {}, {"update_id": 5}, {"update_id": 5, "poll": 1}]
    for raw in worthless:
        assert await served.post(json.dumps(raw).encode()) == (200, b"")
    assert served.tg.intake.tries == 0


async def test_a_huge_body_is_refused(served: Served) -> None:
    """More than 1 MB is not read, the limit itself is."""
    assert (await served.post(b" " * (MAX_BODY + 1)))[0] == 413
    padding = b" " * (MAX_BODY - 16)
    assert (await served.post(b'{"update_id": 5}' + padding))[0] == 200


async def test_nothing_of_an_update_gets_into_the_log(served: Served, told: io.StringIO) -> None:
    """Good, bad, huge and unstorable updates leave no word, and no secret, in any log."""
    person = served.tg.stub.person("canary-name")
    await served.tg.api.use_webhook(served.url, served.secret)
    served.tg.intake.fails = lambda _: served.tg.intake.tries == 1
    person.write("canary-text")
    await served.tg.intake.has(1)
    await served.post(b'{"update_id": 1, "message": "canary-text"')
    await served.post(b'{"canary-text": 1}')
    await served.post(b"canary-text", "canary-secret")
    log = told.getvalue()
    assert 'event="an update could not be stored" error=OSError' in log
    for canary in ("canary", served.secret, str(person.id), served.tg.stub.token):
        assert canary not in log


@pytest.mark.parametrize("word", ["", "short", "x" * 257, "with space and more", "ü" * 20])
def test_a_bad_secret_is_a_clear_error(word: str) -> None:
    """A secret that Telegram would not take, or that is guessable, names the setting."""
    with pytest.raises(ConfigurationError, match="BOT_TELEGRAM_WEBHOOK_SECRET") as caught:
        WebhookSecret(word)
    assert not word or word not in str(caught.value)


def test_a_secret_does_not_show() -> None:
    """Neither repr nor str of a secret tells it."""
    word = secrets.token_urlsafe(24)
    secret = WebhookSecret(word)
    assert word not in repr(secret) + str(secret)
    assert secret.matches(word)
    assert not secret.matches(word + "ü")
