"""Behind a TLS proxy: whose word on where a request comes from is believed."""

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.console.account_routes import address_of
from bot.serving.runner import server_config
from bot.settings import load_settings

PERSON = "203.0.113.7"


async def seen(trusted: str, proxy: str) -> str:
    """The address by which tries to sign in are counted, as `proxy` sends them on."""

    async def tell(request: Request) -> Response:
        return PlainTextResponse(address_of(request))

    app = Starlette(routes=[Route("/", tell)])
    config = server_config(app, load_settings(trusted_proxies=trusted))
    config.load()
    transport = httpx.ASGITransport(config.loaded_app, client=(proxy, 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://bot") as http:
        return (await http.get("/", headers={"X-Forwarded-For": PERSON})).text


@pytest.mark.parametrize(
    ("trusted", "proxy"),
    [("127.0.0.1", "127.0.0.1"), ("127.0.0.1,10.0.0.0/8", "10.1.2.3"), ("*", "172.18.0.4")],
)
async def test_a_trusted_proxy_is_believed(trusted: str, proxy: str) -> None:
    """By address, by network, or all of them."""
    assert await seen(trusted, proxy) == PERSON


async def test_nobody_else_is() -> None:
    """Whoever reaches the port directly could claim another address with each guess."""
    assert await seen("127.0.0.1", "10.1.2.3") == "10.1.2.3"
