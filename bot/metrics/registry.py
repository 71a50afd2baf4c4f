"""Every metric there is. No label has a value that comes from a person: all are words of ours."""

from collections.abc import Mapping
from typing import Final

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)

from bot.conversation.backlog import Backlog

QUICK: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
LATE: Final = (0.1, 0.5, 1.0, 2.0, 5.0, 15.0, 30.0, 60.0, 300.0, 900.0, 3600.0)
"""Upper bounds of buckets, in seconds."""


class Metrics:
    """The metrics of one process, in a registry of their own. All times are seconds."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        PlatformCollector(registry=self._registry)
        GCCollector(registry=self._registry)
        self.updates = self._counter(
            "updates", "Updates taken in, by what became of them.", "channel", "outcome"
        )
        self.work = self._histogram("work_seconds", "One conversation's turns and sending.")
        self.work_failures = self._counter("work_failures", "Work that stopped at an error.")
        self.sends = self._histogram(
            "send_seconds", "Calls that send a message.", "channel", "outcome"
        )
        self.deletes = self._histogram(
            "delete_seconds", "Calls that delete messages.", "channel", "outcome"
        )
        self.nlu = self._histogram("nlu_seconds", "What the model was asked.", "outcome")
        self.lateness = self._histogram(
            "timer_lateness_seconds", "How late timers ran.", "kind", buckets=LATE
        )
        self.timer_failures = self._counter("timer_failures", "Timers that failed.", "kind")
        self._polling = self._gauge("polling", "1 while this process polls Telegram.")
        self._nlu_ready = self._gauge("nlu_ready", "1 while this process has a model to ask.")
        self._key_age = self._gauge("key_epoch_age_seconds", "Since the key epoch began.")
        self._database_up = self._gauge("database_up", "1 while the database answers.")
        self._timers = self._gauge("timers", "Timers that are set.", "kind")
        self._timer_overdue = self._gauge(
            "timer_overdue_seconds", "How late the latest timer is.", "kind"
        )
        self._checkin_overdue = self._gauge(
            "checkin_overdue_seconds", "How late the latest check-in that was not asked is."
        )
        self._deletion_overdue = self._gauge(
            "deletion_overdue_seconds", "How late the latest message that is still there is."
        )
        self._inbox = self._gauge("inbox_items", "What is stored and not handled.")
        self._inbox_age = self._gauge("inbox_oldest_seconds", "The oldest of it.")
        self._unsent = self._gauge("unsent_messages", "Messages to be sent now.")
        self._unsent_age = self._gauge("unsent_oldest_seconds", "The oldest of them.")
        self._waiting = self._gauge("handoffs_waiting", "People who wait now.", "priority")
        self._waiting_age = self._gauge("handoffs_oldest_seconds", "Who has waited longest.")
        self._claimed = self._gauge("handoffs_claimed", "People with an advocate.")
        self._on_duty = self._gauge("advocates_on_duty", "Advocates who are there and on duty.")
        self._alerts = self._gauge("alerts_open", "Alerts that nobody acknowledged.")
        self._alerts_age = self._gauge("alerts_oldest_seconds", "The oldest of them.")

    @property
    def names(self) -> frozenset[str]:
        """Every name of our own that a query may use."""
        suffixes = {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count")}
        return frozenset(
            family.name + suffix
            for family in self._registry.collect()
            if family.name.startswith("sidelight_")
            for suffix in suffixes.get(family.type, ("",))
        )

    def process(self, *, polling: bool, nlu_ready: bool, key_age: float) -> None:
        """How this process does now."""
        self._polling.set(polling)
        self._nlu_ready.set(nlu_ready)
        self._key_age.set(key_age)

    def backlog(self, found: Backlog | None) -> None:
        """What waits now; None when the database does not answer: then nothing is told of it."""
        self._database_up.set(found is not None)
        for gauge in (self._timers, self._timer_overdue, self._waiting):
            gauge.clear()
        found = found or Backlog()
        _by_label(self._timers, found.timers)
        _by_label(self._timer_overdue, found.timers_overdue)
        _by_label(self._waiting, found.waiting)
        self._checkin_overdue.set(found.checkin_overdue)
        self._deletion_overdue.set(found.deletion_overdue)
        self._inbox.set(found.inbox)
        self._inbox_age.set(found.inbox_age)
        self._unsent.set(found.unsent)
        self._unsent_age.set(found.unsent_age)
        self._waiting_age.set(found.waiting_age)
        self._claimed.set(found.claimed)
        self._on_duty.set(found.on_duty)
        self._alerts.set(found.alerts)
        self._alerts_age.set(found.alerts_age)

    def text(self) -> bytes:
        """All of it in Prometheus' own format."""
        return generate_latest(self._registry)

    def _counter(self, name: str, what: str, *labels: str) -> Counter:
        return Counter(f"sidelight_{name}", what, labels, registry=self._registry)

    def _gauge(self, name: str, what: str, *labels: str) -> Gauge:
        return Gauge(f"sidelight_{name}", what, labels, registry=self._registry)

    def _histogram(
        self, name: str, what: str, *labels: str, buckets: tuple[float, ...] = QUICK
    ) -> Histogram:
        return Histogram(
            f"sidelight_{name}", what, labels, registry=self._registry, buckets=buckets
        )


def _by_label(gauge: Gauge, values: Mapping[str, float]) -> None:
    for label, value in values.items():
        gauge.labels(label).set(value)
