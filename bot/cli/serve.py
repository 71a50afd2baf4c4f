"""`sidelight serve` and `sidelight demo`."""

import asyncio

import click
import uvloop

from bot.bootstrap import Sidelight
from bot.errors import ConfigurationError
from bot.logs import configure
from bot.rasa.training import train
from bot.serving.demo import DEMO_DIR, languages, prepare
from bot.serving.roles import Role, parse_roles
from bot.serving.runner import serve as serve_roles
from bot.serving.understanding import Understanding
from bot.settings import load_settings


@click.command()
@click.option("--roles", default=",".join(Role), show_default=True, help="What this process does.")
def serve(roles: str) -> None:
    """Serve survivors, advocates and timers until stopped."""
    settings = load_settings()
    if settings.demo:
        raise ConfigurationError(
            "BOT_DEMO would let anyone in as an advocate and show unreviewed texts: take it away,"
            " or use `sidelight demo`"
        )
    configure(settings.log_level)
    uvloop.run(serve_roles(settings, parse_roles(roles)))


@click.command()
def demo() -> None:
    """Show everything on one page on this machine, with a demonstration advocate."""
    settings = load_settings(demo=True, data_dir=DEMO_DIR, exit_url="/cover")
    if settings.host not in {"127.0.0.1", "::1", "localhost"}:
        raise ConfigurationError(
            "the demonstration signs its visitor in as an advocate, so it serves this machine"
            " only: take BOT_HOST away, or use `sidelight serve`"
        )
    configure("WARNING")
    click.echo("[3/4] Understanding: ", nl=False)
    if not settings.nlu_url:
        asyncio.run(train(settings.nlu_dir, click.echo))
    click.echo("ready")
    click.echo("[4/4] Starting")
    prepare(settings)
    if "locales" not in settings.model_fields_set:
        settings = settings.model_copy(update={"locales": languages(settings, click.echo)})
    background: set[asyncio.Task[None]] = set()

    def started(sidelight: Sidelight, understanding: Understanding) -> None:
        click.echo(f"\n  Open http://{settings.host}:{settings.port}/demo\n  Ctrl-C stops it.\n")
        if sidelight.telegram is not None:
            click.echo("  Telegram is served too.")
        background.add(asyncio.create_task(_say_when_ready(understanding)))

    uvloop.run(serve_roles(settings, frozenset(Role), started))


async def _say_when_ready(understanding: Understanding) -> None:
    await understanding.ready.wait()
    click.echo("  The model is up: free text is understood.")
