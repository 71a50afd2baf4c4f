"""What waits in the whole database, in one look."""

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, case, func, select

from bot.checkins.models import Phase
from bot.conversation.backlog import Backlog
from bot.handoff.models import URGENT, HandoffState
from bot.storage import connection
from bot.storage.tables import (
    ALERT_OPEN,
    UNSENT,
    alerts,
    checkins,
    handoffs,
    inbox,
    messages,
    timers,
)


class SqlBacklog:
    """Counts and ages over everybody, at `now`."""

    def __init__(self, db: connection.Connection, now: datetime) -> None:
        self._db = db
        self._now = now

    async def look(self, on_duty: int) -> Backlog:
        """All of it; `on_duty` is counted elsewhere. On SQLite a thread looks: timers are as many
        as people, and to count them takes a while."""
        return await self._db.run_sync(_Look(self._now).look, on_duty)


class _Look:
    """The questions, one after the other. But for the count, each finds its rows by an index."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def look(self, db: Connection, on_duty: int) -> Backlog:
        """See `SqlBacklog.look`."""
        set_, late = self._timers(db)
        waiting, waiting_age = self._queue(db)
        due = (checkins.c.phase == Phase.SCHEDULED) & (checkins.c.due_at < self._now)
        inbox_, inbox_age = self._count(db, inbox.c.created_at)
        unsent_, unsent_age = self._count(db, messages.c.created_at, UNSENT)
        alerts_, alerts_age = self._count(db, alerts.c.raised_at, ALERT_OPEN)
        claimed = handoffs.c.state == HandoffState.CLAIMED
        return Backlog(
            timers=set_,
            timers_overdue=late,
            checkin_overdue=self._count(db, checkins.c.due_at, due)[1],
            deletion_overdue=self._age(db.scalar(select(func.min(messages.c.delete_at)))),
            inbox=inbox_,
            inbox_age=inbox_age,
            unsent=unsent_,
            unsent_age=unsent_age,
            waiting=waiting,
            waiting_age=waiting_age,
            claimed=self._count(db, handoffs.c.queued_at, claimed)[0],
            on_duty=on_duty,
            alerts=alerts_,
            alerts_age=alerts_age,
        )

    def _count(
        self, db: Connection, since: ColumnElement[datetime], *where: ColumnElement[bool]
    ) -> tuple[int, float]:
        """How many rows, and how long ago the oldest `since` was."""
        count, first = db.execute(select(func.count(), func.min(since)).where(*where)).one()
        return count, self._age(first)

    def _timers(self, db: Connection) -> tuple[dict[str, int], dict[str, float]]:
        t = timers.c
        set_: dict[str, int] = {}
        for kind, count in db.execute(select(t.kind, func.count()).group_by(t.kind)):
            name = kind.split(":")[0]
            set_[name] = set_.get(name, 0) + count
        late = dict.fromkeys(set_, 0.0)
        # Not grouped: SQLite would then go through all timers by their kind.
        due = select(t.kind, t.due_at).where(t.due_at < self._now).order_by(t.due_at)
        for kind, first in db.execute(due):
            name = kind.split(":")[0]
            late[name] = max(late.get(name, 0.0), self._age(first))
        return set_, late

    def _queue(self, db: Connection) -> tuple[dict[str, int], float]:
        h = handoffs.c
        urgent = func.count(case((h.priority == URGENT, 1)))
        ready = (h.state == HandoffState.WAITING) & (h.ready_at <= self._now)
        row = db.execute(select(func.count(), urgent, func.min(h.ready_at)).where(ready)).one()
        return {"urgent": row[1], "normal": row[0] - row[1]}, self._age(row[2])

    def _age(self, since: datetime | None) -> float:
        return 0.0 if since is None else max(0.0, (self._now - since).total_seconds())
