"""The model and the line before it."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import List, Optional, Sequence, Union

from line import Answer, Call, Line
from model import Model
from protocol import BadRequest

AT_ONCE = 8
"""Texts parsed in one go. Nobody waits for more than these before the next ones are chosen."""
MAX_WAITING = 64
"""Requests."""
BETWEEN = 4
"""Turns of the event loop before the next texts are chosen. One sends an answer through the task
of its request, another its bytes; of a new request one reads the bytes, another the text."""


class Parser:
    """Answers what texts mean.

    It parses on the event loop's own thread: passing texts to another costs more than the loop
    could do meanwhile. Texts that have come by then are parsed together, up to AT_ONCE of them,
    as eight take three times as long as one.
    """

    def __init__(self) -> None:
        self._line = Line(MAX_WAITING)
        self._joined = asyncio.Event()
        self.model: Optional[Model] = None

    async def load(self, path: Path) -> None:
        """Raises ModelUnusable or ModelOutOfReach. (A thread of its own, since a loop that ends
        would wait for one of its own pool.)"""
        loop = asyncio.get_running_loop()
        self.model = await loop.run_in_executor(ThreadPoolExecutor(1), Model, path)

    async def parse(self, texts: List[str]) -> List[Answer]:
        """What `texts` mean, in order. Cancelled, the rest of them is not parsed.

        Raises BadRequest (503) while the model is loading or too many wait, and what the model
        raises for one of them.
        """
        if self.model is None:
            raise BadRequest("the model is loading; try again", 503)
        done: asyncio.Future[List[Answer]] = asyncio.get_running_loop().create_future()
        if not self._line.join(Call(texts, done)):
            raise BadRequest("too many requests wait; try again", 503)
        self._joined.set()
        return await done

    async def run(self) -> None:
        """Parse what waits, until cancelled."""
        while True:
            await self._joined.wait()
            turns = self._line.take(AT_ONCE)
            if not turns:
                self._joined.clear()
                continue
            answers = self._answers([text for _, text in turns])
            for (call, _), answer in zip(turns, answers, strict=True):
                call.answer(answer)
            for _ in range(BETWEEN):
                await asyncio.sleep(0)

    def _answers(self, texts: List[str]) -> Sequence[Union[Answer, Exception]]:
        """For each text its own: one that the model fails at takes no other along."""
        assert self.model is not None
        try:
            return self.model.parse(texts)
        except Exception as error:
            if len(texts) == 1:
                return [error]
        return [self._answers([text])[0] for text in texts]
