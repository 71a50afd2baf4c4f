"""Faults in translators' files, in Latin letters, Arabic and Devanagari."""

from .seeding import Fault

ES = 'msgstr "Hay algo nuevo para ti."'
AR = 'msgstr "هناك شيء جديد لك."'
HI = 'msgstr "आपके लिए कुछ नया है।"'
LONG_ES = "a la casa y " * 9 + "a la calle y a la plaza"
LONG_HI = "घर और " * 16 + "घर तक"


def spanish(name: str, words: str, says: str) -> Fault:
    """A fault in a text of one line in Spanish."""
    return Fault(name, "es", ES, f'msgstr "{words}"', "privacy.alone", says, tags=("en", "es"))


def arabic(name: str, words: str, says: str) -> Fault:
    """The same in Arabic."""
    return Fault(name, "ar", AR, f'msgstr "{words}"', "privacy.alone", says, tags=("en", "ar"))


def hindi(name: str, words: str, says: str) -> Fault:
    """The same in Hindi."""
    return Fault(name, "hi", HI, f'msgstr "{words}"', "privacy.alone", says, tags=("en", "hi"))


def other(name: str, tag: str, key: str, old: str, new: str, says: str) -> Fault:
    """A fault in another message, at `key`."""
    return Fault(name, tag, old, new, key, says, tags=("en", tag))


IN_FILES = (
    spanish("not translated", "", "not translated into es"),
    other(
        "safety-critical and not translated",
        "es",
        "danger.fire",
        "Sal ahora, por favor.",
        "",
        "safety-critical and not translated",
    ),
    other(
        "fuzzy",
        "es",
        "privacy.alone",
        'msgctxt "privacy.alone"',
        '#, fuzzy\nmsgctxt "privacy.alone"',
        "fuzzy in es",
    ),
    other(
        "out of date",
        "es",
        "privacy.alone",
        'msgid "Something is new for you."',
        'msgid "Something was new for you."',
        "out of date in es",
    ),
    Fault(
        "key unknown",
        "es",
        'msgctxt "privacy.alone"',
        'msgctxt "privacy.extra"\nmsgid "More."\nmsgstr "Más."\n\nmsgctxt "privacy.alone"',
        "privacy.extra",
        "no such key",
        tags=("en", "es"),
    ),
    Fault(
        "damaged",
        "es",
        'msgstr "Ver"',
        'msgstr "Ver',
        "",
        "not in quotes",
        at='msgstr "Ver',
        tags=("en", "es"),
    ),
    Fault(
        "key twice in a file",
        "es",
        'msgctxt "danger.fire"',
        'msgctxt "danger.fire"\nmsgid "Please go."\nmsgstr "Sal."\n\nmsgctxt "danger.fire"',
        "danger.fire",
        "is twice here",
        at='msgid "Please go out now."',
        tags=("en", "es"),
    ),
    Fault(
        "message twice in a file",
        "es",
        'msgctxt "danger.fire"',
        'msgctxt "danger.fire"\nmsgid ""\n"Please go out now."\nmsgstr "Sal."\n\n'
        'msgctxt "danger.fire"',
        "danger.fire",
        "is twice here",
        at='msgid "Please go out now."',
        tags=("en", "es"),
    ),
)

KEPT = (
    spanish("placeholder unknown in Spanish", "Hay algo para {name}.", "the placeholders differ"),
    other(
        "placeholder lost",
        "ar",
        "privacy.overview",
        "بعد {ttl}.",
        "بعد ساعة.",
        "the placeholders differ",
    ),
    spanish("brace in Spanish", "Hay } algo.", "a brace"),
    other("number changed", "es", "privacy.question", "2 palabras", "3 palabras", "the numbers"),
    other("number in another script changed", "ar", "privacy.question", "٢ من", "٣ من", "the numb"),
    other("number lost", "hi", "privacy.question", "• 2 शब्द", "• शब्द", "the numbers differ"),
    other(
        "address changed",
        "es",
        "privacy.question",
        "ver https://example.org/help",
        "ver https://example.org/ayuda",
        "the addresses",
    ),
    other(
        "question lost", "es", "options.menu", '¿Qué te ayudaría?"', 'Qué te ayudaría."', "0 quest"
    ),
    other(
        "question ended by a danda",
        "hi",
        "options.menu",
        'msgstr "क्या काम आएगा?"',
        'msgstr "क्या काम आएगा।"',
        "0 question marks, the English has 1",
    ),
    other("list item lost", "es", "privacy.question", "• ver", "ver", "1 list items (•)"),
    other("paragraph lost", "ar", "privacy.question", '"\\n"\n"لا', '"لا', "0 empty lines"),
    spanish("left in English", "Something is new for you.", "left in English: “Something is new"),
    spanish("partly in English", "Hay algo is new for you aquí.", "in English: “is new for you”"),
    arabic("two English words in Arabic", "هناك شيء new for لك.", "in English: “new for”"),
    hindi("two English words in Hindi", "आपके लिए please check करें।", "“please check”"),
)

SHAPE = (
    spanish("markup in Spanish", "Hay <i>algo</i> nuevo.", "the markup <i>"),
    arabic("Markdown", "هناك **شيء** جديد.", "Markdown: **"),
    spanish("quotation left open", "Hay “algo nuevo.", "“ and ” are not equally"),
    spanish("space twice in Spanish", "Hay algo  nuevo.", "a space too many"),
    spanish("space at the end", "Hay algo nuevo. ", "begins or ends with a space"),
    arabic("embedding without end", "هناك \u202bشيء جديد.", "not ended by U+202C"),
    arabic("isolate closed as an embedding", "هناك \u2067شيء\u202c جديد.", "no partner"),
    hindi("zero-width space in Hindi", "कुछ\u200bनया है।", "U+200B"),
    hindi("joiner before a word", "कुछ \u200dनया है।", "U+200D"),
)

WORDS = (
    spanish("victim in Spanish", "Hay algo para la víctima.", "“víctima*”"),
    spanish("order in Spanish", "Tienes que mirar.", "“tienes que”"),
    arabic("victim in Arabic", "هناك شيء للشخص الضحية.", "“الضحية”"),
    arabic("order in Arabic, with its vowels", "عَلَيك أن تنظر.", "“عليك أن”"),
    arabic("blame in Arabic", "لماذا بقيت هناك؟", "“لماذا بقيت”"),
    hindi("victim in Hindi", "यह पीड़िता के लिए है।", "“पीड़ित*”"),
    hindi("agent in Hindi", "एक एजेंट लिखेगा।", "“एजेंट”"),
    hindi("promise of safety in Hindi", "आप सुरक्षित हैं।", "“आप सुरक्षित हैं”"),
    other(
        "cover that tells in Arabic", "ar", "cover.ping", "وصل الطرد.", "وصلت الشرطة.", "give the"
    ),
    other(
        "cover that tells in Hindi", "hi", "cover.ping", "आपका पार्सल आ गया।", "पुलिस आ गई।", "give"
    ),
    other(
        "cover label that tells in Spanish",
        "es",
        "button/flow:seen",
        '"Visto"',
        '"Refugio"',
        "give the",
    ),
    spanish("sentence too long in Spanish", f"Ve {LONG_ES}.", "at most 28 read easily"),
    hindi("sentence too long in Hindi", f"{'ठीक। ' * 5}{LONG_HI}।", "at most 30 read easily"),
)

LABELS = (
    other("label too long", "es", "button/flow:show", '"Ver"', f'"{"y" * 21}"', "in a row of two"),
    other("label too long in Hindi", "hi", "button/flow:show", '"देखें"', f'"{"कि" * 21}"', "of two"),
    other(
        "two labels alike",
        "es",
        "button/flow:resume",
        '"Volver"',
        '"Ver"',
        "reads the same as flow:show below privacy.overview",
    ),
    other("text too long", "es", "privacy.alone", ES, f'msgstr "{"Sigue. " * 130}."', "900 fit"),
)

IN_TRANSLATIONS = (*IN_FILES, *KEPT, *SHAPE, *WORDS, *LABELS)
