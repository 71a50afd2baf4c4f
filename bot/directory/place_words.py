"""Small words around the names of places, in the bot's languages. All of them as keys."""

from bot.directory.place_keys import key


def _keys(words: str) -> frozenset[str]:
    return frozenset(key(word) for word in words.split())


FILLERS = _keys("""
    i im i'm am live in near nearby to close next around at from the city town village of my is we
    are it its it's somewhere area outside here county state country postcode zip code stay staying
    hi hello please just now region district
    en cerca de del vivo vivimos estoy soy la el los las ciudad pueblo zona por desde alrededores
    junto mi es aquí hola favor provincia estado país código postal
    à au aux j'habite habite je j vis suis près côté vers dans ville village du des chez ma c'est
    région département pays bonjour svp
    em no na perto do da moro estou sou fica cidade região bairro oi olá minha é favor
    في انا أسكن اسكن اعيش أعيش ساكنة ساكن قرب قريبة قريب من بالقرب جنب مدينة بمدينة منطقة محافظة
    ولاية دولة عند داخل انا موجودة موجود
    में मे मैं मै रहती रहता रहते हूँ हूं हूॅ हु है के की का पास नज़दीक आसपास करीब शहर से तरफ इलाका
    राज्य ज़िला जिला गाँव
    mein me main rehti rehta hoon hun hu hai ke paas pass sheher shahar se
""")
"""What people write before or behind the name of the place where they are."""

BEFORE = _keys("""
    in near around outside inside within
    en cerca por
    à vers dans près
    em perto
    في داخل قرب بالقرب بمدينة بمنطقة
""")
"""After which a place may come, wherever it is in a sentence."""

BETWEEN = _keys("de da do d'a la el los las le les the of a to من مدينة city ciudad cidade ville")
"""What may stand between those and the name."""

BEHIND = _keys("में मे mein")
"""Before which a place may come."""

BEHIND_PAIRS = frozenset(
    (key(first), key(second))
    for first in ("के", "ke")
    for second in ("पास", "नज़दीक", "आसपास", "करीब", "paas", "pass", "nazdeek")
)

ATTACHED = _keys("دبي قطر مصر")
"""Short names that are plain behind an Arabic preposition that is written with them."""

NEVER_ATTACHED = _keys("الخرطوم")
"""What it makes another word of: with the hose."""

WEAK = _keys("à por to no na")
"""Prepositions that mean so much else that the name behind them must begin with a capital."""

CAPITALS = frozenset({"UK", "USA", "UAE", "EEUU", "EUA", "EAU", "RDC", "NYC", "CDMX"})
"""Short names that are plain when, and only when, they stand in capitals."""

NEVER = _keys("""
    january february march april may june july august september october november december
    monday tuesday wednesday thursday friday saturday sunday today tomorrow
    enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
    lunes martes miércoles jueves viernes sábado domingo
    janvier février mars avril mai juin juillet août septembre octobre novembre décembre
    lundi mardi mercredi jeudi vendredi samedi dimanche
    janeiro fevereiro março maio junho julho setembro outubro novembro dezembro
    english spanish french arabic hindi portuguese español inglés francés anglais français inglês
    court church hospital police english whatsapp facebook instagram telegram internet
    danger love hope faith god
""")
"""Words that are places somewhere, and not when they stand in a sentence."""

ORDINARY = _keys("""
    nice reading mobile best male bath split orange buffalo phoenix hull derby stone bury deal
    enterprise home university independence liberty concord temple normal eagle central surprise
    front line most plan page work bar street north south east west center centre general early
    victoria florence sofia georgia jordan charlotte jackson madison austin dakota paris lourdes
    santiago santo santos salvador natal vitória vitoria paz salvación granada valencia victoria
    esperanza mercedes dolores concepción asunción trinidad libertad progreso soledad piedras
    león palma casa vida toledo cruz guadalupe trujillo merced
    tours nancy angers lens brest laval pau vienne orange grasse sens
    belém recife fortaleza campinas esperança aparecida barra serra viana
    turkey china chad mali guinea polo cali hilla same bari goa pala mata bala sari ganja
    coast barn rugby queens monte pueblo mesa metro métro gente google sala capital interior colonia
    baños marche marches région réunion tête sang riant cuvette tour nord italien pati kisi
    बाल्टी लीज़ लीज मोबाइल पति किसी
    أمان امان أي اي أجي يجي سيط عمارة العمارة أمل امل مين حلة الحلة شي
    nada volta queda manos este cerro amarillo posadas rincón cajón frontera mundo mon garçon
    مدينة الزاوية الوادي العيون الصور الجنينة خرطوم ابها يبين الخير ولي بيت
    सीमा आशा शाम रात घर बात काम साथ गुना पुरी
    السلام النور الحرية السعادة الوحدة الخير العين المدينة الكوت الباب
""")
"""Words that are places as well: in small letters they need not mean one."""
