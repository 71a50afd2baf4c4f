"""The bot's public profile: what anyone sees who finds it on a phone. It must tell nothing.

Name, descriptions and commands are reviewed texts, one set a language. Telegram shows those of
the app's language, and otherwise those without a language, which are the first enabled one's.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.channels.telegram.api import TelegramApi
from bot.channels.telegram.publicity import Part, Switches
from bot.content.catalogue import Catalogue
from bot.ids import Locale

FLOW: Final = "telegram"
COMMANDS: Final = ("menu", "language", "clear", "exit")
"""Those that an ordinary bot has, too. The others work without being listed."""
TEXTS: Final = frozenset(f"{FLOW}.{name}" for name in (*Part, *COMMANDS) if name != Part.COMMANDS)
"""Every key that the profile can say: the catalogue must have them all."""

SWITCHES: Final = {
    "can_join_groups": "it can be added to groups: send /setjoingroups to @BotFather, then Disable",
    "supports_inline_queries": "inline mode is on: send /setinline to @BotFather, then /empty",
    "can_connect_to_business": (
        "it can be connected to business accounts: in @BotFather's settings of the bot, switch"
        " Business Mode off"
    ),
}
"""What must be off and can be switched by hand only, and how."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One part of the profile that is not as it should be. `language` is empty for the default."""

    part: Part
    language: str

    def __str__(self) -> str:
        return f"{self.part} ({self.language or 'without a language'})"


def wanted(catalogue: Catalogue, locales: Sequence[Locale]) -> dict[str, Mapping[Part, object]]:
    """What the profile ought to be, by Telegram's language code."""
    profiles: dict[str, Mapping[Part, object]] = {"": _texts(catalogue, locales[0])}
    for locale in locales:
        # Telegram knows two-letter codes only: of pt-BR and pt-PT the first enabled speaks.
        profiles.setdefault(locale.split("-")[0], _texts(catalogue, locale))
    return profiles


async def differences(
    api: TelegramApi, profiles: Mapping[str, Mapping[Part, object]]
) -> list[Difference]:
    """The parts of the profile at Telegram that are not as in `profiles`.

    Raises ChannelUnavailable when Telegram can't be asked.
    """
    return [
        Difference(part, language)
        for language, parts in profiles.items()
        for part, value in parts.items()
        if await api.profile_part(part, language) != value
    ]


async def set_profile(
    api: TelegramApi, profiles: Mapping[str, Mapping[Part, object]]
) -> list[Difference]:
    """Make the profile as in `profiles`; returns what was changed. Does nothing where it is right.

    Raises ChannelUnavailable or MessageRefused; what was changed until then stays, and the next
    run goes on from there.
    """
    changed = await differences(api, profiles)
    for one in changed:
        await api.set_profile_part(one.part, one.language, profiles[one.language][one.part])
    return changed


def switched_on(switches: Switches) -> Iterator[str]:
    """What is on at Telegram and must be off, each with how to switch it off."""
    for name, mend in SWITCHES.items():
        if getattr(switches, name):
            yield mend


def _texts(catalogue: Catalogue, locale: Locale) -> Mapping[Part, object]:
    def say(name: str) -> str:
        return catalogue.render(f"{FLOW}.{name}", locale, {}).text

    texts: dict[Part, object] = {part: say(part) for part in Part if part is not Part.COMMANDS}
    return {**texts, Part.COMMANDS: tuple((name, say(name)) for name in COMMANDS)}
