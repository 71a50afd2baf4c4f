"""The first words: it is a bot, phones can be watched, and this is how to leave.

```mermaid
stateDiagram-v2
    [*] --> [*]: greet / greeting
```
The warning before first use follows techsafety.org's guidance on chat services.
"""

from bot.dialogue.effects import Say
from bot.dialogue.events import FlowEvent, IntentRecognised
from bot.dialogue.flow import Step, end
from bot.dialogue.intents import Intent
from bot.dialogue.state import Context, Frame

NAME = "welcome"

GREETING = "welcome.greeting"
BRIEF = "welcome.brief"
AGAIN = "welcome.again"
TEXTS = frozenset({GREETING, BRIEF, AGAIN})


def step(frame: Frame | None, event: FlowEvent, ctx: Context) -> Step | None:
    """Greet someone who has been welcomed before; the router welcomes newcomers itself."""
    match event:
        case IntentRecognised(Intent.GREET):
            return end(Say(AGAIN))
    return None
