"""Faults in how texts, pages, countries, an overlay and the lists beside them hang together."""

from .planting import LABELS, PAGES, PRIVACY, added, label, overview, people, plain, question
from .seeding import Fault

BRITAIN = "en/countries/gb.yml"
OVERLAY = "overlay/en/options/own.yml"
SOURCES = "  sources: [{title: A page, url: 'https://example.org/'}]\n"

HANGING_TOGETHER = (
    Fault(
        "text missing",
        "en/layer.yml",
        "layer.country:\n  params: {country: Portugal, date: May 2026}\n"
        "  text: For {country}, checked in {date}.\n",
        "",
        "layer.country",
        "has no text",
        1,
    ),
    Fault(
        "label missing", LABELS, "back: {label: Back to the topic}\n", "", "back", "has no label", 1
    ),
    added(
        "text unused",
        PRIVACY,
        "privacy.plain:",
        "privacy.extra:\n  text: More.\n",
        "privacy.extra",
        "nothing says this text",
        "text: More.",
    ),
    added(
        "button unused",
        LABELS,
        "back: {",
        "way: {label: Way}",
        "way",
        "nothing shows this button",
        "way: {",
    ),
    overview("button unknown", "flow:resume]", "flow:resum]", "unknown button flow:resum"),
    overview("button too long", "[intent:help_menu]", f"[flow:{'x' * 60}]", "is too long"),
    question("placeholder unknown", "It ends in {tll}.", "unknown placeholder {tll}"),
    question("placeholder of no text", "Like {privacy.plian}", "{privacy.plian} names no text"),
    question("placeholder of no button", "Tap {flow:shew}", "{flow:shew} names no button"),
    question("quoting placeholders", "{privacy.overview}", "placeholders of its own"),
    question("brace left over", "Nothing} here.", "a brace is not part"),
    plain("placeholder unused", "text: New.\n  params: {ttl: 1 hour}", "{ttl} is not used", 19),
    label("placeholder in a label", "label: Got it", "label: 'Got {t}'", "flow:seen", "no placeh"),
    Fault("not YAML", "en/cover.yml", "cover.ping:\n", "cover.ping\n", "", "not YAML", 2),
    plain("field unknown", "text: New.\n  colour: blue", "`colour`", 19),
    plain("field twice", "text: New.\n  text: Again.", "names a field twice", 17),
    plain("field of another kind", "text: New.\n  max: many", "`max`", 19),
    plain("source without an address", "text: New.\n  sources: [{title: A, url: no}]", "URL", 19),
    plain("label on no page", "text: New.\n  label: New", "is no page", 19),
    added(
        "switched off at home",
        PRIVACY,
        "privacy.plain:",
        "privacy.more: {enabled: false}",
        "privacy.more",
        "is switched off here",
        "privacy.more",
    ),
    added(
        "key in another file",
        "en/cover.yml",
        "cover.ping:",
        "layer.organisation:\n  text: Ours.\n",
        "layer.organisation",
        "does not belong to this file",
        "layer.organisation:",
    ),
    added(
        "key twice",
        PAGES,
        "options.fire.smoke:",
        "options.people:\n  text: Twice.\n",
        "options.people",
        "also in",
        22,
    ),
)

PAGE_TREE = (
    added(
        "page that nothing leads to",
        PAGES,
        "options.fire.smoke:",
        "options.island:\n  label: Island\n  text: Nobody comes.\n",
        "options.island",
        "no button leads here",
        "Nobody comes.",
    ),
    added(
        "page that only leads to itself",
        PAGES,
        "options.fire.smoke:",
        "options.island:\n  label: Island\n  text: Round.\n  buttons: [[page:island]]\n",
        "options.island",
        "no button leads here",
        "Round.",
    ),
    Fault(
        "page without a label",
        PAGES,
        "  label: Debts in my name\n",
        "",
        "options.ask_money.debts",
        "has no `label`",
        "text: A debt",
    ),
    Fault(
        "page about a danger without a label",
        PAGES,
        "  label: When there is smoke\n",
        "",
        "options.fire.smoke",
        "has no `label`",
        "text: Stay near",
    ),
    Fault(
        "page whose topic is missing",
        PAGES,
        "options.people:\n  label: For people like me\n",
        "options.people:\n  label: For people like me\n  buttons: [[page:flood.water]]\n"
        "  text: For some people.\n\noptions.flood.water:\n  label: Water\n",
        "options.flood.water",
        "its topic flood has no text",
        "text: These pages",
    ),
    people("page of no such name", "  buttons: [[page:peple]]\n", "button page:peple", "[[page:"),
    Fault(
        "two buttons that read the same",
        LABELS,
        "label: Go back",
        "label: see",
        "privacy.overview",
        "the buttons flow:show and flow:resume read the same",
        "buttons:",
        PRIVACY,
    ),
    Fault(
        "a label that reads like one the bot adds",
        PAGES,
        "label: For people like me",
        "label: Leave now",
        "options.menu",
        "page:people and intent:quick_exit read the same",
        3,
    ),
    people("facts without a date", SOURCES, "without a date", "'https://example.org/'"),
    people("date in the future", "  reviewed_on: 2026-11-23\n", "in the future", "2026-11-23"),
    people("date that is none", "  reviewed_on: soon\n", "`reviewed_on`", "soon"),
    Fault(
        "country's text in another's file",
        BRITAIN,
        "options.ask_money@gb:",
        "options.ask_money@fr:",
        "options.ask_money@fr",
        "does not belong to this file",
        1,
    ),
    Fault(
        "country's text of nothing",
        BRITAIN,
        "options.ask_money@gb:\n",
        "options.ask_mony@gb:\n  label: Money\n",
        "options.ask_mony@gb",
        "no button leads here",
        "text:",
    ),
    Fault(
        "country's date in the future",
        BRITAIN,
        "2026-05-02",
        "2027-05-02",
        "options.ask_money@gb",
        "in the future",
        "2027-05-02",
    ),
)

BESIDE = (
    Fault(
        "overlay that takes away what is needed",
        OVERLAY,
        "options.ask_money.debts:\n",
        "options.menu: {enabled: false}\noptions.ask_money.debts:\n",
        "options.menu",
        "cannot be switched off",
        1,
    ),
    Fault(
        "overlay that takes away nothing",
        OVERLAY,
        "options.ask_money.debts:\n",
        "options.peple: {enabled: false}\noptions.ask_money.debts:\n",
        "options.peple",
        "names no text",
        1,
    ),
    Fault(
        "overlay with an unknown button",
        OVERLAY,
        "[flow:resume]",
        "[flow:resum]",
        "options.ask_money.debts",
        "unknown button flow:resum",
        "buttons:",
    ),
    Fault(
        "overlay with a field unknown",
        OVERLAY,
        "  buttons:",
        "  buttens:",
        "options.ask_money.debts",
        "`buttens`",
        "buttens",
    ),
    Fault(
        "words to avoid damaged", "wording/en.yml", "- avoid: agent*", "- avod: agent*", "", "", 1
    ),
    Fault(
        "words to avoid not YAML", "wording/en.yml", "- avoid: agent*", "- avoid: 'a", "", "not", 9
    ),
    Fault(
        "own words missing",
        "languages/unsupported.yml",
        "  sw: Mimi",
        "  am: Mimi",
        "sw",
        "has no sentence",
        1,
    ),
    Fault(
        "own words with braces",
        "languages/unsupported.yml",
        "Mimi ni roboti.",
        "Mimi ni {robot}.",
        "sw",
        "has braces",
        1,
    ),
)

IN_STRUCTURE = (*HANGING_TOGETHER, *PAGE_TREE, *BESIDE)
