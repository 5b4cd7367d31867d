"""What a family is told about its case, and what it said."""

from __future__ import annotations

from collections.abc import Mapping

from bot.model.dialogue import Phrase, Say, SlotValue, Value, Verbatim
from bot.school.cases import owner_name
from bot.school.needs import fold
from bot.storage.cases import Case

ENOUGH_WORDS = 6
ENOUGH_SIGNS = 9
"""A message this long says what it is about; in scripts without blanks its signs are counted."""

WORDS_IN: Mapping[str, tuple[str, ...]] = {
    "question": ("need_text", "asked_words", "question"),
    "concern": ("opening_words", "concern"),
    "person": ("request", "need_text", "question", "opening_words", "concern", "message"),
}
"""Which slots hold the family's words, by kind of case; of all other kinds `message` does."""


TOLD_IN: Mapping[str, str] = {
    "concern": "concern",
    **dict.fromkeys(("complaint", "recommendation", "absence", "progress", "volunteer"), "message"),
}
"""The slot that asks for what people must hear, by kind of case; `<slot>_kept` has the reference of the case that
holds it while more is asked."""

ASKING = frozenset(
    fold(
        """i we me my our would like to want wish need can could may please hello hi file make submit send have a an the
        formal complaint complain about at in for with of some school suggestion suggest recommend recommendation idea
        advice feedback volunteer help out be is there how do know if you
        yo nosotros quiero quisiera queremos me gustaría nos deseo necesito puedo poner hacer presentar dejar enviar una un
        el la en de con por favor hola queja quejarme formal sobre escuela sugerencia sugerir recomendar recomendación idea
        consejo ser voluntario voluntaria voluntarios ayudar ayuda como para
        tôi em chị anh muốn cần xin vui lòng chào gửi nộp làm một đơn khiếu nại phàn nàn về ở cho với trường góp ý đề nghị
        ý kiến tình nguyện viên giúp đỡ được có thể thưa
        أنا أريد نريد أود ممكن من فضلك مرحبا السلام عليكم تقديم أقدم قدم شكوى رسمية عن في المدرسة للمدرسة اقتراح أقترح فكرة نصيحة التطوع
        أتطوع متطوع متطوعة مساعدة أساعد كيف هل لدي عندي ان أن"""
    ).split()
)
"""Words that only say that somebody wants to say something, folded."""

SAYING = 3
"""Words besides those that say what it is about."""

JOINED_SAYING = 4
"""The same in signs of scripts without blanks."""

_ADDING = frozenset(
    fold(
        """too also and both well plus tambien y ambos dos tambem e ambas aussi et deux tou ak toude sidoo kale iyo labada rin
        din at pati также тоже и оба обе cũng và cả أيضا ايضا كمان و 也 和 都 도"""
    ).split()
)
"""Words that say "as well", folded."""

ENOUGH_SAID = frozenset({"absence", "progress"})
"""Kinds that say what they are about by being what they are."""

_MUST_SAY = frozenset({"complaint", "recommendation", "volunteer"})

_WRONG_NUMBER = tuple(
    map(fold, ("wrong number", "número equivocado", "equivocado de número", "equivocados de número", "equivoco de numero",
               "numero incorrecto", "nhầm số", "sai số", "رقم غلط", "الرقم غلط", "رقم خطأ", "الرقم خطأ", "بالرقم", "maling numero",
               "faux numéro", "numero errado", "не тот номер", "ошиблись номером"))
)  # fmt: skip


def says_enough(text: str, kind: str = "") -> bool:
    """Whether somebody could act on a message as it stands ("I want to file a complaint" says too little).

    That a child is away, or how it is doing, is enough in any words. `kind`: of the case; unknown, the length alone decides.
    """
    words = text.split()
    if kind in ENOUGH_SAID or _joined_up(text) >= ENOUGH_SIGNS:
        return True
    said = [word for word in fold(text).split() if word not in ASKING]
    return len(words) >= ENOUGH_WORDS and (kind not in _MUST_SAY or len(said) >= SAYING)


def says_something(text: str) -> bool:
    """Whether a text tells anything at all besides that somebody wants to tell something."""
    return any(word not in ASKING for word in fold(text).split())


def says_more(text: str) -> bool:
    """Whether an answer says more than yes or no ("ok but it's urgent")."""
    return len(text.split()) > SAYING or _joined_up(text) > JOINED_SAYING


def adds(text: str) -> bool:
    """Whether a text adds somebody to what was said ("Ava too"), and so corrects nothing."""
    return not _ADDING.isdisjoint(fold(text).split())


def _joined_up(text: str) -> int:
    """The signs of scripts without blanks."""
    return sum(1 for sign in text if "\u0e00" <= sign <= "\u0eff" or "\u3040" <= sign <= "\ud7ff")


def names_wrong_number(text: str) -> bool:
    """Whether somebody says that this is not the number of the family that is looked for."""
    folded = f" {fold(text)} "
    return any(phrase in folded for phrase in _WRONG_NUMBER)


def keep_too_little(slot: str, said: str | None, kind: str = "") -> dict[str, SlotValue]:
    """The slots to set: where too little was said for a case of this kind, it is kept as `opening_words` and `slot`
    is to be asked for."""
    if said is None or says_enough(said, kind):
        return {}
    return {slot: None, "opening_words": said}


def told(kind: str, slots: Mapping[str, SlotValue]) -> list[str]:
    """What the flow of a case has collected of the family's own words."""
    names = WORDS_IN.get(kind, ("opening_words", "message"))
    return [value for name in names if isinstance(value := slots.get(name), str) and value.strip()]


def collected_words(kind: str, slots: Mapping[str, SlotValue], message: str) -> str:
    """The family's own words for a case: what its flow collected, else the message itself.

    Somebody who asks for a person in the middle of something takes along what was said before.
    """
    found = told(kind, slots)
    if kind == "person" or not found:
        found.append(message)
    whole = slots.get("whole_text")
    if isinstance(whole, str):  # one of several requests: people read what stood beside it as well
        found = [whole if words in whole else words for words in found]
    return "\n".join(dict.fromkeys(found))


def opened_say(case: Case, *, named: bool) -> Say:
    """The case is open: who answers, by when, under which reference.

    `named`: the line belongs to a family on file, which may know the owner's name.
    """
    topic = case.kind if case.kind in {"question", "person", "concern"} else "other"
    owner = owner_name(case.owner) if named else None
    values: dict[str, Value] = {"owner": Verbatim(owner)} if owner else {}
    whose = "owner" if owner else "office"
    return Say((Phrase(f"utter_case_{topic}_{whose}", {**values, **_facts(case)}),))


def added_say(case: Case) -> Say:
    """More was said on a case that is open already."""
    return Say((Phrase("utter_case_added", _facts(case)),))


def _facts(case: Case) -> dict[str, Value]:
    return {"reference": Verbatim(case.reference), "due_at": case.due_at}
