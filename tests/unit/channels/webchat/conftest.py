"""A web chat over a conversation in memory."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from starlette.applications import Starlette

from bot.channels.webchat import WebchatChannel, webchat_routes
from bot.channels.webchat.limits import Limits
from bot.settings import Settings, load_settings
from bot.signals import Signals
from tests.fakes.webchat import FakeCatalogue, InMemoryChats
from tests.fakes.webchat_client import HOST, PageClient


@dataclass
class Site:
    """The parts, and the application that serves them. `tick` moves the limits' time."""

    settings: Settings
    signals: Signals = field(default_factory=Signals)
    chats: InMemoryChats = field(default_factory=InMemoryChats)
    seconds: float = 0.0

    def __post_init__(self) -> None:
        self.channel = WebchatChannel(self.signals)
        routes = webchat_routes(
            self.channel,
            self.chats,
            self.chats,
            self.signals,
            FakeCatalogue(),
            self.settings,
            limits=Limits(lambda: self.seconds),
        )
        self.app = Starlette(routes=routes)

    def browser(self, **headers: str) -> PageClient:
        cookie = "__Host-chat" if self.settings.secure else "chat"
        return PageClient(self.app, cookie, **headers)


@pytest.fixture
def open_site(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Site]:
    """Builds a site from settings; nothing is read from the environment's own `.env`."""

    def build(**settings: object) -> Site:
        given = {"public_url": f"http://{HOST}", "exit_url": "/cover", **settings}
        return Site(load_settings(_env_file=None, **given))

    return build


@pytest.fixture
def site(open_site: Callable[..., Site]) -> Site:
    """A site with the usual settings."""
    return open_site()
