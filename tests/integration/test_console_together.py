"""Two processes of the console on one database: they count together, and leave an admin."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.ids import AdvocateId, Locale
from bot.staff.errors import NotThisOne
from bot.staff.permissions import Role
from bot.staff.throttle import FORGET_AFTER, PAIR_FREE
from bot.storage.tries import tries
from tests.integration.console_parts import House, MovableClock, an_advocate, client, open_house

WRONG = "kettle lantern orchid"


class StandingClock(MovableClock):
    """Stands still, but for what a test moves it by."""

    def __init__(self) -> None:
        super().__init__()
        self._began = super().now()

    def now(self) -> datetime:
        return self._began + self._moved


@pytest.fixture
async def houses(tmp_path: Path, database_url: str) -> AsyncIterator[tuple[House, House]]:
    clock = StandingClock()
    async with AsyncExitStack() as stack:
        one = await stack.enter_async_context(
            open_house(tmp_path, clock, database_url=database_url)
        )
        two = await stack.enter_async_context(
            open_house(tmp_path, clock, database_url=database_url)
        )
        yield one, two


async def guess(house: House, address: str = "203.0.113.1", password: str = WRONG) -> int:
    """What is answered to somebody who tries to be Robin."""
    body = {"name": "Robin", "password": password, "totp": "000000"}
    async with client(house, address) as http:
        return (await http.post("/api/v1/session", json=body)).status_code


async def test_guesses_at_two_processes_are_counted_together(houses: tuple[House, House]) -> None:
    """Turn by turn, or all at once: as many are looked at as one process would."""
    one, two = houses
    robin = await an_advocate(one, signed_in=False)
    for number in range(PAIR_FREE):
        assert await guess(houses[number % 2]) == 401
    assert [await guess(house) for house in houses] == [429, 429]
    guesses = [guess(houses[number % 2], "203.0.113.2") for number in range(3 * PAIR_FREE)]
    assert Counter(await asyncio.gather(*guesses)) == {401: PAIR_FREE, 429: 2 * PAIR_FREE}
    async with client(two, "203.0.113.3") as home:
        assert (await robin.sign_in(home)).status_code == 200


async def test_neither_name_nor_address_is_stored_and_all_is_forgotten(
    houses: tuple[House, House],
) -> None:
    """Keyed hashes alone, and a quarter of an hour later not even those."""
    one, two = houses
    await an_advocate(one, signed_in=False)
    for _ in range(3):
        await guess(one, "203.0.113.77")
    async with one.database.reading() as unit:
        rows = (await unit.connection.execute(select(tries))).all()
    assert sorted(row.failures for row in rows) == [3, 3, 3]
    assert not [row for row in rows if b"robin" in row.key.lower() or b"203.0" in row.key]
    one.clock.move(FORGET_AFTER + timedelta(seconds=1))
    assert await guess(two, "203.0.113.78") == 401
    async with one.database.reading() as unit:
        left = await unit.connection.scalar(select(func.count()).select_from(tries))
    assert left == 3


def disable(house: House, me: AdvocateId, who: AdvocateId) -> Awaitable[object]:
    return house.staff.disable(me, who)


def demote(house: House, me: AdvocateId, who: AdvocateId) -> Awaitable[object]:
    return house.staff.change(me, who, Role.ADVOCATE, [Locale("en")])


def reset(house: House, me: AdvocateId, who: AdvocateId) -> Awaitable[object]:
    return house.staff.reset(me, who)


@pytest.mark.parametrize("way", [disable, demote, reset])
async def test_two_admins_who_remove_each_other_at_once_leave_one(
    houses: tuple[House, House], way: Callable[[House, AdvocateId, AdvocateId], Awaitable[object]]
) -> None:
    """Whichever of the two is first; the other is told that an admin must remain."""
    one, two = houses
    for name in ("Alex", "Kim"):
        await one.staff.add_with_secrets(name, Role.ADMIN)
    alex, kim = [found.advocate.id for found in await one.staff.accounts()]
    done = await asyncio.gather(way(one, alex, kim), way(two, kim, alex), return_exceptions=True)
    assert [type(each) for each in done if isinstance(each, BaseException)] == [NotThisOne]
    admins = [
        found.advocate
        for found in await one.staff.accounts()
        if found.advocate.role is Role.ADMIN and found.advocate.can_sign_in
    ]
    assert len(admins) == 1
