"""`/readyz`: a process that starts waits for the model, one that runs does without."""

import asyncio
from datetime import timedelta

import httpx
from starlette.applications import Starlette
from starlette.routing import Route

from bot.conversation.errors import DatabaseUnavailable
from bot.serving.readiness import Model, Readiness

GRACE = timedelta(seconds=60)


class House:
    """A database, a model and a clock, as a process sees them."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.database = True
        self.answered = asyncio.Event()
        self.model = Model(self.answered, GRACE, lambda: self.now)

    async def ping(self) -> None:
        if not self.database:
            raise DatabaseUnavailable("away")

    async def asked(self, *, model: bool = True) -> tuple[int, str]:
        """What a load balancer is answered."""
        readiness = Readiness(self.ping, self.model if model else None)
        app = Starlette(routes=[Route("/readyz", readiness.answer)])
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://bot") as http:
            answer = await http.get("/readyz")
        return answer.status_code, answer.text.strip()


async def test_it_waits_for_the_model() -> None:
    """Who starts does not take over from one that understands before it does, too."""
    house = House()
    assert await house.asked() == (503, "the model does not answer yet")
    house.answered.set()
    assert await house.asked() == (200, "ready")


async def test_not_for_ever() -> None:
    """With a model that never comes it serves by net and buttons, and says so."""
    house = House()
    house.now += 59.9
    assert (await house.asked())[0] == 503
    house.now += 0.1
    assert await house.asked() == (200, "ready, without the model")


async def test_without_a_database_it_is_never_ready() -> None:
    """Neither at first nor later: nothing could be accepted."""
    house = House()
    house.database = False
    house.now += 3600
    house.answered.set()
    assert await house.asked() == (503, "the database does not answer")


async def test_a_console_waits_for_no_model() -> None:
    """It works on no conversations."""
    assert await House().asked(model=False) == (200, "ready")
