"""Faults in the words of the English texts."""

from .planting import PAGES, label, plain, question
from .seeding import Fault

HARD = (
    "Organisations coordinate multidisciplinary interventions. Institutional representatives "
    "systematically evaluate individual circumstances. Professionals subsequently recommend "
    "proportionate protective arrangements. Municipal administrations occasionally finance "
    "specialised accommodation. Applications require extensive documentation. Statutory "
    "timeframes regularly influence outcomes."
)
LONG = (
    "You can take a bag and a coat and a key and a card and a toy and a book and a pen and a cup "
    "and a hat."
)
NINE = "  buttons:\n" + 4 * "    - [flow:show, flow:resume]\n" + "    - [flow:seen]\n"

PLAIN_TEXT = (
    plain("markup", "text: <b>Something</b> is new.", "the markup <b>"),
    plain("markup of a sign", "text: Tom &amp; Ann.", "the markup &amp;"),
    plain("bold Markdown", "text: Something is **new** for you.", "Markdown: **"),
    plain("slanted Markdown", "text: Something is _new_ for you.", "Markdown: _new_"),
    plain("linked Markdown", "text: 'See [this](page).'", "Markdown: [this](page)"),
    question("listed Markdown", "- nothing\n    - lost", "Markdown: -"),
    plain("control character", 'text: "Something\\a is new."', "U+0007"),
    plain("zero-width space", 'text: "Some\\u200bthing is new."', "U+200B"),
    plain("joiner between letters", 'text: "Some\\u200dthing is new."', "U+200D"),
    plain("soft hyphen", 'text: "Some\\u00adthing is new."', "U+00AD"),
    plain("damaged character", 'text: "Some\\ufffdthing is new."', "U+FFFD"),
    plain("isolate without end", 'text: "\\u2067Something is new."', "not ended by U+2069"),
    plain("end of nothing", 'text: "Something\\u202c is new."', "no partner"),
    plain("bracket left open", "text: Something (new is here.", "( and ) are not equally"),
    plain("space twice", "text: Something is  new.", "a space too many"),
    question("space at a line's end", "Nothing \n    is lost.", "a space too many"),
    question("empty line twice", "Nothing.\n\n\n    Lost.", "more than one empty line"),
)

READING = (
    plain("sentence too long", f"text: {LONG}", "a sentence of 29 words"),
    plain("words too long", f"text: {HARD}", "hard to read (LIX"),
    plain("victim", "text: The victims are here.", "“victim*”"),
    plain("agent", "text: An agent will write.", "“agent*”"),
    plain("blame", "text: Why didn’t you go?", "“why didn't you”"),
    plain("order", "text: You must go.", "“you must”"),
    plain("promise of safety", "text: We keep you safe.", "“keep you safe”"),
    plain("partner with a gender", "text: Your husband may read it.", "“your husband”"),
    Fault(
        "cover that tells",
        "en/cover.yml",
        "Your parcel is here.",
        "The police are here.",
        "cover.ping",
        "“police” would give the person away",
        "text:",
    ),
    label("cover label that tells", "label: Got it", "label: Shelter", "button/flow:seen", "“shel"),
)

FITTING = (
    plain("over its own limit", "text: Something is new.\n  max: 10", "at most 10 fit"),
    plain("over the usual limit", f"text: {'Go on. ' * 130}", "at most 900 fit"),
    plain("over web chat's limit", f"text: {'Go on. ' * 580}\n  max: 5000", "web chat takes 4000"),
    plain("over Telegram's limit", f"text: {'😀 ' * 1400}\n  max: 5000", "Telegram takes 4096"),
    Fault(
        "over web chat's limit by its layer",
        PAGES,
        "text: Some places have payments for people who leave.",
        f"text: {'Go on. ' * 569}\n  max: 5000",
        "options.ask_money",
        "web chat takes 4000",
        "text: Go on.",
    ),
    label(
        "label in a row of two", "label: See", f"label: {'y' * 21}", "button/flow:show", "of two"
    ),
    label(
        "label in a row", "label: Got it", f"label: {'y' * 41}", "button/flow:seen", "narrow phone"
    ),
    Fault(
        "too many buttons",
        PAGES,
        "  text: These pages are for some people.\n",
        f"  text: {'These pages are for some. ' * 9}\n{NINE}",
        "options.people",
        "9 buttons, at most 8 fit",
        21,
    ),
)

IN_ENGLISH = (*PLAIN_TEXT, *READING, *FITTING)
