"""A night at a help line where everything fails, and the ledger at its end.

First people, a visitor of the web chat and an advocate write; then check-ins come due, a person of
trust is told, and another advocate goes on for the first, who has vanished; then all messages reach
their deadline: each under troubles. The clock of all is moved in between, hours at a time.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select

from bot.storage.conversations import STILL_TO_END
from bot.storage.database import SqlDatabase
from bot.storage.tables import alerts, checkins, messages
from tests.faults.clock import MovedClock
from tests.faults.desk import Advocate, Talk, advocate
from tests.faults.late import autopsy
from tests.faults.model import stand_in
from tests.faults.pair import Pair
from tests.faults.people import PATIENCE, Survivor, named, presses
from tests.faults.troubles import Troubles
from tests.faults.visitors import Visitor, visitor
from tests.functional.forking import Forked, mother
from tests.functional.serving import Serving
from tests.postgres import PostgresServer
from tests.stub_telegram.control import RemoteStub, stub_process
from tests.stub_telegram.phones import Shown

SURVIVORS = 3
HOUR = 3600
TTL = 4 * HOUR
CLAIM_TTL = 3 * HOUR // 2

LOG_LINES = 30
"""Of each process, told when a night is not clean."""


@dataclass(frozen=True, slots=True)
class Cast:
    """Who is there in a night."""

    survivors: list[Survivor]
    visitor: Visitor
    talk: Talk
    pair: Pair
    bo: Advocate

    def name(self, one: object) -> str:
        """Who that is, for an error."""
        if one in self.survivors:
            return f"survivor {self.survivors.index(one) + 1}"
        return type(one).__name__.lower()


class Night:
    """One run. AssertionError or TimeoutError: something was lost, doubled, late or unended."""

    def __init__(
        self,
        chance: random.Random,
        stub: RemoteStub,
        processes: Sequence[Serving],
        troubles: Troubles,
        database: SqlDatabase,
        clock: MovedClock,
    ) -> None:
        self._chance = chance
        self._stub = stub
        self._processes = processes
        self._troubles = troubles
        self._database = database
        self._clock = clock

    async def pass_by(self, seconds: float) -> None:
        """The whole night; each of its three parts has troubles for at least `seconds`."""
        try:
            await self._parts(seconds)
        except Exception as error:
            for told in await self._standing():
                error.add_note(told)
            raise

    async def _parts(self, seconds: float) -> None:
        async with AsyncExitStack() as stack:
            at, enter = self._processes[0], stack.enter_async_context
            ada = await enter(advocate(at, "Ada"))
            people = [await self._stub.person() for _ in range(SURVIVORS)]
            cast = Cast(
                survivors=[Survivor(person, vague=True) for person in people],
                visitor=await enter(visitor(self._processes)),
                talk=Talk(await self._stub.person(), ada),
                pair=Pair(await self._stub.person(), await self._stub.person()),
                bo=await enter(advocate(at, "Bo")),
            )
            await ada.sign_in()
            beginners = (*cast.survivors, cast.visitor, cast.talk, cast.pair)
            await asyncio.gather(*(named(cast.name(one), one.begin()) for one in beginners))
            await self._words(cast, seconds)
            await self._checkins(cast, seconds)
        await self._deletions(seconds)
        assert await self._stub.violations() == []

    async def _words(self, cast: Cast, seconds: float) -> None:
        """Nothing lost, nothing doubled, nothing out of order."""
        over = asyncio.Event()
        writing = [
            asyncio.create_task(
                named(cast.name(one), one.go_on(random.Random(self._chance.random()), over))
            )
            for one in (*cast.survivors, cast.visitor, cast.talk)
        ]
        await self._troubles.for_seconds(seconds)
        over.set()
        await asyncio.gather(*writing)
        for pause in (1, 0):
            for one in (*cast.survivors, cast.visitor):
                await named(cast.name(one), one.has_seen_all())
            await cast.talk.both_have_read_all()
            await asyncio.sleep(pause)

    async def _checkins(self, cast: Cast, seconds: float) -> None:
        """Everybody is asked once; who says that all is well ends it, and each other is told of."""
        well, silent = cast.survivors[::2], cast.survivors[1::2]
        await self._later(2 * HOUR)
        await cast.bo.sign_in(self._clock.shift)
        asked, *_ = await asyncio.gather(
            asyncio.gather(
                *(
                    named(cast.name(one), one.person.waits(_asked, PATIENCE + seconds))
                    for one in cast.survivors
                )
            ),
            cast.pair.is_asked(),
            cast.talk.goes_on_with(cast.bo),
            self._troubles.for_seconds(seconds),
        )
        assert [_questions(screen) for screen in asked] == [1] * len(cast.survivors)
        thumbs = (named(cast.name(one), self._all_is_well(one)) for one in well)
        await asyncio.gather(*thumbs, self._troubles.errors())
        await self._until(self._open_checkins, len(silent) + 1)
        await self._later(HOUR)
        await asyncio.gather(cast.pair.eva_is_told(), self._troubles.for_seconds(seconds))
        await self._until(self._open_checkins, 0)
        async with self._database.reading() as unit:
            raised = await unit.connection.execute(select(alerts.c.reason))
        reasons = list(raised.scalars())
        # Where the reminder had not got through when the time was over, the advocates are told so.
        assert len(reasons) == len(silent)
        assert set(reasons) <= {"missed", "undelivered"}
        for one in well:
            await named(cast.name(one), one.person.waits(lambda s: _questions(s) == 1, PATIENCE))

    async def _all_is_well(self, one: Survivor) -> None:
        """Twice, as an impatient thumb does."""
        # Told by its number: meanwhile a copy that was sent twice may be taken back.
        newest = max(message.message_id for message in await one.person.screen())
        await presses(one.person, "checkin:ok")
        await presses(one.person, "checkin:ok")
        await one.person.waits(
            lambda s: any(m.message_id > newest for m in s if not (m.mine or _questions([m]))),
            PATIENCE,
        )

    async def _deletions(self, seconds: float) -> None:
        """When the deadline of everything has come, nothing is left on a phone or in a row.

        Most troubles are such as cut a deletion short. What was sent only meanwhile has its own
        deadline: whoever still waits for an advocate is told so now and then.
        """
        until = int(self._now().timestamp())
        await self._later(TTL)
        await self._troubles.for_seconds(seconds / 2, self._troubles.fatal())
        await self._troubles.for_seconds(seconds / 2)
        await self._until(lambda: self._left_on_phones(until), 0)
        meanwhile = int(self._now().timestamp())
        await self._later(TTL)
        await self._until(lambda: self._left_on_phones(meanwhile), 0)
        await self._until(self._overdue_rows, 0)

    async def _later(self, seconds: int) -> None:
        """For Telegram, then for the processes: what they send by then has its later date."""
        await self._stub.set(advance=seconds)
        self._clock.move(seconds)

    def _now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self._clock.shift)

    async def _open_checkins(self) -> int:
        asked = select(func.count()).where(checkins.c.phase.in_(STILL_TO_END))
        async with self._database.reading() as unit:
            return int((await unit.connection.execute(asked)).scalar_one())

    async def _overdue_rows(self) -> int:
        overdue = select(func.count()).where(messages.c.delete_at <= self._now())
        async with self._database.reading() as unit:
            return int((await unit.connection.execute(overdue)).scalar_one())

    async def _left_on_phones(self, until: int) -> int:
        return int((await self._stub.call("GET", f"/shown?until={until}"))["count"])

    async def _until(self, count: Callable[[], Awaitable[int]], wanted: int) -> None:
        found = None
        try:
            async with asyncio.timeout(PATIENCE):
                while (found := await count()) != wanted:
                    assert found > wanted, "ended more than should have"
                    await asyncio.sleep(0.2)
        except TimeoutError:
            raise AssertionError(f"{found} instead of {wanted}") from None

    async def _standing(self) -> list[str]:
        """What the rows and the logs say when something went wrong; neither holds a word or an id
        of anybody."""
        logs = [_end(process.log) for process in self._processes]
        try:
            keyring = self._processes[0].keyring
            rows = await autopsy(self._database, self._stub, self._now(), keyring)
        except Exception as error:
            rows = f"no rows can be read: {type(error).__name__}"
        return [rows, *logs]


def _end(log: Path) -> str:
    lines = log.read_text().splitlines()[-LOG_LINES:] if log.exists() else []
    return "\n".join([f"the end of {log.name}:", *lines])


def _questions(screen: list[Shown]) -> int:
    return sum(message.button("checkin:ok") is not None for message in screen)


def _asked(screen: list[Shown]) -> bool:
    return _questions(screen) > 0


@asynccontextmanager
async def night(
    folder: Path, seed: int, *, postgres: PostgresServer | None = None, real_model: bool = False
) -> AsyncIterator[tuple[Night, Troubles]]:
    """One process on SQLite, or two on PostgreSQL, started; with `real_model` the first of them
    has a model of its own, else all have a stand-in."""
    chance, clock = random.Random(seed), MovedClock(folder / "clock")
    url = f"sqlite+aiosqlite:///{folder / 'data' / 'sidelight.db'}"
    if postgres is not None:
        name = postgres.create_database()
        # A commit must outlive the server's end here, though not the machine's.
        postgres.execute(f"ALTER DATABASE {name} SET synchronous_commit = on")
        url = postgres.url(name)
    async with AsyncExitStack() as stack:
        stub = await stack.enter_async_context(stub_process())
        model = None if real_model else await stack.enter_async_context(stand_in())
        settings = {
            "CLOCK_SHIFT": str(clock.file),
            "BOT_QUIET_AFTER": str(HOUR // 2),
            "BOT_LOCK_AFTER": str(24 * HOUR),
            "BOT_MESSAGE_TTL": str(TTL),
            "BOT_CLAIM_TTL": str(CLAIM_TTL),
            "BOT_SILENCE_AFTER": str(24 * HOUR),
            "BOT_NLU_URL": "" if model is None else model.url,
            "BOT_DATABASE_URL": url,
            "BOT_TELEGRAM_TOKEN": stub.token,
            "BOT_TELEGRAM_API_URL": stub.url,
        }
        by = await stack.enter_async_context(mother("tests.faults.serve", **settings))
        count = 1 if postgres is None else 2
        processes = [Forked(by, folder, **settings) for _ in range(count)]
        await processes[0].command("keys", "init")
        if postgres is not None:
            await processes[0].command("db", "upgrade")
        troubles = Troubles(chance, stub, processes, clock, model, postgres)
        database: SqlDatabase | None = None
        try:
            await asyncio.gather(*(process.start() for process in processes))
            database = SqlDatabase(url)
            yield Night(chance, stub, processes, troubles, database, clock), troubles
        finally:
            if database is not None:
                await database.close()
            await asyncio.gather(*(process.stop() for process in processes if process.runs))
