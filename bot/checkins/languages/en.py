"""English."""

from bot.checkins.plain import either, whole
from bot.checkins.wording import (
    ClockWords,
    Part,
    RepeatWords,
    SpanWords,
    compounds,
    counted,
    upto,
    words,
)

_SMALL = counted(
    (1, "one two three four five six seven eight nine ten eleven twelve thirteen fourteen"),
    (15, "fifteen sixteen seventeen eighteen nineteen"),
)
_NUMBERS = _SMALL | compounds(
    "twenty thirty forty/fourty fifty sixty seventy eighty ninety", _SMALL, " "
)

SPANS = SpanWords(
    numbers=_NUMBERS
    | words(
        (1, "a an"),
        (2, "couple couple_of a_couple a_couple_of cpl a_cpl_of coupla"),
        (0.5, "half half_a half_an a_half 1/2 a_1/2 an_1/2"),
    ),
    units=words(
        (1 / 60, "s sec secs second seconds"),
        (1, "m mn min mins minute minutes minuts minuets mintes minit minits"),
        (60, "h hr hrs hour hours hous houres ours hor hors hourz hurs"),
        (1440, "d day days"),
        (10080, "w wk wks week weeks"),
    ),
    whole=words(
        (90, "hour_and_a_half hour_and_half"),
        (30, "half_hour half_an_hr"),
        (15, "quarter_of_an_hour quarter_hour"),
        (45, "three_quarters_of_an_hour"),
        (20160, "a_fortnight fortnight"),
    ),
    fractions=((0.5, r"and\s+(?:a\s+)?half|1/2"), (0.25, r"and\s+a\s+quarter")),
    joined=r"(?:\s*,\s*|\s+and\s+|\s*)",
    between=r"\s*(?:-|to|or)\s*",
    past_before=r"(?:for the last|since|past|last)\s+$",
    past_after=r"^\s*(?:ago|earlier|back|before now)\b",
    repeated=r"(?:every|each)\s+(?:other\s+)?$",
    bare={},
    article=r"(?:an?\s+)?",
)

_HOURS = upto(12, _NUMBERS)
_MINUTES = {"five": 5, "ten": 10, "quarter": 15, "twenty": 20, "twenty five": 25, "half": 30}
_AFTER = {"oh five": 5, "fifteen": 15, "thirty": 30, "forty": 40, "forty five": 45, "fifty": 50}
_AFTER |= {word: _MINUTES[word] for word in ("ten", "twenty", "twenty five")}
_NUMBER = r"(?P<h>\d{1,2})(?:[:.h](?P<m>\d{2}))?(?!\d|[:.]\d|%|/\d)"
_HOUR = rf"(?:{_NUMBER}|(?P<word>{either(*_HOURS)})\b)"
_WORD = (
    rf"(?:{_NUMBER}|(?P<word>{either(*_HOURS)})\b"
    rf"(?:[\s-]+(?P<past>{either(*(word.replace(' ', '_') for word in _AFTER))})\b)?)"
)
_MINUTE = either(*(word.replace(" ", "_") for word in _MINUTES))
_TOMORROW = r"(?:tom+or+ow|tom+or+o|tmrw?|tomoz|2mor+ow|2mor+o|2moz|tmr)"
_NO_UNIT = r"(?!\s*(?:h|hrs?|hours?|m|mins?|minutes?|s|secs?|seconds?|d|days?|w|weeks?)\b)"

CLOCK = ClockWords(
    clock=(
        rf"\b(?:a\s+)?(?P<past>{_MINUTE}|\d{{1,2}})\s+(?:past|after)\s+{_HOUR}{_NO_UNIT}",
        rf"\b(?:a\s+)?(?P<to>{_MINUTE}|\d{{1,2}})\s+(?:to|till|before)\s+{_HOUR}{_NO_UNIT}",
        rf"\b(?:at|by|around|til|till|until|before|it'?s|it is)\s+(?:about\s+|like\s+)?{_WORD}"
        rf"{_NO_UNIT}|@\s*(?P<at>\d{{1,2}})\b(?!:)",
        r"(?<![\w.,:+])(?P<h>[01]\d|2[0-3])(?P<m>[0-5]\d)\s?(?:h|hrs?|hours)\b",
        r"\b(?:at|by|until|till?|before)\s+(?P<h>[01]\d|2[0-3])(?P<m>[0-5]\d)(?![\w.,:/])",
        rf"(?<![\w.,:]){_WORD}\s*(?:[ap]\.?\s?m\b|o'?\s?clock\b)",
        rf"(?<![\w.,:]){_WORD}\s+(?:tonight|tonite|2nite|{_TOMORROW}"
        r"|(?:in the|this) (?:morn|aft|eve)|at night)",
        r"(?<![\w.,:/])(?P<h>\d{1,2}):(?P<m>\d{2})(?![\d:])",
        rf"\b(?:tonight|tonite|2nite|today|{_TOMORROW}|morning|evening|afternoon)\s+"
        rf"{_WORD}{_NO_UNIT}",
    ),
    clock_or_span=(),
    noon=r"(?<!after )\b(?:noon|midday)\b",
    midnight=r"\bmidnight\b",
    hours=_HOURS,
    minutes=_MINUTES | _AFTER,
    parts=(
        (Part.BEFORE_NOON, rf"\d\s*a\.?\s?m\b|\bam\b|\b(?:in the|this|{_TOMORROW}) morning\b"),
        (Part.MIDDAY, r"\b(?:noon|midday)\b"),
        (Part.AFTER_NOON, r"\d\s*p\.?\s?m\b|\bpm\b|\b(?:afternoon|arvo|ev[ei]?nin?g?s?|eve)\b"),
        (Part.NIGHT, r"\b(?:tonight|tonite|2nite|at night|night|midnight)\b"),
        (Part.BEFORE_NOON, r"\bmornings?\b"),
    ),
    days={
        2: rf"\bday after (?:{_TOMORROW})\b",
        1: rf"\b(?:{_TOMORROW})\b",
        -1: r"\b(?:yesterday|last night)\b",
        0: r"\b(?:today|tonight|tonite|2nite|this (?:evening|afternoon|morning))\b",
    },
    weekdays=(
        *(r"\bmondays?\b", r"\btuesdays?\b", r"\b(?:wednesday|wensday|wednsday)s?\b"),
        *(r"\bthursdays?\b", r"\bfridays?\b", r"\bsaturdays?\b", r"\bsundays?\b"),
    ),
    short_weekdays=(
        *(r"\bmon\b", r"\btues?\b", r"\bwed\b", r"\bthu(?:r|rs)?\b", r"\bfri\b"),
        *(r"\b(?:on|next|this) sat\b", r"\b(?:on|next|this) sun\b"),
    ),
    months=tuple(
        either(names)
        for names in (
            *("january jan", "february feb", "march mar", "april apr", "may", "june jun"),
            *("july jul", "august aug", "september sept sep", "october oct", "november nov"),
            "december dec",
        )
    ),
    greetings=r"\bgood (?:morning|afternoon|evening|night)\b",
    vague=r"\b(?:next (?:week|month|year)|(?:the|this|next|at the|on the) weekend)\b"
    r"|\b(?:between|from)\s+\d",
)

REPEATS = RepeatWords(
    daily=r"\b(?:(?:every|each)\s?(?:single\s)?(?:days?|mornings?|mornin|afternoon|arvo"
    r"|ev[ei]?nin?g?s?|eve|nights?|nite)|daily"
    r"|nightly|all (?:this )?week)\b",
    every=r"\b(?:every|each)\b|\b(?:mon|tues|wednes|thurs|fri|satur|sun)days\b",
    working_days=r"\b(?:(?:every|each|on) (?:week|work(?:ing)?\s?)days?|weekdays)\b",
    weekend=r"\b(?:(?:every|each) weekend|weekends)\b",
    this_week=r"\b(?:this|the|all|rest of the) week\b(?!\w|end)",
    until=r"\b(?:until|till|til|up to|through)\s+(?:next\s+|this\s+)?DAY",
    lasting=r"\bfor\s+(?:the\s+)?(?:next\s+)?(?:(?P<n>\d{1,2})|(?P<word>WORD))\s+"
    r"(?:days?|nights?|evenings?|mornings?|(?P<week>weeks?))\b",
    starting=whole("from starting beginning start_from as_of"),
)
