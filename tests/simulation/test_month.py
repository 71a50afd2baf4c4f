"""Promise 5 for thousands of people over a month: see `tests/simulation/world.py`."""

from collections import Counter
from datetime import datetime, timedelta

import pytest

from bot.checkins.models import Checkin, Phase
from bot.conversation import delivery, timers
from bot.conversation.minding import CheckinMinder
from bot.dialogue.effects import EscalationReason
from bot.ids import CheckinId
from tests.simulation.month import lived, many
from tests.simulation.world import Odds

PEOPLE = 10_000
SEED = 20261


def test_every_checkin_of_a_month_ends_once_and_in_time() -> None:
    """Ten thousand people, two processes that die, outages, wrong clocks, summer time."""
    months = many(SEED, PEOPLE)
    assert [month.broken for month in months] == [[]] * len(months)
    ends = sum((month.ends for month in months), Counter[str]())
    reasons = sum((month.reasons for month in months), Counter[str]())
    assert ends.keys() >= {Phase.CONFIRMED, Phase.CANCELLED, Phase.ESCALATED, Phase.MISSED}
    by_friends = {"contact_silent", "contact_lost"}
    assert reasons.keys() == {"missed", "late", "undelivered", "not_ok", "duress"} | by_friends
    for month_ in months:
        happened = ("deaths", "outages", "platform away", "clock jumps", "twice", "swapped")
        assert all(month_.faults[name] for name in happened), "too calm a month"


def test_a_seed_gives_the_same_month_again() -> None:
    """Whatever is found can be looked at again; another seed is another month."""
    assert lived(3, 30) == lived(3, 30)
    assert lived(3, 30).digest != lived(4, 30).digest


async def _unarmed(self: CheckinMinder, checkin_id: CheckinId, due_at: datetime) -> None:
    await self._unit.timers.schedule(timers.DUE, checkin_id, due_at)


async def _tardy(self: CheckinMinder, checkin_id: CheckinId, due_at: datetime) -> None:
    await self._unit.timers.schedule(timers.DUE, checkin_id, due_at + timedelta(seconds=10))
    await self._unit.timers.schedule(timers.ESCALATE, checkin_id, due_at + timedelta(minutes=30))


async def _unjudged(
    _self: CheckinMinder, _checkin: Checkin, reason: EscalationReason
) -> EscalationReason:
    return reason


@pytest.mark.parametrize(
    ("place", "control", "instead", "found"),
    [
        (CheckinMinder, "_arm", _unarmed, "never ended"),
        (CheckinMinder, "_reason", _unjudged, "told as missed"),
        (CheckinMinder, "_arm", _tardy, "asked 0:00:1"),
        (delivery, "is_quiet", lambda *_: False, "said to a quiet phone"),
    ],
)
def test_a_control_that_is_off_is_noticed(
    monkeypatch: pytest.MonkeyPatch, place: object, control: str, instead: object, found: str
) -> None:
    """The deadline, the hour, the reason, and what quiet phones are spared."""
    monkeypatch.setattr(place, control, instead)
    assert any(fault.startswith(found) for fault in lived(7, 150, Odds(death=0.003)).broken)
