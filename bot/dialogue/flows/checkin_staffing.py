"""What may honestly be said of advocates at the time of a check-in, when it is set or moved."""

from datetime import datetime

from bot.dialogue.plan import Miss
from bot.dialogue.state import Context

STAFFING = ("", ".open", ".closed", ".unsure", ".unstaffed")
"""How the texts that say it end: nothing, there, not there, not known, and nobody even now."""


def staffing(due_at: datetime, miss: Miss, ctx: Context) -> str:
    """The ending for a check-in at `due_at`: by the hours, or that it is not known.

    Somebody who is here now need not be here then. Where no advocate is to be told first, nothing.
    """
    if miss is not Miss.ADVOCATE:
        return ""
    match ctx.queue.staffed(due_at):
        case None:
            return ".unsure" if ctx.on_duty else ".unstaffed"
        case staffed:
            return ".open" if staffed else ".closed"
