"""Hindi, in Devanagari and in Latin letters."""

from bot.checkins.plain import either, plain, whole
from bot.checkins.wording import ClockWords, Part, RepeatWords, SpanWords, counted, upto, words

_WHOLE_NUMBERS = counted(
    (1, "एक/ek/1k दो/do/dho तीन/teen/tin चार/char/chaar"),
    (5, "पांच/पाच/पाँच/panch/paanch/pach छह/छः/छ/छे/chhe/chah/cheh/chhah/che"),
    (7, "सात/saat/sat आठ/aath/ath/aat नौ/nau/nou/nao दस/das/dus"),
    (11, "ग्यारह/gyarah/gyara/gyaarah बारह/barah/baarah/bara तेरह/terah/tera चौदह/chaudah/choda"),
    (15, "पंद्रह/पन्द्रह/pandrah/pandra/pandhra सोलह/solah/sola सत्रह/satrah अठारह/atharah"),
    (19, "उन्नीस/unnis बीस/bees/bis इक्कीस/ikkis बाईस/बाइस/bais तेईस/तेइस/teis चौबीस/chaubis"),
    (25, "पच्चीस/pachis/pachchis छब्बीस/chabbis सत्ताईस/sattais अट्ठाईस/atthais उनतीस/untis"),
    (30, "तीस/tees/tis"),
    (35, "पैंतीस/paintis"),
    (40, "चालीस/chalis/chaalis/chalees"),
    (45, "पैंतालीस/पैतालीस/paintalis/paitalis/pentalis"),
    (50, "पचास/pachas/pachaas"),
    (55, "पचपन/pachpan"),
    (60, "साठ/saath/sath"),
    (90, "नब्बे/nabbe"),
)
_HALF_MORE = "साढ़े साढे sadhe saadhe sade saade sarhe"
_QUARTER_MORE = "सवा sava sawa"
_QUARTER_LESS = "पौने पौन पौना paune pone paun"
_ONE_AND_A_HALF = "डेढ़ डेढ dedh ded derh dhed"
_TWO_AND_A_HALF = "ढाई ढाइ dhai dhaai adhai"


_NUMBERS = _WHOLE_NUMBERS | words(
    (1.5, _ONE_AND_A_HALF), (2.5, _TWO_AND_A_HALF), (1.25, _QUARTER_MORE), (0.75, _QUARTER_LESS)
)

_MIN = "मिनट मिनिट मिनटों मिंट मिनट्स minute minat minut minutes minit mint min mins mnt m"
_HOUR_UNIT = "घंटा घंटे घंटों घण्टा घण्टे घन्टे घंटें घटे घंटो ghanta ghante ghanto ghnta ghnte ghante"
_HOUR_UNIT += " ghanti gante ganta gnte hour hours hr hrs h"

SPANS = SpanWords(
    numbers=_NUMBERS | words((0.5, "आधा आधे आधी aadha aadhe adha adhe aadhi half aadhey 1/2")),
    units=words(
        (1 / 60, "सेकंड सेकेंड second seconds sec"),
        (1, _MIN),
        (60, _HOUR_UNIT),
        (1440, "दिन दिनों din dino day days"),
        (10080, "हफ्ता हफ्ते हफ़्ते सप्ताह hafta hafte haftey week weeks"),
    ),
    whole=words(
        (60, "घंटे_भर घंटा_भर ghante_bhar ghanta_bhar"),
        (30, "आध_घंटे आध_घंटा aadh_ghante adh_ghante"),
        (45, "पौन_घंटा पौन_घंटे पौने_घंटे paun_ghanta paun_ghante"),
    ),
    fractions=((0.5, rf"{either('और aur')}\s+{either('आधा आधे aadha adha')}"),),
    before=words((0.5, _HALF_MORE), (0.25, _QUARTER_MORE), (-0.25, _QUARTER_LESS)),
    joined=rf"(?:\s*,\s*|\s+{either('और aur')}\s+|\s*)",
    between=rf"\s*(?:-|{either('से या se ya')}|\s)\s*",
    past_before=r"(?!)^",
    past_after=rf"^\s*{either('पहले पहिले pehle pahle phle pehele हो_गए हो_गये ho_gaye ho_gye')}",
    repeated=rf"(?<!\w){either('हर प्रत्येक har')}\s+$",
    bare={},
)

_HOURS = upto(24, _WHOLE_NUMBERS) | words((1.5, _ONE_AND_A_HALF), (2.5, _TWO_AND_A_HALF))
_MINUTES = {
    plain(word): minutes
    for minutes, listed in ((30, _HALF_MORE), (15, _QUARTER_MORE), (15, _QUARTER_LESS))
    for word in listed.split()
} | {word: int(number) for word, number in _WHOLE_NUMBERS.items()}
_DIGITS = r"(?P<h>\d{1,2})(?:\s?[:.]\s?(?P<m>\d{2}))?(?!\d|[:.]\d|%|/\d)"
_WORD = rf"(?P<word>{either(*_HOURS)})(?!\w)"
_HOUR = rf"(?:{_DIGITS}|{_WORD})"
_SHIFTED = (
    rf"(?:(?:(?P<past>{either(_HALF_MORE, _QUARTER_MORE)})|(?P<to>{either(_QUARTER_LESS)}))\s+)?"
)
_STRUCK = either("बजे बजें बज़े बजेे baje bje bajey bajay baje_tak bajhe bje_tak bajey")
_NO_UNIT = rf"(?!\s*(?:{either(_MIN, _HOUR_UNIT, 'दिन din day days हफ्ते hafte')}\b|[-]|\w))"
_DAWN = "सुबह सवेरे सुबेरे तड़के सुबहा प्रातः subah subha subh subeh savere tadke sube"
_NOON = "दोपहर दुपहर दोपहर_को dopahar dopehar dupahar dophar"
_EVENING = "शाम शाम_को सायं सांझ shaam sham saam"
_LATE = "रात रात्रि raat rat raatko"
_PART = either(_DAWN, _NOON, _EVENING, _LATE)
_SHORT_LATE = "रात रात्रि raat"
_MINUTE_NUMBER = rf"(?:\d{{1,2}}|{either(*_WHOLE_NUMBERS)})"

CLOCK = ClockWords(
    clock=(
        rf"(?<!\w){_HOUR}\s*{either('बजकर बजके बज_कर baj_kar bajkar bajke baj_ke')}\s+"
        rf"(?P<past>{_MINUTE_NUMBER})(?!\w)(?:\s*{either(_MIN)}\b)?",
        rf"(?<!\w){_HOUR}\s*{either('बजने_में bajne_me bajne_mein bajne_main')}\s+"
        rf"(?P<to>{_MINUTE_NUMBER})\s*{either(_MIN)}\b",
        rf"(?<!\w){_SHIFTED}{_HOUR}\s*(?:{_STRUCK}|{either('बज baj bj')}(?=\s))",
        rf"(?<!\w){_PART}\s+(?:{either('को के ko ke में me mein')}\s+)?{_SHIFTED}{_HOUR}{_NO_UNIT}",
        rf"(?<!\w){_PART}\s+(?:{either('को के ko ke में me mein')}\s+)?{_SHIFTED}{_HOUR}"
        rf"(?=\s+{either('तक को पर tak ko pe par bhi')}(?!\w))",
        rf"(?<!\w)(?P<h>\d{{1,2}})(?:[:.](?P<m>\d{{2}}))?\s+"
        rf"{either('रात_को शाम_को raat_ko shaam_ko')}",
        r"(?<![\w.,:/])(?P<h>\d{1,2}):(?P<m>\d{2})(?![\d:])",
        r"(?<![\w.,:/])(?P<h>\d{1,2})(?:[:.](?P<m>\d{2}))?\s*[ap]\.?\s?m\b",
    ),
    clock_or_span=(),
    noon=r"(?!)^",
    midnight=whole("आधी_रात aadhi_raat adhi_raat aadhi_rat"),
    hours=_HOURS,
    minutes=_MINUTES,
    parts=(
        (Part.BEFORE_NOON, whole(_DAWN) + r"|\d\s*a\.?\s?m\b"),
        (Part.MIDDAY, whole(_NOON)),
        (Part.AFTER_NOON, whole(_EVENING) + r"|\d\s*p\.?\s?m\b"),
        (Part.NIGHT, whole(_SHORT_LATE)),
    ),
    days={
        2: whole("परसों परसो parso parson"),
        -1: whole("बीते_कल बीती_रात beeta_kal pichli_raat पिछली_रात"),
        1: whole("कल kal kl"),
        0: whole("आज aaj aaj_raat"),
    },
    weekdays=tuple(
        whole(names)
        for names in (
            "सोमवार सोम somvar somwar somvaar somwaar",
            "मंगलवार मंगल mangalvar mangalwar mangalvaar mangalwaar",
            "बुधवार बुध budhvar budhwar budhvaar budhwaar",
            "गुरुवार गुरूवार बृहस्पतिवार वीरवार guruvar guruwar guruvaar brihaspativar veervar",
            "शुक्रवार शुक्र shukravar shukrawar shukravaar shukrawaar",
            "शनिवार शनि shanivar shaniwar shanivaar shaniwaar",
            "रविवार इतवार ravivar raviwar ravivaar itwar itvar itwaar",
        )
    ),
    short_weekdays=(),
    months=tuple(
        either(names)
        for names in (
            *("जनवरी janvari", "फरवरी farvari", "मार्च", "अप्रैल", "मई", "जून", "जुलाई"),
            *("अगस्त agast", "सितंबर सितम्बर sitambar", "अक्टूबर aktubar", "नवंबर नवम्बर navambar"),
            "दिसंबर दिसम्बर disambar",
        )
    ),
    greetings=whole("शुभ_रात्रि शुभ_प्रभात शुभ_संध्या shubh_ratri suprabhat सुप्रभात"),
    vague=whole("अगले_हफ्ते अगले_सप्ताह अगले_महीने agle_hafte agle_week agle_mahine वीकेंड के_बीच ke_beech"),
)

REPEATS = RepeatWords(
    daily=whole(
        "हर_दिन हर_रोज हर_रोज़ रोज रोज़ रोज़ाना रोजाना प्रतिदिन हर_रात हर_शाम हर_सुबह har_din har_roz"
        " roz rozana har_raat har_shaam har_sham har_subah roj rojana harroz poore_hafte पूरे_हफ्ते"
    ),
    every=whole("हर प्रत्येक har"),
    working_days=whole("काम_के_दिन सोमवार_से_शुक्रवार somvar_se_shukravar"),
    weekend=whole("हर_वीकेंड har_weekend"),
    this_week=whole("इस_हफ्ते इस_हफ़्ते इस_सप्ताह is_hafte iss_hafte is_week पूरे_हफ्ते"),
    until=rf"DAY\s+{either('तक tak')}(?!\w)",
    lasting=rf"(?<!\w)(?:(?P<n>\d{{1,2}})|(?P<word>WORD))\s+"
    rf"(?:{either('दिन दिनों din dino रात raat')}"
    rf"|(?P<week>{either('हफ्ते हफ्ता हफ़्ते hafte hafta')}))\s+{either('तक tak के_लिए ke_liye')}(?!\w)",
    starting=whole("कल_से आज_से परसों_से kal_se aaj_se से_शुरू se_shuru"),
)
