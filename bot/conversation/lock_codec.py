"""A lock as JSON, to be sealed with the state it belongs to. What is as usual is not written."""

from datetime import datetime, timedelta

from bot.dialogue.lock import Door, Lock


def dump_lock(lock: Lock) -> dict[str, object]:
    """`lock` as a JSON object."""
    usual = Lock()
    written = {
        "door": lock.door.value,
        "theme": lock.theme,
        "word": lock.word,
        "duress": lock.duress,
        "alerts": lock.alerts,
        "after": None if lock.after is None else lock.after.total_seconds(),
        "heard_at": _written(lock.heard_at),
        "behind": _written(lock.behind),
        "misses": lock.misses,
        "pauses": lock.pauses,
        "deaf_until": _written(lock.deaf_until),
        "shown": lock.shown,
        "unoffered": lock.unoffered,
    }
    return {name: value for name, value in written.items() if value != getattr(usual, name)}


def load_lock(raw: dict[str, object]) -> Lock:
    """The lock of `dump_lock`; what an older version did not write is as usual."""
    read = dict(raw)
    if "door" in read:
        read["door"] = Door(str(read["door"]))
    if "after" in read:
        read["after"] = timedelta(seconds=float(str(read["after"])))
    for name in ("heard_at", "behind", "deaf_until"):
        if name in read:
            read[name] = datetime.fromisoformat(str(read[name]))
    return Lock(**read)  # type: ignore[arg-type]


def _written(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
