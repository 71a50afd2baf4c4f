"""The API keeps to what `/api/openapi.json` says of it, whatever is sent (schemathesis)."""

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from bot.staff.permissions import Role
from tests.integration.console_parts import an_advocate, open_house, serving

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
APART = {
    "/api/v1/events",  # streams for ever
    "/api/v1/session/lock",  # these four would end what the others need
    "/api/v1/session/unlock",
    "/api/v1/sessions",
    "/api/v1/me/password",
}
"""Paths with tests of their own."""

BOUNDED = settings(
    max_examples=6,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@dataclass
class Served:
    """A console on the loopback, the cookies of two of its staff, and a handoff."""

    url: str
    cookies: list[dict[str, str]]
    handoff: str


async def _serve(folder: Path, ready: "Future[Served]", stop: asyncio.Event) -> None:
    async with open_house(folder) as house, serving(house) as url:
        boss = await an_advocate(house, "Lee", Role.SUPERVISOR)
        admin = await an_advocate(house, "Alex", Role.ADMIN)
        _, handoff = await house.someone_waits()
        await boss.http.post(f"/api/v1/handoffs/{handoff}/claim")
        await house.someone_waits()
        cookies = [dict(console.http.cookies) for console in (boss, admin)]
        ready.set_result(Served(url, cookies, str(handoff)))
        await stop.wait()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """In a loop of its own: schemathesis asks from outside, without one."""
    ready: Future[Served] = Future()
    loop = asyncio.new_event_loop()
    stop = asyncio.Event()
    serve = _serve(tmp_path_factory.mktemp("served"), ready, stop)
    thread = threading.Thread(target=loop.run_until_complete, args=(serve,))
    thread.start()
    try:
        yield ready.result(timeout=60)
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(timeout=60)
        loop.close()


def test_whatever_is_sent_is_answered_as_the_schema_says(served: Served) -> None:
    """No 500, no undocumented status, no body or type that the schema does not name."""
    schema = schemathesis.openapi.from_url(f"{served.url}/api/openapi.json")
    tried, answered = 0, set[int]()
    for result in schema.get_all_operations():
        operation = result.ok()
        if operation.path in APART or (operation.method, operation.path) == (
            "delete",
            "/api/v1/session",
        ):
            continue

        @BOUNDED
        @given(case=operation.as_strategy())
        def ask(case: Case) -> None:
            if "handoff_id" in case.path_parameters:
                case.path_parameters["handoff_id"] = served.handoff
            for cookies in served.cookies:
                answer = case.call(session=_plain(), cookies=cookies, timeout=10)
                case.validate_response(answer, checks=CHECKS)
                answered.add(answer.status_code)

        ask()
        tried += 1
    assert tried > 30
    assert {200, 204, 403, 422} <= answered


def _plain() -> requests.Session:
    """Without proxies of the environment: the address is the loopback's."""
    session = requests.Session()
    session.trust_env = False
    return session
