"""Leaving at once: everything goes, and one cover message stays for a moment.

```mermaid
stateDiagram-v2
    [*] --> [*]: quick_exit / Purge, cover
```
An exit that leaves the thread on the phone is theatre, so exit purges.
"""

from bot.dialogue.effects import Purge, Say
from bot.dialogue.events import FlowEvent, IntentRecognised
from bot.dialogue.flow import Step, end
from bot.dialogue.intents import Intent
from bot.dialogue.state import Context, Frame

NAME = "quick_exit"

COVER = "quick_exit.cover"
TEXTS = frozenset({COVER})


def step(frame: Frame | None, event: FlowEvent, ctx: Context) -> Step | None:
    """Purge, and say something that tells nothing."""
    match event:
        case IntentRecognised(Intent.QUICK_EXIT):
            return end(Purge(), Say(COVER))
    return None
