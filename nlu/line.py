"""Who waits for the model, and whose texts are next."""

from asyncio import Future
from collections import deque
from typing import Any, Deque, Dict, List, Sequence, Tuple, Union

Answer = Dict[str, Any]


class Call:
    """A request in the line: its texts, and the answers as they come in.

    `done` gets all answers in the order of the texts, or the first failure. Whoever gives up
    waiting cancels it, and no more texts are taken.
    """

    def __init__(self, texts: Sequence[str], done: "Future[List[Answer]]") -> None:
        self._texts = texts
        self._done = done
        self._taken = 0
        self._answers: List[Answer] = []

    @property
    def over(self) -> bool:
        """Whether nobody waits for the texts that are left, or there are none."""
        return self._done.done() or self._taken == len(self._texts)

    def take(self) -> str:
        """The next text."""
        self._taken += 1
        return self._texts[self._taken - 1]

    def answer(self, answer: Union[Answer, Exception]) -> None:
        """The answer to the first text that was taken and has none, or its failure."""
        if self._done.done():
            return
        if isinstance(answer, Exception):
            self._done.set_exception(answer)
            return
        self._answers.append(answer)
        if len(self._answers) == len(self._texts):
            self._done.set_result(self._answers)


class Line:
    """Calls in the order in which they came, at most `longest`.

    One text of each is taken before a second of any, so that one text never waits for all of a
    call with many.
    """

    def __init__(self, longest: int) -> None:
        self._longest = longest
        self._calls: Deque[Call] = deque()

    def join(self, call: Call) -> bool:
        """Whether there was a place for `call`. Those that are over leave theirs."""
        if len(self._calls) >= self._longest:
            self._calls = deque(call for call in self._calls if not call.over)
        if len(self._calls) >= self._longest:
            return False
        self._calls.append(call)
        return True

    def take(self, most: int) -> List[Tuple[Call, str]]:
        """The next texts and whose they are: `most`, or as many as wait."""
        taken: List[Tuple[Call, str]] = []
        while self._calls and len(taken) < most:
            call = self._calls.popleft()
            if not call.over:
                taken.append((call, call.take()))
                self._calls.append(call)
        return taken
