"""The texts of a clean tree: English, Spanish, Arabic and Hindi, with an overlay."""

from datetime import date

TODAY = date(2026, 11, 22)
TAGS = ("en", "es", "ar", "hi")
KEYS = frozenset(
    {
        "privacy.overview",
        "privacy.sample",
        "privacy.alone",
        "privacy.question",
        "cover.ping",
        "danger.fire",
    }
    | {"options.menu", "options.ask_money", "layer.generic", "layer.country"}
)
BUTTONS = frozenset({"flow:resume", "language:es", "back", "intent:help_menu", "intent:quick_exit"})
OWN_WORDS = frozenset({"sw"})

ENGLISH = {
    "privacy.yml": """\
privacy.overview:
  safety: critical
  params: {ttl: 1 hour}
  text: |-
    Messages are deleted after {ttl}. Tap “{flow:show}”.
  buttons:
    - [flow:show, flow:resume]
    - [intent:help_menu]

privacy.sample:
  text: 'Like this: {privacy.plain}'

privacy.plain:
  note: For the translator.
  text: Something is new.

privacy.alone:
  text: Something is new for you.

privacy.question:
  text: |-
    What would help? You can:
    • write 2 words
    • see https://example.org/help

    Nothing here is lost.
""",
    "cover.yml": """\
cover.ping:
  safety: critical
  text: Your parcel is here.
  buttons:
    - [flow:seen]
""",
    "danger.yml": """\
danger.fire:
  safety: critical
  text: Please go out now.
""",
    "options/all.yml": """\
options.menu:
  text: What would help?
  buttons:
    - [intent:ask_money, page:people]

options.ask_money:
  text: Some places have payments for people who leave.
  buttons:
    - [page:ask_money.debts, flow:show]
  sources:
    - {title: A page, url: "https://example.org/money"}
  reviewed_on: 2026-05-01

options.ask_money.debts:
  label: Debts in my name
  text: A debt that you were forced into is not your shame.

options.people:
  label: For people like me
  text: These pages are for some people.

options.fire.smoke:
  label: When there is smoke
  text: Stay near the floor.
""",
    "countries/gb.yml": """\
options.ask_money@gb:
  text: In Britain there are payments as well.
  sources:
    - {title: Another page, url: "https://example.org/gb"}
  reviewed_on: 2026-05-02
""",
    "layer.yml": """\
layer.generic:
  params: {date: May 2026}
  text: General, checked in {date}.

layer.country:
  params: {country: Portugal, date: May 2026}
  text: For {country}, checked in {date}.
""",
    "buttons.yml": """\
flow:show: {label: See}
flow:resume: {label: Go back}
flow:seen: {label: Got it}
back: {label: Back to the topic}
intent:help_menu: {label: Menu}
intent:quick_exit: {label: Leave now}
intent:ask_money: {label: Money}
language:es: {label: Español, fixed: true}
""",
}

QUESTION = {
    "es": (
        "¿Qué te ayudaría? Puedes:\n• escribir 2 palabras\n• ver https://example.org/help\n\n"
        "Aquí nada se pierde."
    ),
    "ar": (
        "ما الذي يساعدك؟ يمكنك:\n• كتابة ٢ من الكلمات\n• زيارة https://example.org/help\n\n"
        "لا يضيع شيء هنا."
    ),
    "hi": (
        "क्या काम आएगा? आप ये कर सकते हैं:\n• 2 शब्द लिखें\n• https://example.org/help देखें\n\n"
        "यहाँ कुछ नहीं खोता।"
    ),
}

WORDS: dict[str, tuple[str, str, str]] = {
    "privacy.overview": (
        "Los mensajes se borran después de {ttl}. Toca “{flow:show}”.",
        "تحذف الرسائل بعد {ttl}. اضغط «{flow:show}».",
        "संदेश {ttl} बाद मिट जाते हैं। “{flow:show}” दबाएँ।",
    ),
    "privacy.sample": ("Así: {privacy.plain}", "هكذا: {privacy.plain}", "ऐसे: {privacy.plain}"),
    "privacy.plain": ("Hay algo nuevo.", "هناك شيء جديد.", "कुछ नया है।"),
    "privacy.alone": ("Hay algo nuevo para ti.", "هناك شيء جديد لك.", "आपके लिए कुछ नया है।"),
    "cover.ping": ("Tu paquete llegó.", "وصل الطرد.", "आपका पार्सल आ गया।"),
    "danger.fire": ("Sal ahora, por favor.", "اخرج الآن من فضلك.", "कृपया अभी बाहर जाएँ।"),
    "options.menu": ("¿Qué te ayudaría?", "ما الذي يساعدك؟", "क्या काम आएगा?"),
    "options.ask_money": (
        "En algunos lugares hay ayudas.",
        "في بعض الأماكن مساعدات مالية.",
        "कुछ जगहों पर पैसे मिलते हैं।",
    ),
    "options.ask_money.debts": (
        "Una deuda forzada no es tu vergüenza.",
        "الدين المفروض ليس عارا عليك.",
        "ज़बरदस्ती का कर्ज़ आपकी शर्म नहीं।",
    ),
    "options.people": (
        "Son páginas para algunas personas.",
        "هذه صفحات لبعض الناس.",
        "ये पन्ने कुछ लोगों के लिए हैं।",
    ),
    "options.fire.smoke": ("Quédate cerca del suelo.", "ابق قرب الأرض.", "फ़र्श के पास रहें।"),
    "options.ask_money@gb": (
        "En Gran Bretaña también hay ayudas.",
        "في بريطانيا مساعدات أيضا.",
        "ब्रिटेन में भी पैसे मिलते हैं।",
    ),
    "layer.generic": ("General, revisado en {date}.", "معلومات عامة، {date}.", "सामान्य, {date}।"),
    "layer.country": (
        "Para {country}, revisado en {date}.",
        "عن {country}، {date}.",
        "{country} के लिए, {date}।",
    ),
    "button/flow:show": ("Ver", "عرض", "देखें"),
    "button/flow:resume": ("Volver", "رجوع", "वापस"),
    "button/flow:seen": ("Visto", "حسنا", "ठीक है"),
    "button/back": ("Volver al tema", "العودة للموضوع", "विषय पर वापस"),
    "button/intent:help_menu": ("Menú", "القائمة", "मेन्यू"),
    "button/intent:quick_exit": ("Salir ya", "خروج", "बाहर जाएँ"),
    "button/intent:ask_money": ("Dinero", "المال", "पैसे"),
    "button/page:ask_money.debts": ("Deudas a mi nombre", "ديون باسمي", "मेरे नाम पर कर्ज़"),
    "button/page:people": ("Personas como yo", "لأشخاص مثلي", "मेरे जैसे लोग"),
    "button/page:fire.smoke": ("Si hay humo", "عند الدخان", "धुआँ हो तो"),
}

OVERLAY = """\
options.ask_money.debts:
  buttons:
    - [flow:resume]
"""

OWN = """\
review: machine-draft
texts:
  sw: Mimi ni roboti. Bado sijui lugha hii.
"""
