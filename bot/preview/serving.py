"""Serving the preview on this machine until Ctrl-C."""

import socket
from collections.abc import Callable
from contextlib import suppress
from typing import Final

import uvicorn
from starlette.applications import Starlette

from bot.errors import ConfigurationError

HOST: Final = "127.0.0.1"


def serve(app: Starlette, port: int, started: Callable[[str], object]) -> None:
    """Serve `app` on `port`, or on a free one where that is taken, until it is interrupted.

    `started` is called with the address once the port is ours.
    """
    listener = _listener(port)
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=1,
    )
    with listener, suppress(KeyboardInterrupt):
        started(f"http://{HOST}:{listener.getsockname()[1]}/")
        uvicorn.Server(config).run(sockets=[listener])


def _listener(port: int) -> socket.socket:
    for candidate in (port, 0):
        try:
            return socket.create_server((HOST, candidate))
        except OSError as error:
            reason = error.strerror
    raise ConfigurationError(f"cannot listen on {HOST} ({reason})")
