"""`sidelight telegram`: the bot as Telegram shows it."""

import asyncio
import sys

import click

from bot.bootstrap import load_catalogue
from bot.channels.telegram import TelegramApi
from bot.channels.telegram.profile import Difference, differences, set_profile, switched_on, wanted
from bot.content.reviews import refuse_drafts
from bot.conversation.interfaces import ChannelUnavailable, MessageRefused
from bot.errors import ConfigurationError
from bot.settings import Settings, load_settings


@click.group()
def telegram() -> None:
    """The bot's account at Telegram (BOT_TELEGRAM_TOKEN)."""


@telegram.command("set-profile")
@click.option("--check", is_flag=True, help="Change nothing; exit with 1 if something differs.")
def set_profile_(check: bool) -> None:
    """Give the bot the neutral name, descriptions and commands of BOT_LOCALES.

    Only what differs is changed. Tells what @BotFather alone can switch off, and exits with 1
    while it is on.
    """
    settings = load_settings()
    found, on = asyncio.run(_profile(settings, check=check))
    for difference in found:
        click.echo(f"{'differs' if check else 'changed'}: {difference}")
    for mend in on:
        click.echo(f"to be switched off by hand: {mend}")
    if not found and not on:
        click.echo("the profile is as it should be")
    sys.exit(1 if on or (check and found) else 0)


async def _profile(settings: Settings, *, check: bool) -> tuple[list[Difference], list[str]]:
    token = settings.telegram_token.get_secret_value()
    if not token:
        raise ConfigurationError("set BOT_TELEGRAM_TOKEN to the token that @BotFather shows")
    catalogue = load_catalogue(settings)
    if not settings.demo:
        refuse_drafts(catalogue.drafts)
    profiles = wanted(catalogue, settings.locales)
    api = TelegramApi(token, settings.telegram_api_url)
    await api.start()
    try:
        await api.verify()
        found = await (differences if check else set_profile)(api, profiles)
        return found, list(switched_on(await api.switches()))
    except ChannelUnavailable as error:
        wait = f" in {int(error.retry_after.total_seconds())} s" if error.retry_after else ""
        failure = ConfigurationError(f"Telegram could not be asked: try again{wait}")
    except MessageRefused:
        failure = ConfigurationError(
            "Telegram refuses a part of the profile: see `sidelight responses check`"
        )
    finally:
        await api.close()
    raise failure
