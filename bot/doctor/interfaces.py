"""Where the facts come from."""

from typing import Protocol

from bot.doctor.models import (
    DatabaseFacts,
    DirectoryFacts,
    FileFacts,
    KeyFacts,
    MachineFacts,
    ModelFacts,
    TelegramFacts,
    TextFacts,
)


class Probes(Protocol):
    """Looks at one thing each, and changes nothing.

    What is wrong with a thing is a fact. Where even that can't be told, an exception may be raised;
    its message is not shown, as it may quote a secret.
    """

    async def files(self) -> list[FileFacts]:
        """The data folder first, then whatever else holds secrets."""
        ...

    async def keys(self) -> KeyFacts:
        """The key ring."""
        ...

    async def database(self) -> DatabaseFacts:
        """The database, and who may sign in."""
        ...

    async def model(self) -> ModelFacts:
        """The model, or the server of one."""
        ...

    async def texts(self) -> TextFacts:
        """Texts and translations."""
        ...

    async def directory(self) -> DirectoryFacts:
        """The local resources."""
        ...

    async def places(self) -> bool:
        """Whether the index of places is there."""
        ...

    async def telegram(self) -> TelegramFacts | None:
        """The bot's account; None without a token."""
        ...

    async def machine(self) -> MachineFacts:
        """The computer."""
        ...
