"""What a process does. One process does it all, unless told otherwise."""

from enum import StrEnum

from bot.errors import ConfigurationError


class Role(StrEnum):
    """`chat` faces survivors, `console` faces advocates, `worker` runs timers and housekeeping."""

    CHAT = "chat"
    CONSOLE = "console"
    WORKER = "worker"


def parse_roles(text: str) -> frozenset[Role]:
    """`chat,console` as roles. Raises ConfigurationError naming the ones there are."""
    try:
        roles = frozenset(Role(part.strip()) for part in text.split(",") if part.strip())
    except ValueError:
        roles = frozenset()
    if not roles:
        raise ConfigurationError(f"--roles takes any of {', '.join(Role)}, parted by commas")
    return roles
