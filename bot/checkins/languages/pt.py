"""Portuguese, as written in Brazil."""

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
    (1, "um/uma dois/duas tres/treis quatro cinco/sinco seis sete oito nove dez onze doze treze"),
    (14, "quatorze/catorze quinze dezesseis/dezasseis dezessete/dezassete dezoito dezenove"),
)
_NUMBERS = _SMALL | compounds(
    "vinte trinta quarenta cinquenta/cincoenta sessenta setenta oitenta noventa", _SMALL, " e "
)

SPANS = SpanWords(
    numbers=_NUMBERS
    | words(
        (2, "um_par_de umas_duas uns_dois"), (0.5, "meia meio 1/2 uma_1/2"), (6, "meia_duzia_de")
    ),
    units=words(
        (1 / 60, "s seg segs segundo segundos"),
        (1, "m mn min mins minuto minutos minutinho minutinhos minutos minuts"),
        (60, "h hs hr hrs hora horas horinha horinhas ora oras"),
        (1440, "d dia dias"),
        (10080, "semana semanas"),
    ),
    whole=words(
        (90, "hora_e_meia"),
        (75, "hora_e_quinze hora_e_um_quarto"),
        (30, "meia_hora meia_horinha meia_hr meia_ora"),
        (45, "tres_quartos_de_hora"),
        (15, "um_quarto_de_hora quarto_de_hora"),
    ),
    fractions=((0.5, r"e\s+mei[ao]|1/2"), (0.25, r"e\s+(?:um\s+)?quarto")),
    joined=r"(?:\s*,\s*|\s+e\s+|\s*)",
    between=r"\s*(?:-|a|ou)\s*",
    past_before=r"\b(?:ha|faz|tem|desde)\s+(?:uns\s+|umas\s+|mais de\s+)?$",
    past_after=r"^\s*(?:atras|antes de agora)\b",
    repeated=r"cada\s+$",
    bare={},
)

_HOURS = upto(24, _NUMBERS)
_MINUTES = {"cinco": 5, "dez": 10, "quinze": 15, "vinte": 20, "vinte e cinco": 25, "meia": 30}
_MINUTES |= {"um quarto": 15, "trinta": 30, "quarenta": 40, "quarenta e cinco": 45}
_MINUTES |= {"cinquenta": 50}
_MINUTE = either(*(word.replace(" ", "_") for word in _MINUTES))
_WORD = either(*(word.replace(" ", "_") for word in _HOURS))
_UNIT = r"(?:hs?|hrs?|horas?|oras)\b"
_HOUR = (
    rf"(?:(?P<h>\d{{1,2}})(?:\s?(?:h(?:oras?|rs?|s)?|[:.])\s?(?P<m>[0-5]\d)(?!\d))?"
    rf"(?!\d|[:.]\d|%|/\d)|(?P<word>{_WORD})\b)"
)
_TAIL = rf"(?:\s+e\s+(?P<past>{_MINUTE}|\d{{2}})\b)?"
_NO_UNIT = rf"(?!\s*(?:{_UNIT}|min|seg|dias?|semanas?|anos?|mes))"
_PARTS = r"(?:manha|tarde|noite|madrugada)"

CLOCK = ClockWords(
    clock=(
        rf"\b(?P<to>{_MINUTE}|\d{{1,2}})\s+(?:min(?:utos)?\s+)?(?:pra|para)\s?(?:as?|s)\s+{_HOUR}",
        rf"\b(?:as|das|pelas|pras|para as|ate as|depois das|sao|la pras)\s+{_HOUR}"
        rf"(?:\s*{_UNIT})?{_TAIL}",
        rf"\b(?:umas|tipo|tipo as|pelas)\s+{_HOUR}{_TAIL}{_NO_UNIT}",
        rf"(?<![\w.,:]){_HOUR}(?:\s*{_UNIT})?{_TAIL}\s+(?:da|de|d|hoje a|a|pela) {_PARTS}",
        rf"(?<![\w.,:]){_HOUR}(?:\s*{_UNIT})?{_TAIL}\s+(?:em ponto|hoje|amanha|do meio[ -]dia)",
        rf"\b(?:hoje|amanha|{_PARTS})\s+(?:a\s+)?{_HOUR}(?:\s*{_UNIT}|{_NO_UNIT})",
        r"(?<![\w.,:/])(?P<h>\d{1,2}):(?P<m>\d{2})(?![\d:])",
        r"(?<![\w.,:/])(?P<h>\d{1,2})(?:[:.](?P<m>\d{2}))?\s*[ap]\.?\s?m\b",
    ),
    clock_or_span=(r"(?<![\w.,:])(?P<h>\d{1,2})\s?h(?:s\b|rs\b|oras\b|\b|\s?(?P<m>[0-5]\d)\b)",),
    noon=rf"\bmeio[ -]?dia\b(?:\s+e\s+(?P<past>{_MINUTE})\b)?",
    midnight=rf"\bmeia[ -]?noite\b(?:\s+e\s+(?P<past>{_MINUTE})\b)?",
    hours=_HOURS,
    minutes=_MINUTES,
    parts=(
        (
            Part.BEFORE_NOON,
            r"\b(?:(?:da|de|d|pela|esta|hoje de|na|toda) (?:manha|madrugada)|manhas|cedo)\b"
            r"|\bmadrugada\b|\d\s*a\.?\s?m\b",
        ),
        (Part.MIDDAY, r"\bmeio[ -]?dia\b"),
        (
            Part.AFTER_NOON,
            r"\b(?:(?:da|de|d|a|pela|esta|na|toda) tarde|tardinha|tardes)\b|\d\s*p\.?\s?m\b",
        ),
        (Part.NIGHT, r"\b(?:noites?|noitinha|meia[ -]?noite)\b"),
    ),
    days={
        2: r"\bdepois de (?:amanha|amanhan)\b",
        1: r"\b(?:amanha|amanhan|amanhaa|amnh|amanh)\b",
        -1: r"\b(?:ontem)\b",
        0: r"\b(?:hoje|hj|esta (?:noite|tarde|manha)|essa noite)\b",
    },
    weekdays=(
        *(r"\bsegundas?[ -]feiras?\b", r"\btercas?[ -]feiras?\b", r"\bquartas?[ -]feiras?\b"),
        *(r"\bquintas?[ -]feiras?\b", r"\bsextas?[ -]feiras?\b", r"\bsabados?\b"),
        r"\bdomingos?\b",
    ),
    short_weekdays=(
        *(r"\bsegundas?\b(?! vez)", r"\btercas?\b", r"\bquartas?\b", r"\bquintas?\b"),
        *(r"\bsextas?\b", r"\bsab\b", r"\bdom\b"),
    ),
    months=tuple(
        either(names)
        for names in (
            *("janeiro jan", "fevereiro fev", "marco", "abril abr", "maio", "junho jun", "julho"),
            *("agosto ago", "setembro set", "outubro out", "novembro nov", "dezembro dez"),
        )
    ),
    greetings=r"\b(?:bom dia|boas? (?:tardes?|noites?)|bomdia|boanoite)\b",
    vague=r"\b(?:semana que vem|proxima semana|mes que vem|proximo mes|fim de semana|fds)\b"
    r"|\bentre (?:as? )?\d|\bde \d{1,2}h? (?:as|a) \d",
)

REPEATS = RepeatWords(
    daily=r"\b(?:todos? os dias|todo (?:santo )?dia|cada dia|diariamente|toda (?:noite|tarde|manha)"
    r"|todas as (?:noites|tardes|manhas)|a semana (?:toda|inteira))\b",
    every=r"\b(?:cada|todas?(?: as)?|todos?(?: os)?|as|aos|nas)\b",
    working_days=r"\b(?:dias (?:uteis|de semana)|durante a semana|de segunda a sexta)\b",
    weekend=r"\b(?:(?:todos? os? )?(?:fins|finais) de semana|todo (?:fim|final) de semana)\b",
    this_week=r"\b(?:esta|essa) semana\b|\ba semana (?:toda|inteira)\b",
    until=r"\bate\s+(?:a\s+|o\s+)?(?:proxim[ao]\s+)?DAY",
    lasting=r"\b(?:por|durante|pelos|pelas|nos|nas)\s+(?:os\s+|as\s+)?(?:proxim[oa]s\s+)?"
    r"(?:(?P<n>\d{1,2})|(?P<word>WORD))\s+(?:dias?|noites?|tardes|manhas|(?P<week>semanas?))\b",
    starting=whole("a_partir_de desde comecando"),
)
