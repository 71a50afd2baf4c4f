"""A worker of the bench: `sidelight serve` without its pages, and phones that take notes.

`python -m tests.bench.checkin_worker DATABASE FOLDER`. Each sending is one line of
`FOLDER/sent-<pid>`: to whom, and when by this machine's clock; with a third word it takes back what
was sent since then. It says `ready` and works until it
is killed.
"""

import asyncio
import gc
import os
import sys
import time
from collections.abc import Collection, Sequence
from datetime import timedelta
from pathlib import Path

from bot.bootstrap import build
from bot.conversation.interfaces import ChannelTraits, OutgoingMessage
from bot.ids import Address, ChannelName
from bot.settings import Settings, load_settings
from tests.fakes.nlu import FakeNluClient

CHANNEL = ChannelName("bench")


def settings_for(database: str, folder: Path) -> Settings:
    """What workers and the bench itself agree on."""
    return load_settings(
        data_dir=folder, database_url=database, locales=("en",), telegram_token="", nlu_url="",
        keyring=folder / "keyring.json", demo=True,
    )  # fmt: skip


class NotingChannel:
    """Sends at once, and writes down what it sent or took back."""

    name = CHANNEL
    traits = ChannelTraits(4096, keeps_messages=True, deletable_for=timedelta(hours=48))

    def __init__(self, folder: Path) -> None:
        path = folder / f"sent-{os.getpid()}"
        self._notes = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def mark(self) -> str:
        """Everything after the present counts as not known of."""
        return str(time.time())

    async def send(self, address: Address, message: OutgoingMessage) -> tuple[str, ...]:
        """Taken."""
        os.write(self._notes, f"{address} {time.time()}\n".encode())
        return (f"{time.time_ns()}",)

    async def withdraw(self, address: Address, mark: str, spare: Collection[str] = ()) -> None:
        """What was sent since `mark` is gone from the phone."""
        os.write(self._notes, f"{address} {time.time()} {mark}\n".encode())

    async def delete(
        self, address: Address, message_ids: Sequence[str], *, urgent: bool = False
    ) -> None:
        """Nothing is deleted here in time."""


async def main() -> None:
    """Work until killed."""
    database, folder = sys.argv[1], Path(sys.argv[2])
    sidelight = build(
        settings_for(database, folder), FakeNluClient(), extra_channels=(NotingChannel(folder),)
    )
    gc.collect()
    gc.freeze()
    if sidelight.database.is_sqlite:
        await sidelight.keeper.recover()
    elif sidelight.shared_clock is not None:
        await sidelight.shared_clock.read()
    print("ready", flush=True)
    await asyncio.gather(
        sidelight.dispatcher.run(), sidelight.timer_worker.run(), sidelight.keeper.run()
    )


if __name__ == "__main__":
    asyncio.run(main())
