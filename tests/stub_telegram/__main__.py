"""``python -m tests.stub_telegram``: prints one line of JSON with its ports and the token."""

import argparse
import asyncio
import json
import signal

from aiohttp import web

from tests.stub_telegram.control import control_app
from tests.stub_telegram.server import StubTelegram


async def _main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.stub_telegram", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="of the Bot API; 0 takes a free one")
    parser.add_argument("--control-port", type=int, default=0, help="of the control API")
    parser.add_argument("--token", help="of the bot; made up if not given")
    parser.add_argument("--no-validation", action="store_true", help="only to measure speed")
    options = parser.parse_args()
    stub = StubTelegram(options.token, strict=not options.no_validation)
    await stub.start(options.port)
    runner = web.AppRunner(control_app(stub), access_log=None, shutdown_timeout=0.2)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", options.control_port).start()
    ready = {"port": stub.port, "control_port": runner.addresses[0][1], "token": stub.token}
    print(json.dumps(ready), flush=True)
    done = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, done.set)
    await done.wait()
    await runner.cleanup()
    await stub.stop()


if __name__ == "__main__":
    asyncio.run(_main())
