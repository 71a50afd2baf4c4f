"""Standing by for somebody ends by words, in all six languages."""

import pytest

from bot.conversation.withdrawing import wants_out

OUT = (
    "I don't want to be the contact any more",
    "please stop the notes",
    "No more notes, please.",
    "I no longer want them to count on me",
    "can't be a contact anymore, sorry",
    "remove me as a contact",
    "Ya no quiero ser su contacto",
    "no quiero recibir más notas",
    "Quítame como contacto, por favor",
    "prefiero que no cuente conmigo, ya no",
    "Je ne veux plus être son contact",
    "Arrêtez les petits mots",
    "je ne veux plus qu’on compte sur moi",
    "Não quero mais ser o contato",
    "pare de mandar recados",
    "não quero que conte comigo",
    "لا أريد أن أكون الشخص الموثوق",
    "لم أعد أريد هذه الرسائل",
    "أوقف الرسائل من فضلك",
    "मुझे अब नोट नहीं चाहिए",
    "मैं अब संपर्क नहीं बनना चाहता",
    "नोट मत भेजो",
    "mujhe ab note nahi chahiye, band karo",
)
IN = (
    "I got the note",
    "who wrote the note?",
    "please don't stop the notes",
    "I do not want to withdraw as a contact",
    "stop",
    "I can count on her",
    "she can count on me",
    "no recibí la nota",
    "no dejes de mandar notas",
    "qui a écrit le petit mot ?",
    "n’arrêtez pas les petits mots",
    "o recado chegou",
    "não pare de mandar recados",
    "وصلت الرسالة",
    "لا توقف الرسائل",
    "नोट किसने लिखा?",
    "नोट बंद मत करो",
    "I tried to stop him yesterday evening, and then I came home, where I found your note",
)


@pytest.mark.parametrize("text", OUT)
def test_who_wants_out_is_heard(text: str) -> None:
    """By what it is about, and that it is to end."""
    assert wants_out(text)


@pytest.mark.parametrize("text", IN)
def test_who_speaks_of_it_otherwise_stays(text: str) -> None:
    """A question, thanks, the contrary, and what only sounds like it."""
    assert not wants_out(text)
