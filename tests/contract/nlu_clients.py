"""Each `NluClient` with what a test needs to do to it."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Protocol

import pytest

from bot.conversation.interfaces import NluClient
from bot.dialogue.intents import Intent
from bot.dialogue.understanding import Guess
from bot.rasa.breaker import CircuitBreaker
from bot.rasa.client import RasaNluClient
from tests.contract.nlu_relay import Relay
from tests.fakes.nlu import FakeNluClient

CLEAR = {
    "hello": Intent.GREET,
    "he is hitting me right now": Intent.IMMEDIATE_DANGER,
    "necesito un abogado": Intent.ASK_LEGAL_HELP,
}
"""Texts that every client understands."""


class NluHarness(Protocol):
    """A client, and the way to take its model away."""

    client: NluClient

    async def break_down(self) -> None:
        """The model no longer answers."""

    async def mend(self) -> None:
        """It answers again."""


class FakeHarness:
    def __init__(self) -> None:
        self.client = FakeNluClient()
        for text, intent in CLEAR.items():
            self.client.understand(text, Guess(intent, 0.9), Guess(Intent.OUT_OF_SCOPE, 0.1))

    async def break_down(self) -> None:
        self.client.break_down()

    async def mend(self) -> None:
        self.client.mend()


class RasaHarness:
    def __init__(self, client: RasaNluClient, relay: Relay) -> None:
        self.client = client
        self.relay = relay

    async def break_down(self) -> None:
        await self.relay.cut()

    async def mend(self) -> None:
        await self.relay.open()


def fake(_: pytest.FixtureRequest) -> AbstractAsyncContextManager[NluHarness]:
    return _opened_fake()


def rasa(request: pytest.FixtureRequest) -> AbstractAsyncContextManager[NluHarness]:
    target = str(request.getfixturevalue("nlu_url")).removeprefix("unix://")
    return _opened_rasa(target, request.getfixturevalue("tmp_path"))


@asynccontextmanager
async def _opened_fake() -> AsyncIterator[NluHarness]:
    yield FakeHarness()


@asynccontextmanager
async def _opened_rasa(target: str, folder: Path) -> AsyncIterator[NluHarness]:
    relay = Relay(folder / "relay.sock", target)
    await relay.open()
    # Other work on the machine must not fail a test, nor a breaker keep it waiting.
    patient = timedelta(seconds=20)
    client = RasaNluClient(
        relay.url, time_limit=patient, breaker=lambda: CircuitBreaker(failures=1_000_000)
    )
    try:
        yield RasaHarness(client, relay)
    finally:
        await client.close()
        await relay.cut()


Opener = Callable[[pytest.FixtureRequest], AbstractAsyncContextManager[NluHarness]]

CLIENTS: dict[str, Opener] = {"fake": fake, "rasa": rasa}
