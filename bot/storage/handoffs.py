"""Handoffs: each change of hands is one conditional UPDATE."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    and_,
    bindparam,
    delete,
    func,
    literal_column,
    or_,
    select,
    update,
)

from bot.handoff.models import BY_ADVOCATE, URGENT, CloseKind, Handoff, HandoffState
from bot.ids import AdvocateId, ConversationId, HandoffId
from bot.storage.connection import Connection
from bot.storage.dialects import insert_ignoring
from bot.storage.prepared import Prepared
from bot.storage.tables import handoffs, offers

_BORNE = (
    select(handoffs.c.id)
    .where(
        handoffs.c.state.in_([HandoffState.WAITING, HandoffState.CLAIMED]),
        handoffs.c.pseudonym == bindparam("name"),
    )
    .limit(1)
)
_of_one = handoffs.c.conversation_id == bindparam("conversation")
# Written out, so that it is seen to be the condition of an index.
_OPEN_OF = Prepared(
    select(handoffs).where(_of_one, handoffs.c.state != literal_column(f"'{HandoffState.CLOSED}'"))
)
_ASKED_SINCE = Prepared(
    select(func.count()).where(_of_one, handoffs.c.queued_at >= bindparam("since"))
)

_h = handoffs.c
_GET = Prepared(select(handoffs).where(_h.id == bindparam("handoff")))
_IN_STATE = select(handoffs).where(_h.state == bindparam("wanted")).order_by(_h.rank_at, _h.id)
_LIST, _FIRST = Prepared(_IN_STATE), Prepared(_IN_STATE.limit(bindparam("most")))
_COUNT = Prepared(select(func.count()).where(_h.state == bindparam("wanted")))
_CONCERNING = Prepared(
    select(handoffs).where(
        _h.state == HandoffState.CLAIMED,
        or_(
            _h.advocate_id == bindparam("advocate"),
            _h.support_id == bindparam("advocate"),
            _h.passing,
        ),
    )
)
_READY = select(handoffs).where(_h.state == HandoffState.WAITING, _h.ready_at <= bindparam("now"))


def _page(found: Select[Any]) -> Prepared:
    ordered = found.order_by(_h.rank_at, _h.id)
    return Prepared(ordered.limit(bindparam("most")).offset(bindparam("start")))


_READY_PAGE = _page(_READY)
_READY_PAGE_FOR = _page(
    _READY.where(
        or_(
            _h.offered_until.is_(None),
            _h.offered_until <= bindparam("now"),
            _h.offered_to == bindparam("asked"),
        )
    )
)
_HELD_BY = Prepared(
    select(func.count()).where(
        _h.state == HandoffState.CLAIMED, _h.advocate_id == bindparam("advocate")
    )
)
_AHEAD = Prepared(
    select(func.count()).where(
        _h.state == HandoffState.WAITING,
        or_(
            _h.rank_at < bindparam("rank"),
            and_(_h.rank_at == bindparam("rank"), _h.id < bindparam("handoff")),
        ),
    )
)
_CLAIM = Prepared(
    update(handoffs)
    .where(
        _h.id == bindparam("handoff"),
        _h.state == HandoffState.WAITING,
        _h.ready_at <= bindparam("now"),
    )
    .values(
        state=HandoffState.CLAIMED,
        advocate_id=bindparam("advocate"),
        claimed_at=bindparam("now"),
        lease_until=bindparam("until"),
        unanswered_since=bindparam("now"),
        louder=0,
        offered_to=None,
        offered_until=None,
    )
)
_RENEW = Prepared(
    update(handoffs)
    .where(_h.state == HandoffState.CLAIMED, _h.advocate_id == bindparam("advocate"))
    .values(lease_until=bindparam("until"))
)
_UNANSWERED = Prepared(
    update(handoffs)
    .where(
        _h.id == bindparam("handoff"),
        _h.state == HandoffState.CLAIMED,
        _h.unanswered_since.is_(None),
    )
    .values(unanswered_since=bindparam("since"))
)
_ANSWERED = Prepared(
    update(handoffs).where(_h.id == bindparam("handoff")).values(unanswered_since=None)
)


class SqlHandoffRepository:
    """`HandoffRepository` on SQL. Each change of hands is one conditional UPDATE."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    async def add(self, handoff: Handoff) -> bool:
        done = await self._db.execute(
            insert_ignoring(self._db, handoffs).values(
                id=handoff.id,
                conversation_id=handoff.conversation_id,
                state=handoff.state,
                priority=handoff.priority,
                topic=handoff.sealed_topic,
                pseudonym=handoff.pseudonym,
                queued_at=handoff.queued_at,
                rank_at=handoff.rank_at or handoff.queued_at,
                ready_at=handoff.ready_at or handoff.queued_at,
            )
        )
        return done.rowcount == 1

    async def get(self, handoff_id: HandoffId) -> Handoff | None:
        row = (await self._db.run(_GET, {"handoff": handoff_id})).one_or_none()
        return None if row is None else read_handoff(row)

    async def open_of(self, conversation_id: ConversationId) -> Handoff | None:
        rows = await self._db.run(_OPEN_OF, {"conversation": conversation_id})
        row = rows.one_or_none()
        return None if row is None else read_handoff(row)

    async def is_borne(self, pseudonym: str) -> bool:
        found = await self._db.scalar(_BORNE, {"name": pseudonym})
        return found is not None

    async def list_by_state(
        self, state: HandoffState, limit: int | None = None
    ) -> Sequence[Handoff]:
        if limit is None:
            rows = await self._db.run(_LIST, {"wanted": state})
        else:
            rows = await self._db.run(_FIRST, {"wanted": state, "most": limit})
        return [read_handoff(row) for row in rows]

    async def count_by_state(self, state: HandoffState) -> int:
        return int((await self._db.run(_COUNT, {"wanted": state})).scalar())

    async def concerning(
        self, advocate_id: AdvocateId, also: Collection[HandoffId]
    ) -> Sequence[Handoff]:
        rows = await self._db.run(_CONCERNING, {"advocate": advocate_id})
        found = {handoff.id: handoff for handoff in map(read_handoff, rows)}
        for handoff_id in dict.fromkeys(also):
            # Mostly it is one that is offered: the others are held, and among these already.
            handoff = None if handoff_id in found else await self.get(handoff_id)
            if handoff is not None and handoff.state is not HandoffState.CLOSED:
                found[handoff_id] = handoff
        return sorted(found.values(), key=lambda handoff: (handoff.rank_at, handoff.id))

    async def open_among(self, conversation_ids: Collection[ConversationId]) -> Sequence[Handoff]:
        h = handoffs.c
        rows = await self._db.execute(
            select(handoffs).where(
                h.conversation_id.in_(list(conversation_ids)), h.state != HandoffState.CLOSED
            )
        )
        return [read_handoff(row) for row in rows]

    async def ready(
        self, now: datetime, limit: int, offset: int, asked: AdvocateId | None = None
    ) -> Sequence[Handoff]:
        given = {"now": now, "most": limit, "start": offset}
        if asked is None:
            rows = await self._db.run(_READY_PAGE, given)
        else:
            rows = await self._db.run(_READY_PAGE_FOR, {**given, "asked": asked})
        return [read_handoff(row) for row in rows]

    async def holds(self) -> Mapping[AdvocateId, int]:
        h = handoffs.c
        rows = await self._db.execute(
            select(h.advocate_id, func.count())
            .where(h.state == HandoffState.CLAIMED, h.advocate_id.is_not(None))
            .group_by(h.advocate_id)
        )
        return {AdvocateId(who): count for who, count in rows}

    async def held_by(self, advocate_id: AdvocateId) -> int:
        return int((await self._db.run(_HELD_BY, {"advocate": advocate_id})).scalar())

    async def hurry(self, conversation_id: ConversationId, rank_at: datetime) -> HandoffId | None:
        h = handoffs.c
        rows = await self._db.execute(
            update(handoffs)
            .where(
                h.conversation_id == conversation_id,
                h.state == HandoffState.WAITING,
                h.priority > URGENT,
            )
            .values(priority=URGENT, rank_at=rank_at, ready_at=h.queued_at)
            .returning(h.id)
        )
        found = rows.scalar_one_or_none()
        return None if found is None else HandoffId(found)

    async def call_back(self, handoff_id: HandoffId, ready_at: datetime) -> bool:
        waits = handoffs.c.state == HandoffState.WAITING
        return await self._change(handoff_id, waits, ready_at=ready_at)

    async def place(self, handoff_id: HandoffId) -> int | None:
        mine = await self.get(handoff_id)
        if mine is None or mine.state is not HandoffState.WAITING:
            return None
        ahead = await self._db.run(_AHEAD, {"rank": mine.rank_at, "handoff": mine.id})
        return int(ahead.scalar()) + 1

    async def claim(
        self, handoff_id: HandoffId, advocate_id: AdvocateId, now: datetime, lease_until: datetime
    ) -> bool:
        taken = {"handoff": handoff_id, "advocate": advocate_id, "now": now, "until": lease_until}
        return (await self._db.run(_CLAIM, taken)).rowcount == 1

    async def renew(self, advocate_id: AdvocateId, lease_until: datetime) -> None:
        await self._db.run(_RENEW, {"advocate": advocate_id, "until": lease_until})

    async def release(self, handoff_id: HandoffId, holder: AdvocateId) -> bool:
        return await self._change(
            handoff_id,
            *_held_by(holder),
            state=HandoffState.WAITING,
            advocate_id=None,
            claimed_at=None,
            lease_until=None,
            unanswered_since=None,
            told_place=0,
            **_ALONE,
        )

    async def transfer(
        self, handoff_id: HandoffId, holder: AdvocateId, to: AdvocateId, lease_until: datetime
    ) -> bool:
        return await self._change(
            handoff_id, *_held_by(holder), advocate_id=to, lease_until=lease_until, **_ALONE
        )

    async def seek(self, handoff_id: HandoffId, sealed_skill: bytes) -> None:
        await self._change(handoff_id, skill=sealed_skill)

    async def passing(
        self,
        handoff_id: HandoffId,
        holder: AdvocateId,
        to: AdvocateId | None,
        sealed_skill: bytes | None,
    ) -> bool:
        asks = to is not None or sealed_skill is not None
        skill = {} if sealed_skill is None else {"skill": sealed_skill}
        held = _held_by(holder)
        return await self._change(handoff_id, *held, passing=asks, passing_to=to, **skill)

    async def take_over(
        self,
        handoff_id: HandoffId,
        advocate_id: AdvocateId,
        asked_for: bytes | None,
        now: datetime,
        lease_until: datetime,
    ) -> bool:
        h = handoffs.c
        by_skill = and_(h.passing_to.is_(None), h.skill == asked_for)
        return await self._change(
            handoff_id,
            h.state == HandoffState.CLAIMED,
            h.advocate_id != advocate_id,
            h.passing,
            h.passing_to == advocate_id if asked_for is None else by_skill,
            advocate_id=advocate_id,
            claimed_at=now,
            lease_until=lease_until,
            unanswered_since=now,
            **_ALONE,
        )

    async def support(
        self, handoff_id: HandoffId, holder: AdvocateId, support_id: AdvocateId | None
    ) -> bool:
        return await self._change(handoff_id, *_held_by(holder), support_id=support_id)

    async def unanswered(self, handoff_id: HandoffId, since: datetime) -> bool:
        left = {"handoff": handoff_id, "since": since}
        return (await self._db.run(_UNANSWERED, left)).rowcount == 1

    async def answered(self, handoff_id: HandoffId) -> None:
        await self._db.run(_ANSWERED, {"handoff": handoff_id})

    async def louder(self, handoff_id: HandoffId) -> None:
        await self._change(handoff_id, louder=handoffs.c.louder + 1)

    async def told(self, handoff_id: HandoffId, place: int) -> None:
        await self._change(handoff_id, told_place=place)

    async def reopen(
        self,
        handoff_id: HandoffId,
        advocate_id: AdvocateId,
        now: datetime,
        closed_after: datetime,
        lease_until: datetime,
    ) -> bool:
        h = handoffs.c
        return await self._change(
            handoff_id,
            *_closed_by(advocate_id),
            h.closed_at > closed_after,
            state=HandoffState.CLAIMED,
            claimed_at=now,
            closed_at=None,
            close_reason="",
            lease_until=lease_until,
        )

    async def closed_by(self, advocate_id: AdvocateId) -> Sequence[Handoff]:
        rows = await self._db.execute(
            select(handoffs)
            .where(*_closed_by(advocate_id))
            .order_by(handoffs.c.closed_at.desc(), handoffs.c.id)
        )
        return [read_handoff(row) for row in rows]

    async def asked_since(self, conversation_id: ConversationId, since: datetime) -> int:
        asked = {"conversation": conversation_id, "since": since}
        return int((await self._db.run(_ASKED_SINCE, asked)).scalar())

    async def close(self, handoff_id: HandoffId, at: datetime, reason: str) -> bool:
        return await self._change(
            handoff_id,
            handoffs.c.state != HandoffState.CLOSED,
            state=HandoffState.CLOSED,
            closed_at=at,
            close_reason=reason,
            lease_until=None,
            unanswered_since=None,
            **_ALONE,
        )

    async def delete_of(self, conversation_id: ConversationId) -> None:
        theirs = select(handoffs.c.id).where(handoffs.c.conversation_id == conversation_id)
        await self._db.execute(delete(offers).where(offers.c.handoff_id.in_(theirs)))
        await self._db.execute(
            delete(handoffs).where(handoffs.c.conversation_id == conversation_id)
        )

    async def _change(
        self, handoff_id: HandoffId, *where: ColumnElement[bool], **values: object
    ) -> bool:
        done = await self._db.execute(
            update(handoffs).where(handoffs.c.id == handoff_id, *where).values(**values)
        )
        return done.rowcount == 1


_ALONE: dict[str, object] = {
    "support_id": None,
    "passing_to": None,
    "passing": False,
    "offered_to": None,
    "offered_until": None,
}
"""Whoever helped, was to take over, or was asked, is no longer."""


def _held_by(advocate_id: AdvocateId) -> tuple[ColumnElement[bool], ...]:
    h = handoffs.c
    return (h.state == HandoffState.CLAIMED, h.advocate_id == advocate_id)


def _closed_by(advocate_id: AdvocateId) -> tuple[ColumnElement[bool], ...]:
    h = handoffs.c
    reasons = [*BY_ADVOCATE - {CloseKind.ABUSIVE}]
    return (
        h.state == HandoffState.CLOSED,
        h.advocate_id == advocate_id,
        h.close_reason.in_(reasons),
    )


def read_handoff(row: Row[tuple[object, ...]]) -> Handoff:
    """A handoff from its row."""
    return Handoff(
        id=HandoffId(row.id),
        conversation_id=ConversationId(row.conversation_id),
        state=HandoffState(row.state),
        priority=row.priority,
        locale="",
        topic="",
        sealed_topic=row.topic,
        pseudonym=row.pseudonym,
        queued_at=row.queued_at,
        advocate_id=None if row.advocate_id is None else AdvocateId(row.advocate_id),
        claimed_at=row.claimed_at,
        lease_until=row.lease_until,
        closed_at=row.closed_at,
        rank_at=row.rank_at,
        ready_at=row.ready_at,
        sealed_skill=row.skill,
        passing=row.passing,
        passing_to=None if row.passing_to is None else AdvocateId(row.passing_to),
        support_id=None if row.support_id is None else AdvocateId(row.support_id),
        unanswered_since=row.unanswered_since,
        told_place=row.told_place,
        close_reason=row.close_reason,
        offered_to=None if row.offered_to is None else AdvocateId(row.offered_to),
        offered_until=row.offered_until,
        louder=row.louder,
    )
