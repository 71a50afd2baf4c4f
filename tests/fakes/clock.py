"""A clock that goes when it is told to."""

from datetime import UTC, datetime, timedelta


class FakeClock:
    """Keeps the contract of `Clock`; stands still in between."""

    def __init__(self, at: datetime = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)) -> None:
        self.at = at

    def now(self) -> datetime:
        """The instant that it was set to."""
        return self.at

    def advance(self, by: timedelta) -> None:
        """Let `by` pass."""
        self.at += by
