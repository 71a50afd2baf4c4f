"""What can go wrong between the bot and Telegram, to be scripted call by call."""

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import Literal


@dataclass(slots=True)
class Fault:
    """How one call is treated; `times` calls are, the next ones are not.

    `status` refuses the call. `delay` and `stall` are seconds before and after carrying it out.
    `cut` breaks the connection before or after carrying it out. `body` replaces the answer.
    `chat_id` limits the fault to calls for one chat.
    """

    status: int | None = None
    description: str = ""
    retry_after: int | None = None
    delay: float = 0.0
    stall: float = 0.0
    cut: Literal["before", "after"] | None = None
    body: str | None = None
    chat_id: int | None = None
    times: int = 1


def refused(
    status: int, description: str = "", *, retry_after: int | None = None, times: int = 1
) -> Fault:
    """Not carried out, and answered with an error."""
    words = description or {
        400: "Bad Request: something is wrong",
        403: "Forbidden: bot was blocked by the user",
        429: f"Too Many Requests: retry after {retry_after}",
        500: "Internal Server Error: restart",
        502: "Bad Gateway",
    }.get(status, "Error")
    return Fault(status=status, description=words, retry_after=retry_after, times=times)


def delayed(seconds: float, *, times: int = 1) -> Fault:
    """Carried out and answered late."""
    return Fault(delay=seconds, times=times)


def stalled_after(seconds: float, *, times: int = 1) -> Fault:
    """Carried out at once, answered after `seconds`: for a caller that gives up before."""
    return Fault(stall=seconds, times=times)


def cut_before(*, times: int = 1) -> Fault:
    """Not carried out, and the connection breaks."""
    return Fault(cut="before", times=times)


def cut_after(*, times: int = 1) -> Fault:
    """Carried out, and the connection breaks before the answer."""
    return Fault(cut="after", times=times)


def garbled(body: str = "<html>", *, status: int | None = None, times: int = 1) -> Fault:
    """Carried out (refused, with a status) and answered with something that is not JSON."""
    return Fault(body=body, status=status, times=times)


class Script:
    """The faults to come, per method."""

    def __init__(self) -> None:
        self._faults: defaultdict[str, list[Fault]] = defaultdict(list)

    def add(self, method: str, *faults: Fault) -> None:
        """Let the next calls of `method` go wrong, one fault after the other."""
        self._faults[method.lower()] += [replace(fault) for fault in faults]

    def next_for(self, method: str, chat_id: object) -> Fault:
        """The fault that the present call meets; one without any effect if none is left."""
        waiting = self._faults[method.lower()]
        for fault in waiting:
            if fault.chat_id in (None, chat_id):
                fault.times -= 1
                if fault.times <= 0:
                    waiting.remove(fault)
                return fault
        return Fault()

    def clear(self) -> None:
        """Let everything go right again."""
        self._faults.clear()
