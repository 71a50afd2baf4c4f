"""Options beyond the police: a menu of needs, and for each a small tree of reviewed texts.

```mermaid
stateDiagram-v2
    [*] --> [*]: help_menu / menu
    [*] --> [*]: ask_… / the topic's text
    [*] --> [*]: page, back / the page's text
```
Nothing is awaited here: every button leads on, and every topic can be asked for in words. Which
topics and pages there are, the texts say; an organisation adds its own and switches others off.
"""

from bot.dialogue.effects import Say
from bot.dialogue.events import ButtonPressed, FlowEvent, IntentRecognised
from bot.dialogue.flow import Step, end
from bot.dialogue.intents import Intent
from bot.dialogue.state import Context, Frame

NAME = "options"

MENU = "options.menu"
OFF = "options.off"
"""For a topic that the organisation does not offer."""
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
    )
}
TEXTS = frozenset({MENU, OFF, *TOPICS.values()})


def step(frame: Frame | None, event: FlowEvent, ctx: Context) -> Step | None:
    """Show the menu, the topic asked for, or the page of a button."""
    match event:
        case IntentRecognised(Intent.HELP_MENU):
            return end(Say(MENU))
        case IntentRecognised(intent) if intent in TOPICS:
            return end(page(intent, ctx))
        case ButtonPressed(button):
            kind, _, name = button.partition(":")
            if kind in ("page", "back") and name in ctx.pages:
                return end(page(name, ctx))
    return None


def page(name: str, ctx: Context) -> Say:
    """The topic or page called `name`, with the ways back, on and out below it."""
    if name not in ctx.pages:
        return Say(OFF)
    topic, dot, _ = name.partition(".")
    before = (f"back:{topic}",) if dot else ()
    unplaced = ctx.where is None and name in ctx.localised
    where = (f"where:{name}",) if unplaced else ()
    ways = (f"intent:{Intent.HELP_MENU}", f"intent:{Intent.QUICK_EXIT}")
    return Say(f"{NAME}.{name}", also=(*where, *before, *ways))
