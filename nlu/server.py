"""Answers what texts mean, over a unix socket or loopback. Keeps and logs nothing of them.

``nlu/.venv/bin/python nlu/server.py --socket PATH`` (the socket gets mode 0600, with ``--group``
0660), or ``--host 127.0.0.1 --port N``; ``--model`` names another model than that of today's files.
``BOT_NLU_TOKEN`` in the environment, or a file that ``BOT_NLU_TOKEN_FILE`` names, asks every caller
for ``Authorization: Bearer TOKEN``; beyond loopback it is required.

- ``POST /parse``: protocol.py says what goes in; out comes ``{"parses": [{"intent", "confidence",
  "alternatives", "entities"}, …]}`` in the same order.
- ``GET /healthz``: the process is up. ``GET /readyz``: 200 with the model's fingerprint, once it
  is loaded.
"""

import argparse
import asyncio
import hmac
import ipaddress
import os
import signal
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Optional

from aiohttp import web
from fingerprint import model_path
from model import ModelOutOfReach, ModelUnusable
from parsing import Parser
from protocol import MAX_BODY, BadRequest, read_texts
from quiet import say, silence

TRY_AGAIN = 1
WRONG_INPUT = 2


class Endpoints:
    """The three routes."""

    def __init__(self, parser: Parser, token: str) -> None:
        self._parser = parser
        self._token = token.encode()

    def application(self) -> web.Application:
        app = web.Application(client_max_size=MAX_BODY)
        app.router.add_post("/parse", self.parse)
        app.router.add_get("/healthz", self.healthz)
        app.router.add_get("/readyz", self.readyz)
        return app

    async def parse(self, request: web.Request) -> web.Response:
        if not self._allowed(request):
            return _refusal("wrong or missing token", 401)
        try:
            body = await request.read()
            return web.json_response({"parses": await self._parser.parse(read_texts(body))})
        except web.HTTPRequestEntityTooLarge:
            return _refusal(f"more than {MAX_BODY} bytes; send several requests", 413)
        except BadRequest as error:
            return _refusal(str(error), error.status)
        except Exception as error:  # whatever it was, its message may quote the text
            say(f"a parse failed with {type(error).__name__}.")
            return _refusal("the model failed", 500)

    async def healthz(self, _: web.Request) -> web.Response:
        return web.json_response({"ok": True})

    async def readyz(self, _: web.Request) -> web.Response:
        model = self._parser.model
        if model is None:
            return web.json_response({"ready": False}, status=503)
        return web.json_response({"ready": True, "model": model.fingerprint})

    def _allowed(self, request: web.Request) -> bool:
        given = request.headers.get("Authorization", "").encode(errors="replace")
        return not self._token or hmac.compare_digest(given, b"Bearer " + self._token)


def _refusal(reason: str, status: int) -> web.Response:
    return web.json_response({"error": reason}, status=status)


async def serve(arguments: argparse.Namespace, token: str, left_alone: threading.Event) -> int:
    """Serve until a signal or, embedded, until `left_alone`, which is set then; the exit code."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(
        lambda _, context: say(f"unexpected {type(context.get('exception')).__name__}.")
    )
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    if arguments.embedded:
        watched = (loop, stop, left_alone)
        threading.Thread(target=_stop_with_parent, args=watched, daemon=True).start()

    parser = Parser()
    runner = web.AppRunner(
        Endpoints(parser, token).application(), access_log=None, handler_cancellation=True
    )
    await runner.setup()
    try:
        await _site(runner, arguments).start()
    except OSError as error:
        say(f"cannot listen ({os.strerror(error.errno or 0)}); choose another socket or port.")
        return WRONG_INPUT
    if arguments.socket is not None:
        arguments.socket.chmod(0o660 if arguments.group else 0o600)
    loading = asyncio.create_task(parser.load(arguments.model))
    parsing = asyncio.create_task(parser.run())
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({loading, stopping}, return_when=asyncio.FIRST_COMPLETED)
    code = 0
    if loading.done() and loading.exception() is not None:
        error = loading.exception()
        known = isinstance(error, (ModelUnusable, ModelOutOfReach))
        say(f"{error}." if known else f"loading failed with {type(error).__name__}.")
        code = TRY_AGAIN if isinstance(error, ModelOutOfReach) else WRONG_INPUT
    else:
        if loading.done():
            say("ready.")
        await stopping
    await runner.cleanup()
    parsing.cancel()
    return code


def _site(runner: web.AppRunner, arguments: argparse.Namespace) -> web.BaseSite:
    if arguments.socket is not None:
        return web.UnixSite(runner, str(arguments.socket))
    return web.TCPSite(runner, arguments.host, arguments.port)


def _stop_with_parent(
    loop: asyncio.AbstractEventLoop, stop: asyncio.Event, left_alone: threading.Event
) -> None:
    """The parent holds the other end of stdin: it closes when the parent ends, however it does."""
    with suppress(OSError):
        while os.read(0, 1024):
            pass
    # Not told by the parent's id: that changes only a moment after its pipes are closed.
    left_alone.set()
    with suppress(RuntimeError):
        loop.call_soon_threadsafe(stop.set)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, help="left out: the one of today's files")
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--socket", type=Path)
    where.add_argument("--port", type=int)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument(
        "--group", action="store_true", help="let the group of the socket's folder ask, too"
    )
    parser.add_argument(
        "--embedded",
        action="store_true",
        help="stop when stdin closes; left alone so, take the socket's folder along",
    )
    arguments = parser.parse_args()
    arguments.model = arguments.model or model_path(Path(__file__).resolve().parent)
    return arguments


def _problem(arguments: argparse.Namespace, token: str) -> Optional[str]:
    if not arguments.model.is_file():
        return f"no model at {arguments.model}; train one with `sidelight nlu train`."
    if arguments.socket is None and not token and not _is_loopback(arguments.host):
        return f"BOT_NLU_TOKEN must be set to listen on {arguments.host}; or use 127.0.0.1."
    return None


def _token() -> str:
    """The callers' token, which no environment shows from now on; "" where there is none."""
    given = os.environ.pop("BOT_NLU_TOKEN", "")
    path = os.environ.pop("BOT_NLU_TOKEN_FILE", "")
    return given or (Path(path).read_text(encoding="utf-8").strip() if path else "")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def main() -> int:
    arguments = _arguments()
    try:
        token = _token()
    except OSError as error:
        say(f"BOT_NLU_TOKEN_FILE cannot be read ({os.strerror(error.errno or 0)}).")
        return WRONG_INPUT
    problem = _problem(arguments, token)
    if problem:
        say(problem)
        return WRONG_INPUT
    left_alone = threading.Event()
    silence()
    sys.path.insert(0, str(Path(__file__).resolve().parent))
    os.umask(0o077)
    try:
        return asyncio.run(serve(arguments, token, left_alone))
    finally:
        if arguments.socket is not None:
            arguments.socket.unlink(missing_ok=True)
            if arguments.embedded and left_alone.is_set():
                with suppress(OSError):
                    arguments.socket.parent.rmdir()


if __name__ == "__main__":
    # Not sys.exit: it would wait for a model that is still loading, and for TensorFlow's threads.
    os._exit(main())
