"""Settings that an admin may change while the bot runs."""

from collections.abc import Mapping
from typing import Protocol


class LiveSettingRepository(Protocol):
    """The `live_settings` table: what was changed, as text, by name."""

    async def all(self) -> Mapping[str, str]:
        """All that was changed."""
        ...

    async def get(self, name: str) -> str:
        """One of them; empty when it was not changed."""
        ...

    async def put(self, name: str, value: str) -> None:
        """Change one; empty goes back to what the environment says."""
        ...
