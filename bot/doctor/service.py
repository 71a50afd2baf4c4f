"""All checks, one after the other."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime, timedelta
from typing import Final, TypeVar

from bot.doctor import checks, rota, services
from bot.doctor.interfaces import Probes
from bot.doctor.models import Asked, Level, Outcome

T = TypeVar("T")

PATIENCE: Final = timedelta(seconds=30)
"""For one probe: who asks wants an answer, also of a machine that hangs."""


async def examine(
    probes: Probes, asked: Asked, now: datetime, patience: timedelta = PATIENCE
) -> list[Outcome]:
    """Every outcome, in the order of the table. Never fails: what can't be looked at is told."""
    found: list[Outcome] = list(checks.settings(asked))

    async def look(
        name: str, probe: Callable[[], Awaitable[T]], *judges: Callable[[T], Iterable[Outcome]]
    ) -> None:
        try:
            async with asyncio.timeout(patience.total_seconds()):
                facts = await probe()
            found.extend(outcome for judge in judges for outcome in judge(facts))
        except Exception as error:
            # Its words may quote a secret, such as the database's address.
            said = f"it could not be looked at: {type(error).__name__}"
            found.append(Outcome.fail(name, said, "see that it is there and may be read"))

    await look("files", probes.files, checks.files)
    await look("keys", probes.keys, lambda f: checks.keys(f, asked, now))
    await look(
        "database",
        probes.database,
        lambda f: services.database(f, now),
        lambda f: services.staff(f, asked),
        rota.rota,
        lambda f: rota.backups(f, now),
    )
    await look("model", probes.model, lambda f: checks.model(f, now))
    await look("texts", probes.texts, lambda f: checks.texts(f, asked))
    await look("directory", probes.directory, lambda f: checks.directory(f, asked))
    await look("places", probes.places, checks.places)
    await look("telegram", probes.telegram, services.telegram)
    await look("machine", probes.machine, checks.machine)
    return found


def worst(found: Iterable[Outcome]) -> Level:
    """The worst level of all; `OK` where there is nothing."""
    levels = {outcome.level for outcome in found}
    return next((level for level in (Level.FAIL, Level.WARN) if level in levels), Level.OK)
