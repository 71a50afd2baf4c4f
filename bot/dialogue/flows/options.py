"""Options beyond the police: a menu of needs, and one reviewed text for each.

```mermaid
stateDiagram-v2
    [*] --> [*]: help_menu / menu
    [*] --> [*]: ask_… / the topic's text
```
Nothing is awaited here: every button leads on, and every text can be asked for in words.
"""

from bot.dialogue.effects import Say
from bot.dialogue.events import FlowEvent, IntentRecognised
from bot.dialogue.flow import Step, end
from bot.dialogue.intents import Intent
from bot.dialogue.state import Context, Frame

NAME = "options"

MENU = "options.menu"
TOPICS = {
    intent: f"options.{intent}"
    for intent in (
        Intent.DISCLOSE_ABUSE,
        Intent.ASK_IS_THIS_ABUSE,
        Intent.ASK_SAFETY_PLAN,
        Intent.ASK_POLICE_PROCESS,
        Intent.ASK_ALTERNATIVES_TO_POLICE,
        Intent.ASK_PROTECTION_ORDER,
        Intent.ASK_LEGAL_HELP,
        Intent.ASK_CHILD_CUSTODY,
        Intent.ASK_IMMIGRATION,
        Intent.ASK_SHELTER,
        Intent.ASK_HOUSING,
        Intent.ASK_MONEY,
        Intent.ASK_HEALTHCARE,
        Intent.ASK_COUNSELLING,
        Intent.ASK_TECH_SAFETY,
        Intent.ASK_LGBTQ_SUPPORT,
        Intent.ASK_DISABILITY_SUPPORT,
        Intent.ASK_MALE_SURVIVOR,
        Intent.ASK_CULTURAL_COMMUNITY,
        Intent.ASK_PETS,
        Intent.ASK_WORKPLACE,
        Intent.ASK_HELP_SOMEONE_ELSE,
        Intent.ASK_PARTNER_CHANGE,
        Intent.ASK_EVIDENCE,
        Intent.ASK_LOCATION_RESOURCES,
    )
}
TEXTS = frozenset({MENU, *TOPICS.values()})


def step(frame: Frame | None, event: FlowEvent, ctx: Context) -> Step | None:
    """Show the menu, or the text of the topic asked for."""
    match event:
        case IntentRecognised(Intent.HELP_MENU):
            return end(Say(MENU))
        case IntentRecognised(intent) if intent in TOPICS:
            return end(Say(TOPICS[intent]))
    return None
