"""Whether somebody who stands by for another wants that no longer, in words of their own.

Asked only of people who stand by for somebody, of short texts. Two things must be said: what it is
about (notes, being a contact, somebody's counting on them), and that it is to end; and not that it
must not. All languages are tried: nobody is kept standing by for having written in another one.
"""

import re
from typing import Final

LONGEST: Final = 14
"""Words: in longer texts the two may have nothing to do with each other."""

_ABOUT: Final = re.compile(
    r"\b(?:notes?|contact(?: person)?|stand(?:ing)? by|count(?:s|ing)? on me)\b"
    r"|\b(?:notas?|contacto|cuent[ae]n? conmigo|contar conmigo)\b"
    r"|\b(?:petits? mots?|compt(?:e|er|ent) sur moi)\b"
    r"|\b(?:recados?|contato|cont[ae]m? comigo|contar comigo)\b"
    r"|(?:الرسائل|رسائل|الرسالة|جهة اتصال|جهة الاتصال|الشخص الموثوق|شخص موثوق"
    r"|الاعتماد علي|يعتمد علي|تعتمد علي)"
    r"|(?:नोट|संपर्क|सम्पर्क|भरोसा|\bnotes? (?:mat|nahi)|\bsampark\b)"
)
_END: Final = re.compile(
    r"\b(?:no more|no longer|stop|quit|end|remove me|take me off|withdraw|step down|opt out"
    r"|(?:do not|don't|dont) want|(?:can not|cannot|can't|cant) .*any ?more)\b"
    r"|\b(?:no más|no mas|ya no|no quiero|deja(?:r|d)? de|dejo de|quít[ae]\w*me|quita\w*me"
    r"|bórr[ae]\w*me|elimín[ae]\w*me|sáca\w*me|me retiro|basta)\b"
    r"|\b(?:plus (?:de|être|recevoir)|ne veux (?:plus|pas)|ne peux plus|veux (?:plus|pas)"
    r"|arrête[rz]?|retire[rz]?[- ]moi|enlève[rz]?[- ]moi|me retire|stoppe[rz]?)\b"
    r"|\b(?:chega de|não quero|nao quero|não (?:posso|consigo) mais|parar? (?:de|com)|pare de"
    r"|deixar de|me tir[ae]|tire-me|me remov[ae]|remova-me|sem mais)\b"
    r"|(?:لا أريد|لا اريد|لم أعد|ما عدت|أوقف|اوقف|إيقاف|ايقاف|وقف|كفى|أزل|احذف|مش عايز|ما بدي"
    r"|لا أستطيع|بطل|لا مزيد)"
    r"|(?:बंद|नहीं चाह|नही चाह|नहीं बन|नही बन|हटा|मत भेज|और नहीं|अब नहीं|\bband\b|\bnahi chah|\bhata"
    r"|\bmat bhej|\bnahi ban)"
)
_KEEP: Final = re.compile(
    r"\b(?:do not|don't|dont|never|not) (?:want to |ever )?(?:stop|quit|end|remove|withdraw)\b"
    r"|\bno (?:dej\w+|pares?|quites?|me (?:quites?|borres?|saques?))\b"
    r"|\bno quiero (?:dejar|parar)\b"
    r"|\b(?:n')?(?:arrête[rz]?|retire[rz]?) (?:pas|jamais)\b|\bne veux pas (?:arrêter|me retirer)\b"
    r"|\b(?:não|nao) (?:pare|quero (?:parar|deixar|sair))\b"
    r"|لا (?:توقف|تحذف|تزل)|لا أريد (?:إيقاف|ايقاف)|बंद (?:मत|न) कर|मत हटा|\bband mat\b"
)


def wants_out(text: str) -> bool:
    """Whether `text` says that its writer stands by no longer."""
    said = " ".join(text.casefold().replace("’", "'").split())
    if len(said.split(" ")) > LONGEST or _KEEP.search(said):
        return False
    return bool(_ABOUT.search(said) and _END.search(said))
