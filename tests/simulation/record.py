"""The record of what became of each check-in, and what must hold of it (promises 1 and 5)."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from bot.checkins.models import LIVE, Checkin, Phase
from bot.checkins.plan import load_plan
from bot.conversation import timers as kinds
from bot.conversation.minding import LATE
from bot.dialogue.plan import Repeats
from tests.simulation.store import Undo
from tests.simulation.world import World

ENDS = {Phase.CONFIRMED, Phase.CANCELLED, Phase.ESCALATED, Phase.MISSED}
AFTER_AN_END = {(Phase.ESCALATED, Phase.CONFIRMED), (Phase.MISSED, Phase.CANCELLED)}
"""All clear, and told on returning (or given up): nobody hears of these for the first time."""

PROMPT = timedelta(seconds=3)
"""A look every half second, and the work of it."""


@dataclass(slots=True)
class Life:
    """One check-in: its moves, and when by the truth it was last asked."""

    address: str
    moves: list[tuple[Phase | None, Phase | None]] = field(default_factory=list)
    asked: datetime | None = None
    called: datetime | None = None
    """When, by the shared clock, a friend was to be told."""
    reasons: list[str] = field(default_factory=list)


class Record:
    """Watches every transaction that succeeds. `broken` says what did not hold."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.lives: dict[UUID, Life] = {}
        self.shown: dict[str, datetime] = {}
        self.broken: list[str] = []
        world.database.committed = self.committed

    def committed(self, undo: Undo) -> None:
        """Look at what a transaction changed."""
        unit = self._world.database.unit
        was: dict[UUID, Checkin | None] = {}
        for table, key, old in undo:
            if table is unit.checkins.rows:
                was.setdefault(key, old)
            elif table is unit.alerts.rows and old is None:
                alert = table[key]
                self._life(unit.checkins.rows[alert.checkin_id]).reasons.append(alert.reason)
        for key, old in was.items():
            self._changed(key, old, unit.checkins.rows.get(key))

    def _life(self, checkin: Checkin) -> Life:
        conversation = self._world.database.unit.conversations.rows[checkin.conversation_id]
        address = conversation.address.partition(b"\n")[2].decode()
        return self.lives.setdefault(checkin.id, Life(address))

    def _changed(self, key: UUID, old: Checkin | None, new: Checkin | None) -> None:
        if new is None:
            if old is not None and old.phase not in ENDS:
                self.broken.append(f"gone while {old.phase}")
            return
        life = self._life(new)
        if old is None and new.phase is Phase.SCHEDULED:
            self._repeats_by_the_wall_clock(new)
        if old is not None and old.phase is new.phase:
            return
        life.moves.append((old.phase if old else None, new.phase))
        if new.phase is Phase.AWAITING_REPLY:
            life.asked = self._world.truth
            self._on_time(new.due_at, "asked")
        if new.phase is Phase.CONTACTED:
            life.called = self._world.clock.at
            deadline = new.due_at + self._world.settings.checkin_escalate_after
            self._on_time(deadline, "a friend was called")
        if new.phase is Phase.ESCALATED and not life.reasons:
            self._seen_by_a_friend(life)
        elif new.phase in (Phase.ESCALATED, Phase.MISSED) and old is not None:
            self._ended_by_silence(new, life)

    def _seen_by_a_friend(self, life: Life) -> None:
        """Without an alert it ends only by a friend who has seen the note of it."""
        seen = self._world.seen.get(life.address)
        # The shared clock may have been set back in between, by ten minutes at most.
        if life.called is None or seen is None or seen < life.called - timedelta(minutes=10):
            self.broken.append("nobody was told, and no friend has seen it")

    def _ended_by_silence(self, checkin: Checkin, life: Life) -> None:
        reason = life.reasons[-1] if checkin.phase is Phase.ESCALATED else "noted"
        deadline = checkin.due_at + self._world.settings.checkin_escalate_after
        if reason in ("not_ok", "duress"):
            return
        if life.called is not None:
            answer_by = life.called + self._world.settings.contact_answer_after
            deadline = min(answer_by, self._world.clock.at)  # sooner, where the friend has left
        self._on_time(deadline, f"ended ({reason})")
        if reason != "missed":
            return
        if life.asked is None or checkin.asked_at is None:
            self.broken.append("told as missed, and never asked")
        elif checkin.asked_at - checkin.due_at > LATE:
            self.broken.append("told as missed, and asked late")
        elif not self._arrived_since(life.address, life.asked):
            self.broken.append("told as missed, and the question never arrived")

    def _arrived_since(self, address: str, since: datetime) -> bool:
        at = self.shown.get(address)
        return at is not None and at >= since

    def _on_time(self, due_at: datetime, what: str) -> None:
        """Late by seconds, or held up by something; never early."""
        now = self._world.clock.at
        if now < due_at - timedelta(minutes=1):
            self.broken.append(f"{what} {due_at - now} early")
        if now - due_at <= PROMPT:
            return
        if not any(begin <= now and due_at <= end for begin, end in self._world.troubles):
            self.broken.append(f"{what} {now - due_at} late, and nothing was in the way")

    def _repeats_by_the_wall_clock(self, checkin: Checkin) -> None:
        plan = load_plan(checkin.plan.partition(b"\n")[2].decode())
        if plan.repeats is not Repeats.DAILY or plan.first_at is None:
            return
        zone = ZoneInfo(plan.zone or "UTC")
        first, this = plan.first_at.astimezone(zone), checkin.due_at.astimezone(zone)
        jumped = this.replace(tzinfo=None) != this.astimezone(zone).replace(tzinfo=None)
        if (first.hour, first.minute) != (this.hour, this.minute) and not jumped:
            gap = abs(first.hour - this.hour) % 22 == 1 and first.minute == this.minute
            before = (checkin.due_at - timedelta(hours=3)).astimezone(zone).utcoffset()
            if not (gap and before != this.utcoffset()):
                self.broken.append(f"{first:%H:%M} became {this:%H:%M} in {plan.zone}")

    def arrived(self, address: str) -> None:
        """A phone was shown something."""
        self.shown[address] = self._world.truth

    def judge(self) -> list[str]:
        """Everything that did not hold, once all is calm."""
        unit = self._world.database.unit
        for key, life in self.lives.items():
            ends = [m for m in life.moves if m[1] in ENDS and m not in AFTER_AN_END]
            told = len(life.reasons)
            if len(ends) > 1:
                self.broken.append(f"ended more than once: {life.moves}")
            escalated = [end[1] for end in ends].count(Phase.ESCALATED)
            # What a friend has seen may be told all the same: when the person says so.
            if told != escalated and not (life.called and told < 2 and escalated):
                self.broken.append(f"told {told} times: {life.moves}")
            checkin = unit.checkins.rows.get(key)
            if not ends and (checkin is None or not self._still_to_come(checkin)):
                self.broken.append(f"never ended: {life.moves}")
        for phone in self._world.sky.phones.values():
            self.broken += [f"said to a quiet phone: {text}" for text in phone.told]
        return self.broken

    def _still_to_come(self, checkin: Checkin) -> bool:
        if checkin.phase is Phase.PAUSED:
            return True
        armed: Any = self._world.database.unit.timers.rows
        if checkin.phase is Phase.CONTACTED:
            return (kinds.CONTACT, checkin.id) in armed
        to_come = checkin.due_at > self._world.clock.at - timedelta(hours=1)
        both = all((kind, checkin.id) in armed for kind in (kinds.DUE, kinds.ESCALATE))
        asked = (kinds.ESCALATE, checkin.id) in armed
        waits = asked if checkin.phase is Phase.AWAITING_REPLY else both
        return checkin.phase in LIVE and to_come and waits
