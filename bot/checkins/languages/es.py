"""Spanish."""

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
    (1, "uno/una/un dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce"),
    (15, "quince dieciseis/diez_y_seis diecisiete dieciocho diecinueve veinte"),
    (21, "veintiuno/veintiun/veintiuna veintidos veintitres veinticuatro veinticinco"),
    (26, "veintiseis veintisiete veintiocho veintinueve"),
)
_NUMBERS = _SMALL | compounds(
    "veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa", _SMALL, " y "
)

SPANS = SpanWords(
    numbers=_NUMBERS
    | words((2, "un_par_de par_de unas_dos unos_dos"), (0.5, "media medio 1/2 una_1/2")),
    units=words(
        (1 / 60, "s seg segs segundo segundos"),
        (1, "m mn min mins minuto minutos minutitos minutito minuts mnts"),
        (60, "h hs hr hrs hora horas ora oras horita horitas"),
        (1440, "d dia dias"),
        (10080, "semana semanas"),
    ),
    whole=words(
        (90, "hora_y_media"),
        (75, "hora_y_cuarto"),
        (30, "media_hora media_horita media_ora"),
        (45, "tres_cuartos_de_hora"),
        (15, "un_cuarto_de_hora cuarto_de_hora"),
    ),
    fractions=((0.5, r"y\s+medi[ao]|1/2"), (0.25, r"y\s+cuarto")),
    joined=r"(?:\s*,\s*|\s+y\s+|\s+con\s+|\s*)",
    between=r"\s*(?:-|a|o)\s*",
    past_before=r"(?:hace|desde hace|hacia|desde)\s+(?:como\s+|unas\s+|unos\s+)?$",
    past_after=r"^\s*atras\b",
    repeated=r"cada\s+$",
    bare={},
)

_HOURS = upto(24, _NUMBERS)
_MINUTES = {"cinco": 5, "diez": 10, "cuarto": 15, "quince": 15, "veinte": 20, "veinticinco": 25}
_MINUTES |= {"media": 30, "treinta": 30}
_NUMBER = r"(?P<h>\d{1,2})(?:[:.h](?P<m>\d{2}))?(?!\d|[:.]\d|%|/\d)"
_HOUR = rf"(?:{_NUMBER}|(?P<word>{either(*(word.replace(' ', '_') for word in _HOURS))})\b)"
_MINUTE = either(*_MINUTES)
_UNIT = r"(?:hs?|hrs|horas?|oras)\b"
_TAIL = (
    rf"(?:\s+y\s+(?P<past>{_MINUTE}|\d{{1,2}})\b"
    rf"|\s+menos\s+(?P<to>{_MINUTE}|\d{{1,2}})\b"
    r"|\s+(?P<plus>treinta|quince)\b)?"
)
_CLOCK = rf"{_HOUR}(?:\s*{_UNIT})?{_TAIL}"
_PARTS = r"(?:manana|tarde|noche|madrugada)"

CLOCK = ClockWords(
    clock=(
        rf"\b(?:a|sobre|hacia|hasta|para|de|tipo|son|es|antes de|como a)\s*las?\s+{_CLOCK}",
        rf"\btipo\s+{_HOUR}{_TAIL}(?!\s*(?:{_UNIT}|min|seg|dias?|semanas?))",
        rf"(?<![\w.,:]){_CLOCK}\s+(?:de|d|en|por) la {_PARTS}",
        rf"(?<![\w.,:]){_CLOCK}\s+del? (?:medio ?dia)",
        rf"(?<![\w.,:]){_HOUR}\s*(?:[ap]\.?\s?m\b|en punto\b)",
        r"(?<![\w.,:/])(?P<h>\d{1,2}):(?P<m>\d{2})(?![\d:])",
        rf"\b(?:esta noche|hoy|manana)\s+las?\s+{_CLOCK}",
    ),
    clock_or_span=(r"(?<![\w.,:])(?P<h>\d{1,2})\s?h(?:s\b|oras\b|\b|(?P<m>[0-5]\d)\b)",),
    noon=r"\bmedio ?dia\b",
    midnight=r"\bmedia ?noche\b",
    hours=_HOURS,
    minutes=_MINUTES,
    parts=(
        (
            Part.BEFORE_NOON,
            r"\d\s*a\.?\s?m\b|\b(?:de|d|por|en|a) la (?:manana|madrugada)\b|\besta manana\b|\bam\b",
        ),
        (Part.MIDDAY, r"\bmedio ?dia\b|\bdel dia\b"),
        (
            Part.AFTER_NOON,
            r"\d\s*p\.?\s?m\b|\b(?:de|d|por|en|a|cada|toda) (?:la )?tardes?\b|\besta tarde\b|\bpm\b"
            r"|\blas tardes\b",
        ),
        (
            Part.NIGHT,
            r"\b(?:de|d|por|en|a) la noche\b|\b(?:esta|cada) noche\b|\blas noches\b"
            r"|\bmedia ?noche\b",
        ),
        (Part.BEFORE_NOON, r"\b(?:cada manana|las mananas|de madrugada|temprano)\b"),
    ),
    days={
        2: r"\bpasado (?:manana|mañna)\b",
        1: r"(?<!la )(?<!cada )(?<!esta )\b(?:manana|mannana|manna|mñn)\b",
        -1: r"\b(?:ayer|anoche)\b",
        0: r"\b(?:hoy|esta (?:noche|tarde|manana))\b",
    },
    weekdays=(
        *(r"\blunes\b", r"\bmartes\b", r"\bmi?ercoles\b", r"\bjueves\b"),
        *(r"\b(?:viernes|biernes)\b", r"\bsabados?\b", r"\bdomingos?\b"),
    ),
    short_weekdays=(),
    months=tuple(
        either(names)
        for names in (
            *("enero ene", "febrero feb", "marzo", "abril abr", "mayo", "junio jun", "julio jul"),
            *("agosto ago", "septiembre setiembre sept", "octubre oct", "noviembre nov"),
            "diciembre dic",
        )
    ),
    greetings=r"\bbuen[oa]s? (?:dias?|tardes?|noches?)\b",
    vague=r"\b(?:(?:la )?(?:proxima semana|semana que viene)|el mes que viene|proximo mes"
    r"|fin de semana|finde)\b|\bentre (?:las? )?\d",
)

REPEATS = RepeatWords(
    daily=r"\b(?:todos los dias|cada dia|diario|diariamente|a diario|todas las (?:noches|tardes"
    r"|mananas)|cada (?:noche|tarde|manana)|toda la semana)\b",
    every=r"\b(?:cada|todos los|los)\b",
    working_days=r"\b(?:dias (?:laborables|habiles|de semana)|entre semana|de lunes a viernes)\b",
    weekend=r"\b(?:cada fin de semana|(?:todos )?los (?:fines de semana|findes))\b",
    this_week=r"\b(?:esta|toda la) semana\b",
    until=r"\bhasta\s+(?:el\s+)?(?:proximo\s+)?DAY",
    lasting=r"\b(?:por|durante|los|las)\s+(?:los\s+|las\s+)?(?:proxim[oa]s\s+)?(?:(?P<n>\d{1,2})"
    r"|(?P<word>WORD))\s+(?:proxim[oa]s\s+)?(?:dias?|noches?|tardes|mananas|(?P<week>semanas?))\b",
    starting=whole("desde a_partir_de empezando_desde empezando"),
)
