"""A wire that can be cut: a unix socket that passes everything on to another one."""

import asyncio
from contextlib import suppress
from pathlib import Path


class Relay:
    """Listens at `path` and passes on to `target`; after `cut` it is as if no server were there,
    after `stall` it takes calls and never answers them."""

    def __init__(self, path: Path, target: str) -> None:
        self._path = path
        self._target = target
        self._server: asyncio.Server | None = None
        self._calls: set[asyncio.Task[None]] = set()
        self._stalled = False

    @property
    def url(self) -> str:
        """Where a client asks."""
        return f"unix://{self._path}"

    async def open(self) -> None:
        """Pass calls on, from now on."""
        self._stalled = False
        self._server = await asyncio.start_unix_server(self._accept, str(self._path))

    async def cut(self) -> None:
        """Drop all connections and take no new one."""
        if self._server is not None:
            self._server.close()
            self._server = None
        self._path.unlink(missing_ok=True)
        for call in list(self._calls):
            call.cancel()
            with suppress(asyncio.CancelledError):
                await call

    async def stall(self) -> None:
        """Take calls and stay silent."""
        await self.cut()
        await self.open()
        self._stalled = True

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        call = asyncio.current_task()
        assert call is not None
        self._calls.add(call)
        try:
            if self._stalled:
                await asyncio.Event().wait()
            there, back = await asyncio.open_unix_connection(self._target)
            try:
                await asyncio.gather(_copy(reader, back), _copy(there, writer))
            finally:
                back.close()
        except asyncio.CancelledError:
            pass  # cut
        finally:
            writer.close()
            self._calls.discard(call)


async def _copy(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while data := await source.read(65536):
            sink.write(data)
            await sink.drain()
    sink.close()
