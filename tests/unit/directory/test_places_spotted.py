"""Places named within a sentence: only plain ones."""

import pytest

from bot.directory.places import PlaceFinder
from bot.settings import ROOT
from tests.unit.directory.test_places import first


@pytest.mark.parametrize(
    ("text", "locale", "city", "country"),
    [
        ("shelter near Lyon?", "en", "Lyon", "FR"),
        ("where can i sleep in manchester tonight", "en", "Manchester", "GB"),
        ("I am in Springfield, Illinois and need a lawyer", "en", "Springfield", "US"),
        ("is there a refuge in Reading?", "en", "Reading", "GB"),
        ("Shelter In Leeds", "en", "Leeds", "GB"),
        ("¿hay un refugio en Sevilla?", "es", "Sevilla", "ES"),
        ("necesito ayuda cerca de la Ciudad de Guatemala", "es", "Guatemala City", "GT"),
        ("un foyer à Marseille s'il vous plaît", "fr", "Marseille", "FR"),
        ("abrigo em são paulo para mim e meus filhos", "pt-BR", "São Paulo", "BR"),
        ("هل يوجد ملجأ في القاهرة؟", "ar", "Cairo", "EG"),
        ("محامية بالرياض لو سمحتوا", "ar", "Riyadh", "SA"),
        ("मुंबई में आश्रय कहाँ है", "hi", "Mumbai", "IN"),
        ("लखनऊ के पास कोई केंद्र", "hi", "Lucknow", "IN"),
        ("mumbai mein shelter chahiye", "hi", "Mumbai", "IN"),
        ("who can help in the UK", "en", "", "GB"),
        ("que ayuda hay en argentina", "es", "", "AR"),
    ],
)
def test_a_plain_name_is_spotted(
    finder: PlaceFinder, text: str, locale: str, city: str, country: str
) -> None:
    """Behind a preposition, or before one in Hindi, or with one written to it in Arabic."""
    found = finder.spot(text, locale, "")
    assert city in {place.city for place in found}
    assert found[0].country == country or city == "Springfield"


def test_the_persons_country_goes_first(finder: PlaceFinder) -> None:
    """As when they are asked."""
    assert first(finder.spot("help in London", "en", "CA"))[2] == "CA"
    assert first(finder.spot("help in London", "en", ""))[2] == "GB"


ORDINARY = """
that would be nice
i am reading this in bed
he took my mobile, the best thing is to hide
is there help for a male victim
i am in danger
in may he hit me again, and in March too
he is in the other room and i have a split lip
i live in a normal home near the university
my husband Santiago hit me
Jordan said he would kill me, and Paris is my sister
can someone call me in English
i was in hospital in August
help me
i work in mobile phones
me pega en casa y en la mesa delante de mis hijos
estoy en el monte, sali corriendo
no puedo más, en paz quiero vivir
vive con Mercedes y con mi hija Valencia
me empuja en la colonia y en el metro
quiero hablar en español
je suis en danger, il est dans la chambre
j'ai toujours mal à la tête, en sang
il fait une marche arrière vers moi
je veux parler en français avec Florence
est-ce que c'est normal de tout payer à mon mari
não deu em nada, quero outro caminho
ele botou as mãos em volta do meu pescoço
em casa no natal ele me bate
moro com a Vitória e o Santos
preciso de paz em minha vida
كيف اترك البيت بأمان
انا في خطر في البيت
سؤال بسيط لو سمحت
خلصت بريك الشغل، باي
يضربني بالخرطوم كل يوم
هل في امل يتغير
वह मुझे घर में मारता है
मोबाइल में जासूसी है
मेरा फ़ोन पति के पास है
बाल्टी में सिर डुबो दिया
phone pati ke paas hai, mujhe madad chahiye
raat mein maarta hai
"""


@pytest.mark.parametrize("text", [line for line in ORDINARY.splitlines() if line])
def test_ordinary_words_are_no_places(finder: PlaceFinder, text: str) -> None:
    """Though each of them is somebody's town."""
    for locale in ("en", "es", "fr", "pt-BR", "ar", "hi"):
        assert finder.spot(text, locale, "") == []
    assert finder.spot(text.upper(), "en", "") == []


def test_examples_of_other_intents_hardly_ever_name_a_place(finder: PlaceFinder) -> None:
    """Of thousands of sentences that people write for help, the model's own examples."""
    lines = [
        line.removeprefix("      - ")
        for file in sorted((ROOT / "nlu" / "data").glob("*/*.yml"))
        for line in file.read_text(encoding="utf-8").splitlines()
        if line.startswith("      - ")
    ][::40]
    assert len(lines) > 1000
    spotted = [line for line in lines if finder.spot(line, "en", "")]
    assert len(spotted) < len(lines) / 100
