"""Offers: a person who waits is put to one advocate at a time, for a moment."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.handoff.models import Handoff
from bot.ids import AdvocateId, HandoffId


@dataclass(frozen=True, slots=True)
class Offer:
    """A person who waits, and until when this advocate is asked before the others.

    Nobody is kept from taking the person on meanwhile: an offer orders, a claim decides.
    """

    handoff: Handoff
    until: datetime


class OfferRepository(Protocol):
    """Offers that stand (in `handoffs`), and those that were passed over (the `offers` table)."""

    async def make(
        self, handoff_id: HandoffId, advocate_id: AdvocateId, now: datetime, until: datetime
    ) -> bool:
        """Put a waiting person to the advocate; False while somebody else is asked."""
        ...

    async def standing(self, advocate_id: AdvocateId, now: datetime) -> Offer | None:
        """The advocate's offer that is neither over nor answered."""
        ...

    async def withdraw(self, handoff_id: HandoffId, advocate_id: AdvocateId) -> None:
        """The advocate is not asked any more."""
        ...

    async def pass_over(
        self, handoff_id: HandoffId, advocate_id: AdvocateId, until: datetime, *, declined: bool
    ) -> None:
        """Do not ask this advocate again before `until`."""
        ...

    async def passed_over(self, advocate_id: AdvocateId, now: datetime) -> Mapping[HandoffId, bool]:
        """Whom the advocate is not asked about for now, and whether they declined."""
        ...

    async def prune(self, now: datetime) -> None:
        """Forget what no longer matters."""
        ...
