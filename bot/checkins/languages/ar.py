"""Arabic: standard, the words of several dialects, and in Latin letters ("Arabizi")."""

from bot.checkins.plain import either, plain, whole
from bot.checkins.wording import (
    ClockWords,
    Part,
    RepeatWords,
    SpanWords,
    counted,
    counted_by_ten,
    upto,
    words,
)

_ONES = counted(
    (1, "واحد/واحدة/وحدة/وحده/wa7de/wa7da/wahda"),
    (2, "اثنين/اتنين/ثنتين/تنتين/اثنان/اثنتين/اثنتان/tnen/etnen/itnein"),
    (3, "ثلاث/ثلاثة/تلات/تلاتة/تلت/تلاته/tlat/talata/tlate/talat"),
    (4, "اربع/اربعة/أربعة/arb3a/arba3/arbaa"),
    (5, "خمس/خمسة/5amsa/khamsa/khams"),
    (6, "ست/ستة/sitta/sette/sit"),
    (7, "سبع/سبعة/sab3a/saba3"),
    (8, "ثمان/ثماني/ثمانية/تمن/تمان/تماني/تمانية/tamanya/tmanye/tamaniya"),
    (9, "تسع/تسعة/tis3a/tes3a/tisa3"),
    (10, "عشر/عشرة/3ashra/3ashara/3ashr"),
)
_TEENS = counted(
    (11, "احدعشر/احد_عشر/إحدى_عشرة/حداشر/حدعش/احدعش/احدى_عشر/7da3sh/hdashar"),
    (12, "اثناعشر/اثنا_عشر/اثني_عشر/اثنتي_عشرة/اتناشر/طنعش/اطنعش/اثنعش/itnashar/tna3sh"),
    (13, "ثلاثة_عشر/ثلاث_عشرة/تلاتاشر/تلتعش/تلطعش اربعة_عشر/اربع_عشرة/اربعتاشر/اربعتعش"),
    (15, "خمسة_عشر/خمس_عشرة/خمستاشر/خمستعش/خمسطعش ستة_عشر/ستاشر/ستعش/سطعش"),
    (17, "سبعة_عشر/سبعتاشر/سبعتعش ثمانية_عشر/تمنتاشر/تمنتعش تسعة_عشر/تسعتاشر/تسعتعش"),
)
_TENS = counted_by_ten(
    "عشرين/عشرون/3ishrin ثلاثين/ثلاثون/تلاتين/talatin اربعين/اربعون/arb3in خمسين/خمسون/khamsin"
    " ستين/ستون سبعين/سبعون ثمانين/ثمانون/تمانين تسعين/تسعون"
)
_AND_TEN = {f"{one} {plain('و')}": number for one, number in _ONES.items() if number < 10}
_TWENTIES = {
    f"{before}{ten}": more + number
    for before, more in _AND_TEN.items()
    for ten, number in _TENS.items()
    if more + number <= 24
}
_NUMBERS = _ONES | _TEENS | _TENS | _TWENTIES

SPANS = SpanWords(
    numbers=_NUMBERS
    | words(
        (0.5, "نص نصف نُص nos noss nuss nus 1/2"),
        (0.25, "ربع rob3 rub3"),
        (1 / 3, "ثلث تلت"),
        (0.75, "ثلاث_ارباع تلات_ارباع"),
    ),
    units=words(
        (1 / 60, "ثانية ثواني ثوان"),
        (1, "د دقيقة دقايق دقائق دقيقه دئيئة دقيئة دقايئ دئايئ da2i2a da2aye2 d2i2a d2ay2 min"),
        (1, "minute minutes دقيقات"),
        (60, "س ساعة ساعات ساعه سعة sa3a sa3at sa3et sa3aat se3a h"),
        (1440, "يوم ايام أيام يوما ayyam ayam yom yoom"),
        (10080, "اسبوع أسابيع اسابيع usbu3 osbo3"),
    ),
    whole=words(
        (30, "نصساعة نصساعه"), (180, "تلت_ساعات"), (1440, "بعد_يوم خلال_يوم كمان_يوم يوم_كامل")
    ),
    fractions=(
        (0.5, rf"(?:(?:و|w|u|wu)\s*)?(?:{either('نص نصف nos noss nuss')})"),
        (0.25, rf"(?:و|w|u)\s*{either('ربع rob3 rub3')}"),
        (1 / 3, rf"و\s*{either('ثلث تلت')}"),
        (-0.25, rf"{either('الا إلا غير illa ela')}\s*{either('ربع rob3')}"),
        (-1 / 3, rf"{either('الا إلا')}\s*{either('ثلث تلت')}"),
    ),
    before=_AND_TEN,
    joined=r"(?:\s*,\s*|\s*و\s*|\s+w\s+|\s+)",
    between=rf"\s*(?:-|{either('الى لـ او أو ل لحد')})\s*",
    past_before=rf"(?<!\w){either('قبل من منذ مند صارلي صار_لي بقالي الي اللي_فات')}\s+"
    rf"(?:{either('حوالي شي')}\s+)?$",
    past_after=rf"^\s*{either('مضت فاتت راحت مضى')}",
    repeated=rf"(?<!\w){either('كل kol kul')}\s+$",
    bare=words(
        (60, "ساعة ساعه sa3a se3a"),
        (120, "ساعتين ساعتان sa3ten sa3tein sa3teyn sa3tin"),
        (1, "دقيقة دقيقه"),
        (2, "دقيقتين دقيقتان d2i2ten"),
        (2880, "يومين يومان yomen"),
        (10080, "اسبوع أسبوع"),
        (20160, "اسبوعين أسبوعين"),
    ),
)

_ORDINALS = counted(
    (1, "الواحدة/الوحدة الثانية/التانية/التنتين/التنتين الثالثة/التالتة/التلاتة الرابعة/الاربعة"),
    (5, "الخامسة/الخمسة السادسة/الستة السابعة/السبعة الثامنة/التامنة/التمانية التاسعة/التسعة"),
    (10, "العاشرة/العشرة الحادية_عشرة/الحادية_عشر/الحداشر الثانية_عشرة/الثانية_عشر/الاتناشر"),
)
_HOURS = upto(24, _NUMBERS) | _ORDINALS
_MINUTES = {
    plain(word): minutes
    for minutes, listed in (
        (30, "نص نصف النصف النص nos noss"),
        (15, "ربع الربع rob3"),
        (20, "ثلث تلت الثلث ثلثا عشرين"),
        (5, "خمسة خمس khamsa"),
        (10, "عشرة عشر 3ashra"),
    )
    for word in listed.split()
}
_MINUTE = either(*_MINUTES)
_AND = r"(?:و|w|u)"
_HOUR = (
    r"(?:(?:ال)?(?P<h>\d{1,2})(?:\s?[:.]\s?(?P<m>\d{2}))?(?!\d|[:.]\d|%|/\d|[a-z])"
    rf"|(?P<word>{either(*(word.replace(' ', '_') for word in _HOURS))})(?!\w))"
)
_TAIL = (
    rf"(?:\s*{_AND}\s*(?P<past>{_MINUTE}|\d{{1,2}})(?!\w)(?:\s*{either('دقيقة دقايق دقائق')})?"
    rf"|\s*{either('الا إلا غير illa ela')}\s*(?P<to>{_MINUTE}|\d{{1,2}})(?!\w)"
    rf"(?:\s*{either('دقيقة دقايق دقائق')})?)?"
)
_UNITS = either("ساع دقي دقا يوم ايام اسبوع ثاني ثوان سن شهر sa3 da2 min")
_NO_UNIT = rf"(?!\s*{_UNITS})"
_DAWN = (
    "الصبح صبح صباحا صباح الصباح الفجر فجرا فجر بكير sabahan sob7 elsob7 el_sob7 sobo7 sba7 فالصبح"
)
_EVENING = (
    "مساء المساء المسا مسا العصر عصرا عصر المغرب العشاء العشا العشية عشية masa el_masa masa2an"
)
_EVENING += " elmasa el_3asr 3asr فالعشية"
_NOON = "الظهر الضهر ظهرا ضهرا الضهريات dohr el_dohr"
_LATE = "بالليل باليل ليلا الليلة الليل ليل باللیل bil_leil bel_leil belleil bel_lel el_leila bilel"
_LATE += " belel الليلادي هالليلة فالليل ليلة leila"
_BEFORE_NOON = "قبل_الظهر قبل_الضهر"
_AFTER_NOON = "بعد_الظهر بعد_الضهر ba3d_el_dohr ba3d_eldohr"
_PART = either(_DAWN, _EVENING, _NOON, _LATE, _BEFORE_NOON, _AFTER_NOON)
_DAY = either("اليوم النهاردة بكرا بكرة بكره غدا bokra bukra")
_CLOCK_WORD = either(
    "الساعة عالساعة للساعة بالساعة والساعة ع_الساعة على_الساعة هالساعة"
    " el_sa3a elsa3a il_sa3a essa3a es_sa3a as_sa3a al_sa3a 3al_sa3a alsa3a فالساعة"
)

CLOCK = ClockWords(
    clock=(
        rf"(?<!\w){_CLOCK_WORD}\s+{_HOUR}{_TAIL}",
        rf"(?<!\w){_HOUR}{_TAIL}\s*(?:{_PART}|[صم]\b|[ap]m\b)(?!\w)",
        rf"(?<!\w){_PART}\s+(?:(?:ع|على|3al|ع\s?ال)\s*)?{_HOUR}{_TAIL}{_NO_UNIT}",
        rf"(?<!\w){either('على ع عال حوالي لحد قبل عند 3al 3a')}\s*{_HOUR}{_TAIL}{_NO_UNIT}",
        rf"(?<!\w){_DAY}\s+{_HOUR}{_TAIL}{_NO_UNIT}",
        r"(?<![\w.,:/])(?P<h>\d{1,2}):(?P<m>\d{2})(?![\d:])",
    ),
    clock_or_span=(),
    noon=rf"(?<!\w){either('الظهر الضهر ظهرا')}(?!\w)",
    midnight=whole("منتصف_الليل نص_الليل نص_ليل نصاص_الليالي nos_el_leil"),
    hours=_HOURS,
    minutes=_MINUTES,
    parts=(
        (Part.BEFORE_NOON, whole(_BEFORE_NOON)),
        (Part.AFTER_NOON, whole(_AFTER_NOON)),
        (Part.BEFORE_NOON, whole(_DAWN) + r"|\d\s*(?:ص|am)\b"),
        (Part.MIDDAY, whole(_NOON)),
        (Part.AFTER_NOON, whole(_EVENING) + r"|\d\s*(?:م|pm)\b"),
        (Part.NIGHT, whole(_LATE)),
    ),
    days={
        2: whole("بعد_بكرة بعد_بكرا بعد_بكره بعد_غد بعد_الغد ba3d_bokra ba3d_bukra"),
        1: whole("بكرة بكرا بكره بوكرا غدا غدًا الغد غدوا غدوة bokra bukra boukra bukra ghodwa"),
        -1: whole("امبارح مبارح البارح البارحة امس أمس mbare7 embare7"),
        0: whole("اليوم النهاردة النهارده الليلة الليلادي هالليلة elyom lyom elnaharda el_leila")
        + "|"
        + whole("هذا_المساء"),
    },
    weekdays=tuple(
        whole(names)
        for names in (
            "الاثنين الاتنين الإثنين اثنين_الجاي el_etnen eletnen",
            "الثلاثاء التلات الثلاثا التلاتا eltalat el_talat",
            "الاربعاء الأربعاء الاربعا الاربع",
            "الخميس el5amis elkhamis el_khamis",
            "الجمعة الجمعه elgom3a el_jom3a eljom3a",
            "السبت elsabt el_sabt",
            "الاحد الأحد الحد el_a7ad ela7ad",
        )
    ),
    short_weekdays=(),
    months=tuple(
        either(names)
        for names in (
            *("يناير كانون_الثاني جانفي", "فبراير شباط فيفري", "مارس آذار", "ابريل أبريل نيسان"),
            *("مايو ايار أيار ماي", "يونيو حزيران جوان", "يوليو تموز جويلية", "اغسطس أغسطس اب اوت"),
            *("سبتمبر ايلول", "اكتوبر تشرين_الاول", "نوفمبر تشرين_الثاني", "ديسمبر كانون_الاول"),
        )
    ),
    greetings=whole("صباح_الخير مساء_الخير صباح_النور مساء_النور sabah_el_kheir masa_el_kheir")
    + "|"
    + whole("sba7_el_5eir صباحو تصبحوا_على_خير تصبح_على_خير"),
    vague=whole(
        "الاسبوع_الجاي الأسبوع_القادم الاسبوع_القادم الشهر_الجاي الشهر_القادم نهاية_الاسبوع الويكند"
    )
    + "|"
    + whole("بين"),
)

REPEATS = RepeatWords(
    daily=whole(
        "كل_يوم كل_ليلة كل_مساء كل_صباح كل_مسا كل_عشية كل_صبح يوميا يومياً kol_yom kul_yom"
        " kol_leila kel_yom kel_leile طول_الاسبوع كل_الايام kull_yom"
    ),
    every=whole("كل kol kul kel kull"),
    working_days=whole("ايام_العمل أيام_الدوام ايام_الاسبوع"),
    weekend=whole("كل_ويكند كل_نهاية_اسبوع"),
    this_week=whole("هذا_الاسبوع هالاسبوع الاسبوع_ده الاسبوع_هذا الاسبوع_دا طول_الاسبوع hal_osbo3"),
    until=rf"(?<!\w){either('حتى لحد لغاية الى إلى ل')}\s+(?:يوم\s+)?DAY",
    lasting=rf"(?<!\w){either('لمدة لمدّة مدة خلال')}\s+(?:(?P<n>\d{{1,2}})|(?P<word>WORD)"
    rf"|(?={either('اسبوع اسبوعين يومين')}))\s*(?:(?P<two_weeks>{either('اسبوعين')})"
    rf"|(?P<week>{either('اسبوع اسابيع أسابيع')})|(?P<two>{either('يومين ليلتين')})"
    rf"|{either('ايام أيام يوم ليالي ليلة')})",
    starting=whole("من ابتداء_من بدءا_من اعتبارا_من بدايه_من"),
    weekdays=tuple(
        map(whole, ("اثنين اتنين", "ثلاثاء تلات", "اربعاء اربع", "خميس", "جمعة", "سبت", "احد حد"))
    ),
)
