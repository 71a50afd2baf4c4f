"""The model is killed in the middle of a conversation, and nobody who writes can tell."""

import asyncio
import os
import signal
from pathlib import Path

import pytest

from tests.contract.nlu_server import eventually, servers_of, until_ready
from tests.functional.serving import serving
from tests.stub_telegram.control import RemotePerson, RemoteStub, stub_process
from tests.stub_telegram.phones import Shown

QUESTION = "is this chat private"
DANGER = "he is hitting me right now"


def answers(shown: list[Shown]) -> list[str]:
    """What the bot said."""
    return [message.text for message in shown if not message.mine]


async def somebody_writes(stub: RemoteStub, *texts: str) -> RemotePerson:
    """Somebody new, who waits for a first answer before each next text."""
    person = await stub.person(language="en")
    for number, text in enumerate(texts, start=1):
        await person.write(text)
        await person.waits(lambda s, n=number: len(answers(s)) >= n, 60)
    return person


@pytest.mark.usefixtures("nlu_model")
async def test_a_killed_model_is_not_noticed(tmp_path: Path) -> None:
    """With one of two servers dead every answer is as before; with both dead danger is heard."""
    async with (
        stub_process() as stub,
        serving(
            tmp_path,
            BOT_TELEGRAM_TOKEN=stub.token,
            BOT_TELEGRAM_API_URL=stub.url,
            BOT_NLU_URL="",
            BOT_NLU_PROCESSES="2",
            BOT_NLU_TIMEOUT="10",
        ) as bot,
    ):
        await bot.start()
        await eventually(lambda: len(servers_of(bot.pid)) == 2)
        servers = servers_of(bot.pid)
        for url in servers.values():
            await until_ready(url)
        person = await somebody_writes(stub, "hello", QUESTION, DANGER)
        await asyncio.sleep(2)
        greeting, private, *help_now = undisturbed = answers(await person.screen())
        assert private not in help_now

        one, other = servers
        os.kill(one, signal.SIGKILL)
        for _ in range(3):
            person = await somebody_writes(stub, "hello", QUESTION, DANGER)
            await person.waits(lambda s: answers(s) == undisturbed)

        os.kill(other, signal.SIGKILL)
        person = await somebody_writes(stub, "hello", DANGER)
        await person.waits(lambda s: answers(s) == [greeting, *help_now])
        await somebody_writes(stub, "hello", QUESTION)
        log = bot.log.read_text()
    assert QUESTION not in log
    assert DANGER not in log
