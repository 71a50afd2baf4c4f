"""French."""

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
    (1, "un/une deux/2eux trois quatre/quatr cinq/sinq six sept huit/uit neuf dix onze douze"),
    (13, "treize quatorze quinze seize dix_sept dix_huit dix_neuf"),
)
_NUMBERS = (
    _SMALL
    | compounds("vingt/vint trente quarante cinquante soixante", _SMALL, " ")
    | counted((21, "vingt_et_un/vingt_et_une"), (31, "trente_et_un/trente_et_une"))
    | words(
        (70, "soixante_dix"),
        (75, "soixante_quinze"),
        (90, "quatre_vingt_dix"),
        (80, "quatre_vingt"),
    )
)

SPANS = SpanWords(
    numbers=_NUMBERS
    | words(
        (2, "une_paire_d' deux_trois_petites"), (0.5, "demi demie une_demi un_demi 1/2 une_1/2")
    ),
    units=words(
        (1 / 60, "s sec secs seconde secondes"),
        (1, "m mn min mins minute minutes minuttes minut minutte"),
        (60, "h hr hrs heure heures heur heurs eure eures"),
        (1440, "j jour jours"),
        (10080, "sem semaine semaines"),
    ),
    whole=words(
        (90, "heure_et_demie heure_et_demi"),
        (75, "heure_et_quart"),
        (30, "demi_heure demie_heure demi_heur 1/2_heure"),
        (45, "trois_quarts_d'heure trois_quart_d'heure 3/4_d'heure 3_quarts_d'heure"),
        (
            15,
            "un_quart_d'heure quart_d'heure 1/4_d'heure un_quart_dheure quart_dheure quart_d_heure",
        ),
        (1440, "vingt_quatre_heures"),
    ),
    fractions=((0.5, r"et\s+demie?|1/2"), (0.25, r"et\s+quart"), (0.75, r"trois\s+quarts?")),
    joined=r"(?:\s*,\s*|\s+et\s+|\s*)",
    between=r"\s*(?:-|a|ou)\s*",
    past_before=r"(?:il y a|y a|ya|depuis|ca fait)\s+(?:environ\s+|deja\s+)?$",
    past_after=r"^\s*(?:plus tot|avant maintenant)\b",
    repeated=r"(?:chaque|tou(?:te)?s les)\s+$",
    bare={},
    article=r"(?:petites?\s+|bonnes?\s+)?",
)

_HOURS = upto(24, _NUMBERS)
_MINUTES = {"cinq": 5, "dix": 10, "quart": 15, "quinze": 15, "vingt": 20, "vingt cinq": 25}
_MINUTES |= {"demi": 30, "demie": 30, "trente": 30, "quarante": 40, "quarante cinq": 45}
_MINUTES |= {"cinquante": 50}
_MINUTE = either(*(word.replace(" ", "_") for word in _MINUTES))
_WORD = either(*(word.replace(" ", "_") for word in _HOURS))
_H = r"h(?:eures?|rs?|eurs?)?"
_TIME = (
    rf"(?:(?P<h>\d{{1,2}})\s?(?:(?:{_H}|[:.])\s?(?P<m>[0-5]\d)(?!\d)|{_H}\b)"
    rf"|(?P<word>{_WORD})\s+heures?\b)"
    rf"(?:\s+(?:et\s+)?(?P<past>{_MINUTE})\b|\s+moins\s+(?:le\s+)?(?P<to>{_MINUTE}|\d{{1,2}})\b)?"
)
_ELSE = r"(?!\s*(?:h\b|heures?|min|ans|jours?|j\b|semaines?|km|mois|sec|ou\b|enfants?|pers|/))"
_PART = r"(?:matin|soir|nuit|aprem|apres[ -]midi|demain|aujourd'hui|auj)"
_AWAY = r"(?! d(?:e (?:route|marche|voiture|train|chez|bus|trajet)|'ici))"

CLOCK = ClockWords(
    clock=(
        rf"(?<!\by )\b(?:a|vers|jusqu'a|jusqua|avant|il est|est|pour les)\s+{_TIME}{_AWAY}",
        rf"(?<![\w.,:]){_TIME}\s*(?:du mat(?:in)?\b|du soir|de l'ap|pile|ce soir|cet|demain"
        r"|ce mat)",
        rf"\b{_PART}\s+{_TIME}",
        rf"\b(?:vers|{_PART}\s+(?:a|vers|pour))\s+(?:(?P<h>\d{{1,2}})(?!\d|[:.h]\d|%)"
        rf"|(?P<word>{_WORD})\b){_ELSE}",
        r"(?<![\w.,:/])(?P<h>\d{1,2}):(?P<m>\d{2})(?![\d:])",
        r"(?<![\w.,:/])(?P<h>\d{1,2})(?:[:.](?P<m>\d{2}))?\s*[ap]\.?\s?m\b",
    ),
    clock_or_span=(rf"(?<![\w.,:/-]){_TIME}{_AWAY}",),
    noon=rf"(?<!apres )(?<!apres-)(?<!apre )\bmidi\b(?:\s+(?:et\s+)?(?P<past>{_MINUTE})\b)?",
    midnight=rf"\bminuit\b(?:\s+(?:et\s+)?(?P<past>{_MINUTE})\b)?",
    hours=_HOURS,
    minutes=_MINUTES,
    parts=(
        (Part.BEFORE_NOON, r"\bdu mat(?:in)?\b|\bmatin(?:ee|s)?\b|\d\s*a\.?\s?m\b"),
        (Part.AFTER_NOON, r"\b(?:apres?[ -]?midi|aprem|soirs?|soiree)\b|\d\s*p\.?\s?m\b"),
        (Part.NIGHT, r"\bnuits?\b"),
    ),
    days={
        2: r"\bapres[ -]demain\b",
        1: r"\b(?:demain|2main|dem1|demin|dmain)\b",
        -1: r"\b(?:hier|la nuit derniere)\b",
        0: r"\b(?:aujourd'?hui|aujourdui|ce (?:soir|matin)|cet(?:te)? (?:nuit|aprem)"
        r"|cet(?:te)? apres[ -]midi)\b",
    },
    weekdays=(
        *(r"\blundis?\b", r"\bmardis?\b", r"\bmercredis?\b", r"\bjeudis?\b"),
        *(r"\bvendredis?\b", r"\bsamedis?\b", r"\bdimanches?\b"),
    ),
    short_weekdays=(),
    months=tuple(
        either(names)
        for names in (
            *("janvier janv", "fevrier fevr", "mars", "avril avr", "mai", "juin", "juillet juil"),
            *("aout", "septembre sept", "octobre oct", "novembre nov", "decembre dec"),
        )
    ),
    greetings=r"\b(?:bon(?:ne)? (?:matin|nuit|soiree|apres[ -]midi|soir)|bonsoir|bonjour)\b",
    vague=r"\b(?:(?:la )?semaine pro(?:chaine)?|mois prochain|week[ -]?end|we prochain)\b"
    r"|\bentre \d",
)

REPEATS = RepeatWords(
    daily=r"\b(?:tous les (?:jours|soirs|matins)|tt les jours|toutes les nuits|chaque (?:jour|soir"
    r"|matin|nuit|apres[ -]midi)|quotidien(?:nement)?|toute la semaine)\b",
    every=r"\b(?:chaque|tous les|les)\b",
    working_days=r"\b(?:(?:les )?jours (?:ouvres|ouvrables|de semaine)|en semaine"
    r"|du lundi au vendredi)\b",
    weekend=r"\b(?:(?:tous )?les week[ -]?ends|chaque week[ -]?end)\b",
    this_week=r"\b(?:cette|toute la) semaine\b",
    until=r"\bjusqu'?(?:a|au)\s+(?:ce\s+)?DAY",
    lasting=r"\b(?:pendant|pour|durant|les)\s+(?:les\s+)?(?:(?P<n>\d{1,2})|(?P<word>WORD))\s+"
    r"(?:prochaine?s\s+)?(?:jours?|nuits?|soirs?|matins?|(?P<week>semaines?))\b",
    starting=whole("a_partir_de a_partir_d' des a_compter_de depuis"),
)
