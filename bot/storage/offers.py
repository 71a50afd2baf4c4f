"""Who was offered to whom."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import bindparam, delete, or_, select, update

from bot.handoff.models import HandoffState
from bot.handoff.offers import Offer
from bot.ids import AdvocateId, HandoffId
from bot.storage.connection import Connection
from bot.storage.handoffs import read_handoff
from bot.storage.prepared import Prepared, putting
from bot.storage.tables import handoffs, offers

_h, _o = handoffs.c, offers.c
_asked = _h.offered_to == bindparam("advocate")
_MAKE = Prepared(
    update(handoffs)
    .where(
        _h.id == bindparam("handoff"),
        _h.state == HandoffState.WAITING,
        _h.ready_at <= bindparam("now"),
        or_(_h.offered_until.is_(None), _h.offered_until <= bindparam("now")),
    )
    .values(offered_to=bindparam("advocate"), offered_until=bindparam("until"))
)
_STANDING = Prepared(
    select(handoffs)
    .where(_h.state == HandoffState.WAITING, _asked, _h.offered_until > bindparam("now"))
    .order_by(_h.rank_at, _h.id)
    .limit(1)
)
_PASS_OVER = putting(offers, "handoff_id", "advocate_id")
_PASSED_OVER = Prepared(
    select(_o.handoff_id, _o.declined).where(
        _o.advocate_id == bindparam("advocate"), _o.until > bindparam("now")
    )
)


class SqlOfferRepository:
    """`OfferRepository` on SQL. An offer is made by one conditional UPDATE, as a claim is."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    async def make(
        self, handoff_id: HandoffId, advocate_id: AdvocateId, now: datetime, until: datetime
    ) -> bool:
        made = {"handoff": handoff_id, "advocate": advocate_id, "now": now, "until": until}
        return (await self._db.run(_MAKE, made)).rowcount == 1

    async def standing(self, advocate_id: AdvocateId, now: datetime) -> Offer | None:
        row = (await self._db.run(_STANDING, {"advocate": advocate_id, "now": now})).one_or_none()
        return None if row is None else Offer(read_handoff(row), row.offered_until)

    async def withdraw(self, handoff_id: HandoffId, advocate_id: AdvocateId) -> None:
        h = handoffs.c
        await self._db.execute(
            update(handoffs)
            .where(h.id == handoff_id, h.offered_to == advocate_id)
            .values(offered_to=None, offered_until=None)
        )

    async def pass_over(
        self, handoff_id: HandoffId, advocate_id: AdvocateId, until: datetime, *, declined: bool
    ) -> None:
        values = {
            "handoff_id": handoff_id,
            "advocate_id": advocate_id,
            "until": until,
            "declined": declined,
        }
        await self._db.run(_PASS_OVER, values)

    async def passed_over(self, advocate_id: AdvocateId, now: datetime) -> Mapping[HandoffId, bool]:
        rows = await self._db.run(_PASSED_OVER, {"advocate": advocate_id, "now": now})
        return {HandoffId(row.handoff_id): row.declined for row in rows}

    async def prune(self, now: datetime) -> None:
        await self._db.execute(delete(offers).where(offers.c.until <= now))
