"""What of a bot everybody can see: asking for it and changing it, by the Bot API."""

from dataclasses import dataclass
from enum import StrEnum

from telegram import Bot, BotCommand


class Part(StrEnum):
    """A part of the profile. Commands are pairs of name and description, the others text."""

    NAME = "name"
    DESCRIPTION = "description"
    SHORT_DESCRIPTION = "short_description"
    COMMANDS = "commands"


@dataclass(frozen=True, slots=True)
class Switches:
    """What only @BotFather can switch."""

    can_join_groups: bool
    supports_inline_queries: bool
    can_connect_to_business: bool


async def read_switches(bot: Bot) -> Switches:
    """As they are now; what Telegram does not tell is taken to be off."""
    me = await bot.get_me()
    return Switches(
        can_join_groups=bool(me.can_join_groups),
        supports_inline_queries=bool(me.supports_inline_queries),
        can_connect_to_business=bool(me.can_connect_to_business),
    )


async def read_part(bot: Bot, part: Part, language: str) -> object:
    """What people with this app language see."""
    code = language or None
    match part:
        case Part.NAME:
            return (await bot.get_my_name(language_code=code)).name
        case Part.DESCRIPTION:
            return (await bot.get_my_description(language_code=code)).description
        case Part.SHORT_DESCRIPTION:
            answer = await bot.get_my_short_description(language_code=code)
            return answer.short_description
        case Part.COMMANDS:
            commands = await bot.get_my_commands(language_code=code)
            return tuple((c.command, c.description) for c in commands)


async def write_part(bot: Bot, part: Part, language: str, value: object) -> None:
    """Change what people with this app language see."""
    code = language or None
    match part, value:
        case Part.NAME, str() as text:
            await bot.set_my_name(text, language_code=code)
        case Part.DESCRIPTION, str() as text:
            await bot.set_my_description(text, language_code=code)
        case Part.SHORT_DESCRIPTION, str() as text:
            await bot.set_my_short_description(text, language_code=code)
        case Part.COMMANDS, tuple() as pairs:
            commands = [BotCommand(name, said) for name, said in pairs]
            await bot.set_my_commands(commands, language_code=code)
        case _:
            raise TypeError(f"no value of {part}")
