"""The same parts, measured: each keeps its interface's contract, and counts how it went."""

import time
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager

from prometheus_client import Histogram

from bot.clock import Clock
from bot.conversation.intake import InboundUpdate, Intake
from bot.conversation.interfaces import (
    AddressUnreachable,
    Channel,
    ChannelTraits,
    ChannelUnavailable,
    MessageRefused,
    NluClient,
    NluUnavailable,
    OutgoingMessage,
)
from bot.dialogue.understanding import Parse
from bot.ids import Address, ChannelName, ConversationId, Locale
from bot.metrics.registry import Metrics
from bot.scheduling.models import Timer
from bot.scheduling.worker import Handler, Round

_OUTCOMES: Mapping[type[Exception], str] = {
    ChannelUnavailable: "unavailable",
    AddressUnreachable: "unreachable",
    MessageRefused: "refused",
    NluUnavailable: "unavailable",
    TimeoutError: "unavailable",
}


@contextmanager
def _timed(histogram: Histogram, *labels: str) -> Iterator[None]:
    """Observe how long the block took, with its outcome as the last label."""
    began = time.perf_counter()
    outcome = "cancelled"
    try:
        yield
        outcome = "ok"
    except Exception as error:
        outcome = _OUTCOMES.get(type(error), "error")
        raise
    finally:
        histogram.labels(*labels, outcome).observe(time.perf_counter() - began)


class MeasuredChannel:
    """A `Channel`."""

    def __init__(self, channel: Channel, metrics: Metrics) -> None:
        self._channel = channel
        self._metrics = metrics

    @property
    def name(self) -> ChannelName:
        """See `Channel.name`."""
        return self._channel.name

    @property
    def traits(self) -> ChannelTraits:
        """See `Channel.traits`."""
        return self._channel.traits

    def mark(self) -> str:
        """See `Channel.mark`."""
        return self._channel.mark()

    async def send(self, address: Address, message: OutgoingMessage) -> tuple[str, ...]:
        """See `Channel.send`."""
        with _timed(self._metrics.sends, self.name):
            return await self._channel.send(address, message)

    async def withdraw(self, address: Address, mark: str, spare: Collection[str] = ()) -> None:
        """See `Channel.withdraw`."""
        with _timed(self._metrics.deletes, self.name):
            await self._channel.withdraw(address, mark, spare)

    async def delete(
        self, address: Address, message_ids: Sequence[str], *, urgent: bool = False
    ) -> None:
        """See `Channel.delete`."""
        with _timed(self._metrics.deletes, self.name):
            await self._channel.delete(address, message_ids, urgent=urgent)


class MeasuredNlu:
    """An `NluClient`."""

    def __init__(self, nlu: NluClient, metrics: Metrics) -> None:
        self._nlu = nlu
        self._metrics = metrics

    async def parse(self, text: str, locale: Locale | None) -> Parse:
        """See `NluClient.parse`."""
        with _timed(self._metrics.nlu):
            return await self._nlu.parse(text, locale)


class MeasuredIntake:
    """An `Intake`."""

    def __init__(self, intake: Intake, metrics: Metrics) -> None:
        self._intake = intake
        self._metrics = metrics

    async def accept(self, update: InboundUpdate) -> bool:
        """See `Intake.accept`."""
        outcome = "failed"
        try:
            news = await self._intake.accept(update)
            outcome = "stored" if news else "known"
            return news
        finally:
            self._metrics.updates.labels(update.channel, outcome).inc()


def measured_work(
    work: Callable[[ConversationId], Awaitable[None]], metrics: Metrics
) -> Callable[[ConversationId], Awaitable[None]]:
    """The dispatcher's work."""

    async def run(conversation_id: ConversationId) -> None:
        with metrics.work.time(), metrics.work_failures.count_exceptions(Exception):
            await work(conversation_id)

    return run


def measured_timers(
    handlers: Mapping[str, Handler], clock: Clock, metrics: Metrics
) -> dict[str, Handler]:
    """The handlers of timers, by kind."""

    def of(kind: str, handler: Handler) -> Handler:
        async def run(timer: Timer) -> None:
            late = (clock.now() - timer.due_at).total_seconds()
            metrics.lateness.labels(kind).observe(max(late, 0.0))
            with metrics.timer_failures.labels(kind).count_exceptions(Exception):
                await handler(timer)

        return run

    return {kind: of(kind, handler) for kind, handler in handlers.items()}


def measured_rounds(
    rounds: Mapping[str, Round], clock: Clock, metrics: Metrics
) -> dict[str, Round]:
    """Timers that are run together, by kind; those that are left are counted by their handlers."""

    def of(kind: str, together: Round) -> Round:
        async def run(timers: Sequence[Timer]) -> Sequence[Timer]:
            began = clock.now()
            left = await together(timers)
            one_by_one = {timer.id for timer in left}
            for timer in timers:
                if timer.id not in one_by_one:
                    late = (began - timer.due_at).total_seconds()
                    metrics.lateness.labels(kind).observe(max(late, 0.0))
            return left

        return run

    return {kind: of(kind, together) for kind, together in rounds.items()}
