"""A check-in's plan as JSON, to be sealed."""

import json
from dataclasses import asdict
from datetime import datetime

from bot.dialogue.plan import CheckinPlan, Miss, Repeats


def dump_plan(plan: CheckinPlan) -> str:
    """`plan` as JSON."""
    first = plan.first_at.isoformat() if plan.first_at else None
    return json.dumps({**asdict(plan), "first_at": first}, separators=(",", ":"))


def load_plan(text: str) -> CheckinPlan:
    """The plan of `dump_plan`; a bare word is the theme that an older version stored."""
    if not text.startswith("{"):
        return CheckinPlan(cover=text)
    raw = json.loads(text)
    first = raw.get("first_at")
    return CheckinPlan(
        cover=raw["cover"],
        own_cover=raw.get("own_cover", ""),
        miss=Miss(raw.get("miss", Miss.ADVOCATE)),
        note=raw.get("note", ""),
        safe_word=raw.get("safe_word", ""),
        duress_word=raw.get("duress_word", ""),
        zone=raw.get("zone", ""),
        repeats=Repeats(raw.get("repeats", Repeats.ONCE)),
        days=raw.get("days", ""),
        until=raw.get("until", ""),
        first_at=datetime.fromisoformat(first) if first else None,
        extended=raw.get("extended", 0),
        duress=raw.get("duress", False),
        contact_told=raw.get("contact_told", False),
    )
