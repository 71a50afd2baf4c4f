"""One simulated month: many people, two processes, and what was found."""

import asyncio
import gc
import os
import random
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

from bot.bootstrap import load_catalogue
from bot.content.responses import ResponseCatalogue
from bot.conversation import rounds, turns
from bot.conversation.texts import NUDGE, PARTING, render
from bot.dialogue.effects import Reviewed, Say
from bot.dialogue.flows.checkin_due import COVERS
from bot.dialogue.flows.contact_invited import CALL, CLEAR
from bot.dialogue.locking import Outcome
from bot.ids import Locale
from bot.settings import Settings, load_settings
from tests.simulation.people import OWN_NAME, Friend, Someone
from tests.simulation.record import Record
from tests.simulation.world import Odds, World

ENGLISH = Locale("en")
DAYS = 30
BEGINS = (datetime(2026, 3, 5, tzinfo=UTC), datetime(2026, 10, 8, tzinfo=UTC))
"""Both months hold changes of summer time in Europe, America and Australia."""


@dataclass(frozen=True, slots=True)
class Month:
    """What came of it. `digest` is the same for the same seed."""

    broken: list[str]
    ends: Counter[str]
    reasons: Counter[str]
    faults: Counter[str]
    digest: str

    def __str__(self) -> str:
        def listed(counter: Counter[str]) -> str:
            return ", ".join(f"{name} {count:,}" for name, count in sorted(counter.items()))

        return f"{listed(self.ends)}; told: {listed(self.reasons)}; {listed(self.faults)}"


@cache
def house() -> tuple[Settings, ResponseCatalogue, frozenset[str]]:
    """Settings and texts, loaded once; and every cover text that there is."""
    with TemporaryDirectory() as folder:
        settings = load_settings(
            data_dir=Path(folder), locales=(ENGLISH,), telegram_token="", nlu_url="",
            lock_after=timedelta(0), demo=True,
        )  # fmt: skip
        catalogue = load_catalogue(settings)
    keys = {f"cover.{theme}.{word}" for theme in COVERS for word in ("ping", "reminder")}
    says = [Say(key) for key in sorted(keys | PARTING | {NUDGE})]
    says += [
        Say(CALL, params={"name": OWN_NAME, "words": Reviewed("contact.words.call")}),
        Say(CLEAR, params={"name": OWN_NAME}),
    ]
    texts = (render(catalogue, say, ENGLISH, None).text for say in says)
    return settings, catalogue, frozenset(texts)


async def month(seed: int, people: int, days: int = DAYS, odds: Odds | None = None) -> Month:
    """Let `people` live for `days` days, and see what did not hold."""
    settings, catalogue, covers = house()
    begins = BEGINS[seed % 2]
    world = World(f"world {seed}", settings, catalogue, covers, begins, odds or Odds())
    record = Record(world)
    crowd: dict[str, Someone | Friend] = {}
    for number in range(people):
        someone = Someone(world, number, random.Random(f"{seed} {number}"))
        someone.plan_month(days)
        someone.friend.plan_month(days)
        crowd[someone.address] = someone
        crowd[someone.friend.address] = someone.friend

    def shown(address: str, message: object) -> None:
        record.arrived(address)
        crowd[address].sees(message)

    world.shown = shown
    world.faults()
    with every_turn_decided(record):
        await world.run(begins + timedelta(days=days))
        world.calm = True
        await world.run(world.truth + timedelta(days=3))
    broken = record.judge()
    lives = sorted((life.address, str(life.moves), life.reasons) for life in record.lives.values())
    return Month(
        broken=broken,
        ends=Counter(str(life.moves[-1][1]) for life in record.lives.values()),
        reasons=Counter(reason for life in record.lives.values() for reason in life.reasons),
        faults=world.tally,
        digest=sha256(repr(lives).encode()).hexdigest(),
    )


@contextmanager
def every_turn_decided(record: Record) -> Iterator[None]:
    """A turn that fails is answered all the same; here it counts as broken."""
    decide = turns.route

    def watched(*given: Any) -> Outcome:
        try:
            return decide(*given)
        except Exception as error:
            record.broken.append(f"undecided: {error!r} at {given[1]!r}")
            raise

    turns.route = rounds.route = watched
    try:
        yield
    finally:
        turns.route = rounds.route = decide


def lived(seed: int, people: int, odds: Odds | None = None) -> Month:
    """A month, in a loop of its own. What is loaded once is not looked at for garbage each time."""
    house()
    gc.freeze()
    with drawn_from(seed):
        return asyncio.run(month(seed, people, odds=odds))


@contextmanager
def drawn_from(seed: int) -> Iterator[None]:
    """Ids, by which rows are sorted, and invitations, which people type."""
    drawn = random.Random(f"ids {seed}").randbytes
    with (
        patch("os.urandom", drawn),  # of which `uuid4` is made
        patch("random._urandom", drawn),  # of which `secrets` are
    ):
        yield


def many(seed: int, people: int) -> list[Month]:
    """`people` in as many worlds as there are cores: nobody knows anybody anyway."""
    worlds = os.cpu_count() or 1
    with ProcessPoolExecutor(worlds, get_context("spawn")) as pool:
        seeds = range(seed, seed + worlds)
        return list(pool.map(lived, seeds, [people // worlds] * worlds))
